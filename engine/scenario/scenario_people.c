/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/mathx.h"
#include "engine/base/must.h"
#include "engine/scenario/scenario_parts.h"

struct scenario_people {
	const struct scenario *s;
	struct scenario_person **of; /* by group */
};

/* The sum of twelve uniform numbers: near enough to a bell. */
static double
bell(struct rand *r)
{
	double sum = -6;

	for (int i = 0; i < 12; i++)
		sum += rand_unit(r);
	return sum;
}

static void
name(struct scenario_person *p, struct rand *r, uint32_t group, uint32_t i)
{
	static const char *const first[] = {"lu", "ma", "jo", "ti", "ka", "no",
	    "el", "ro", "sa", "fa", "mi", "be", "da", "ce", "vi", "pau", "han",
	    "lea", "tom", "ari"};
	static const char *const last[] = {"line", "mar", "rick", "nou", "ster",
	    "vin", "dor", "lou", "bert", "na", "mio", "field", "rose", "lac",
	    "berg", "ton", "zou", "wyn", "del", "bois"};
	uint32_t a = rand_below(r, 20), b = rand_below(r, 20);

	/* The number makes it one of its kind. */
	snprintf(p->handle, sizeof(p->handle), "%s%s%u_%u", first[a], last[b],
	    i % 100000, group % 100);
}

struct scenario_people *
scenario_people_new(const struct scenario *s, struct rand *r)
{
	struct scenario_people *people = must_alloc(sizeof(*people));

	people->s = s;
	people->of = must_alloc(s->groups_count * sizeof(*people->of));
	for (uint32_t g = 0; g < s->groups_count; g++) {
		const struct scenario_group *group = &s->groups[g];
		struct scenario_person *of =
		    must_alloc(group->accounts * sizeof(*of));

		for (uint32_t i = 0; i < group->accounts; i++) {
			name(&of[i], r, g, i);
			of[i].followers = (uint32_t)(group->followers *
			    mathx_exp(group->spread * bell(r)));
		}
		people->of[g] = of;
	}
	return people;
}

void
scenario_people_free(struct scenario_people *people)
{
	for (uint32_t g = 0; g < people->s->groups_count; g++)
		free(people->of[g]);
	free(people->of);
	free(people);
}

const struct scenario_person *
scenario_people_pick(struct scenario_people *people, struct rand *r,
    uint32_t group, uint32_t lang)
{
	uint32_t langs = people->s->langs_count;
	uint32_t n = people->s->groups[group].accounts / langs;
	double u = rand_unit(r);
	uint32_t i;

	if (n == 0) /* fewer accounts than languages: they speak them all */
		return &people->of[group][rand_below(
		    r, people->s->groups[group].accounts)];
	/* u * sqrt(u): the first of the list speak more than the last. */
	i = (uint32_t)(u * sqrt(u) * n);
	return &people->of[group][i * langs + lang];
}
