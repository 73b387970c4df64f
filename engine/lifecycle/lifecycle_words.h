/*
 * The words of lifecycle.def as enums, and back.
 *
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_LIFECYCLE_WORDS_H
#define ENGINE_LIFECYCLE_WORDS_H

#include "engine/base/slice.h"

#define LIFECYCLE_NONE (-1)

enum lifecycle_state {
#define STATE(name, fr, en) LIFECYCLE_##name,
#include "engine/lifecycle/lifecycle.def"
	LIFECYCLE_STATES
};

enum lifecycle_act {
#define ACT(name, takes, help) ACT_##name,
#include "engine/lifecycle/lifecycle.def"
	LIFECYCLE_ACTS
};

enum lifecycle_why {
#define WHY(name) WHY_##name,
#include "engine/lifecycle/lifecycle.def"
	LIFECYCLE_WHYS
};

enum lifecycle_notice {
#define NOTICE(name) NOTICE_##name,
#include "engine/lifecycle/lifecycle.def"
	LIFECYCLE_NOTICES
};

enum lifecycle_refusal {
#define REFUSAL(code, fr, en) REFUSAL_##code,
#include "engine/lifecycle/lifecycle.def"
	LIFECYCLE_REFUSALS
};

/* A word as journals have it, and for people. */
struct lifecycle_word {
	const char *name, *fr, *en;
};

/* Of acts, ${fr} is what it takes and ${en} the help; of whys and notices
 * both are NULL. */
const struct lifecycle_word *lifecycle_words_state(int state);
const struct lifecycle_word *lifecycle_words_act(int act);
const struct lifecycle_word *lifecycle_words_why(int why);
const struct lifecycle_word *lifecycle_words_notice(int kind);
const struct lifecycle_word *lifecycle_words_refusal(int code);

/** lifecycle_words_find(word, name): the number of the one so called, by one
 * of the functions above; LIFECYCLE_NONE. */
int lifecycle_words_find(
    const struct lifecycle_word *(*word)(int i), struct slice name);

#endif
