/*
 * Which terms were ever used in harm to a brand, and which are young.
 *
 * Known: two filters of TERMS_FILTER_BITS; when one is full the other is
 * emptied and takes over, so that the last TERMS_PER_FILTER to twice as many
 * terms are remembered.  A term that is new is taken for known, and so
 * missed, in at most two cases of a hundred.  Young: a table of terms that
 * are being counted, with their accounts; when a row of it is full, its
 * oldest becomes known.
 * Thread: the loop.  Owns: its tables.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_TERMS_H
#define ENGINE_TERMS_H

#include "engine/base/buf.h"
#include "engine/base/limits.h"

#define TERM_ACCOUNTS_MAX 32u

struct young_term {
	uint64_t key;   /* 0: free */
	int64_t born;   /* minute */
	uint32_t count, originals; /* accounts; those that copied nobody */
	uint64_t accounts[TERM_ACCOUNTS_MAX];
};

struct terms;

struct terms *terms_new(void);
void terms_free(struct terms *t);

/** terms_settled(t, key): is it known and not young?  Nothing more is to be
 * learned of it.  Quick of those that were asked for before. */
bool terms_settled(struct terms *t, uint64_t key);

/** terms_ahead(t, key): a hint that it is asked for soon; terms_prepare(t,
 * key): the same once more, when what terms_ahead asked for is there: true
 * when it is known already to be settled, until terms_turn(t) changes. */
void terms_ahead(const struct terms *t, uint64_t key);
bool terms_prepare(const struct terms *t, uint64_t key);

/** terms_turn(t): changes when terms may have been forgotten. */
uint32_t terms_turn(const struct terms *t);

/** terms_known(t, key): has it been used before, and is no longer young? */
bool terms_known(const struct terms *t, uint64_t key);

/** terms_learn(t, key): it is known from now on, and not young. */
void terms_learn(struct terms *t, uint64_t key);

/** terms_young(t, key, minute): its entry, made if need be: of one that is
 * not known. */
struct young_term *terms_young(struct terms *t, uint64_t key, int64_t minute);

/** terms_find(t, key): its entry if it is young, else NULL. */
struct young_term *terms_find(struct terms *t, uint64_t key);

/** terms_forgotten(t): filters emptied and young ones that had to go. */
uint64_t terms_forgotten(const struct terms *t);

void terms_save(const struct terms *t, struct buf *out);
bool terms_load(struct terms *t, struct slice *saved);

#endif
