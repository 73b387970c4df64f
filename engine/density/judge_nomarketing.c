/*
 * Whose posts harm a brand that has a level, for nomarketing.c.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/mathx.h"
#include "engine/density/judge_parts.h"
#include "engine/lifecycle/nomarketing.h"

void
judge_nomarketing(struct judge *j, const struct key *brand,
    const struct addition *a)
{
	const struct share *s = a->share;
	struct nomarketing_post post = {.record = a->record,
	    .text = a->batch->text.data, .brand = brand->brand,
	    .name = brand->name, .level = brand->density.level,
	    .blame = (uint32_t)mathx_ratio(s->harm, s->gravity, MICRO)};

	/* The alert of a topic is one of the brand, for those who do it. */
	for (uint32_t i = 0; i < s->topics_count; i++) {
		const struct key *pair = keys_pair(j->keys,
		    keys_brand(j->keys, s->sector, s->brand),
		    *vec_at(&a->batch->topics, uint32_t,
			s->topics_first + i));

		if (pair->density.level > post.level)
			post.level = pair->density.level;
	}
	if (post.level > 0)
		nomarketing_harmed(j->o.nomarketing, &post);
}

struct opening {
	struct judge *j;
	const struct key *key;
};

static void
on_evidence(void *self, const struct evidence_post *shown)
{
	const struct opening *o = self;
	const struct nomarketing_post post = {.record = shown->record,
	    .text = shown->text, .blame = shown->blame,
	    .brand = o->key->brand, .name = o->key->name,
	    .level = o->key->density.level};

	nomarketing_harmed(o->j->o.nomarketing, &post);
}

void
judge_nomarketing_opens(struct judge *j, const struct key *key, int64_t minute)
{
	struct opening o = {j, key};

	if (key->subject != ALERT_SECTOR && key->brand != NULL &&
	    key->density.level > 0)
		evidence_each(key->evidence, minute, on_evidence, &o);
}
