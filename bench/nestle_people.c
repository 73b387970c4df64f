/*
 * The accounts: handles of two syllables and a number, followers log-normal.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/nestle.h"
#include "engine/base/must.h"

static const struct {
	uint32_t per_lang[NESTLE_LANGS];
	double median, spread; /* of followers; spread of their logarithm */
} groups[NESTLE_GROUPS] = {
	[ORDINARY] = {{2900, 1900, 1000}, 180, 1.3},
	[ACTIVIST] = {{60, 20, 20}, 700, 1.0},
	[BOT] = {{30, 10, 10}, 15, 0.8},
	[REPORTER] = {{10, 6, 5}, 40000, 1.2},
	[BLOGGER] = {{16, 14, 5}, 3000, 0.9},
};

struct nestle_people {
	struct nestle_person *of[NESTLE_GROUPS][NESTLE_LANGS];
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
name(struct nestle_person *p, struct rand *r, enum nestle_group group)
{
	static const char *const first[] = {"lu", "ma", "jo", "ti", "ka", "no",
	    "el", "ro", "sa", "fa", "mi", "be", "da", "ce", "vi", "pau", "han",
	    "lea", "tom", "ari"};
	static const char *const last[] = {"line", "mar", "rick", "nou", "ster",
	    "vin", "dor", "lou", "bert", "na", "mio", "field", "rose", "lac",
	    "berg", "ton", "zou", "wyn", "del", "bois"};
	static const char *const tail[NESTLE_GROUPS] = {
		[ORDINARY] = "", [ACTIVIST] = "_forest", [BOT] = "x",
		[REPORTER] = "_news", [BLOGGER] = "_blog"};

	snprintf(p->handle, sizeof(p->handle), "%s%s%u%s",
	    first[rand_below(r, 20)], last[rand_below(r, 20)],
	    rand_below(r, 10000), tail[group]);
}

struct nestle_people *
nestle_people_new(struct rand *r)
{
	struct nestle_people *people = must_alloc(sizeof(*people));

	for (int g = 0; g < NESTLE_GROUPS; g++)
		for (int l = 0; l < NESTLE_LANGS; l++) {
			uint32_t n = groups[g].per_lang[l];
			struct nestle_person *of = must_alloc(n * sizeof(*of));

			for (uint32_t i = 0; i < n; i++) {
				name(&of[i], r, (enum nestle_group)g);
				of[i].followers = (uint32_t)(groups[g].median *
				    exp(groups[g].spread * bell(r)));
			}
			people->of[g][l] = of;
		}
	return people;
}

void
nestle_people_free(struct nestle_people *people)
{
	for (int g = 0; g < NESTLE_GROUPS; g++)
		for (int l = 0; l < NESTLE_LANGS; l++)
			free(people->of[g][l]);
	free(people);
}

const struct nestle_person *
nestle_people_pick(struct nestle_people *people, struct rand *r,
    enum nestle_group group, enum nestle_lang lang)
{
	uint32_t n = groups[group].per_lang[lang];
	double u = rand_unit(r);

	/* u * sqrt(u): the first of the list speak more than the last. */
	return &people->of[group][lang][(uint32_t)(u * sqrt(u) * n)];
}
