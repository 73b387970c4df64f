/*
 * Where folded bytes came from, for text that is plain there: without
 * text_map, which folds all of it again.  By the trail of folding, or, without
 * one, by a walk over all text that stands before.
 *
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_TEXT_WALK_H
#define ENGINE_BASE_TEXT_WALK_H

#include "engine/base/text.h"

/* How far it has got, and where the last place began, which rules of one
 * brand ask for again: {0} is the beginning. */
struct text_walk {
	uint32_t folded, posted, last_folded, last_posted; /* bytes */
	enum { WALK_UNKNOWN, WALK_EVEN, WALK_ODD } even; /* byte for byte */
};

/**
 * text_walk_span(w, t, text, at, end, &start, &stop): as text_span after
 * text_map, of a post without a title whose text, not cut, was folded.  False
 * when the text is not plain there, or before, which says nothing.
 */
bool text_walk_span(struct text_walk *w, const struct text *t,
    struct slice text, uint32_t at, uint32_t end, uint32_t *start,
    uint32_t *stop);

#endif
