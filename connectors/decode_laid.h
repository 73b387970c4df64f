/*
 * Lines under stencils (json_stencil.h), read at once or in two goes: what is
 * asked of every post, then, for the few that match, all of it or its id.
 *
 * Thread: that of the decoder's state.  Owns: the stencils.
 * Never: allocates after open.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_DECODE_LAID_H
#define CONNECTORS_DECODE_LAID_H

#include "connectors/decode_format.h"

struct decode_laid {
	struct json_stencils *stencils;
	struct json_laid under; /* of the last line */
	char *scratch; /* where it was before that line */
	bool spare;    /* asked for: two goes (struct decoder) */
	bool left;     /* the last post is not all read */
};

/**
 * decode_laid_next(l, w, line, end, asked, post, cut, result): the line that
 * begins at ${line}, by a stencil; l->under.end is behind it.  False: none
 * fits, or a value made a reader fail; ${post} is then any, the rest as it was.
 */
bool decode_laid_next(struct decode_laid *l, struct json_walk *w,
    const char *line, const char *end, const void *asked, struct post *post,
    bool *cut, enum decode_result *result);

/** decode_laid_rest(l, w, post): what is left of the last post. */
void decode_laid_rest(
    struct decode_laid *l, struct json_walk *w, struct post *post);

/** decode_laid_name(l, w, post): its id; all of it, if it has none. */
void decode_laid_name(
    struct decode_laid *l, struct json_walk *w, struct post *post);

#endif
