/*
 * What kind of alert it is, in a word or two for people.
 *
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_KIND_WORDS_H
#define ENGINE_KIND_WORDS_H

#include <stdbool.h>

/** kind_words(kind, french): of the name of a kind as alerts have it, "press":
 * "reprise par la presse", "press pick-up"; a name that is not known is its
 * own word. */
const char *kind_words(const char *kind, bool french);

/** kind_words_apart(kind, french): the same, but NULL for what every brand has
 * (density) and for NULL: what tells two alerts of one brand apart. */
const char *kind_words_apart(const char *kind, bool french);

#endif
