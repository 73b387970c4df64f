/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/state/recent.h"
#include "engine/state/recent_parts.h"
#include "engine/state/record_pack.h"

struct known {
	uint8_t what;
	uint32_t index; /* RULES_NONE: the present rules have it not */
};

struct recent_reader {
	const struct keys *keys;
	struct vec known; /* struct known, by number */
	struct vec late;  /* bool, by record */
	struct batch *batch;
	int64_t last_ms;
	uint64_t unknown;
};

struct recent_reader *
recent_reader_new(const struct keys *keys)
{
	struct recent_reader *r = must_alloc(sizeof(*r));

	r->keys = keys;
	r->batch = batch_alone();
	return r;
}

void
recent_reader_free(struct recent_reader *r)
{
	if (r == NULL)
		return;
	free(r->known.items);
	free(r->late.items);
	batch_alone_free(r->batch);
	free(r);
}

void
recent_reader_start(struct recent_reader *r)
{
	r->known.count = 0;
}

bool
recent_late(const struct recent_reader *r, uint32_t i)
{
	REQUIRE(i < r->late.count);
	return *vec_at(&r->late, bool, i);
}

uint64_t
recent_unknown(const struct recent_reader *r)
{
	return r->unknown;
}

static void
read_names(struct recent_reader *r, struct slice names)
{
	struct unpack in = unpack_of(names);

	while (in.at < in.end && !in.bad) {
		uint8_t what = unpack_u8(&in);
		struct slice label = unpack_text(&in);
		struct known *known = vec_push(&r->known, struct known);

		*known = (struct known){what, RULES_NONE};
		if (!in.bad && what <= KEYS_RULE)
			known->index = keys_index(r->keys,
			    (enum keys_what)what, label);
	}
}

/* The index of number ${n}; RULES_NONE when it is not known. */
static uint32_t
index_of(const struct recent_reader *r, uint64_t n, enum keys_what what,
    struct unpack *in)
{
	const struct known *known;

	if (n >= r->known.count) {
		in->bad = true;
		return RULES_NONE;
	}
	known = vec_at(&r->known, struct known, n);
	if (known->what != what)
		in->bad = true;
	return known->index;
}

static struct part
put_text(struct batch *b, struct slice text)
{
	struct part part = {(uint32_t)b->text.len, (uint32_t)text.len};

	buf_slice_put(&b->text, text);
	return part;
}

static void
read_topics(struct recent_reader *r, struct share *s, struct unpack *in)
{
	uint64_t count = unpack_most(in, UINT16_MAX);

	s->topics_first = r->batch->topics.count;
	for (uint64_t i = 0; i < count && !in->bad; i++) {
		uint32_t index = index_of(r, unpack_uint(in), KEYS_TOPIC, in);

		if (index == RULES_NONE)
			continue;
		*vec_push(&r->batch->topics, uint32_t) = index;
		s->topics_count++;
	}
}

static void
read_reasons(struct recent_reader *r, struct share *s, struct unpack *in)
{
	uint64_t count = unpack_most(in, UINT16_MAX);

	s->reasons_first = r->batch->reasons.count;
	for (uint64_t i = 0; i < count && !in->bad; i++) {
		bool rule = unpack_u8(in);
		uint32_t index = index_of(r, unpack_uint(in),
		    rule ? KEYS_RULE : KEYS_TOPIC, in);
		struct reason reason = {
		    .kind = rule ? HIT_RULE : HIT_TOPIC, .index = index};

		reason.weight_milli = (int32_t)unpack_int(in);
		reason.words = put_text(r->batch, unpack_text(in));
		if (index == RULES_NONE)
			continue;
		*vec_push(&r->batch->reasons, struct reason) = reason;
		s->reasons_count++;
	}
}

static void
read_share(struct recent_reader *r, struct record *record, struct unpack *in)
{
	struct share s = {.brand = RULES_NONE};
	uint64_t brand;
	bool known;

	s.sector = index_of(r, unpack_uint(in), KEYS_SECTOR, in);
	brand = unpack_uint(in);
	if (brand != RECENT_NOBODY)
		s.brand = index_of(r, brand - 1, KEYS_BRAND, in);
	known = s.sector != RULES_NONE &&
	    (brand == RECENT_NOBODY || s.brand != RULES_NONE);
	s.weight_milli = (int32_t)unpack_int(in);
	s.harm = (uint32_t)unpack_most(in, UINT32_MAX);
	s.gravity = (uint32_t)unpack_most(in, UINT32_MAX);
	s.severity = unpack_u8(in);
	s.roles = unpack_u8(in);
	s.own = unpack_u8(in);
	read_topics(r, &s, in);
	read_reasons(r, &s, in);
	if (in->bad)
		return;
	if (!known) {
		r->unknown++;
		return;
	}
	*vec_push(&r->batch->shares, struct share) = s;
	record->shares_count++;
}

static void
read_tallies(struct recent_reader *r, struct record *record,
    struct unpack *in)
{
	uint64_t count = unpack_most(in, UINT32_MAX);

	record->tallies_first = r->batch->tallies.count;
	for (uint64_t i = 0; i < count && !in->bad; i++) {
		struct term_hit hit = {.brand = RULES_NONE};
		uint64_t brand;

		hit.rule = index_of(r, unpack_uint(in), KEYS_RULE, in);
		brand = unpack_uint(in);
		if (brand != RECENT_NOBODY)
			hit.brand = index_of(r, brand - 1, KEYS_BRAND, in);
		if (hit.rule == RULES_NONE ||
		    (brand != RECENT_NOBODY && hit.brand == RULES_NONE))
			continue;
		*vec_push(&r->batch->tallies, struct term_hit) = hit;
		record->tallies_count++;
	}
}

static void
read_post(struct recent_reader *r, struct unpack *in)
{
	struct batch *b = r->batch;
	struct record record;
	int64_t behind;
	uint64_t count;
	bool late;

	r->last_ms += unpack_int(in);
	behind = unpack_int(in);
	late = unpack_u8(in);
	record_unpack(&record, &b->text, in);
	record.clock_ms = r->last_ms;
	record.ts_ms = r->last_ms + behind;
	record.shares_first = b->shares.count;
	count = unpack_most(in, UINT32_MAX);
	for (uint64_t i = 0; i < count && !in->bad; i++)
		read_share(r, &record, in);
	record.terms_first = b->terms.count;
	record.terms_count = (uint32_t)unpack_most(in, UINT16_MAX);
	for (uint32_t i = 0; i < record.terms_count && !in->bad; i++)
		*vec_push(&b->terms, struct part) =
		    put_text(b, unpack_text(in));
	read_tallies(r, &record, in);
	*vec_push(&b->records, struct record) = record;
	*vec_push(&r->late, bool) = late;
}

struct batch *
recent_read(struct recent_reader *r, struct slice payload, bool wanted)
{
	struct unpack in = unpack_of(payload);

	batch_alone_clear(r->batch);
	r->late.count = 0;
	read_names(r, unpack_text(&in));
	r->last_ms = unpack_int(&in);
	while (wanted && in.at < in.end && !in.bad) {
		uint8_t event = unpack_u8(&in);

		if (event == RECENT_POST)
			read_post(r, &in);
		else if (event == RECENT_CLOCK)
			r->last_ms += unpack_int(&in);
		else
			in.bad = true;
	}
	r->batch->clock_ms = wanted ? r->last_ms : TIME_NONE;
	return in.bad ? NULL : r->batch;
}
