/*
 * What json_shape.c and json_shape_learn.c share.
 *
 * Thread: one at a time.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_JSON_SHAPE_PARTS_H
#define CONNECTORS_JSON_SHAPE_PARTS_H

#include "connectors/json_shape.h"

/* Shapes kept, in sets of SHAPE_WAYS; lines with more places, keys or wanted
 * values than a shape holds are left to the walk. */
#define SHAPE_SETS 64u
#define SHAPE_WAYS 4u
#define SHAPE_PLACES_MAX 1024u
#define SHAPE_KEYS_MAX 320u
#define SHAPE_STEPS_MAX 128u
#define SHAPE_CHUNKS_MAX 1024u
#define SHAPE_CHUNK_BYTES 32u

/* Learning costs as much as reading some lines; there are this many between
 * one and the next, so that nobody can make it the work of every line. */
#define SHAPE_REST 32u

/* Keys with their quotes in chunks; of the last one a part counts. */
struct shape_chunk {
	unsigned char text[SHAPE_CHUNK_BYTES];
	unsigned char mask[SHAPE_CHUNK_BYTES];
};

struct shape_key {
	uint16_t at;     /* the number of its place in the line */
	uint16_t offset; /* of the chunk in the key */
	uint32_t chunk;  /* its offset in all */
};

struct shape_step {
	uint16_t at;
	uint16_t to;
	uint8_t op;
	bool own;
};

struct json_shape {
	unsigned char kinds[SHAPE_PLACES_MAX + 64];
	unsigned char tail[SHAPE_CHUNK_BYTES]; /* what counts of the rest */
	uint32_t places; /* with its end */
	uint32_t serial; /* of its lesson, never 0 */
	/* of the steps, words come first, then counts, then the rest */
	uint32_t keys_count, steps_count, words, counts;
	uint32_t firsts; /* of the keys: those of offset 0, which come first */
	const void *asked, *format;
	struct shape_key keys[SHAPE_KEYS_MAX];
	struct shape_step steps[SHAPE_STEPS_MAX];
};

typedef bool shape_same(const struct json_shape *shape,
    const struct shape_chunk *chunks, const struct json_walk *w);

#define SHAPE_SEEN 256u
#define SHAPE_SLOTS (4 * SHAPE_CHUNKS_MAX)

struct json_shapes {
	struct json_shape shapes[SHAPE_SETS][SHAPE_WAYS];
	uint32_t hashes[SHAPE_SETS][SHAPE_WAYS]; /* theirs; 0: no shape */
	struct shape_chunk chunks[SHAPE_CHUNKS_MAX];
	uint16_t slots[SHAPE_SLOTS]; /* number of a chunk plus 1, by hash */
	uint32_t chunks_count;
	const struct json_shape *last; /* found last; NULL */
	uint32_t hash;                 /* of the line looked for last */
	uint32_t lines, learned;       /* looked for; up to the last lesson */
	uint32_t turn;                 /* whose place the next one takes */
	uint32_t seen[SHAPE_SEEN];     /* hashes met once */
	uint32_t refused[SHAPE_SEEN];  /* of lines that cannot be learned */
	shape_same *same;
};

/** json_shape_forget(shapes): as after json_shape_open. */
void json_shape_forget(struct json_shapes *shapes);

#endif
