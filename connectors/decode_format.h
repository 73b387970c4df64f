/*
 * What a post format is made of, and the table of them.
 *
 * Thread: one at a time.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_DECODE_FORMAT_H
#define CONNECTORS_DECODE_FORMAT_H

#include "connectors/json_walk.h"

/**
 * decode_NAME_post(w, post, &lists_cut): the walk stands inside the outer
 * object; read it to its end into ${post}, which is cleared.  Returns
 * DECODE_POST, DECODE_SKIP or DECODE_BAD_EMPTY; an error of the walk comes
 * before all of them.
 */
typedef enum decode_result decode_post_fn(
    struct json_walk *w, struct post *post, bool *lists_cut);

#define DECODER(name, a, b, alone, help) decode_post_fn decode_##name##_post;
#include "connectors/decoders.def"
#undef DECODER

/** decode_format_verdict(post): enough for a post, or DECODE_BAD_EMPTY. */
static inline enum decode_result
decode_format_verdict(const struct post *p)
{
	if (p->text.data != NULL || p->title.data != NULL ||
	    (p->deleted && p->id.data != NULL))
		return DECODE_POST;
	return DECODE_BAD_EMPTY;
}

#endif
