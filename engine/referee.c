/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/referee.h"

#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"

struct referee {
	const struct decoder *decoder;
	const struct job *job;
	const struct clock *clock;
	struct ruleset *rules;
	struct benched *benched; /* of those rules */
	struct worker *worker;   /* from the first batch judged again */
};

static struct benched *
benched_new(uint32_t regexes)
{
	struct benched *d = must_alloc(sizeof(*d));

	d->refs = 1;
	d->list = must_alloc((regexes + 1ul) * sizeof(*d->list));
	d->overruns = must_alloc((regexes + 1ul) * sizeof(*d->overruns));
	return d;
}

static void
benched_unref(struct benched *d)
{
	if (d == NULL || --d->refs > 0)
		return;
	free(d->list);
	free(d->overruns);
	free(d);
}

struct referee *
referee_new(const struct decoder *decoder, const struct job *job,
    const struct clock *clock)
{
	struct referee *r = must_alloc(sizeof(*r));

	r->decoder = decoder;
	r->job = job;
	r->clock = clock;
	return r;
}

void
referee_free(struct referee *r)
{
	referee_rules(r, NULL);
	worker_free(r->worker);
	free(r);
}

void
referee_rules(struct referee *r, struct ruleset *rs)
{
	struct ruleset *old = r->rules;

	benched_unref(r->benched);
	r->rules = rs == NULL ? NULL : ruleset_ref(rs);
	r->benched = rs == NULL ? NULL : benched_new(ruleset_regexes(rs));
	if (old != NULL)
		ruleset_unref(old);
}

void
referee_pin(struct referee *r, struct batch *b)
{
	if (r->rules == NULL)
		return;
	r->benched->refs++;
	b->rules = ruleset_ref(r->rules);
	b->benched = r->benched;
	b->benched_count = r->benched->count;
}

void
referee_unpin(struct batch *b)
{
	/* Const only for the worker. */
	if (b->rules != NULL)
		ruleset_unref((struct ruleset *)(uintptr_t)b->rules);
	benched_unref(b->benched);
}

/* Whether ${b} was judged as it would be post by post in order. */
static bool
agrees(const struct benched *d, const struct batch *b)
{
	const uint32_t *regexes = b->overruns.items;

	if (b->benched_count != d->count)
		return false;
	for (uint32_t i = 0; i < b->overruns.count; i++) {
		uint32_t n = d->overruns[regexes[i]];

		for (uint32_t k = 0; k < b->overruns.count; k++)
			n += regexes[k] == regexes[i];
		if (n >= REGEX_OVERRUNS_MAX)
			return false;
	}
	return true;
}

void
referee_settle(struct referee *r, struct batch *b, struct counters *counts,
    struct complaints *complaints)
{
	struct benched *d = b->benched;

	if (d == NULL)
		return;
	if (!agrees(d, b)) {
		if (r->worker == NULL)
			r->worker =
			    worker_new(r->decoder, r->job, r->clock, 1);
		worker_again(r->worker, b);
	}
	for (uint32_t i = 0; i < b->overruns.count; i++) {
		uint32_t regex = *vec_at(&b->overruns, uint32_t, i);

		if (++d->overruns[regex] != REGEX_OVERRUNS_MAX)
			continue;
		d->list[d->count++] = regex;
		counters_bump(counts, rules_benched_total);
		if (complaints->out != NULL)
			complaints_benched(complaints, b->rules, regex);
	}
}
