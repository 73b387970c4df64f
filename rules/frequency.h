/*
 * How common a word is in ordinary French and English posts, so that the
 * anchor of a rule is its rarest part, and a crisis word only when there is
 * nothing else.
 *
 * Costs are occurrences per million tokens, roughly; a word that is not
 * listed is guessed by its length.
 * Thread: one per table.  Owns: its lists, until frequency_free.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_FREQUENCY_H
#define RULES_FREQUENCY_H

#include <stdint.h>

#include "engine/base/slice.h"

struct frequency;

struct frequency *frequency_new(void);
void frequency_free(struct frequency *f);

/** frequency_use(f, word): a query of the set names ${word}.  What many
 * queries name ("boulangerie") is no rare word, whatever the list says. */
void frequency_use(struct frequency *f, struct slice word);

/** frequency_word(f, word): of the exact word. */
uint32_t frequency_word(struct frequency *f, struct slice word);

/** frequency_prefix(f, prefix): of all words that begin so. */
uint32_t frequency_prefix(struct frequency *f, struct slice prefix);

/** frequency_inner(f, part): of all words that hold it. */
uint32_t frequency_inner(struct frequency *f, struct slice part);

/** frequency_class(i, &per_million): the listed words of class ${i}, with a
 * blank between them; NULL: there are no more classes. */
const char *frequency_class(unsigned i, uint32_t *per_million);

#endif
