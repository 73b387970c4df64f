/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/slow.h"

#include "engine/base/clock.h"
#include "rules/op.h"

/* Judged so often, for a figure that one interrupt does not spoil. */
#define ROUNDS 200

static const char sample[] =
    "Bonjour, trois jours que mon colis est annoncé « en livraison » et "
    "toujours rien. Does anybody from customer service read this? "
    "Merci d'avance #patience https://example.org/a/b?c=d";

static int64_t
measure_ns(struct matcher *m, uint32_t unit)
{
	struct clock clock = clock_wall();
	struct post post;
	struct text text;
	int64_t start;

	post_clear(&post);
	post.text = (struct slice){sample, sizeof(sample) - 1};
	text_init(&text);
	text_fold(&text, post.title, post.text, TEXT_POST);
	start = clock.tick_ns(clock.self);
	for (int i = 0; i < ROUNDS; i++) {
		matcher_begin(m, &post, &text, 0);
		prefilter_keys(m);
		rule_eval(
		    m, unit, unit < m->rs->brands_count ? unit : RULES_NONE);
	}
	start = clock.tick_ns(clock.self) - start;
	text_fini(&text);
	return start / ROUNDS;
}

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
		int64_t ns = measure_ns(m, table->always[i]);

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
