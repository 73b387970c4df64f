/*
 * What a signal remembers of each brand: one fixed-size item per key, known
 * by its ids and not by its place, so that it outlives reloads and restarts.
 *
 * At most MEMO_ITEMS_MAX items; then the one that was touched the longest
 * ago goes and is counted.  An item is plain data without pointers: it is
 * saved as it lies in memory, for the same binary only.
 * Thread: the loop.  Owns: the items.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_MEMO_H
#define ENGINE_MEMO_H

#include "engine/density/keys.h"

struct memo;

/** memo_new(item_bytes, version): ${version} of what is in an item. */
struct memo *memo_new(uint32_t item_bytes, uint32_t version);
void memo_free(struct memo *m);

/** memo_of(m, key, minute): the item of ${key}, all zero when it is new; good
 * until the next memo_of. */
void *memo_of(struct memo *m, const struct key *key, int64_t minute);

/** memo_find(m, key): the same, or NULL when there is none. */
void *memo_find(struct memo *m, const struct key *key);

/** memo_ahead(m, key, from, bytes): a hint that this piece of its item is
 * asked for soon, by memo_of. */
void memo_ahead(const struct memo *m, const struct key *key, size_t from,
    size_t bytes);

/** memo_peek(m, key): the same, or NULL when it was not asked for since it
 * was loaded. */
const void *memo_peek(const struct memo *m, const struct key *key);

/** memo_key(key): the number of its ids; memo_key_of(item): of the key that
 * ${item}, got from memo_of, belongs to. */
uint64_t memo_key(const struct key *key);
uint64_t memo_key_of(const void *item);

/** memo_forgotten(m): items that had to go. */
uint64_t memo_forgotten(const struct memo *m);

/** memo_save(m, out): all items, in an order of their own.  memo_load(m,
 * &saved): into an empty memo, from the front of ${saved}, which is moved
 * on; false when it is not of this version. */
void memo_save(const struct memo *m, struct buf *out);
bool memo_load(struct memo *m, struct slice *saved);

#endif
