/*
 * The message of an alert as a person gets it: ten lines, in French and in
 * English, from what is the matter to what to do and who does it.
 *
 *	 1 level, whom it is about, when        6 topics or brands concerned
 *	 2 one sentence                         7 a post, in its own words
 *	 3 since when, how many posts, accounts 8 whether it looks organised
 *	 4 against what is normal, how rare     9 what to do, what ends it
 *	 5 rules and words that weigh most     10 who owns it
 *
 * Thread: the loop.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BRIEF_H
#define ENGINE_BRIEF_H

#include "engine/finding.h"

/** brief_fr(f, out), brief_en: append lines 1 to 9, each with a newline. */
void brief_fr(const struct finding *f, struct buf *out);
void brief_en(const struct finding *f, struct buf *out);

/** brief_todo_fr(level), brief_todo_en: how line 9 begins. */
const char *brief_todo_fr(uint8_t level);
const char *brief_todo_en(uint8_t level);

/** brief_step_fr(text, level, step), brief_step_en: ${text} ends with line 9
 * of an alert of ${level}: what to do becomes ${step}. */
void brief_step_fr(struct buf *text, uint8_t level, const char *step);
void brief_step_en(struct buf *text, uint8_t level, const char *step);

/** brief_owner_fr(a, out), brief_owner_en: append line 10, without one. */
void brief_owner_fr(const struct alert *a, struct buf *out);
void brief_owner_en(const struct alert *a, struct buf *out);

/**
 * brief_rarity_fr(s_micro, out), brief_rarity_en: "une fois en 9 jours",
 * "once in 9 days": the mean time between two such five-minute counts in the
 * key's own past, 5 min * 10^s.  Nothing is appended when s is 0.
 */
void brief_rarity_fr(int64_t s_micro, struct buf *out);
void brief_rarity_en(int64_t s_micro, struct buf *out);

#endif
