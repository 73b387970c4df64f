/*
 * Shapes of lines that were read before: where their fields stand.
 *
 * Most posts of a stream have the same keys in the same order.  A shape is
 * what such lines have in common: the structure from the first brace to the
 * line feed, and every key, byte for byte.  For a line of a known shape the
 * places of the wanted values are known, so nothing is searched: its kinds
 * and its keys are compared by whole vectors, and the values are read by the
 * functions that the walk uses.
 *
 * Only lines are learned of which each object and array is well formed, in
 * which no wanted key comes twice and each value is of the sort that its key
 * expects; so whatever has such a shape is accepted by the walk too, with the
 * same fields, but for what the values themselves say.  Where a value makes
 * the reader fail, the walk reads the line again and says why.
 *
 * Thread: one at a time.  Owns: the shapes.  Never: allocates after
 * json_shape_open, recurses.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_JSON_SHAPE_H
#define CONNECTORS_JSON_SHAPE_H

#include "connectors/json_walk.h"

/* What is done with a value.  Those that read want a number, a string or a
 * word there. */
enum json_shape_op {
	SHAPE_END,    /* of a table */
	SHAPE_WORD,   /* decode_field_word and its like, to a slice */
	SHAPE_TEXT,
	SHAPE_COUNT,
	SHAPE_TIME,
	SHAPE_FLAG,
	SHAPE_ID,     /* a string or a whole number */
	SHAPE_PART,   /* as SHAPE_WORD, for SHAPE_LINKS */
	SHAPE_ADD,    /* a word, to the end of a list */
	SHAPE_FIRST,  /* a word, where there is none yet */
	SHAPE_MARK,   /* where it stands, to a struct json_mark */
	SHAPE_SET,    /* whatever it is: true, to a bool */
	SHAPE_SOME,   /* an array that is not empty: the same */
	SHAPE_ANY,    /* as SHAPE_SOME if it is an array, else as SHAPE_FLAG */
	SHAPE_OBJECT, /* entered if it is one */
	SHAPE_REF,    /* entered if it is an object, else a word */
	SHAPE_NAME,   /* entered if it is one, else a word or whole number */
	SHAPE_LINKS,  /* an object; behind it, SHAPE_LINK adds to a list */
	SHAPE_ITEMS,  /* an array, each item by ${inside} */
	SHAPE_LIST,   /* the same, or one word: as SHAPE_ADD */
	SHAPE_NEVER,  /* lines with this key are not learned */
	/* of steps only */
	SHAPE_CHECK,  /* a number, string or word that is not wanted */
	SHAPE_LINK,   /* struct json_shape_link: the better one, to a list */
};

/* A key that is wanted in an object. */
struct json_shape_key {
	const char *name;
	enum json_shape_op op;
	bool own;       /* ${to} is in the format's own struct, not in post */
	uint16_t to;    /* offset */
	const struct json_shape_key *inside;
};

struct json_shape_link {
	struct slice written, meant;
};

struct json_shape;
struct json_shapes;

struct json_shapes *json_shape_open(void);
void json_shape_close(struct json_shapes *shapes);

/**
 * json_shape_find(shapes, w, asked): the shape of the line that begins at
 * w->at, as known for ${asked}, whatever that is to the caller; NULL: none.
 * Up to 64 bytes behind the end of the bytes are read.  A line that was met
 * before and has no shape yet is to be learned: ${learn} says so.
 */
const struct json_shape *json_shape_find(struct json_shapes *shapes,
    const struct json_walk *w, const void *asked, bool *learn);

/**
 * json_shape_learn(shapes, w, asked, format, keys): learn the line that
 * json_shape_find did not find just now; ${keys} are those of its outer
 * object, ${format} is kept for json_shape_format.
 */
void json_shape_learn(struct json_shapes *shapes, const struct json_walk *w,
    const void *asked, const void *format,
    const struct json_shape_key *keys);

const void *json_shape_format(const struct json_shape *shape);

/**
 * json_shape_read(shape, w, post, own, cut): read the fields of the line at
 * w->at, which has this shape; the walk then stands on its end.  False: a
 * value made a reader fail, the walk is of no use.
 */
bool json_shape_read(const struct json_shape *shape, struct json_walk *w,
    struct post *post, void *own, bool *cut);

#endif
