/*
 * An alert recomputed from its own members: is it what it says?
 *
 * Reads the JSON of docs/ALERTS.md, does the sums again - excess, density,
 * concentration, level, shares, breadth, words, id - and tells of each how it
 * comes about and whether it is what stands there.  Harm, voices and the norm
 * themselves are sums over posts that are not in the alert: they are taken as
 * they are, and the text for people says so.
 * Thread: one at a time.  Owns: copies of what it read, until recount_free.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_RECOUNT_H
#define ENGINE_RECOUNT_H

#include <stdbool.h>

#include "engine/base/buf.h"
#include "engine/base/err.h"

struct recount;

/** recount_read(json, err): one alert, recomputed; NULL when ${json} is no
 * alert of version 1, and ${err} says why. */
struct recount *recount_read(struct slice json, struct err *err);
void recount_free(struct recount *r);

/** recount_id(r): of its episode.  recount_rev(r): which message of it. */
struct slice recount_id(const struct recount *r);
int64_t recount_rev(const struct recount *r);

/** recount_differs(r): how many members are not what they ought to be. */
unsigned recount_differs(const struct recount *r);

/** recount_people(r, french, out): header, one line per member with its
 * arithmetic, and a verdict. */
void recount_people(const struct recount *r, bool french, struct buf *out);

/** recount_json(r, out): the same as one object on one line. */
void recount_json(const struct recount *r, struct buf *out);

#endif
