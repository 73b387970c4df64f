/*
 * What several signals share: how their sentences are filled in, and when a
 * conversation is above its norm.
 *
 * Thread: the loop.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SIGNAL_TEXT_H
#define ENGINE_SIGNAL_TEXT_H

#include "engine/density/signal.h"

/* Blanks that do not break, and quotes: for the French sentences. */
#define SIGNAL_NBSP "\xc2\xa0"

/** signal_text_add(n, fr, en, args, args_en): append a sentence to each text,
 * with a blank before it if there is one already; $1 to $9 are ${args}, of
 * the English one ${args_en} unless that is NULL.  $0 is the key's name. */
void signal_text_add(struct signal_news *n, const char *fr, const char *en,
    const char *const *args, const char *const *args_en);

/** signal_text_quote(post, out): how the post begins, on one line, ended. */
void signal_text_quote(const struct signal_post *post, struct buf *out);

/** signal_text_part(post, part): a piece of the batch's text. */
struct slice signal_text_part(const struct signal_post *post,
    struct part part);

/** signal_text_harms(post): by others, about a brand, and more likely harm
 * than not (p of a half). */
bool signal_text_harms(const struct signal_post *post);

/** signal_text_above(key): harm is above the norm by a voice at least, and
 * rare, or an episode is open. */
bool signal_text_above(const struct key *key);

/* Distinct accounts, up to a few. */
struct signal_accounts {
	uint64_t items[10];
	uint32_t count, padding;
};

/** signal_text_account(a, account): count it; true when it is new and there
 * was room. */
bool signal_text_account(struct signal_accounts *a, uint64_t account);

#endif
