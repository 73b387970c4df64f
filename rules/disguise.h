/*
 * The words of a post as a reader sees them: n€stlé, N.e.s.t.l.e, неstle.
 *
 * Made once per post, and only where a set asks for disguised words.  A word
 * is a run of letters, digits and signs that look like letters between them;
 * signs at its edges may belong to it or not.  Letters one by one with the
 * same sign or blank between them are a word as well.
 * Thread: the matcher's.  Owns: nothing; the list is the matcher's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_DISGUISE_H
#define RULES_DISGUISE_H

#include "rules/matcher.h"

struct disguise_word {
	uint32_t lead, from, to, trail; /* folded bytes; signs before, behind */
	uint32_t wide;  /* index of the letters one by one from here on, or 0 */
	uint32_t next;  /* index of the word behind it */
	bool odd;       /* not only letters a to z */
	bool spaced;
	bool part;      /* joined by '_' to another */
};

/** disguise_words(m): fill m->disguises, once per post. */
void disguise_words(struct matcher *m);

/**
 * disguise_place(m, phrase, i, &from, &to): whether ${phrase}, disguised,
 * begins with word ${i}; where it stands.  False when nothing of it is.
 */
bool disguise_place(struct matcher *m, const struct flat_node *phrase,
    uint32_t i, uint32_t *from, uint32_t *to);

/** disguise_scan(m, table): queue the units of ${table} whose words are in
 * the post, disguised. */
void disguise_scan(struct matcher *m, const struct prefilter *table);

#endif
