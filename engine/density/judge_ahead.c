/*
 * What the records of a batch will ask for is fetched before they are judged.
 *
 * The tables of an hour and what is kept of a thousand brands are larger than
 * the caches; a record touches some fifty lines of them, one behind the other.
 * Three passes over the records, each of which only asks for what it can
 * name, let the waits overlap.  Nothing is decided here: a key that a record
 * before it makes is fetched late, that is all.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/density/evidence_slots.h"
#include "engine/density/judge_parts.h"

#define LINE 64u
#define SHARES_AHEAD 2u /* of a record; nearly all have one */

struct ahead {
	const struct key *brands[JUDGE_AHEAD][SHARES_AHEAD];
};

static void
fetch(const void *from, size_t bytes)
{
	const char *at = from;

	for (size_t i = 0; i < bytes; i += LINE)
		__builtin_prefetch(at + i, 1);
}

static const struct share *
share_at(const struct batch *batch, const struct record *r, uint32_t i)
{
	return i < r->shares_count && i < SHARES_AHEAD
	    ? vec_at(&batch->shares, struct share, r->shares_first + i)
	    : NULL;
}

static bool
harms(const struct share *s)
{
	return s->harm > 0 && s->gravity > 0;
}

/* Who is spoken of, and whether the post was seen. */
static void
fetch_keys(const struct judge *j, const struct batch *batch,
    const struct record *r, const struct key **brands)
{
	const struct share *s;

	seen_prepare(j->seen, r->id_key);
	for (uint32_t i = 0; (s = share_at(batch, r, i)) != NULL; i++) {
		const struct key *key =
		    keys_brand_known(j->keys, s->sector, s->brand);

		brands[i] = key;
		if (key == NULL)
			continue;
		fetch(key, offsetof(struct key, sector));
	}
}

static const struct reason *
reason_at(const struct batch *batch, const struct share *s, uint32_t i)
{
	return vec_at(&batch->reasons, struct reason, s->reasons_first + i);
}

static void
fetch_reasons(const struct judge *j, const struct batch *batch,
    const struct share *s)
{
	for (uint32_t i = 0; i < s->reasons_count; i++) {
		const struct reason *r = reason_at(batch, s, i);

		keys_reason_ahead(j->keys, r->kind, r->index);
	}
}

static void
fetch_harm(const struct key *key)
{
	if (key->causes != NULL)
		fetch(key->causes, CAUSES_LINE);
	if (key->evidence != NULL)
		fetch(key->evidence, offsetof(struct evidence, boards));
}

/* The voice. */
static void
fetch_share(const struct judge *j, const struct batch *batch,
    const struct record *r, const struct share *s,
    const struct key *brand)
{
	uint64_t account = r->author_key == 0 ? r->id_key : r->author_key;

	if (brand->live != NULL)
		fetch(brand->live, offsetof(struct live, window));
	voices_prepare(j->voices, brand->serial, account);
	voices_prepare_copies(j->voices, brand->serial, r->sketch);
	if (j->signals != NULL)
		signals_ahead(j->signals, brand, r, s);
	if (!harms(s))
		return;
	voices_prepare(j->voices, brand->up->serial, account);
	fetch_reasons(j, batch, s);
	fetch_harm(brand);
	fetch_harm(brand->up);
}

/* The causes by which the post is known. */
static void
fetch_causes(const struct judge *j, const struct batch *batch,
    const struct share *s, const struct key *brand)
{
	for (uint32_t i = 0; i < s->reasons_count && j->minute >= 0; i++) {
		const struct reason *r = reason_at(batch, s, i);
		const char *name;

		if (r->weight_milli <= 0)
			continue;
		name = keys_reason(j->keys, r->kind, r->index);
		if (brand->causes != NULL)
			causes_ahead_add(brand->causes, j->minute, name);
		if (brand->up->causes != NULL)
			causes_ahead_add(brand->up->causes, j->minute, name);
	}
}

void
judge_ahead(const struct judge *j, const struct batch *batch, uint32_t first)
{
	uint32_t count = batch->records.count - first;
	const struct record *records =
	    vec_at(&batch->records, struct record, first);
	struct ahead ahead = {0};
	const struct share *s;

	if (count > JUDGE_AHEAD)
		count = JUDGE_AHEAD;
	for (uint32_t i = 0; i < count; i++)
		fetch_keys(j, batch, &records[i], ahead.brands[i]);
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t k = 0;
		     (s = share_at(batch, &records[i], k)) != NULL; k++)
			if (ahead.brands[i][k] != NULL)
				fetch_share(j, batch, &records[i], s,
				    ahead.brands[i][k]);
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t k = 0;
		     (s = share_at(batch, &records[i], k)) != NULL; k++) {
			if (ahead.brands[i][k] == NULL || !harms(s))
				continue;
			if (j->signals != NULL)
				signals_ahead_harm(j->signals,
				    ahead.brands[i][k], batch, &records[i]);
			fetch_causes(j, batch, s, ahead.brands[i][k]);
		}
}
