/*
 * Generated rule sets of any size, each the beginning of the next larger one:
 * one brand and one rule per number, twenty families of crisis words.
 *
 * Forms, in hundredths: of brands, 52 names of two words, half of which begin
 * with a rare word of ordinary posts, 45 coined names, 3 such words; 44
 * phrases, 43 with handle and hashtag, 8 regexes that look around, 5 with
 * endings.  Of rules, 73 brand AND list, 12 with AND NOT, 15 ordered within
 * five words.
 * Thread: one.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_GENERATOR_RULES_H
#define BENCH_GENERATOR_RULES_H

#include <stdint.h>

#include "engine/base/buf.h"
#include "engine/base/rand.h"

/** rules_write(dir, count): the files of a set below ${dir}, which is made;
 * 0, or -1 with a word on stderr. */
int rules_write(const char *dir, uint32_t count);

/** rules_snippet(out, r, i): words that fire rule ${i}. */
void rules_snippet(struct buf *out, struct rand *r, uint32_t i);

#endif
