/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/redis_follow.h"

#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connectors/redis_link.h"
#include "engine/base/must.h"

#define BLOCK_MS "5000"
#define TIMEOUT_MS 15000u /* longer than a wait for entries */
#define COUNT "200"       /* entries of each stream at a time */
#define PENDING_MAX 8u
#define KEY_BYTES 300

/* Both or neither; a team that has it already may say so again. */
static const char claim_script[] =
    "local has = redis.call('HGET', KEYS[1], ARGV[1])\n"
    "if has and has ~= ARGV[2] then return {0, has} end\n"
    "redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])\n"
    "return {1, redis.call('XADD', KEYS[2], '*', 'command', ARGV[3])}\n";

struct redis_follow {
	struct redis_follow_setup setup;
	struct redis_link *in, *out;
	char keys[REDIS_FOLLOW_STREAMS][KEY_BYTES];
	char commands[KEY_BYTES], owners[KEY_BYTES];
	bool claims[PENDING_MAX]; /* of those that are unanswered, in order */
	unsigned pending;
	bool blocked; /* the read that is under way may wait */
	unsigned open;
	bool closing;
	void (*on_closed)(void *self);
};

/* ---- reading ------------------------------------------------------------ */

static void
read_more(struct redis_follow *f, bool wait)
{
	const char *argv[16];
	size_t lens[16];
	int n = 0;

	argv[n++] = "XREAD";
	argv[n++] = "COUNT";
	argv[n++] = COUNT;
	if (wait) {
		argv[n++] = "BLOCK";
		argv[n++] = BLOCK_MS;
	}
	argv[n++] = "STREAMS";
	for (unsigned i = 0; i < REDIS_FOLLOW_STREAMS; i++)
		argv[n++] = f->keys[i];
	for (unsigned i = 0; i < REDIS_FOLLOW_STREAMS; i++)
		argv[n++] = f->setup.from[i];
	for (int i = 0; i < n; i++)
		lens[i] = strlen(argv[i]);
	f->blocked = wait;
	redis_link_send(f->in, n, argv, lens);
}

static void
on_in_up(void *arg)
{
	struct redis_follow *f = arg;

	f->setup.on_state(f->setup.self, true, NULL);
	if (!f->closing)
		read_more(f, false);
}

static void
on_in_down(void *arg, const char *why)
{
	struct redis_follow *f = arg;

	f->setup.on_state(f->setup.self, false, why);
}

/* id and its fields: the one that is JSON. */
static void
take_entry(struct redis_follow *f, unsigned stream, const redisReply *entry)
{
	static const char *const fields[REDIS_FOLLOW_STREAMS] = {
	    "alert", "notice", "answer"};
	const redisReply *id, *values;

	if (entry->type != REDIS_REPLY_ARRAY || entry->elements != 2)
		return;
	id = entry->element[0];
	values = entry->element[1];
	if (id->type != REDIS_REPLY_STRING || id->len >= REDIS_FOLLOW_ID)
		return;
	snprintf(f->setup.from[stream], REDIS_FOLLOW_ID, "%s", id->str);
	for (size_t i = 0; values->type == REDIS_REPLY_ARRAY &&
	     i + 1 < values->elements; i += 2)
		if (values->element[i]->type == REDIS_REPLY_STRING &&
		    values->element[i + 1]->type == REDIS_REPLY_STRING &&
		    !strcmp(values->element[i]->str, fields[stream])) {
			const redisReply *v = values->element[i + 1];

			f->setup.on_entry(f->setup.self, stream, id->str,
			    (struct slice){v->str, (size_t)v->len});
		}
}

static bool
take_streams(struct redis_follow *f, const redisReply *reply)
{
	bool any = false;

	for (size_t i = 0; reply->type == REDIS_REPLY_ARRAY &&
	     i < reply->elements; i++) {
		const redisReply *s = reply->element[i];

		if (s->type != REDIS_REPLY_ARRAY || s->elements != 2 ||
		    s->element[0]->type != REDIS_REPLY_STRING ||
		    s->element[1]->type != REDIS_REPLY_ARRAY)
			continue;
		for (unsigned k = 0; k < REDIS_FOLLOW_STREAMS; k++) {
			if (strcmp(s->element[0]->str, f->keys[k]))
				continue;
			for (size_t e = 0; e < s->element[1]->elements; e++)
				take_entry(f, k, s->element[1]->element[e]);
			any = true;
		}
	}
	return any;
}

