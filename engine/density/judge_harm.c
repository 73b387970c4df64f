/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/mathx.h"
#include "engine/base/must.h"
#include "engine/density/judge_parts.h"

/* The harm is divided among the positive reasons by their weights. */
static void
add_causes(struct judge *j, struct key *key, const struct addition *a)
{
	const struct share *s = a->share;
	int64_t all = 0;

	if (key->causes == NULL) {
		key->causes = must_alloc(sizeof(*key->causes));
		causes_init(key->causes, j->minute);
	}
	causes_advance(key->causes, j->minute);
	for (uint32_t pass = 0; pass < 2; pass++) {
		for (uint32_t i = 0; i < s->reasons_count; i++) {
			const struct reason *r = vec_at(&a->batch->reasons,
			    struct reason, s->reasons_first + i);
			struct slice words = {
			    a->batch->text.data + r->words.at, r->words.len};

			if (r->weight_milli <= 0)
				continue;
			if (pass == 0)
				all += r->weight_milli;
			else
				causes_add(key->causes, a->minute,
				    keys_reason(j->keys, r->kind, r->index),
				    r->weight_milli,
				    mathx_ratio(a->sums.harm, r->weight_milli,
					all), words);
		}
	}
}

void
judge_harm(struct judge *j, struct key *key, struct addition *a)
{
	struct evidence_post post = {
	    .record = a->record,
	    .text = a->batch->text.data,
	    .t_ms = a->t_ms,
	    .blame = (uint32_t)mathx_ratio(a->share->harm, a->share->gravity,
		MICRO),
	    .copies = a->voice.copy_rank,
	};

	add_causes(j, key, a);
	if (key->evidence == NULL)
		key->evidence = evidence_new();
	evidence_add(key->evidence, &post, &a->place);
}
