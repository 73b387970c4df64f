/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/redis_stream.h"

#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "connectors/redis_entries.h"
#include "connectors/redis_link.h"
#include "connectors/redis_words.h"
#include "engine/base/limits.h"
#include "engine/base/must.h"

#define ACKS_MAX 1000u  /* ids of one XACK */
#define BLOCK_MS 2000
#define ASK_FIRST 64u   /* before anything is known of their size */
#define COMMANDS 4u     /* at once: a question and an XACK */

enum command { COMMAND_GROUP, COMMAND_READ, COMMAND_CLAIM, COMMAND_ACK };

/* What is asked for next. */
enum phase {
	PHASE_OWN, /* what this consumer had already */
	PHASE_NEW,
};

struct redis_stream {
	struct redis_stream_setup setup;
	struct redis_link *link;
	struct redis_entries *entries;
	uv_loop_t *loop;
	uv_timer_t timer; /* of the end */
	enum phase phase;
	enum command sent[COMMANDS]; /* unanswered, oldest first */
	uint32_t sent_count;
	bool asking; /* a question is unanswered */
	bool dry;    /* the last one brought nothing */
	bool held, closing, done;
	bool down;   /* and said so */
	bool cannot_claim;
	struct redis_id last;  /* of those that came in order */
	struct redis_id claim; /* where the next XAUTOCLAIM goes on */
	uint64_t claim_at;     /* uv_now */
	/* ids under way, oldest first: being acknowledged, collected, and not
	 * yet */
	struct redis_id *ids;
	uint32_t first, count, collected, acking;
	uint32_t ask;   /* entries of the next question */
	uint64_t bytes; /* of the reply that is being read */
	struct redis_words *words; /* of the command that is made */
	uint32_t handles;
	void (*on_closed)(void *arg);
};

static enum redis_entries_form
form_of(const struct redis_stream *s)
{
	if (s->sent_count == 0)
		return ENTRIES_NONE;
	return s->sent[0] == COMMAND_READ ? ENTRIES_READ :
	    s->sent[0] == COMMAND_CLAIM   ? ENTRIES_CLAIM :
					    ENTRIES_NONE;
}

static void
end(struct redis_stream *s, enum command command)
{
	REQUIRE(s->sent_count < COMMANDS);
	s->sent[s->sent_count++] = command;
	if (s->sent_count == 1)
		redis_entries_await(s->entries, form_of(s));
	if (command != COMMAND_ACK)
		s->asking = true;
	redis_link_send(
	    s->link, s->words->count, s->words->words, s->words->lens);
}

static void
send_group(struct redis_stream *s)
{
	redis_words_begin(s->words, "XGROUP", "CREATE");
	redis_words_text(s->words, s->setup.key);
	redis_words_text(s->words, s->setup.group);
	redis_words_text(s->words, s->setup.start);
	redis_words_text(s->words, "MKSTREAM");
	end(s, COMMAND_GROUP);
}

static void
send_read(struct redis_stream *s)
{
	int64_t block = s->setup.timeout_ms / 2;

	redis_words_begin(s->words, "XREADGROUP", "GROUP");
	redis_words_text(s->words, s->setup.group);
	redis_words_text(s->words, s->setup.consumer);
	redis_words_text(s->words, "COUNT");
	redis_words_number(s->words, s->ask);
	/* The server answers nothing else while it waits: never with
	 * something to acknowledge. */
	if (s->phase == PHASE_NEW && s->count == 0) {
		redis_words_text(s->words, "BLOCK");
		redis_words_number(
		    s->words, block < BLOCK_MS ? block : BLOCK_MS);
	}
	redis_words_text(s->words, "STREAMS");
	redis_words_text(s->words, s->setup.key);
	if (s->phase == PHASE_OWN)
		redis_words_id(s->words, s->last);
	else
		redis_words_text(s->words, ">");
	end(s, COMMAND_READ);
}

static void
send_claim(struct redis_stream *s)
{
	redis_words_begin(s->words, "XAUTOCLAIM", s->setup.key);
	redis_words_text(s->words, s->setup.group);
	redis_words_text(s->words, s->setup.consumer);
	redis_words_number(s->words, s->setup.claim_ms);
	redis_words_id(s->words, s->claim);
	redis_words_text(s->words, "COUNT");
	redis_words_number(s->words, s->ask);
	end(s, COMMAND_CLAIM);
}

