/*
 * The link that waits for commands.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdio.h>

#include "connectors/redis_desk_parts.h"

/* Commands of one read; those after which the stream is cut to its length. */
#define READ_COUNT 256u
#define TRIM_EVERY 1000u

void
redis_desk_on_in_up(void *arg)
{
	struct redis_desk *r = arg;

	if (!r->hopeless)
		redis_desk_ask(r, r->in, ":answers");
}

void
redis_desk_on_in_down(void *arg, const char *why)
{
	struct redis_desk *r = arg;

	r->in_ready = r->reading = r->trimming = false;
	redis_desk_fall(r, why, false);
}

static void
on_last_answer(struct redis_desk *r, const redisReply *reply)
{
	const char *id = redis_desk_last(reply);

	if (reply->type == REDIS_REPLY_ERROR) {
		redis_desk_refused(r, r->in, reply->str);
		return;
	}
	snprintf(r->answered, sizeof(r->answered), "%s",
	    id != NULL ? id : "0-0");
	r->in_ready = true;
	redis_desk_look(r);
}

static void
one_command(struct redis_desk *r, const redisReply *entry)
{
	const redisReply *fields;
	struct slice json = SLICE_NONE;

	if (entry->type != REDIS_REPLY_ARRAY || entry->elements < 2)
		return;
	fields = entry->element[1];
	for (size_t i = 0; fields->type == REDIS_REPLY_ARRAY &&
	     i + 1 < fields->elements;
	     i += 2)
		if (!strcmp(fields->element[i]->str, "command"))
			json = (struct slice){fields->element[i + 1]->str,
			    (size_t)fields->element[i + 1]->len};
	desk_port_command(&r->port, entry->element[0]->str, json);
	r->untrimmed++;
}

static void
trim(struct redis_desk *r)
{
	struct buf name = {0};
	char maxlen[24];

	snprintf(maxlen, sizeof(maxlen), "%" PRId64, r->settings.maxlen);
	redis_desk_key(&name, r, ":commands");
	r->untrimmed = 0;
	r->trimming = true;
	redis_desk_send(r->in,
	    (struct slice[]){SLICE("XTRIM"), buf_slice(&name),
		SLICE("MAXLEN"), SLICE("~"), slice_of(maxlen)},
	    5);
	buf_fini(&name);
}

static void
on_commands(struct redis_desk *r, const redisReply *reply)
{
	const redisReply *entries = NULL;
	size_t count = 0;

	if (reply->type == REDIS_REPLY_ARRAY && reply->elements > 0 &&
	    reply->element[0]->type == REDIS_REPLY_ARRAY &&
	    reply->element[0]->elements == 2)
		entries = reply->element[0]->element[1];
	if (entries != NULL && entries->type == REDIS_REPLY_ARRAY)
		count = entries->elements;
	for (size_t i = 0; i < count; i++)
		one_command(r, entries->element[i]);
	r->waits = count < READ_COUNT;
	r->more = !r->waits;
	if (!r->more && r->untrimmed >= TRIM_EVERY) {
		trim(r); /* all of it was read */
		return;
	}
	r->reading = false;
	desk_port_read(&r->port, r->more);
}

void
redis_desk_on_in_reply(void *arg, const redisReply *reply)
{
	struct redis_desk *r = arg;

	if (r->closing || r->hopeless)
		return;
	if (!r->in_ready) {
		on_last_answer(r, reply);
		return;
	}
	if (reply->type == REDIS_REPLY_ERROR && !r->trimming) {
		r->reading = false;
		redis_desk_refused(r, r->in, reply->str);
		return;
	}
	if (!r->up) { /* read again when both are up */
		r->reading = r->trimming = false;
		redis_desk_look(r);
		return;
	}
	if (r->trimming) {
		r->reading = r->trimming = false;
		desk_port_read(&r->port, false);
		return;
	}
	redis_link_good(r->in);
	on_commands(r, reply);
}

void
redis_desk_read(struct desk_port *p, const char *after)
{
	struct redis_desk *r = (struct redis_desk *)p;
	struct slice words[9];
	struct buf name = {0};
	char count[16], block[16];
	int n = 0;

	snprintf(count, sizeof(count), "%u", READ_COUNT);
	snprintf(block, sizeof(block), "%u", REDIS_DESK_BLOCK_MS);
	redis_desk_key(&name, r, ":commands");
	words[n++] = SLICE("XREAD");
	words[n++] = SLICE("COUNT");
	words[n++] = slice_of(count);
	if (r->waits) {
		words[n++] = SLICE("BLOCK");
		words[n++] = slice_of(block);
	}
	words[n++] = SLICE("STREAMS");
	words[n++] = buf_slice(&name);
	words[n++] = slice_of(after);
	r->reading = true;
	redis_desk_send(r->in, words, n);
	buf_fini(&name);
}
