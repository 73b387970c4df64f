/*
 * What a post format is made of, and the table of them.  Each is read in two
 * ways: by the walk, and by known shapes.
 *
 * Thread: one at a time.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_DECODE_FORMAT_H
#define CONNECTORS_DECODE_FORMAT_H

#include "connectors/json_shape.h"
#include "connectors/json_stencil.h"
#include "connectors/json_walk.h"

struct decode_format {
	/* The walk stands inside the outer object; read it to its end into
	 * ${post}, which is cleared.  DECODE_POST, DECODE_SKIP or
	 * DECODE_BAD_EMPTY; an error of the walk comes before all of them. */
	enum decode_result (*post)(
	    struct json_walk *w, struct post *post, bool *lists_cut);
	/* The wanted keys of the outer object; NULL: no shapes are learned. */
	const struct json_shape_key *keys;
	/* The same for the line at w->at, which has this shape (NULL: the line
	 * lies under w->laid, and json_shape_read knows): the same post
	 * and result, unless w->result tells that a value made a reader fail;
	 * the line is then to be read again by the walk. */
	enum decode_result (*known)(const struct json_shape *shape,
	    struct json_walk *w, struct post *post, bool *lists_cut);
	/* Of a line under w->laid: title, text, ts_ms and seen_ms of a post;
	 * then its id, if it has one.  NULL, and no glance: all of a line is
	 * read at once. */
	enum decode_result (*early)(struct json_walk *w, struct post *post);
	void (*name)(struct json_walk *w, struct post *post);
	const struct json_glance *glance;
};

/* decode_vigie and so on. */
#define DECODER(name, a, b, alone, help) \
	extern const struct decode_format decode_##name;
#include "connectors/decoders.def"
#undef DECODER

/** decode_enter(w): into the outer object of the line. */
bool decode_enter(struct json_walk *w);

/** decode_recognise(w): which format the line in ${w} has; the walk is left
 * anywhere in it. */
const struct decode_format *decode_recognise(struct json_walk *w);

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
