/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/diff/recount.h"

#include <stdlib.h>

#include "engine/base/mathx.h"
#include "engine/base/must.h"
#include "engine/diff/recount_parts.h"

struct recount *
recount_read(struct slice json, struct err *err)
{
	struct recount *r = must_alloc(sizeof(*r));

	if (recount_members(r, json, err) < 0) {
		recount_free(r);
		return NULL;
	}
	recount_sums(r);
	return r;
}

void
recount_free(struct recount *r)
{
	if (r == NULL)
		return;
	struct buf *texts[] = {&r->id, &r->kind, &r->subject, &r->sector,
	    &r->brand, &r->topic, &r->minute, &r->first, &r->from, &r->to,
	    &r->because, &r->level_fr, &r->level_en, &r->rare_fr, &r->rare_en,
	    &r->item, &r->sentence_fr, &r->sentence_en};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		buf_fini(texts[i]);
	for (unsigned i = 0; i < RECOUNT_PARTS; i++) {
		buf_fini(&r->parts[i].id);
		buf_fini(&r->rules[i].id);
	}
	for (unsigned i = 0; i < RECOUNT_ROWS; i++) {
		buf_fini(&r->rows[i].member);
		buf_fini(&r->rows[i].how);
		buf_fini(&r->rows[i].said);
		buf_fini(&r->rows[i].made);
	}
	free(r);
}

struct slice
recount_id(const struct recount *r)
{
	return buf_slice(&r->id);
}

int64_t
recount_rev(const struct recount *r)
{
	return r->rev / MATHX_MICRO;
}

unsigned
recount_differs(const struct recount *r)
{
	return r->differs;
}
