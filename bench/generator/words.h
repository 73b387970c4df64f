/*
 * Words of generated posts and rules: ordinary ones of four kinds of talk,
 * coined ones for the long tail, crisis words in families.
 *
 * Everything follows from numbers: the same number gives the same word on
 * every machine.
 * Thread: one.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_GENERATOR_WORDS_H
#define BENCH_GENERATOR_WORDS_H

#include <stdint.h>

#include "engine/base/buf.h"
#include "engine/base/rand.h"

/* Coined words that ordinary posts use, the rare ones included. */
#define WORDS_TAIL 60000u

enum words_lang {
	WORDS_EN,
	WORDS_FR,
	WORDS_JA,
	WORDS_EMOJI, /* English with an emoji in every third place */
	WORDS_MIXED, /* of each post one of them: 55, 35, 5 and 5 in 100 */
};

/** words_lang(name, &lang): "en", "fr", "ja", "emoji", "mixed". */
int words_lang(const char *name, enum words_lang *lang);

/** words_put(out, r, lang): the next word of a text, with no blank. */
void words_put(struct buf *out, struct rand *r, enum words_lang lang);

/** words_tail(out, i): coined word ${i} < WORDS_TAIL of ordinary posts. */
void words_tail(struct buf *out, uint32_t i);

/** words_coin(out, n, syllables): a name that no ordinary post has. */
void words_coin(struct buf *out, uint64_t n, unsigned syllables);

/** words_company(i): the second word of a company's name. */
const char *words_company(uint32_t i);

/** words_families(): how many families of crisis words; words_family(i):
 * its name; words_crisis(i, k): its ${k}-th term, any ${k}. */
uint32_t words_families(void);
const char *words_family(uint32_t i);
uint32_t words_terms(uint32_t i);
const char *words_crisis(uint32_t i, uint32_t k);

#endif
