/*
 * Learning a shape: one line read from end to end by a table of keys.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <xxhash.h>

#include "connectors/json_shape.h"
#include "connectors/json_shape_parts.h"

#define DEPTH_MAX 24u

/* An object or array that is being read. */
struct level {
	const struct json_shape_key *keys; /* object: wanted; NULL: none */
	const struct json_shape_key *item; /* array: what each is; NULL */
	const struct json_shape_key *link; /* object: SHAPE_LINKS, or NULL */
	uint64_t seen;                     /* of ${keys}, by bit */
	bool array;
};

struct lesson {
	struct json_shapes *shapes;
	const struct json_walk *w;
	struct json_shape *shape;
	uint32_t at; /* number of the place in the line */
	uint32_t depth;
	struct level levels[DEPTH_MAX];
};

static enum json_kind
kind(const struct lesson *l)
{
	return (enum json_kind)l->w->kinds[l->w->at + l->at];
}

/* The number of a chunk with this text, a new one if need be. */
static bool
find_chunk(struct json_shapes *s, const struct shape_chunk *want,
    uint32_t *number)
{
	uint64_t hash = XXH3_64bits(want, sizeof(*want));
	uint32_t slot = (uint32_t)(hash % SHAPE_SLOTS);

	for (; s->slots[slot] != 0; slot = (slot + 1) % SHAPE_SLOTS) {
		*number = s->slots[slot] - 1u;
		if (!memcmp(&s->chunks[*number], want, sizeof(*want)))
			return true;
	}
	if (s->chunks_count == SHAPE_CHUNKS_MAX)
		return false;
	*number = s->chunks_count++;
	s->chunks[*number] = *want;
	s->slots[slot] = (uint16_t)(*number + 1);
	return true;
}

/* Each byte of the key counts, from quote to quote. */
static bool
add_key(struct lesson *l, struct slice key)
{
	struct json_shape *shape = l->shape;
	size_t len = key.len + 2;

	if (key.len + 2 > 2 * SHAPE_CHUNK_BYTES ||
	    memchr(key.data, '\\', key.len) != NULL)
		return false;
	for (size_t at = 0; at < len; at += SHAPE_CHUNK_BYTES) {
		size_t n = len - at < SHAPE_CHUNK_BYTES ? len - at
							: SHAPE_CHUNK_BYTES;
		struct shape_chunk chunk = {0};
		uint32_t number;

		if (shape->keys_count == SHAPE_KEYS_MAX)
			return false;
		memcpy(chunk.text, key.data - 1 + at, n);
		memset(chunk.mask, 0xff, n);
		if (!find_chunk(l->shapes, &chunk, &number))
			return false;
		shape->keys[shape->keys_count++] = (struct shape_key){
		    (uint16_t)l->at, (uint16_t)at,
		    number * (uint32_t)sizeof(chunk)};
	}
	return true;
}

static bool
add_step(struct lesson *l, enum json_shape_op op,
    const struct json_shape_key *key)
{
	struct json_shape *shape = l->shape;

	if (shape->steps_count == SHAPE_STEPS_MAX)
		return false;
	shape->steps[shape->steps_count++] = (struct shape_step){
	    (uint16_t)l->at, key->to, (uint8_t)op, key->own};
	return true;
}

static bool
enter(struct lesson *l, const struct level *level)
{
	if (l->depth == DEPTH_MAX)
		return false;
	l->levels[l->depth++] = *level;
	l->at++;
	return true;
}

static bool
take_scalar(struct lesson *l, const struct json_shape_key *key)
{
	enum json_shape_op op = key == NULL ? SHAPE_END : key->op;

	switch (op) {
	case SHAPE_END:
		break;
	case SHAPE_REF:
		op = SHAPE_WORD;
		break;
	case SHAPE_ANY:
		op = SHAPE_FLAG;
		break;
	case SHAPE_LIST:
		op = SHAPE_ADD;
		break;
	case SHAPE_SOME:
	case SHAPE_OBJECT:
	case SHAPE_LINKS:
	case SHAPE_ITEMS:
		op = SHAPE_CHECK;
		break;
	default:
		break;
	}
	if (op != SHAPE_END && !add_step(l, op, key))
		return false;
	l->at++;
	return true;
}

static bool
take_object(struct lesson *l, const struct json_shape_key *key)
{
	struct level level = {0};

	if (key != NULL && key->op == SHAPE_SET) {
		if (!add_step(l, SHAPE_SET, key))
			return false;
	} else if (key != NULL) {
		if (key->op != SHAPE_OBJECT && key->op != SHAPE_REF &&
		    key->op != SHAPE_NAME && key->op != SHAPE_LINKS)
			return false;
		level.keys = key->inside;
		level.link = key->op == SHAPE_LINKS ? key : NULL;
	}
	return enter(l, &level);
}

static bool
take_array(struct lesson *l, const struct json_shape_key *key)
{
	struct level level = {.array = true};
	bool empty = l->w->kinds[l->w->at + l->at + 1] == JSON_CLOSE_ARRAY;

	if (key != NULL && (key->op == SHAPE_SET || key->op == SHAPE_SOME ||
		key->op == SHAPE_ANY)) {
		if ((key->op == SHAPE_SET || !empty) &&
		    !add_step(l, SHAPE_SET, key))
			return false;
	} else if (key != NULL) {
		if (key->op != SHAPE_ITEMS && key->op != SHAPE_LIST)
			return false;
		level.item = key->inside;
	}
	return enter(l, &level);
}

