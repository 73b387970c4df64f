/*
 * Posts by TCP: each connection sends lines.  There is no token on such a
 * connection, so only this host may reach it.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <netinet/in.h>
#include <stdlib.h>

#include "connectors/connectors.h"
#include "connectors/listener.h"
#include "engine/base/must.h"

struct source_tcp {
	struct listener listener;
	const char *listen;
};

/* "127.0.0.1:7777", "[::1]:7777", "localhost:7777". */
static bool
parse_address(const char *text, struct sockaddr_storage *out)
{
	const char *colon = strrchr(text, ':');
	char host[64];
	char *end;
	long port;
	size_t n;

	if (colon == NULL || colon == text || colon[1] == '\0')
		return false;
	port = strtol(colon + 1, &end, 10);
	if (*end != '\0' || port < 0 || port > 65535)
		return false;
	n = (size_t)(colon - text);
	if (text[0] == '[' && text[n - 1] == ']') {
		text++;
		n -= 2;
	}
	if (n >= sizeof(host))
		return false;
	memcpy(host, text, n);
	host[n] = '\0';
	if (!strcmp(host, "localhost"))
		memcpy(host, "127.0.0.1", sizeof("127.0.0.1"));
	return uv_ip4_addr(host, (int)port, (struct sockaddr_in *)out) == 0 ||
	    uv_ip6_addr(host, (int)port, (struct sockaddr_in6 *)out) == 0;
}

static bool
is_loopback(const struct sockaddr_storage *a)
{
	if (a->ss_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)a;

		return ntohl(in->sin_addr.s_addr) >> 24 == 127;
	}
	return IN6_IS_ADDR_LOOPBACK(
	    &((const struct sockaddr_in6 *)a)->sin6_addr);
}

static int
find_address(const char *text, struct sockaddr_storage *address,
    struct err *err)
{
	if (!parse_address(text, address))
		return err_set(err, UV_EINVAL,
		    "tcp: '%s' is no address and port such as 127.0.0.1:7777",
		    text);
	if (!is_loopback(address))
		return err_set(err, UV_EINVAL,
		    "tcp: %s could be reached from other hosts, and senders "
		    "show no token: listen on 127.0.0.1 or [::1], with a "
		    "tunnel or a proxy in front of it",
		    text);
	return 0;
}

static int
check_address(const char *text, struct err *err)
{
	struct sockaddr_storage address;

	return find_address(text, &address, err);
}

static const struct setting settings[] = {
    {.name = "listen",
	.type = SETTING_TEXT,
	.fallback = "127.0.0.1:7777",
	.offset = offsetof(struct source_tcp, listen),
	.check = check_address,
	.help = "address and port on this host: 127.0.0.1:7777, [::1]:7777"},
    LISTENER_IDLE,
    {.name = NULL},
};

/* The name of the source is the address that it really has: port 0 asks the
 * system for one. */
static void
name_source(struct source_tcp *t)
{
	struct sockaddr_storage a;
	struct source *s = &t->listener.base;
	char host[64] = "";
	int len = sizeof(a);

	if (uv_tcp_getsockname(
	        &t->listener.uv.tcp, (struct sockaddr *)&a, &len) < 0)
		return;
	if (a.ss_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)&a;

		uv_ip4_name(in, host, sizeof(host));
		snprintf(s->name, sizeof(s->name), "tcp %s:%d", host,
		    ntohs(in->sin_port));
	} else {
		const struct sockaddr_in6 *in =
		    (const struct sockaddr_in6 *)&a;

		uv_ip6_name(in, host, sizeof(host));
		snprintf(s->name, sizeof(s->name), "tcp [%s]:%d", host,
		    ntohs(in->sin6_port));
	}
}

static int
source_tcp_open(struct source *s, uv_loop_t *loop, struct err *err)
{
	struct source_tcp *t = (struct source_tcp *)s;
	struct sockaddr_storage address;
	int rc;

	rc = find_address(t->listen, &address, err);
	if (rc != 0)
		return rc;
	t->listener.loop = loop;
	REQUIRE(uv_tcp_init(loop, &t->listener.uv.tcp) == 0);
	snprintf(s->name, sizeof(s->name), "tcp %s", t->listen);
	rc = uv_tcp_bind(
	    &t->listener.uv.tcp, (const struct sockaddr *)&address, 0);
	if (rc < 0)
		err_set(err, rc, "%s: cannot bind: %s", s->name,
		    uv_strerror(rc));
	else
		rc = listener_start(&t->listener, err);
	if (rc < 0) {
		uv_close(&t->listener.uv.handle, NULL);
		return rc;
	}
	name_source(t);
	return 0;
}

const struct source_type source_tcp_type = {
    .name = "tcp",
    .help = "posts by TCP from this host, one line each, many connections",
    .settings = settings,
    .size = sizeof(struct source_tcp),
    .open = source_tcp_open,
    .pause = listener_pause,
    .resume = listener_resume,
    .close = listener_close,
};
