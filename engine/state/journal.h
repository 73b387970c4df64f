/*
 * What was decided, in order: alerts now, claims and closings later.
 *
 * An entry is a kind, one JSON object, and for the engine's own use a note.
 * Appending never fails and never waits: what the place behind it cannot take
 * yet is kept, and journal_full says so.  The newest are in memory, bounded
 * by entries and bytes; the oldest of these go and are counted.  With a
 * state_dir all of them are on the disk too, and that is the one truth.
 * Thread: the loop.  Owns: copies of the entries.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_JOURNAL_H
#define ENGINE_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/clock.h"
#include "engine/base/slice.h"
#include "engine/counters.h"
#include "engine/state/frames.h"

struct journal;

struct journal_entry {
	uint64_t number; /* from 0 */
	struct slice kind;
	struct slice json, note;
};

/** journal_new(entries_max, bytes_max, counters): in memory, empty. */
struct journal *journal_new(uint32_t entries_max, size_t bytes_max,
    struct counters *counters);
void journal_free(struct journal *journal);

/** journal_append(journal, kind, json): returns the number of the entry.
 * ${kind} must last (a literal); ${json} is copied. */
uint64_t journal_append(struct journal *journal, const char *kind,
    struct slice json);

/** journal_put(journal, kind, json, note): the same with a note. */
uint64_t journal_put(struct journal *journal, const char *kind,
    struct slice json, struct slice note);

#define JOURNAL_KIND "journal"
#define JOURNAL_VERSION 1u

/** journal_file(journal, frames, clock): entries go there too, and are
 * numbered as its frames; before the first entry.  ${frames} is borrowed. */
void journal_file(struct journal *journal, struct frames *frames,
    struct clock clock);

/** journal_hold(journal, full): the disk takes nothing now, or again. */
void journal_hold(struct journal *journal, bool full);

/** journal_parse(number, payload, entry): a frame of the file; borrowed. */
bool journal_parse(uint64_t number, struct slice payload,
    struct journal_entry *entry);

/* False: no more. */
typedef bool (*journal_visit)(void *self, const struct journal_entry *entry);

/** journal_walk(state, from_ms, visit, self, err): the entries of the journal
 * in the folder ${state}, in order, but for files that were ended before
 * ${from_ms}; stops after the file in which a visit was false.  No engine is
 * needed, one may be writing. */
int journal_walk(const char *state, int64_t from_ms, journal_visit visit,
    void *self, struct err *err);

/** journal_walk_back(state, visit, self, err): file by file from the newest,
 * each in order. */
int journal_walk_back(const char *state, journal_visit visit, void *self,
    struct err *err);

/** journal_next(journal): number of the next entry. */
uint64_t journal_next(const struct journal *journal);

/** journal_full(journal): too much waits; sources ought to be paused. */
bool journal_full(const struct journal *journal);

/**
 * journal_read(journal, number, entry): the first entry that is kept with at
 * least that number; false when there is none.  Good until the next append.
 */
bool journal_read(const struct journal *journal, uint64_t number,
    struct journal_entry *entry);

#endif
