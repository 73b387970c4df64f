/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/redis_group.h"

#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdio.h>

#include "engine/base/buf.h"
#include "engine/base/must.h"

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
send_both(struct redis_link *link, struct slice key, const char *maxlen,
    struct slice json)
{
	const struct slice add[] = {SLICE("XADD"), key, SLICE("MAXLEN"),
	    SLICE("~"), slice_of(maxlen), SLICE("*"), SLICE("alert"), json};
	const struct slice publish[] = {SLICE("PUBLISH"), key, json};

	put(link, add, 8);
	put(link, publish, 3);
}

static void
add(struct redis_group *g, struct redis_link *link, const char *prefix,
    int64_t maxlen, const struct redis_message *m)
{
	struct buf key = {0};
	char length[24];

	g->messages[g->count++] = *m;
	g->bytes += m->json.len;
	snprintf(length, sizeof(length), "%" PRId64, maxlen);
	buf_text(&key, prefix);
	buf_text(&key, m->channel);
	send_both(link, buf_slice(&key), length, m->json);
	buf_fini(&key);
}

void
redis_group_add(struct redis_group *g, struct redis_link *link,
    const char *prefix, int64_t maxlen, const struct redis_message *m)
{
	REQUIRE(g->count < REDIS_GROUP_MAX && !g->alone);
	if (g->count == 0)
		put(link, (struct slice[]){SLICE("MULTI")}, 1);
	add(g, link, prefix, maxlen, m);
}

void
redis_group_alone(struct redis_group *g, struct redis_link *link,
    const char *prefix, int64_t maxlen, const struct redis_message *m)
{
	REQUIRE(g->count == 0);
	g->alone = true;
	add(g, link, prefix, maxlen, m);
}

void
redis_group_exec(struct redis_group *g, struct redis_link *link)
{
	REQUIRE(g->count > 0 && !g->alone);
	put(link, (struct slice[]){SLICE("EXEC")}, 1);
}

void
redis_group_clear(struct redis_group *g)
{
	g->count = g->answers = 0;
	g->bytes = 0;
	g->alone = false;
	g->error[0] = '\0';
}

static void
note(struct redis_group *g, const redisReply *reply)
{
	if (reply->type == REDIS_REPLY_ERROR && g->error[0] == '\0')
		snprintf(g->error, sizeof(g->error), "%s", reply->str);
}

bool
redis_group_take(struct redis_group *g, const redisReply *reply,
    bool stored[static REDIS_GROUP_MAX])
{
	uint32_t count = g->count;

	REQUIRE(count > 0);
	note(g, reply);
	if (g->alone) {
		if (g->answers++ == 0)
			g->stored = reply->type == REDIS_REPLY_STRING;
		stored[0] = g->stored;
		return g->answers == 2;
	}
	if (++g->answers < 2 * count + 2)
		return false;
	for (uint32_t i = 0; i < count; i++)
		stored[i] = false;
	if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 2 * count) {
		if (g->error[0] == '\0')
			snprintf(g->error, sizeof(g->error),
			    "ERR no answer to EXEC");
		return true;
	}
	for (uint32_t i = 0; i < count; i++) {
		const redisReply *add = reply->element[2 * i];

		note(g, add);
		note(g, reply->element[2 * i + 1]);
		stored[i] = add->type == REDIS_REPLY_STRING;
	}
	return true;
}
