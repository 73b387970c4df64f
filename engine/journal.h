/*
 * What was decided, in order: alerts now, claims and closings later.
 *
 * An entry is a kind and one JSON object.  Appending never fails and never
 * waits: what the place behind it cannot take yet is kept, and journal_full
 * says so.  Behind it now: memory, bounded by entries and bytes; the oldest go
 * and are counted.  A file with the same interface comes with state_dir.
 * Thread: the loop.  Owns: copies of the entries.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_JOURNAL_H
#define ENGINE_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/slice.h"
#include "engine/counters.h"

struct journal;

struct journal_entry {
	uint64_t number; /* from 0 */
	const char *kind;
	struct slice json;
};

/** journal_new(entries_max, bytes_max, counters): in memory, empty. */
struct journal *journal_new(uint32_t entries_max, size_t bytes_max,
    struct counters *counters);
void journal_free(struct journal *journal);

/** journal_append(journal, kind, json): returns the number of the entry.
 * ${kind} must last (a literal); ${json} is copied. */
uint64_t journal_append(struct journal *journal, const char *kind,
    struct slice json);

/** journal_full(journal): too much waits; sources ought to be paused. */
bool journal_full(const struct journal *journal);

/**
 * journal_read(journal, number, entry): the first entry that is kept with at
 * least that number; false when there is none.  Good until the next append.
 */
bool journal_read(const struct journal *journal, uint64_t number,
    struct journal_entry *entry);

#endif
