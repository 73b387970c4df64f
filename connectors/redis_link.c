/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/redis_link.h"

#include <hiredis/hiredis.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connectors/redis_socket.h"
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
	struct redis_socket *socket; /* greeting, up; else NULL */
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
	struct redis_socket *socket = link->socket;
	uint32_t half = link->wait_ms / 2;

	if (link->state == LINK_CLOSING)
		return;
	link->state = LINK_WAITING;
	link->socket = NULL;
	link->inflight = 0;
	uv_timer_start(&link->timer, on_wait_over,
	    half + rand_below(&link->rand, half + 1), 0);
	link->wait_ms *= 2;
	if (link->wait_ms > RETRY_LAST_MS)
		link->wait_ms = RETRY_LAST_MS;
	if (socket != NULL)
		redis_socket_close(socket);
	link->setup.on_down(link->setup.arg, why);
}

static void
on_lost(void *arg, const char *why)
{
	down(arg, why);
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
	    {"NOGROUP", "it is made again, if the user may XGROUP"},
	    {"UNBLOCKED", "it was deleted; it is made again"},
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
	bool right = !strncmp(error, "NOPERM", 6) && link->setup.rights != NULL;
	const char *help = right ? link->setup.rights : advice(error);
	int len = (int)strnlen(error, 160);
	char why[300];

	while (len > 0 && error[len - 1] == '.')
		len--;
	snprintf(why, sizeof(why), "refused: %.*s%s%s%s", len, error,
	    help != NULL ? "; " : "", right ? "allow the user " : "",
	    help != NULL ? help : "");
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
send_words(struct redis_link *link, int argc, const char *const *argv)
{
	size_t lens[3];

	for (int i = 0; i < argc; i++)
		lens[i] = strlen(argv[i]);
	redis_socket_put(link->socket, argc, argv, lens);
	link->inflight++;
}

static void
on_connected(void *arg)
{
	struct redis_link *link = arg;
	const struct redis_url *url = link->setup.url;
	char db[12];

	if (url->password[0] != '\0' && url->user[0] != '\0')
		send_words(link, 3,
		    (const char *[]){"AUTH", url->user, url->password});
	else if (url->password[0] != '\0')
		send_words(link, 2, (const char *[]){"AUTH", url->password});
	snprintf(db, sizeof(db), "%d", url->db);
	if (url->db != 0)
		send_words(link, 2, (const char *[]){"SELECT", db});
	send_words(link, 1, (const char *[]){"PING"});
}

static void
on_greeted(struct redis_link *link, const redisReply *reply)
{
	if (reply->type == REDIS_REPLY_ERROR) {
		refused(link, reply->str);
		return;
	}
	if (link->inflight > 0)
		return;
	link->state = LINK_UP;
	uv_timer_stop(&link->timer);
	if (!link->faulted)
		link->wait_ms = RETRY_FIRST_MS;
	link->setup.on_up(link->setup.arg);
}

static void
on_reply(void *arg, const struct redisReply *reply)
{
	struct redis_link *link = arg;

	if (link->inflight == 0) { /* it speaks before it is asked */
		refused(link,
		    reply->type == REDIS_REPLY_ERROR ? reply->str : "a reply");
		return;
	}
	link->inflight--;
	if (link->state == LINK_GREETING) {
		on_greeted(link, reply);
		return;
	}
	watch_deadline(link);
	link->setup.on_reply(link->setup.arg, reply);
}

static void
on_read(void *arg)
{
	struct redis_link *link = arg;

	if (link->setup.on_read != NULL)
		link->setup.on_read(link->setup.arg);
}

static void
connect_to(struct redis_link *link, const struct sockaddr *address)
{
	const struct redis_socket_setup setup = {
	    .loop = link->loop,
	    .address = address,
	    .path = link->setup.url->path,
	    .entries = link->setup.entries,
	    .on_connected = on_connected,
	    .on_reply = on_reply,
	    .on_read = on_read,
	    .on_lost = on_lost,
	    .on_gone = let_go,
	    .arg = link,
	};

	link->handles++;
	link->state = LINK_GREETING;
	link->socket = redis_socket_new(&setup);
	uv_timer_start(&link->timer, on_deadline, link->setup.timeout_ms, 0);
}

static void
on_resolved(uv_getaddrinfo_t *req, int status, struct addrinfo *found)
{
	struct redis_link *link = req->data;
	struct addrinfo *a = found;
	uint32_t count = 0, skip;
	char why[400];
	in_port_t port = htons((uint16_t)link->setup.url->port);

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
		((struct sockaddr_in6 *)(void *)a->ai_addr)->sin6_port = port;
	else
		((struct sockaddr_in *)(void *)a->ai_addr)->sin_port = port;
	connect_to(link, a->ai_addr);
	uv_freeaddrinfo(found);
}

static void
attempt(struct redis_link *link)
{
	const struct addrinfo hints = {
	    .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	int rc;

	if (link->setup.url->path[0] != '\0') {
		connect_to(link, NULL);
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
	redis_socket_put(link->socket, argc, argv, lens);
	link->inflight++;
	if (link->inflight == 1)
		watch_deadline(link);
}

void
redis_link_flush(struct redis_link *link)
{
	REQUIRE(link->state == LINK_UP);
	redis_socket_flush(link->socket);
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
	struct redis_socket *socket = link->socket;

	REQUIRE(link->state != LINK_CLOSING);
	if (link->state == LINK_RESOLVING)
		uv_cancel((uv_req_t *)&link->resolve);
	link->state = LINK_CLOSING;
	link->socket = NULL;
	link->on_closed = on_closed;
	uv_close((uv_handle_t *)&link->timer, on_timer_closed);
	if (socket != NULL)
		redis_socket_close(socket);
}
