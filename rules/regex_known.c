/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/regex_known.h"

#include <stdlib.h>
#include <xxhash.h>

#include "engine/base/must.h"
#include "rules/ruleset.h"

struct regex_known {
	uint32_t mask;
	const struct regex *slots[];
};

static uint32_t
place_of(const struct regex_known *known, const struct regex *r)
{
	uint64_t hash = XXH3_64bits_withSeed(
	    r->pattern.data, r->pattern.len, r->options);

	return (uint32_t)hash & known->mask;
}

static bool
same(const struct regex *a, const struct regex *b)
{
	return a->options == b->options && slice_equal(a->pattern, b->pattern);
}

/* The slot of ${r}: its twin, or an empty one. */
static uint32_t
slot_of(const struct regex_known *known, const struct regex *r)
{
	uint32_t at = place_of(known, r);

	while (known->slots[at] != NULL && !same(known->slots[at], r))
		at = (at + 1) & known->mask;
	return at;
}

struct regex_known *
regex_known_new(const struct ruleset *const *sets, size_t count)
{
	struct regex_known *known;
	uint32_t all = 0, room = 16;

	for (size_t i = 0; i < count; i++)
		all += sets[i]->regexes_count;
	if (all == 0)
		return NULL;
	while (room < 2 * all)
		room *= 2;
	known = must_alloc(sizeof(*known) + room * sizeof(*known->slots));
	known->mask = room - 1;
	for (size_t i = 0; i < count; i++)
		for (uint32_t k = 0; k < sets[i]->regexes_count; k++) {
			const struct regex *r = &sets[i]->regexes[k];
			uint32_t at = slot_of(known, r);

			if (known->slots[at] == NULL)
				known->slots[at] = r;
		}
	return known;
}

void
regex_known_free(struct regex_known *known)
{
	free(known);
}

bool
regex_known_take(const struct regex_known *known, struct regex *r)
{
	const struct regex *twin =
	    known == NULL ? NULL : known->slots[slot_of(known, r)];

	if (twin == NULL)
		return false;
	regex_share(r, twin);
	return true;
}
