/*
 * vigie ctl: one question to a running engine, by its control socket.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "connectors/connectors.h"
#include "engine/base/json.h"
#include "engine/base/limits.h"
#include "engine/base/suggest.h"
#include "engine/config.h"
#include "engine/control/control.h"
#include "engine/control/ctl_view.h"
#include "engine/options.h"

static int
say(const char *path, const char *what)
{
	fprintf(stderr, "vigie ctl: %s: %s\n", path, what);
	return EXIT_FOUND;
}

/* The socket by the option, else by the configuration; an engine that runs
 * is asked also when its file was broken since. */
static int
find_socket(const struct options *o, struct config *config, const char **path)
{
	const struct config_types types = {
	    connectors_source_at, connectors_sink_at};
	const char *file = config_find(o->config);
	struct diag *diag = diag_new();

	*path = o->socket;
	if (*path == NULL && file != NULL) {
		config_load(config, file, &types, diag);
		*path = config_control(config);
	}
	if (*path == NULL && diag_errors(diag) > 0)
		diag_print(diag, stderr, false);
	diag_free(diag);
	if (*path != NULL)
		return 0;
	fprintf(stderr,
	    "vigie ctl: which engine?\nhelp: --socket PATH, or --config FILE "
	    "with control: {socket: PATH} or state_dir:\n");
	return EXIT_MISUSE;
}

static int
dial(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const struct timeval patience = {.tv_sec = CTL_WAIT_S_MAX};
	int fd;

	if (strlen(path) >= sizeof(address.sun_path)) {
		say(path, "the path of a socket is shorter");
		return -1;
	}
	memcpy(address.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 &&
	    connect(fd, (const struct sockaddr *)&address, sizeof(address)) ==
		0) {
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		    sizeof(patience));
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
		    sizeof(patience));
		return fd;
	}
	say(path, errno == ENOENT || errno == ECONNREFUSED
		? "no engine answers there"
		: strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

/* One line there, one line back. */
static int
ask(int fd, const struct buf *request, struct buf *answer)
{
	size_t sent = 0;
	ssize_t n;

	while (sent < request->len) {
		n = write(fd, request->data + sent, request->len - sent);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break; /* it may have answered all the same */
		sent += (size_t)n;
	}
	for (;;) {
		n = read(fd, buf_reserve(answer, 65536), 65536);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -ECONNRESET;
		answer->len += (size_t)n;
		if (answer->data[answer->len - 1] == '\n')
			break;
		if (answer->len > CONTROL_ANSWER_BYTES_MAX)
			return -EMSGSIZE;
	}
	answer->len--;
	return 0;
}

static void
make_request(const struct options *o, struct buf *request)
{
	buf_text(request, "{\"command\":");
	buf_json(request, slice_of(o->args[0]));
	if (o->args_count > 1) {
		buf_text(request, ",\"argument\":");
		buf_json(request, slice_of(o->args[1]));
	}
	buf_text(request, "}\n");
}

static bool
is_known(const char *name)
{
	const struct control_row *row = control_rows();

	while (row->name != NULL && strcmp(row->name, name) != 0)
		row++;
	return row->name != NULL;
}

static int
show(const struct options *o, const struct buf *answer)
{
	bool ok;

	if (o->json) {
		fwrite(answer->data, 1, answer->len, stdout);
		putchar('\n');
		ok = ctl_view_ok(buf_slice(answer));
	} else {
		ok = ctl_view_print(buf_slice(answer), stdout, stderr);
	}
	return ok ? EXIT_DONE : EXIT_FOUND;
}

static int
misuse(const struct options *o)
{
	struct suggest s;
	struct buf known = {0};

	if (o->args_count == 0) {
		fprintf(stderr, "vigie ctl: a command is wanted\n");
	} else if (is_known(o->args[0])) {
		fprintf(stderr, "vigie ctl: '%s' is one word too many\n",
		    o->args[2]);
	} else {
		suggest_start(&s, slice_of(o->args[0]));
		for (const struct control_row *row = control_rows();
		     row->name != NULL; row++)
			suggest_offer(&s, slice_of(row->name));
		suggest_say(&s, "commands", &known);
		fprintf(stderr, "vigie ctl: unknown command '%s'\nhelp: %s\n",
		    o->args[0], known.data);
		buf_fini(&known);
		return EXIT_MISUSE;
	}
	fprintf(stderr, "help: vigie help ctl\n");
	return EXIT_MISUSE;
}

int
cmd_ctl(struct options *o)
{
	struct buf request = {0}, answer = {0};
	struct config *config = config_new();
	const char *path = NULL;
	int rc, fd = -1;

	if (o->args_count < 1 || o->args_count > 2 || !is_known(o->args[0])) {
		config_free(config);
		return misuse(o);
	}
	rc = find_socket(o, config, &path);
	if (rc == 0 && (fd = dial(path)) < 0)
		rc = EXIT_FOUND;
	if (rc == 0) {
		make_request(o, &request);
		rc = ask(fd, &request, &answer);
		rc = rc < 0 ? say(path, rc == -EAGAIN
				      ? "no answer, the engine is stuck"
				      : strerror(-rc))
			    : show(o, &answer);
	}
	if (fd >= 0)
		close(fd);
	buf_fini(&request);
	buf_fini(&answer);
	config_free(config);
	return rc;
}
