/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/lifecycle/lifecycle_words.h"

static const struct lifecycle_word states[] = {
#define STATE(name, fr, en) {#name, fr, en},
#include "engine/lifecycle/lifecycle.def"
    {NULL, NULL, NULL}};

static const struct lifecycle_word acts[] = {
#define ACT(name, takes, help) {#name, takes, help},
#include "engine/lifecycle/lifecycle.def"
    {NULL, NULL, NULL}};

static const struct lifecycle_word whys[] = {
#define WHY(name) {#name, NULL, NULL},
#include "engine/lifecycle/lifecycle.def"
    {NULL, NULL, NULL}};

static const struct lifecycle_word notices[] = {
#define NOTICE(name) {#name, NULL, NULL},
#include "engine/lifecycle/lifecycle.def"
    {NULL, NULL, NULL}};

static const struct lifecycle_word refusals[] = {
#define REFUSAL(code, fr, en) {#code, fr, en},
#include "engine/lifecycle/lifecycle.def"
    {NULL, NULL, NULL}};

static const struct lifecycle_word *
at(const struct lifecycle_word *words, int count, int i)
{
	return i >= 0 && i < count ? &words[i] : &words[count];
}

const struct lifecycle_word *
lifecycle_words_state(int state)
{
	return at(states, LIFECYCLE_STATES, state);
}

const struct lifecycle_word *
lifecycle_words_act(int act)
{
	return at(acts, LIFECYCLE_ACTS, act);
}

const struct lifecycle_word *
lifecycle_words_why(int why)
{
	return at(whys, LIFECYCLE_WHYS, why);
}

const struct lifecycle_word *
lifecycle_words_notice(int kind)
{
	return at(notices, LIFECYCLE_NOTICES, kind);
}

const struct lifecycle_word *
lifecycle_words_refusal(int code)
{
	return at(refusals, LIFECYCLE_REFUSALS, code);
}

int
lifecycle_words_find(
    const struct lifecycle_word *(*word)(int i), struct slice name)
{
	for (int i = 0; word(i)->name != NULL; i++)
		if (slice_is(name, word(i)->name))
			return i;
	return LIFECYCLE_NONE;
}
