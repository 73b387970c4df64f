/*
 * A real redis-server on a private unix socket, for tests.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_UNIT_CONNECTORS_REDIS_SERVER_H
#define TESTS_UNIT_CONNECTORS_REDIS_SERVER_H

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct redis_server {
	char folder[64], socket[96], url[128];
	char port[8]; /* "0": the socket alone */
	pid_t pid; /* 0: not running */
};

static inline bool
redis_server_exists(void)
{
	return system("command -v redis-server >/dev/null && "
		      "command -v redis-cli >/dev/null") == 0;
}

static inline void
redis_server_init(struct redis_server *r)
{
	memset(r, 0, sizeof(*r));
	snprintf(r->folder, sizeof(r->folder), "/tmp/vigie-redis-XXXXXX");
	if (mkdtemp(r->folder) == NULL)
		abort();
	snprintf(r->socket, sizeof(r->socket), "%s/redis.sock", r->folder);
	snprintf(r->url, sizeof(r->url), "unix://%s", r->socket);
	snprintf(r->port, sizeof(r->port), "0");
}

/* Let it listen on a port of 127.0.0.1 that nobody has now. */
static inline void
redis_server_take_port(struct redis_server *r)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t bytes = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (void *)&address, bytes) != 0 ||
	    getsockname(fd, (void *)&address, &bytes) != 0)
		abort();
	close(fd);
	snprintf(r->port, sizeof(r->port), "%u", ntohs(address.sin_port));
	snprintf(r->url, sizeof(r->url), "redis://localhost:%s", r->port);
}

/* Start it; the last two: one more setting and its value, or NULL. */
static inline void
redis_server_start(struct redis_server *r, const char *name, const char *value)
{
	r->pid = fork();
	if (r->pid != 0)
		return;
	int null = open("/dev/null", O_RDWR);

	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* a failed test leaves nothing */
	execlp("redis-server", "redis-server", "--port", r->port, "--bind",
	    "127.0.0.1", "--unixsocket", r->socket, "--dir", r->folder,
	    "--save", "", "--appendonly", "yes", "--appendfsync", "always",
	    name, value, (char *)NULL);
	_exit(127);
}

static inline void
redis_server_kill(struct redis_server *r)
{
	if (r->pid == 0)
		return;
	kill(r->pid, SIGCONT);
	kill(r->pid, SIGKILL);
	waitpid(r->pid, NULL, 0);
	r->pid = 0;
}

static inline void
redis_server_fini(struct redis_server *r)
{
	char line[128];

	redis_server_kill(r);
	snprintf(line, sizeof(line), "rm -rf %s", r->folder);
	if (system(line) != 0)
		abort();
}

/*
 * The output of redis-cli with ${words}; the caller pcloses it.  A server that
 * was just started is waited for until it answers, at most half a minute.
 */
static inline FILE *
redis_server_ask(const struct redis_server *r, const char *words)
{
	char line[600];

	snprintf(line, sizeof(line),
	    "ask='redis-cli -s %s --raw'; for i in $(seq 3000); do "
	    "$ask ping 2>&1 | grep -q PONG && break; sleep 0.01; done; "
	    "$ask %s",
	    r->socket, words);
	return popen(line, "r");
}

#endif
