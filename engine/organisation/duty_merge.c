/*
 * Many cells with the same fault become one finding.  Only what differs in
 * one thing alone is put together, so that a finding is exact: it holds for
 * each of its brands with each of its topics, levels and languages.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "engine/base/must.h"
#include "engine/organisation/duty_parts.h"

static int
by_fields(const void *a, const void *b)
{
	const struct duty_finding *x = a, *y = b;

	for (int i = 0; i < FIELDS; i++)
		if (x->field[i] != y->field[i])
			return x->field[i] < y->field[i] ? -1 : 1;
	return 0;
}

/* The field that may differ stands last while they are sorted. */
static void
turn(struct duty *d, enum duty_field field)
{
	for (size_t i = 0; i < d->findings_count; i++) {
		uint64_t *f = d->findings[i].field, kept = f[FIELDS - 1];

		f[FIELDS - 1] = f[field];
		f[field] = kept;
	}
}

static bool
is_same(const struct duty_finding *x, const struct duty_finding *y)
{
	return !memcmp(x->field, y->field, (FIELDS - 1) * sizeof(x->field[0]));
}

/* Of findings ${from} to ${end} the last fields, as one set or word. */
static uint64_t
gather(struct duty *d, enum duty_field field, size_t from, size_t end,
    uint64_t *bits)
{
	struct duty_sets *sets = field == FIELD_BRAND   ? &d->brand_sets
				 : field == FIELD_TOPIC ? &d->topic_sets
							: NULL;
	uint64_t all = 0;

	if (sets != NULL)
		memset(bits, 0, sets->words * sizeof(*bits));
	for (size_t i = from; i < end; i++) {
		uint64_t v = d->findings[i].field[FIELDS - 1];

		if (sets != NULL)
			bits[v / 64] |= UINT64_C(1) << (v % 64);
		else
			all |= v;
	}
	return sets != NULL ? duty_sets_add(sets, bits) : all;
}

static void
merge(struct duty *d, enum duty_field field)
{
	size_t words = d->brands_count + d->topics_count;
	uint64_t *bits = must_alloc((words / 64 + 2) * sizeof(*bits));
	size_t count = 0;

	turn(d, field);
	qsort(d->findings, d->findings_count, sizeof(*d->findings), by_fields);
	for (size_t i = 0, end; i < d->findings_count; i = end) {
		for (end = i + 1; end < d->findings_count &&
				  is_same(&d->findings[i], &d->findings[end]);)
			end++;
		d->findings[count] = d->findings[i];
		d->findings[count++].field[FIELDS - 1] =
		    gather(d, field, i, end, bits);
	}
	d->findings_count = count;
	turn(d, field);
	free(bits);
}

void
duty_merge(struct duty *d)
{
	if (d->findings_count == 0)
		return;
	merge(d, FIELD_COUNTRIES);
	merge(d, FIELD_LANGS);
	merge(d, FIELD_LEVELS);
	merge(d, FIELD_TOPIC);
	merge(d, FIELD_BRAND);
	qsort(d->findings, d->findings_count, sizeof(*d->findings), by_fields);
}
