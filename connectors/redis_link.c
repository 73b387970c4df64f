/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/redis_link.h"

#include <hiredis/async.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connectors/redis_entries.h"
#include "connectors/redis_poll.h"
#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/base/rand.h"

enum link_state {
	LINK_WAITING,   /* for the timer, until the next attempt */
	LINK_RESOLVING, /* the name of the host */
	LINK_GREETING,  /* connecting, AUTH, SELECT, PING */
	LINK_UP,
	LINK_CLOSING,
};

struct redis_link {
	uv_loop_t *loop;
	struct redis_link_setup setup;
	enum link_state state;
	redisAsyncContext *context; /* greeting, up; else NULL */
	uint32_t inflight;
	uint32_t wait_ms;
	uint32_t attempts; /* each takes the next address of the name */
	uint32_t handles;  /* open handles and requests that know the link */
	bool faulted;      /* it connects well, but does not work */
	struct rand rand;
	uv_timer_t timer;  /* the next attempt, or the deadline */
	uv_getaddrinfo_t resolve;
	void (*on_closed)(void *arg);
};

static void attempt(struct redis_link *link);

static void
let_go(void *arg)
{
	struct redis_link *link = arg;
	void (*on_closed)(void *arg);
	void *owner;

	REQUIRE(link->handles > 0);
	if (--link->handles > 0)
		return;
	on_closed = link->on_closed;
	owner = link->setup.arg;
	free(link);
	on_closed(owner);
}

static void
on_wait_over(uv_timer_t *timer)
{
	attempt(timer->data);
}

/* The link does not work: say why, try again after a while. */
static void
down(struct redis_link *link, const char *why)
{
	redisAsyncContext *context = link->context;
	uint32_t half = link->wait_ms / 2;

	if (link->state == LINK_CLOSING)
		return;
	link->state = LINK_WAITING;
	link->context = NULL;
	link->inflight = 0;
	uv_timer_start(&link->timer, on_wait_over,
	    half + rand_below(&link->rand, half + 1), 0);
	link->wait_ms *= 2;
	if (link->wait_ms > RETRY_LAST_MS)
		link->wait_ms = RETRY_LAST_MS;
	/* Its callbacks come now or after the present one, and find that the
	 * link has let go of it. */
	if (context != NULL)
		redisAsyncFree(context);
	link->setup.on_down(link->setup.arg, why);
}

/* As down(), after hiredis has given the context up: never free it again. */
static void
lost(struct redis_link *link, const redisAsyncContext *context,
    const char *what)
{
	char why[300];

	if (context != link->context || link->state == LINK_CLOSING)
		return;
	snprintf(why, sizeof(why), "%s: %s", what,
	    context->errstr != NULL && context->errstr[0] != '\0'
		? context->errstr
		: "closed");
	link->context = NULL;
	down(link, why);
}

static void
on_connect(const redisAsyncContext *context, int status)
{
	if (status != REDIS_OK)
		lost(context->data, context, "cannot connect");
}

static void
on_disconnect(const redisAsyncContext *context, int status)
{
	(void)status;
	lost(context->data, context, "connection lost");
}

static void
on_deadline(uv_timer_t *timer)
{
	struct redis_link *link = timer->data;
	char why[100];

	snprintf(why, sizeof(why), "no %s within %llu ms",
	    link->state == LINK_UP ? "answer" : "connection",
	    (unsigned long long)link->setup.timeout_ms);
	down(link, why);
}

