/*
 * Terms of a query as regexes: of folded text for the libraries, of text as
 * posted for programs that do not fold.
 *
 * Thread: one.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_PEERS_PEERS_TERMS_H
#define BENCH_PEERS_PEERS_TERMS_H

#include "engine/base/buf.h"
#include "engine/base/text.h"

/* What may stand between two words of a phrase. */
#define PEERS_GAP "[^\\w\\x80-\\xff]+"

/** peers_terms_folded(out, folder, terms): append `"kit kat" OR #kitkat*` in a
 * group.  peers_terms_raw: the same on text as posted, for use without regard
 * to case: accents as written, in the other case, or left out. */
void peers_terms_folded(struct buf *out, struct text *folder,
    struct slice terms);
void peers_terms_raw(struct buf *out, struct text *folder,
    struct slice terms);

/** peers_terms_only(regex): a copy without (?=...), (?!...), (?<=...) and
 * (?<!...), which matches wherever ${regex} does; for free(). */
char *peers_terms_only(const char *regex);

#endif