static void
send_acks(struct redis_stream *s)
{
	redis_words_begin(s->words, "XACK", s->setup.key);
	redis_words_text(s->words, s->setup.group);
	s->acking = s->collected < ACKS_MAX ? s->collected : ACKS_MAX;
	for (uint32_t i = 0; i < s->acking; i++)
		redis_words_id(s->words,
		    s->ids[(s->first + i) % REDIS_UNACKED_MAX]);
	end(s, COMMAND_ACK);
}

static bool
may_claim(const struct redis_stream *s)
{
	return s->phase == PHASE_NEW && s->setup.claim_ms > 0 &&
	    !s->cannot_claim && uv_now(s->loop) >= s->claim_at;
}

static void
on_link_closed(void *arg)
{
	struct redis_stream *s = arg;

	s->link = NULL;
	if (--s->handles > 0)
		return;
	redis_entries_free(s->entries);
	s->on_closed(s->setup.arg);
	free(s->ids);
	free(s->words);
	free(s);
}

static void
on_timer_closed(uv_handle_t *handle)
{
	on_link_closed(handle->data);
}

static void
finish(struct redis_stream *s)
{
	if (s->done)
		return;
	s->done = true;
	redis_link_close(s->link, on_link_closed);
	uv_close((uv_handle_t *)&s->timer, on_timer_closed);
}

static void
go_on(struct redis_stream *s)
{
	if (s->done)
		return;
	if (s->closing && s->count == 0) {
		finish(s);
		return;
	}
	if (!redis_link_is_up(s->link) ||
	    (s->sent_count > 0 && s->sent[0] == COMMAND_GROUP))
		return;
	if (s->acking == 0 && s->collected > 0)
		send_acks(s);
	if (s->asking || s->held || s->closing ||
	    REDIS_UNACKED_MAX - s->count < s->ask)
		return;
	if (may_claim(s))
		send_claim(s);
	else if (!s->dry || s->count == 0)
		send_read(s);
}

static void
on_entry(void *arg, struct redis_id id, struct slice value)
{
	struct redis_stream *s = arg;

	if (s->closing) /* it comes again */
		return;
	REQUIRE(s->count < REDIS_UNACKED_MAX);
	s->ids[(s->first + s->count++) % REDIS_UNACKED_MAX] = id;
	if (s->sent[0] == COMMAND_READ)
		s->last = id;
	s->bytes += value.len;
	s->setup.on_entry(s->setup.arg, value);
}

/* So many that the next reply has about the size that is aimed at. */
static void
learn_count(struct redis_stream *s, uint32_t count)
{
	uint64_t most;

	if (count == 0)
		return;
	most = (uint64_t)REDIS_REPLY_BYTES * count / (s->bytes + count);
	s->bytes = 0;
	s->ask = most < 1 ? 1 :
	    most < s->setup.count ? (uint32_t)most : s->setup.count;
}

static void
took_entries(struct redis_stream *s, enum command command)
{
	struct redis_id next;
	uint32_t count = redis_entries_end(s->entries, &next);

	learn_count(s, count);
	if (command == COMMAND_CLAIM) {
		s->claim = next;
		if (next.ms == 0 && next.seq == 0)
			s->claim_at = uv_now(s->loop) +
			    (uint64_t)s->setup.claim_ms / 2;
		s->dry = false;
		return;
	}
	s->dry = count == 0 && s->phase == PHASE_NEW;
	if (count == 0)
		s->phase = PHASE_NEW;
	if (count > 0)
		redis_link_good(s->link);
}

/* False when the link was given up. */
static bool
take_error(struct redis_stream *s, enum command command, const char *error)
{
	bool right = !strncmp(error, "NOPERM", 6);

	if (command == COMMAND_GROUP && !strncmp(error, "BUSYGROUP", 9))
		return true; /* it is there already */
	if (command == COMMAND_GROUP && right)
		return true; /* somebody else made it, or reading says so */
	if (command == COMMAND_CLAIM &&
	    (right || !strncmp(error, "ERR unknown", 11))) {
		s->cannot_claim = true; /* or before Redis 6.2 */
		s->setup.on_limit(s->setup.arg, error);
		return true;
	}
	redis_link_fault(s->link, error);
	return false;
}