static bool
take_value(struct lesson *l, const struct json_shape_key *key)
{
	switch (kind(l)) {
	case JSON_OBJECT:
		return take_object(l, key);
	case JSON_ARRAY:
		return take_array(l, key);
	default:
		return (kind(l) & JSON_SCALAR) != 0 && take_scalar(l, key);
	}
}

/* A key of the object and what stands behind it. */
static bool
take_member(struct lesson *l, struct level *level)
{
	const struct json_shape_key *key = level->keys;
	struct slice name;

	if (kind(l) != JSON_STRING ||
	    l->w->kinds[l->w->at + l->at + 1] != JSON_COLON)
		return false;
	name = json_walk_quoted(l->w, l->w->at + l->at);
	if (!add_key(l, name))
		return false;
	while (key != NULL && key->op != SHAPE_END &&
	    !slice_is(name, key->name))
		key++;
	if (key != NULL && key->op == SHAPE_END)
		key = NULL;
	if (key != NULL) {
		uint64_t bit = UINT64_C(1) << (key - level->keys);

		if (key->op == SHAPE_NEVER || (level->seen & bit))
			return false;
		level->seen |= bit;
	}
	l->at += 2;
	return take_value(l, key);
}

/* Out of all that ends here. */
static bool
take_ends(struct lesson *l)
{
	while (l->depth > 0) {
		const struct level *level = &l->levels[l->depth - 1];

		if (kind(l) == JSON_COMMA) {
			l->at++;
			return true;
		}
		if (kind(l) !=
		    (level->array ? JSON_CLOSE_ARRAY : JSON_CLOSE_OBJECT))
			return false;
		if (level->link != NULL &&
		    !add_step(l, SHAPE_LINK, level->link))
			return false;
		l->depth--;
		l->at++;
	}
	return true;
}

static bool
read_line(struct lesson *l, const struct json_shape_key *keys)
{
	const struct level outer = {.keys = keys};
	bool fresh = true; /* behind an opening bracket */

	if (kind(l) != JSON_OBJECT || !enter(l, &outer))
		return false;
	while (l->depth > 0) {
		struct level *level = &l->levels[l->depth - 1];
		uint32_t depth = l->depth;

		if (fresh && kind(l) == (level->array ? JSON_CLOSE_ARRAY
						      : JSON_CLOSE_OBJECT)) {
			fresh = false;
			if (!take_ends(l))
				return false;
			continue;
		}
		if (level->array ? !take_value(l, level->item)
				 : !take_member(l, level))
			return false;
		fresh = l->depth > depth;
		if (!fresh && !take_ends(l))
			return false;
	}
	return kind(l) == JSON_END;
}

static uint32_t
group(const struct shape_step *step)
{
	if (step->op == SHAPE_WORD || step->op == SHAPE_TEXT ||
	    step->op == SHAPE_ID || step->op == SHAPE_NAME)
		return 0;
	return step->op == SHAPE_COUNT ? 1 : 2;
}

/* By group, within each as they stand in the line. */
static void
sort_steps(struct json_shape *shape)
{
	struct shape_step sorted[SHAPE_STEPS_MAX] = {0};
	uint32_t counts[3] = {0}, done = 0;

	for (uint32_t g = 0; g < 3; g++)
		for (uint32_t i = 0; i < shape->steps_count; i++)
			if (group(&shape->steps[i]) == g) {
				sorted[done++] = shape->steps[i];
				counts[g]++;
			}
	memcpy(shape->steps, sorted, done * sizeof(*sorted));
	shape->words = counts[0];
	shape->counts = counts[1];
}

/* First chunks first, all else as they stand in the line. */
static void
sort_keys(struct json_shape *shape)
{
	struct shape_key sorted[SHAPE_KEYS_MAX] = {0};
	uint32_t done = 0;

	for (uint32_t i = 0; i < shape->keys_count; i++)
		if (shape->keys[i].offset == 0)
			sorted[done++] = shape->keys[i];
	shape->firsts = done;
	for (uint32_t i = 0; i < shape->keys_count; i++)
		if (shape->keys[i].offset != 0)
			sorted[done++] = shape->keys[i];
	memcpy(shape->keys, sorted, done * sizeof(*sorted));
}

void
json_shape_learn(struct json_shapes *shapes, const struct json_walk *w,
    const void *asked, const void *format,
    const struct json_shape_key *keys)
{
	uint32_t hash = shapes->hash;
	uint32_t set = (hash >> 1) % SHAPE_SETS;
	uint32_t way = shapes->turn++ % SHAPE_WAYS;
	struct json_shape *shape = &shapes->shapes[set][way];
	struct lesson l = {.shapes = shapes, .w = w, .shape = shape};

	shapes->learned = shapes->lines;
	if (shapes->chunks_count == SHAPE_CHUNKS_MAX)
		json_shape_forget(shapes);
	if (shapes->last == shape)
		shapes->last = NULL;
	shapes->hashes[set][way] = 0;
	shape->keys_count = shape->steps_count = 0;
	if (!read_line(&l, keys)) {
		if (shapes->chunks_count == SHAPE_CHUNKS_MAX)
			return; /* next time there is room */
		shapes->refused[(hash >> 12) % SHAPE_SEEN] = hash;
		return;
	}
	sort_steps(shape);
	sort_keys(shape);
	shapes->hashes[set][way] = hash;
	shape->asked = asked;
	shape->format = format;
	shape->serial = shapes->turn;
	shape->places = l.at + 1;
	memcpy(shape->kinds, w->kinds + w->at, shape->places);
	memset(shape->tail, 0, sizeof(shape->tail));
	memset(shape->tail, JSON_SHAPE, shape->places % SHAPE_CHUNK_BYTES);
}
