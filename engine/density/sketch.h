/*
 * A fingerprint of what a post says, so that copies can be told from voices.
 *
 * Two halves of 32 bits, each the pair of two min-hashes over runs of three
 * folded tokens; links, mentions and a leading "rt" are left out.  A small
 * edit changes few runs, so that near-copies nearly always share a half; a
 * repost with the original's text shares both.
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SKETCH_H
#define ENGINE_SKETCH_H

#include <stdint.h>

#include "engine/density/outline.h"

/** sketch_of(text, outline): the fingerprint; 0 when there is no token at
 * all.  ${outline} is that of the first tokens of ${text}. */
uint64_t sketch_of(const struct text *text, const struct outline *outline);

#endif
