/*
 * One plain sentence per message, for people who never saw a formula.
 *
 * Thread: the loop.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_PHRASE_H
#define ENGINE_PHRASE_H

#include <stdbool.h>

#include "engine/finding.h"

/** phrase_level_fr(level), _en: "alerte", "alert"; level 0..4. */
const char *phrase_level_fr(uint8_t level);
const char *phrase_level_en(uint8_t level);

/** phrase_fr(f, out), phrase_en: append the sentence about ${f}. */
void phrase_fr(const struct finding *f, struct buf *out);
void phrase_en(const struct finding *f, struct buf *out);

/** phrase_is_news(f): the sentence is that of a signal that cannot wait and
 * was absorbed by an open episode. */
bool phrase_is_news(const struct finding *f);

#endif
