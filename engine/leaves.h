/*
 * A JSON text as its leaves, each with its path: "rules[].words[]".
 *
 * For texts that the engine itself wrote: alerts, entries of the journal.
 * Thread: one at a time.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_LEAVES_H
#define ENGINE_LEAVES_H

#include "engine/base/json.h"

#define LEAVES_PATH_BYTES 160u

/* One value, or the beginning of a collection (JSON_OBJECT, JSON_LIST);
 * false: stop. */
typedef bool (*leaves_visit)(void *self, const char *path,
    enum json_kind kind, const struct json *j);

/** leaves_walk(text, visit, self): true when all of ${text} is JSON and no
 * visit returned false.  Longer paths than 160 bytes are cut. */
bool leaves_walk(struct slice text, leaves_visit visit, void *self);

/** leaves_micro(raw, micro): a plain decimal number in millionths; more
 * decimals than six are cut; false: none, or too large. */
bool leaves_micro(struct slice raw, int64_t *micro);

#endif