static void
on_in_reply(void *arg, const redisReply *reply)
{
	struct redis_follow *f = arg;
	bool any;

	if (f->closing)
		return;
	if (reply->type == REDIS_REPLY_ERROR) {
		redis_link_fault(f->in, reply->str);
		return;
	}
	redis_link_good(f->in);
	any = take_streams(f, reply);
	if (!any && !f->blocked)
		f->setup.on_caught_up(f->setup.self);
	if (!f->closing && redis_link_is_up(f->in))
		read_more(f, !any);
}

/* ---- commands ----------------------------------------------------------- */

static void
on_out_up(void *arg)
{
	(void)arg;
}

/* What was under way may have been done or not: the answers tell. */
static void
on_out_down(void *arg, const char *why)
{
	struct redis_follow *f = arg;
	bool waited = f->pending > 0;

	f->pending = 0;
	if (waited)
		f->setup.on_sent(f->setup.self, false, NULL, why);
}

static void
on_out_reply(void *arg, const redisReply *reply)
{
	struct redis_follow *f = arg;
	bool claim = f->claims[0];

	if (f->pending == 0)
		return;
	memmove(f->claims, f->claims + 1, sizeof(f->claims) - sizeof(bool));
	f->pending--;
	redis_link_good(f->out);
	if (reply->type == REDIS_REPLY_ERROR)
		f->setup.on_sent(f->setup.self, false, NULL, reply->str);
	else if (claim && reply->type == REDIS_REPLY_ARRAY &&
	    reply->elements == 2 &&
	    reply->element[0]->type == REDIS_REPLY_INTEGER &&
	    reply->element[0]->integer == 0)
		f->setup.on_sent(f->setup.self, false,
		    reply->element[1]->str, NULL);
	else
		f->setup.on_sent(f->setup.self, true, NULL, NULL);
}

bool
redis_follow_send(struct redis_follow *f, const char *claim,
    const char *team, struct slice json)
{
	const char *plain[] = {
	    "XADD", f->commands, "*", "command", json.data};
	const char *script[] = {"EVAL", claim_script, "2", f->owners,
	    f->commands, claim, team, json.data};
	const char **argv = claim != NULL ? script : plain;
	int n = claim != NULL ? 8 : 5;
	size_t lens[8];

	if (f->closing || !redis_link_is_up(f->out) ||
	    f->pending == PENDING_MAX)
		return false;
	for (int i = 0; i < n; i++)
		lens[i] = i + 1 == n ? json.len : strlen(argv[i]);
	f->claims[f->pending++] = claim != NULL;
	redis_link_send(f->out, n, argv, lens);
	return true;
}

/* ---- beginning and end -------------------------------------------------- */

struct redis_follow *
redis_follow_new(uv_loop_t *loop, const struct redis_follow_setup *setup)
{
	struct redis_follow *f = must_alloc(sizeof(*f));
	struct redis_link_setup link = {.url = setup->url,
	    .timeout_ms = TIMEOUT_MS, .seed = setup->seed,
	    .rights = "XREAD, XADD, EVAL, HGET and HSETNX", .arg = f};
	static const char *const parts[REDIS_FOLLOW_STREAMS] = {
	    "alerts:", "notices:", "answers"};

	f->setup = *setup;
	for (unsigned i = 0; i < REDIS_FOLLOW_STREAMS; i++)
		snprintf(f->keys[i], KEY_BYTES, "%s:%s%s", setup->name,
		    parts[i], i < 2 ? setup->channel : "");
	snprintf(f->commands, KEY_BYTES, "%s:commands", setup->name);
	snprintf(f->owners, KEY_BYTES, "%s:owners", setup->name);
	f->open = 2;
	link.on_up = on_in_up;
	link.on_down = on_in_down;
	link.on_reply = on_in_reply;
	f->in = redis_link_new(loop, &link);
	link.seed++;
	link.on_up = on_out_up;
	link.on_down = on_out_down;
	link.on_reply = on_out_reply;
	f->out = redis_link_new(loop, &link);
	return f;
}

static void
on_link_closed(void *arg)
{
	struct redis_follow *f = arg;
	void (*on_closed)(void *self) = f->on_closed;
	void *self = f->setup.self;

	if (--f->open > 0)
		return;
	free(f);
	on_closed(self);
}

void
redis_follow_close(struct redis_follow *f, void (*on_closed)(void *self))
{
	REQUIRE(!f->closing);
	f->closing = true;
	f->on_closed = on_closed;
	redis_link_close(f->in, on_link_closed);
	redis_link_close(f->out, on_link_closed);
}
