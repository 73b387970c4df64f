/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/journal.h"

#include <stdlib.h>

#include "engine/base/must.h"

struct kept {
	const char *kind;
	char *json;
	size_t len;
};

/* Entry n is in slots[n % entries_max]. */
struct journal {
	struct counters *counters;
	struct kept *slots;
	uint32_t entries_max;
	size_t bytes, bytes_max;
	uint64_t first, next;
};

struct journal *
journal_new(uint32_t entries_max, size_t bytes_max, struct counters *counters)
{
	struct journal *j = must_alloc(sizeof(*j));

	REQUIRE(entries_max > 0);
	j->slots = must_alloc(entries_max * sizeof(*j->slots));
	j->entries_max = entries_max;
	j->bytes_max = bytes_max;
	j->counters = counters;
	return j;
}

static void
forget_oldest(struct journal *j)
{
	struct kept *k = &j->slots[j->first++ % j->entries_max];

	j->bytes -= k->len;
	free(k->json);
	*k = (struct kept){0};
}

void
journal_free(struct journal *j)
{
	if (j == NULL)
		return;
	while (j->first != j->next)
		forget_oldest(j);
	free(j->slots);
	free(j);
}

uint64_t
journal_append(struct journal *j, const char *kind, struct slice json)
{
	struct kept *k;

	/* The newest entry is always kept, however large it is. */
	while (j->first != j->next &&
	    (j->next - j->first == j->entries_max ||
		j->bytes + json.len > j->bytes_max)) {
		forget_oldest(j);
		counters_bump(j->counters, journal_forgotten_total);
	}
	k = &j->slots[j->next % j->entries_max];
	k->kind = kind;
	k->json = must_alloc(json.len + 1);
	k->len = json.len;
	if (json.len > 0)
		memcpy(k->json, json.data, json.len);
	j->bytes += json.len;
	counters_bump(j->counters, journal_total);
	return j->next++;
}

bool
journal_full(const struct journal *j)
{
	(void)j; /* memory makes room by itself */
	return false;
}

bool
journal_read(const struct journal *j, uint64_t number,
    struct journal_entry *entry)
{
	const struct kept *k;

	if (number < j->first)
		number = j->first;
	if (number >= j->next)
		return false;
	k = &j->slots[number % j->entries_max];
	*entry = (struct journal_entry){number, k->kind, {k->json, k->len}};
	return true;
}
