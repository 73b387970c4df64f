/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/pseudonym.h"
#include "engine/state/recent.h"
#include "engine/state/recent_parts.h"
#include "engine/state/record_pack.h"

#define WHATS 4u /* enum keys_what */

/* The number in this file of each thing of the present rules. */
struct numbers {
	uint32_t *given; /* number plus one; 0: none yet */
	uint32_t room;
};

struct recent {
	struct frames *frames;
	struct pseudonym *pseudonym;
	struct numbers numbers[WHATS];
	uint32_t next_name;
	bool turn;          /* was asked for */
	bool begun;         /* a frame: something is in events */
	int64_t last_ms;    /* W of the last event of the frame */
	int64_t file_ms;    /* W at the start of the file */
	int64_t start_ms;
	struct buf names, events, payload;
};

struct recent *
recent_new(struct frames *frames, struct pseudonym *pseudonym)
{
	struct recent *r = must_alloc(sizeof(*r));

	r->frames = frames;
	r->pseudonym = pseudonym;
	r->file_ms = INT64_MIN;
	return r;
}

void
recent_free(struct recent *r)
{
	if (r == NULL)
		return;
	for (unsigned i = 0; i < WHATS; i++)
		free(r->numbers[i].given);
	buf_fini(&r->names);
	buf_fini(&r->events);
	buf_fini(&r->payload);
	free(r);
}

static void
forget_numbers(struct recent *r)
{
	for (unsigned i = 0; i < WHATS; i++)
		if (r->numbers[i].room > 0)
			memset(r->numbers[i].given, 0,
			    r->numbers[i].room * sizeof(uint32_t));
}

void
recent_renamed(struct recent *r)
{
	/* Their names are written anew, under new numbers of the file. */
	forget_numbers(r);
}

void
recent_turn(struct recent *r)
{
	r->turn = true;
}

bool
recent_turned(const struct recent *r)
{
	return !r->turn;
}

/* The first event of a frame decides which file it goes to. */
static void
begin(struct recent *r, int64_t now_ms)
{
	bool old = r->turn || r->file_ms == INT64_MIN ||
	    now_ms - r->file_ms >= RECENT_FILE_MS;

	r->begun = true;
	r->start_ms = r->last_ms = now_ms;
	if (!frames_turn(r->frames, now_ms, old))
		return;
	r->turn = false;
	r->file_ms = now_ms;
	r->next_name = 0;
	forget_numbers(r);
}

static uint32_t
number_of(struct recent *r, const struct keys *k, enum keys_what what,
    uint32_t index)
{
	struct numbers *n = &r->numbers[what];

	if (index >= n->room) {
		uint32_t room = keys_count(k, what);

		REQUIRE(index < room);
		n->given = must_grow(n->given, room * sizeof(uint32_t));
		memset(n->given + n->room, 0,
		    (room - n->room) * sizeof(uint32_t));
		n->room = room;
	}
	if (n->given[index] == 0) {
		pack_u8(&r->names, (uint8_t)what);
		pack_text(&r->names, keys_label(k, what, index));
		n->given[index] = ++r->next_name;
	}
	return n->given[index] - 1;
}

static struct slice
part(const struct batch *b, struct part part)
{
	return (struct slice){b->text.data + part.at, part.len};
}

static void
put_share(struct recent *r, const struct keys *k,
    const struct recent_post *post, const struct share *s)
{
	const struct batch *b = post->batch;
	struct buf *out = &r->events;

	pack_uint(out, number_of(r, k, KEYS_SECTOR, s->sector));
	pack_uint(out, s->brand == RULES_NONE ? RECENT_NOBODY :
		number_of(r, k, KEYS_BRAND, s->brand) + 1);
	pack_int(out, s->weight_milli);
	pack_uint(out, s->harm);
	pack_uint(out, s->gravity);
	pack_u8(out, s->severity);
	pack_u8(out, s->roles);
	pack_u8(out, s->own);
	pack_uint(out, s->topics_count);
	for (uint32_t i = 0; i < s->topics_count; i++)
		pack_uint(out, number_of(r, k, KEYS_TOPIC,
		    *vec_at(&b->topics, uint32_t, s->topics_first + i)));
	pack_uint(out, s->reasons_count);
	for (uint32_t i = 0; i < s->reasons_count; i++) {
		const struct reason *reason = vec_at(&b->reasons,
		    struct reason, s->reasons_first + i);

		pack_u8(out, reason->kind == HIT_RULE);
		pack_uint(out, number_of(r, k,
		    reason->kind == HIT_RULE ? KEYS_RULE : KEYS_TOPIC,
		    reason->index));
		pack_int(out, reason->weight_milli);
		pack_text(out, part(b, reason->words));
	}
}

static void
put_terms(struct buf *out, const struct batch *b, const struct record *record)
{
	pack_uint(out, record->terms_count);
	for (uint32_t i = 0; i < record->terms_count; i++)
		pack_text(out, part(b, *vec_at(&b->terms, struct part,
		    record->terms_first + i)));
}

static void
put_tallies(struct recent *r, const struct keys *k, const struct batch *b,
    const struct record *record)
{
	pack_uint(&r->events, record->tallies_count);
	for (uint32_t i = 0; i < record->tallies_count; i++) {
		const struct term_hit *hit = vec_at(&b->tallies,
		    struct term_hit, record->tallies_first + i);

		pack_uint(&r->events, number_of(r, k, KEYS_RULE, hit->rule));
		pack_uint(&r->events, hit->brand == RULES_NONE ?
			RECENT_NOBODY :
			number_of(r, k, KEYS_BRAND, hit->brand) + 1);
	}
}

void
recent_put(struct recent *r, const struct keys *k,
    const struct recent_post *post)
{
	const struct record *record = post->record;
	const struct batch *b = post->batch;
	struct buf *out = &r->events;
	uint32_t shares = post->late ? 0 : record->shares_count;

	if (!r->begun)
		begin(r, post->now_ms);
	pack_u8(out, RECENT_POST);
	pack_int(out, post->now_ms - r->last_ms);
	pack_int(out, post->t_ms - post->now_ms);
	pack_u8(out, post->late);
	record_pack(record, b->text.data, post->account,
	    record_named(record) ? pseudonym_digits(r->pseudonym,
		record->author_key, part(b, record->author)) : NULL, out);
	pack_uint(out, shares);
	for (uint32_t i = 0; i < shares; i++)
		put_share(r, k, post, vec_at(&b->shares, struct share,
		    record->shares_first + i));
	put_terms(out, b, record);
	put_tallies(r, k, b, record);
	r->last_ms = post->now_ms;
}

void
recent_clock(struct recent *r, int64_t now_ms)
{
	if (!r->begun)
		begin(r, now_ms);
	pack_u8(&r->events, RECENT_CLOCK);
	pack_int(&r->events, now_ms - r->last_ms);
	r->last_ms = now_ms;
}

void
recent_seal(struct recent *r)
{
	if (!r->begun)
		return;
	buf_clear(&r->payload);
	pack_text(&r->payload, buf_slice(&r->names));
	pack_int(&r->payload, r->start_ms);
	buf_slice_put(&r->payload, buf_slice(&r->events));
	frames_put(r->frames, buf_slice(&r->payload));
	buf_clear(&r->names);
	buf_clear(&r->events);
	r->begun = false;
}
