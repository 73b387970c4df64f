/*
 * Line 5 of a message: the rules that weigh most, their shares in whole
 * percent, the words that people used.
 * Thread: the loop.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BRIEF_WHY_H
#define ENGINE_BRIEF_WHY_H

#include "engine/finding.h"

/* The words of a language: before the first, between two, behind a number,
 * the whole line when nothing weighs. */
struct brief_whys {
	const char *why, *next, *percent, *none;
};

/** brief_why(words, f, out): append the line with its newline. */
void brief_why(const struct brief_whys *words, const struct finding *f,
    struct buf *out);

#endif
