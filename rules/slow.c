/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/slow.h"

#include "rules/cost.h"
#include "rules/op.h"

/* Over the sample so often, for a figure that one interrupt does not spoil. */
#define ROUNDS 16u

static const struct decl *
decl_of(const struct ruleset *rs, const struct decls *decls, uint32_t unit)
{
	if (unit < rs->brands_count)
		return &decls->brands[unit].d;
	if (unit < unit_of_rule(rs, 0))
		return &decls->topics[unit - rs->brands_count].d;
	return &decls->rules[unit - unit_of_rule(rs, 0)].d;
}

static void
warn(struct matcher *m, const struct decls *decls,
    const struct prefilter *table, struct diag *diag)
{
	for (uint32_t i = 0; i < table->always_count; i++) {
		const struct decl *d = decl_of(m->rs, decls, table->always[i]);
		int64_t ns = cost_unit_ns(m, table->always[i], ROUNDS);

		diag_add(diag, DIAG_WARNING, d->place, "slow",
		    "ask for a whole word, a phrase or the beginning of a "
		    "word beside it",
		    "'%.*s' has no word that the prefilter could look for: it "
		    "runs on every post (measured %lld.%lld us)",
		    SLICE_ARG(d->id), (long long)(ns / 1000),
		    (long long)(ns % 1000 / 100));
	}
}

void
slow_warn(
    const struct ruleset *rs, const struct decls *decls, struct diag *diag)
{
	struct matcher *m = matcher_new();

	matcher_fit(m, rs);
	warn(m, decls, &rs->mains, diag);
	warn(m, decls, &rs->topical, diag);
	matcher_free(m);
}
