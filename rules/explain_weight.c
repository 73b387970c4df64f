/*
 * What an entry counts, for people.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "rules/explain.h"

#define NBSP "\302\240"

/* With one decimal, as the language writes it. */
void
explain_milli(struct explain *e, int64_t milli)
{
	size_t from = e->out->len;
	char *point;

	buf_fixed(e->out, milli, 3, 1);
	point = memchr(e->out->data + from, '.', e->out->len - from);
	if (e->french && point != NULL)
		*point = ',';
}

void
explain_weight(struct explain *e, int32_t weight_milli, uint8_t severity)
{
	buf_text(e->out, EXPLAIN_SAY(e, "  weight ", "  poids "));
	explain_milli(e, weight_milli);
	buf_printf(e->out,
	    EXPLAIN_SAY(e, ", severity %u", ", gravité %u"), severity);
}

/* A composite that fired has taken its place. */
void
explain_replaced(struct explain *e, const struct hit *hit)
{
	if (rules_replaced(e->rs, e->verdict, hit, NULL))
		buf_text(e->out, EXPLAIN_SAY(e, ", replaced: counts 0",
		    ", remplacée" NBSP ": compte 0"));
}

/* Groups whose rules together would give more than their caps. */
void
explain_groups(struct explain *e)
{
	int64_t sums[RULE_GROUPS_MAX];

	score_weigh(e->rs, e->verdict, NULL, sums);
	for (uint32_t g = 0; g < e->rs->groups_count; g++) {
		const struct rules_group *of = &e->rs->groups[g];
		bool low = sums[g] < of->min_milli;

		if (!low && sums[g] <= of->max_milli)
			continue;
		buf_printf(e->out, EXPLAIN_SAY(e, "group %.*s: ",
		    "groupe %.*s" NBSP ": "), SLICE_ARG(of->id));
		explain_milli(e, sums[g]);
		buf_text(e->out, EXPLAIN_SAY(e, " points, counted as ",
		    " points, comptés "));
		explain_milli(e, low ? of->min_milli : of->max_milli);
		buf_char(e->out, '\n');
	}
}
