/*
 * Who speaks: how independent a post is, and how many accounts do harm.
 *
 * v = 1 / (k sqrt(j)): the k-th post of its account and the j-th near-copy
 * about the same brand within an hour, ranked in sequence order.  Beside it,
 * the number of distinct accounts that did harm to each key (brand, sector or
 * brand and topic) within the hour and within the last half-hour.
 * Thread: the loop.  Owns: fixed tables.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_VOICES_H
#define ENGINE_VOICES_H

#include <stdbool.h>
#include <stdint.h>

struct voices;

/* The cold start counts accounts of half an hour. */
#define VOICES_NEAR_MINUTES 30

struct voice {
	uint32_t independence; /* v in millionths */
	uint32_t account_rank; /* k */
	uint32_t copy_rank;    /* j */
};

/** voices_new(accounts, copies): entries of the two tables. */
struct voices *voices_new(uint32_t accounts, uint32_t copies);
void voices_free(struct voices *v);

/** voices_advance(v, minute): the newest minute is now ${minute}. */
void voices_advance(struct voices *v, int64_t minute);

/**
 * voices_rank(v, key, account, sketch, minute, harm): count one post about
 * the brand ${key} (from 1) and tell how independent it is.  ${sketch} 0 has no
 * copies.  With ${harm} the account counts among those of the key.
 */
struct voice voices_rank(struct voices *v, uint32_t key, uint64_t account,
    uint64_t sketch, int64_t minute, bool harm);

/** voices_prepare(v, key, account), voices_prepare_copies(v, key, sketch): a
 * hint that they come soon. */
void voices_prepare(const struct voices *v, uint32_t key, uint64_t account);
void voices_prepare_copies(const struct voices *v, uint32_t key,
    uint64_t sketch);

/** voices_blame(v, key, account, minute): the account did harm to ${key},
 * a sector or a brand and topic, where posts are not ranked. */
void voices_blame(struct voices *v, uint32_t key, uint64_t account,
    int64_t minute);

/** voices_accounts(v, key), _near: distinct accounts with harm. */
uint32_t voices_accounts(const struct voices *v, uint32_t key);
uint32_t voices_accounts_near(const struct voices *v, uint32_t key);

/** voices_forgotten(v): entries that went early because a table was full. */
uint64_t voices_forgotten(const struct voices *v);

#endif
