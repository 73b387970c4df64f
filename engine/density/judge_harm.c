/*
 * Why keys were harmed by a post, by whom, and what they show of it.  What is
 * the same for all keys of a share is made ready once.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/mathx.h"
#include "engine/base/must.h"
#include "engine/density/judge_parts.h"

static const struct reason *
reason_at(const struct addition *a, uint32_t i)
{
	return vec_at(&a->batch->reasons, struct reason,
	    a->share->reasons_first + i);
}

/* The harm is divided among the positive reasons by their weights. */
static void
divide(struct judge *j, const struct addition *a)
{
	int64_t all = 0;

	j->parts_count = 0;
	for (uint32_t i = 0; i < a->share->reasons_count; i++) {
		const struct reason *r = reason_at(a, i);
		struct slice words = {
		    a->batch->text.data + r->words.at, r->words.len};

		if (r->weight_milli <= 0)
			continue;
		if (j->parts_count == j->parts_room) {
			j->parts_room = 2 * j->parts_room + 8;
			j->parts = must_grow(j->parts,
			    j->parts_room * sizeof(*j->parts));
		}
		all += r->weight_milli;
		j->parts[j->parts_count++] = (struct harm_part){
		    keys_reason(j->keys, r->kind, r->index), words,
		    r->weight_milli, 0};
	}
	for (uint32_t i = 0; i < j->parts_count; i++)
		j->parts[i].harm = mathx_ratio(a->sums.harm,
		    j->parts[i].weight_milli, all);
}

static void
fetch_evidence(const struct key *key, const struct evidence_post *shown)
{
	if (key->evidence != NULL)
		evidence_ahead(key->evidence, shown);
}

void
judge_harm_ready(struct judge *j, const struct key *brand, struct addition *a)
{
	const struct share *s = a->share;

	a->place = (struct evidence_place){.ring = j->ring};
	a->shown = (struct evidence_post){
	    .record = a->record,
	    .text = a->batch->text.data,
	    .t_ms = a->t_ms,
	    .blame = (uint32_t)mathx_ratio(s->harm, s->gravity, MICRO),
	    .copies = a->voice.copy_rank,
	};
	fetch_evidence(brand, &a->shown);
	fetch_evidence(brand->up, &a->shown);
	divide(j, a);
}

static void
add_causes(const struct judge *j, struct key *key, const struct addition *a)
{
	if (key->causes == NULL)
		key->causes = causes_new(j->minute);
	causes_advance(key->causes, j->minute);
	for (uint32_t i = 0; i < j->parts_count; i++) {
		const struct harm_part *p = &j->parts[i];

		causes_add(key->causes, a->minute, p->name, p->weight_milli,
		    p->harm, p->words);
	}
}

void
judge_harm(const struct judge *j, struct key *key, struct addition *a)
{
	add_causes(j, key, a);
	if (key->evidence == NULL)
		key->evidence = evidence_new();
	evidence_add(key->evidence, &a->shown, &a->place);
}

uint64_t
judge_account(struct judge *j, const struct record *r)
{
	/* Who cannot be told apart is taken for a voice of its own. */
	if (r->author_key == 0)
		return r->id_key;
	if (j->o.pseudonym == NULL || r->flags & RECORD_KEYED)
		return r->author_key;
	return pseudonym_account(j->o.pseudonym, r->author_key);
}
