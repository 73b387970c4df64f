/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/state/journal.h"

#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/base/pack.h"

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
	struct frames *frames; /* or NULL */
	struct clock clock;    /* for it */
	struct buf payload;
	bool full;
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
	buf_fini(&j->payload);
	free(j);
}

void
journal_file(struct journal *j, struct frames *frames, struct clock clock)
{
	REQUIRE(j->first == j->next);
	j->frames = frames;
	j->clock = clock;
	j->first = j->next = frames_next(frames);
}

uint64_t
journal_next(const struct journal *j)
{
	return j->next;
}

static void
to_file(struct journal *j, const char *kind, struct slice json,
    struct slice note)
{
	buf_clear(&j->payload);
	pack_text(&j->payload, slice_of(kind));
	pack_text(&j->payload, note);
	pack_text(&j->payload, json);
	frames_turn(j->frames, clock_now(&j->clock), false);
	REQUIRE(frames_put(j->frames, buf_slice(&j->payload)) == j->next);
}

bool
journal_parse(uint64_t number, struct slice payload,
    struct journal_entry *entry)
{
	struct unpack in = unpack_of(payload);

	entry->number = number;
	entry->kind = unpack_text(&in);
	entry->note = unpack_text(&in);
	entry->json = unpack_text(&in);
	return unpack_over(&in);
}

uint64_t
journal_append(struct journal *j, const char *kind, struct slice json)
{
	return journal_put(j, kind, json, SLICE_NONE);
}

uint64_t
journal_put(struct journal *j, const char *kind, struct slice json,
    struct slice note)
{
	struct kept *k;

	if (j->frames != NULL)
		to_file(j, kind, json, note);

	/* The newest entry is always kept, however large it is. */
	while (j->first != j->next &&
	    (j->next - j->first == j->entries_max ||
		j->bytes + json.len > j->bytes_max)) {
		forget_oldest(j);
		if (j->frames == NULL)
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
	return j->full; /* memory makes room by itself */
}

void
journal_hold(struct journal *j, bool full)
{
	j->full = full;
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
	*entry = (struct journal_entry){number, slice_of(k->kind),
	    {k->json, k->len}, SLICE_NONE};
	return true;
}
