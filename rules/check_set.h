/*
 * What warnings are found with: a key for each part of a query, sets of keys.
 *
 * Parts that ask the same have the same key, however they were written:
 * folded, in whatever order AND and OR name them, by a list or without.  Keys
 * are 64 bits of XXH3; among a million parts the odds of one false twin are
 * below 1e-7.
 * Thread: one at a time.  Owns: its slots, until check_set_fini.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_CHECK_SET_H
#define RULES_CHECK_SET_H

#include "rules/ast.h"

struct check_slot {
	uint64_t key;
	const void *what; /* NULL: free */
};

struct check_set {
	struct check_slot *slots;
	uint32_t count, mask;
	bool prefixes; /* some key is of a beginning: boycott* */
};

void check_set_fini(struct check_set *set);

/** check_set_clear(set): empty, memory kept. */
void check_set_clear(struct check_set *set);

/** check_set_add(set, key, what): what was there under ${key}, or NULL. */
const void *check_set_add(
    struct check_set *set, uint64_t key, const void *what);
const void *check_set_find(const struct check_set *set, uint64_t key);

/** check_key_bytes(data, len, tag): a key of ${len} bytes. */
uint64_t check_key_bytes(const void *data, size_t len, uint64_t tag);

/* Keys of lists, which may be long, and many queries name them. */
struct check_memo {
	struct check_set lists;
	struct arena *arena;
};

/** check_key(memo, node): the key of ${node}. */
uint64_t check_key(struct check_memo *memo, const struct node *node);

/** check_add(set, memo, node): ${node} under its key, and under that of its
 * beginning; what was there under the first, or NULL. */
const struct node *check_add(struct check_set *set, struct check_memo *memo,
    const struct node *node);

/** check_covered(set, phrase): the node of ${set} whose beginning is that of
 * ${phrase} and shorter, or NULL. */
const struct node *check_covered(
    const struct check_set *set, const struct node *phrase);

#endif