/* It reads, and what was judged can be acknowledged as far as is known. */
static void
works(struct redis_stream *s)
{
	if (!s->down || s->collected > 0)
		return;
	s->down = false;
	s->setup.on_state(s->setup.arg, NULL);
}

static void
on_reply(void *arg, const struct redisReply *reply)
{
	struct redis_stream *s = arg;
	enum command command = s->sent[0];

	REQUIRE(s->sent_count > 0);
	if (command != COMMAND_ACK)
		s->asking = false;
	if (reply->type == REDIS_REPLY_ERROR) {
		if (!take_error(s, command, reply->str))
			return;
	} else if (command == COMMAND_READ || command == COMMAND_CLAIM) {
		took_entries(s, command);
		works(s);
	} else if (command == COMMAND_ACK) {
		s->first = (s->first + s->acking) % REDIS_UNACKED_MAX;
		s->count -= s->acking;
		s->collected -= s->acking;
		s->acking = 0;
		works(s);
	}
	memmove(s->sent, s->sent + 1, --s->sent_count * sizeof(*s->sent));
	redis_entries_await(s->entries, form_of(s));
	go_on(s);
}

static void
on_read(void *arg)
{
	struct redis_stream *s = arg;

	if (!s->closing)
		s->setup.on_pause(s->setup.arg);
}

static void
on_up(void *arg)
{
	struct redis_stream *s = arg;

	s->phase = PHASE_OWN;
	send_group(s);
}

/* What is under way stays so, and is acknowledged when the server is back. */
static void
on_down(void *arg, const char *why)
{
	struct redis_stream *s = arg;

	s->sent_count = 0;
	s->asking = s->dry = false;
	s->acking = 0;
	s->claim = (struct redis_id){0, 0};
	if (s->closing) {
		finish(s);
		return;
	}
	s->down = true;
	s->setup.on_pause(s->setup.arg);
	s->setup.on_state(s->setup.arg, why);
}

struct redis_stream *
redis_stream_new(uv_loop_t *loop, const struct redis_stream_setup *setup)
{
	struct redis_stream *s = must_alloc(sizeof(*s));
	struct redis_link_setup link = {
	    .url = setup->url,
	    .timeout_ms = (uint64_t)setup->timeout_ms,
	    .seed = setup->seed,
	    .rights = "XGROUP, XREADGROUP, XACK and XAUTOCLAIM",
	    .on_up = on_up,
	    .on_down = on_down,
	    .on_reply = on_reply,
	    .on_read = on_read,
	    .arg = s,
	};

	REQUIRE(setup->count >= 1 && setup->count <= REDIS_UNACKED_MAX / 2);
	s->setup = *setup;
	s->ask = setup->count < ASK_FIRST ? setup->count : ASK_FIRST;
	s->loop = loop;
	s->ids = must_alloc(REDIS_UNACKED_MAX * sizeof(*s->ids));
	s->words = must_alloc(sizeof(*s->words));
	link.entries = s->entries =
	    redis_entries_new(setup->field, on_entry, s);
	s->link = redis_link_new(loop, &link);
	REQUIRE(uv_timer_init(loop, &s->timer) == 0);
	s->timer.data = s;
	s->handles = 2;
	return s;
}

void
redis_stream_collected(struct redis_stream *s, uint32_t n)
{
	s->collected += n;
	REQUIRE(s->collected <= s->count);
	go_on(s);
}

void
redis_stream_hold(struct redis_stream *s, bool hold)
{
	s->held = hold;
	if (!hold)
		go_on(s);
}

static void
on_late(uv_timer_t *timer)
{
	finish(timer->data);
}

void
redis_stream_close(struct redis_stream *s, void (*on_closed)(void *arg))
{
	s->closing = true;
	s->on_closed = on_closed;
	uv_timer_start(&s->timer, on_late, REDIS_STREAM_CLOSE_MS, 0);
	if (redis_link_is_up(s->link))
		go_on(s);
	else
		finish(s);
}
