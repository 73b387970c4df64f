/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/redis_group.h"

#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdio.h>

#include "engine/base/buf.h"
#include "engine/base/must.h"

#define ERROR_BYTES sizeof(((struct redis_group *)0)->error)

static void
put(struct redis_link *link, const struct slice *words, int count)
{
	const char *argv[8];
	size_t lens[8];

	for (int i = 0; i < count; i++) {
		argv[i] = words[i].data;
		lens[i] = words[i].len;
	}
	redis_link_send(link, count, argv, lens);
}

static void
send_add(struct redis_link *link, struct slice key, int64_t maxlen,
    struct slice json)
{
	char length[24];

	snprintf(length, sizeof(length), "%" PRId64, maxlen);
	put(link,
	    (struct slice[]){SLICE("XADD"), key, SLICE("MAXLEN"), SLICE("~"),
		slice_of(length), SLICE("*"), SLICE("alert"), json},
	    8);
}

static void
send_publish(struct redis_link *link, struct slice key, struct slice json)
{
	put(link, (struct slice[]){SLICE("PUBLISH"), key, json}, 3);
}

static void
make_key(struct buf *out, const char *prefix, const struct redis_message *m)
{
	buf_clear(out);
	buf_text(out, prefix);
	buf_text(out, m->channel);
}

void
redis_group_add(struct redis_group *g, struct redis_link *link,
    const char *prefix, int64_t maxlen, const struct redis_message *m)
{
	struct buf key = {0};

	REQUIRE(g->count < REDIS_GROUP_MAX && !g->alone);
	if (g->count == 0)
		put(link, (struct slice[]){SLICE("MULTI")}, 1);
	g->messages[g->count++] = *m;
	g->bytes += m->json.len;
	make_key(&key, prefix, m);
	send_add(link, buf_slice(&key), maxlen, m->json);
	buf_fini(&key);
}

void
redis_group_alone(struct redis_group *g, struct redis_link *link,
    const char *prefix, int64_t maxlen, const struct redis_message *m)
{
	struct buf key = {0};

	REQUIRE(g->count == 0);
	g->alone = true;
	g->messages[g->count++] = *m;
	g->bytes = m->json.len;
	make_key(&key, prefix, m);
	send_add(link, buf_slice(&key), maxlen, m->json);
	send_publish(link, buf_slice(&key), m->json);
	buf_fini(&key);
}

void
redis_group_exec(struct redis_group *g, struct redis_link *link,
    const char *prefix)
{
	struct buf key = {0};

	REQUIRE(g->count > 0 && !g->alone);
	put(link, (struct slice[]){SLICE("EXEC")}, 1);
	for (uint32_t i = 0; i < g->count; i++) {
		make_key(&key, prefix, &g->messages[i]);
		send_publish(link, buf_slice(&key), g->messages[i].json);
	}
	buf_fini(&key);
}

void
redis_group_clear(struct redis_group *g)
{
	g->count = g->answers = g->unheard = 0;
	g->bytes = 0;
	g->alone = false;
	g->error[0] = g->mute[0] = '\0';
}

static void
note(char *first, const redisReply *reply)
{
	if (reply->type == REDIS_REPLY_ERROR && first[0] == '\0')
		snprintf(first, ERROR_BYTES, "%s", reply->str);
}

static void
take_publish(struct redis_group *g, const redisReply *reply)
{
	g->unheard += reply->type == REDIS_REPLY_ERROR;
	note(g->mute, reply);
}

/* What the transaction gave: one answer for each XADD, or none at all. */
static void
take_exec(struct redis_group *g, const redisReply *reply)
{
	bool whole = reply->type == REDIS_REPLY_ARRAY &&
	    reply->elements == g->count;

	if (!whole && g->error[0] == '\0')
		snprintf(g->error, sizeof(g->error), "ERR no answer to EXEC");
	for (uint32_t i = 0; i < g->count; i++) {
		g->stored[i] = whole &&
		    reply->element[i]->type == REDIS_REPLY_STRING;
		if (whole)
			note(g->error, reply->element[i]);
	}
}

bool
redis_group_take(struct redis_group *g, const redisReply *reply)
{
	uint32_t at = g->answers++, exec = g->count + 1;

	REQUIRE(g->count > 0);
	if (g->alone && at == 0) {
		note(g->error, reply);
		g->stored[0] = reply->type == REDIS_REPLY_STRING;
	} else if (g->alone) {
		take_publish(g, reply);
	} else if (at < exec) {
		note(g->error, reply);
	} else if (at == exec) {
		note(g->error, reply);
		take_exec(g, reply);
	} else {
		take_publish(g, reply);
	}
	return g->answers == (g->alone ? 2 : 2 * g->count + 2);
}