static const char *
advice(const char *error)
{
	static const struct {
		const char *begins, *help;
	} rows[] = {
	    {"WRONGPASS", "check user and password of the url"},
	    {"NOAUTH", "put the password into the url"},
	    {"ERR AUTH", "the server has no password: take it from the url"},
	    {"ERR Client sent AUTH", "take the password from the url"},
	    {"ERR invalid password", "check the password of the url"},
	    {"ERR DB index", "check the database number of the url"},
	    {"NOPERM", "allow the user MULTI, EXEC, XADD and PUBLISH"},
	    {"OOM", "raise maxmemory of the server or lower maxlen here"},
	    {"READONLY", "that is a replica: give the url of the primary"},
	    {"LOADING", "the server reads its data; wait"},
	    {"MISCONF", "the server cannot save: see its log and its disk"},
	    {"WRONGTYPE", "that key holds no stream: rename or delete it"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (!strncmp(error, rows[i].begins, strlen(rows[i].begins)))
			return rows[i].help;
	return NULL;
}

static void
refused(struct redis_link *link, const char *error)
{
	const char *help = advice(error);
	int len = (int)strnlen(error, 160);
	char why[300];

	while (len > 0 && error[len - 1] == '.')
		len--;
	snprintf(why, sizeof(why), "refused: %.*s%s%s", len, error,
	    help != NULL ? "; " : "", help != NULL ? help : "");
	link->faulted = true;
	down(link, why);
}

/* After an answer or a command: is another one awaited, and until when? */
static void
watch_deadline(struct redis_link *link)
{
	if (link->inflight > 0)
		uv_timer_start(
		    &link->timer, on_deadline, link->setup.timeout_ms, 0);
	else
		uv_timer_stop(&link->timer);
}

static void
on_greeted(redisAsyncContext *context, void *answer, void *data)
{
	struct redis_link *link = context->data;
	const redisReply *reply = answer;

	(void)data;
	if (context != link->context || reply == NULL)
		return;
	if (reply->type == REDIS_REPLY_ERROR) {
		refused(link, reply->str);
		return;
	}
	if (--link->inflight > 0)
		return;
	link->state = LINK_UP;
	uv_timer_stop(&link->timer);
	if (!link->faulted)
		link->wait_ms = RETRY_FIRST_MS;
	link->setup.on_up(link->setup.arg);
}

static void
on_reply(redisAsyncContext *context, void *answer, void *data)
{
	struct redis_link *link = context->data;

	(void)data;
	if (context != link->context || answer == NULL)
		return;
	link->inflight--;
	watch_deadline(link);
	link->setup.on_reply(link->setup.arg, answer);
}

static void
greet(struct redis_link *link)
{
	const struct redis_url *url = link->setup.url;
	redisAsyncContext *c = link->context;

	if (url->password[0] != '\0' && url->user[0] != '\0')
		redisAsyncCommand(c, on_greeted, NULL, "AUTH %s %s", url->user,
		    url->password);
	else if (url->password[0] != '\0')
		redisAsyncCommand(
		    c, on_greeted, NULL, "AUTH %s", url->password);
	if (url->db != 0)
		redisAsyncCommand(c, on_greeted, NULL, "SELECT %d", url->db);
	redisAsyncCommand(c, on_greeted, NULL, "PING");
	link->inflight =
	    1u + (url->password[0] != '\0') + (url->db != 0 ? 1u : 0u);
}

static void
on_read(void *arg)
{
	struct redis_link *link = arg;

	if (link->setup.on_read != NULL && link->state != LINK_CLOSING)
		link->setup.on_read(link->setup.arg);
}

static void
connect_with(struct redis_link *link, redisAsyncContext *c)
{
	char why[300];

	if (c == NULL || c->err != 0) {
		snprintf(why, sizeof(why), "cannot connect: %s",
		    c == NULL ? "out of memory" : c->errstr);
		if (c != NULL)
			redisAsyncFree(c);
		down(link, why);
		return;
	}
	if (redis_poll_attach(c, link->loop, on_read, let_go, link) != 0) {
		redisAsyncFree(c);
		down(link, "cannot connect: libuv refused the socket");
		return;
	}
	link->handles++;
	link->state = LINK_GREETING;
	link->context = c;
	c->data = link;
	if (link->setup.entries != NULL)
		redis_entries_use(link->setup.entries, c->c.reader);
	redisAsyncSetConnectCallback(c, on_connect);
	redisAsyncSetDisconnectCallback(c, on_disconnect);
	greet(link);
	uv_timer_start(&link->timer, on_deadline, link->setup.timeout_ms, 0);
}

static void
on_resolved(uv_getaddrinfo_t *req, int status, struct addrinfo *found)
{
	struct redis_link *link = req->data;
	const struct addrinfo *a = found;
	uint32_t count = 0, skip;
	char text[INET6_ADDRSTRLEN + 1] = "", why[400];

	if (link->state == LINK_CLOSING) {
		uv_freeaddrinfo(found);
		let_go(link);
		return;
	}
	link->handles--;
	if (status != 0) {
		snprintf(why, sizeof(why), "cannot resolve %s: %s",
		    link->setup.url->host, uv_strerror(status));
		down(link, why);
		return;
	}
	for (; a != NULL; a = a->ai_next)
		count++;
	skip = link->attempts++ % count;
	for (a = found; skip > 0; skip--)
		a = a->ai_next;
	if (a->ai_family == AF_INET6)
		uv_ip6_name((const struct sockaddr_in6 *)(void *)a->ai_addr,
		    text, sizeof(text));
	else
		uv_ip4_name((const struct sockaddr_in *)(void *)a->ai_addr,
		    text, sizeof(text));
	uv_freeaddrinfo(found);
	connect_with(link, redisAsyncConnect(text, link->setup.url->port));
}

static void
attempt(struct redis_link *link)
{
	const struct addrinfo hints = {
	    .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	int rc;

	if (link->setup.url->path[0] != '\0') {
		connect_with(
		    link, redisAsyncConnectUnix(link->setup.url->path));
		return;
	}
	link->state = LINK_RESOLVING;
	link->resolve.data = link;
	rc = uv_getaddrinfo(link->loop, &link->resolve, on_resolved,
	    link->setup.url->host, NULL, &hints);
	if (rc == 0)
		link->handles++;
	else
		down(link, uv_strerror(rc));
}

struct redis_link *
redis_link_new(uv_loop_t *loop, const struct redis_link_setup *setup)
{
	struct redis_link *link = must_alloc(sizeof(*link));

	link->loop = loop;
	link->setup = *setup;
	link->wait_ms = RETRY_FIRST_MS;
	rand_seed(&link->rand, setup->seed);
	REQUIRE(uv_timer_init(loop, &link->timer) == 0);
	link->timer.data = link;
	link->handles = 1;
	/* From the loop, so that nobody is called back before we return. */
	uv_timer_start(&link->timer, on_wait_over, 0, 0);
	return link;
}

void
redis_link_send(struct redis_link *link, int argc, const char *const *argv,
    const size_t *lens)
{
	REQUIRE(link->state == LINK_UP);
	REQUIRE(link->inflight < REDIS_INFLIGHT_MAX);
	/* hiredis means const, but does not say so. */
	if (redisAsyncCommandArgv(link->context, on_reply, NULL, argc,
		(const char **)(uintptr_t)argv, lens) == REDIS_OK)
		link->inflight++;
	if (link->inflight == 1)
		watch_deadline(link);
}

int
redis_link_is_up(const struct redis_link *link)
{
	return link->state == LINK_UP;
}

uint32_t
redis_link_inflight(const struct redis_link *link)
{
	return link->state == LINK_UP ? link->inflight : 0;
}

void
redis_link_good(struct redis_link *link)
{
	link->faulted = false;
	link->wait_ms = RETRY_FIRST_MS;
}

void
redis_link_fault(struct redis_link *link, const char *why)
{
	REQUIRE(link->state == LINK_UP);
	refused(link, why);
}

static void
on_timer_closed(uv_handle_t *handle)
{
	let_go(handle->data);
}

void
redis_link_close(struct redis_link *link, void (*on_closed)(void *arg))
{
	redisAsyncContext *context = link->context;

	REQUIRE(link->state != LINK_CLOSING);
	if (link->state == LINK_RESOLVING)
		uv_cancel((uv_req_t *)&link->resolve);
	link->state = LINK_CLOSING;
	link->context = NULL;
	link->on_closed = on_closed;
	uv_close((uv_handle_t *)&link->timer, on_timer_closed);
	if (context != NULL)
		redisAsyncFree(context);
}
