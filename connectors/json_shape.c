/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/json_shape.h"

#include <stdlib.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "connectors/decode_field.h"
#include "connectors/json_shape_parts.h"
#include "connectors/json_stencil.h"
#include "engine/base/cpu.h"
#include "engine/base/must.h"

/* As wide as a chunk; the compiler makes of it what the target has. */
typedef uint64_t wide
    __attribute__((vector_size(SHAPE_CHUNK_BYTES), aligned(1), may_alias));

#define WIDE(p) (*(const wide *)(const void *)(p))

static inline bool
any_plain(const wide *bits)
{
	return ((*bits)[0] | (*bits)[1] | (*bits)[2] | (*bits)[3]) != 0;
}

/* Add to ${other} how ${text} differs from a chunk. */
static inline __attribute__((always_inline)) void
compare_chunk(wide *other, const char *text, const char *chunk)
{
	*other |= (WIDE(text) ^ WIDE(chunk)) & WIDE(chunk + SHAPE_CHUNK_BYTES);
}

/* The structure, then the keys, each without a jump between. */
static inline __attribute__((always_inline)) bool
compare(const struct json_shape *shape, const struct shape_chunk *chunks,
    const struct json_walk *w, bool (*any)(const wide *bits))
{
	const uint64_t eight = UINT64_C(0x0101010101010101) * JSON_SHAPE;
	const wide mask = {eight, eight, eight, eight};
	const unsigned char *kinds = w->kinds + w->at;
	const uint32_t *places = w->places + w->at;
	const struct shape_key *key = shape->keys;
	const struct shape_key *firsts = key + shape->firsts;
	const struct shape_key *all = key + shape->keys_count;
	const char *bytes = w->bytes, *texts = (const char *)chunks;
	wide other = {0};
	uint32_t i = 0;

	for (; i + SHAPE_CHUNK_BYTES <= shape->places; i += SHAPE_CHUNK_BYTES)
		other |= (WIDE(kinds + i) ^ WIDE(shape->kinds + i)) & mask;
	other |= (WIDE(kinds + i) ^ WIDE(shape->kinds + i)) &
	    WIDE(shape->tail);
	if (any(&other))
		return false;
	for (; key < firsts; key++)
		compare_chunk(&other, bytes + places[key->at],
		    texts + key->chunk);
	for (; key < all; key++)
		compare_chunk(&other, bytes + places[key->at] + key->offset,
		    texts + key->chunk);
	return !any(&other);
}

static bool
same_plain(const struct json_shape *shape, const struct shape_chunk *chunks,
    const struct json_walk *w)
{
	return compare(shape, chunks, w, any_plain);
}

#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2,bmi,bmi2")))

static inline AVX2 bool
any_avx2(const wide *bits)
{
	return !_mm256_testz_si256((__m256i)*bits, (__m256i)*bits);
}

static AVX2 bool
same_avx2(const struct json_shape *shape, const struct shape_chunk *chunks,
    const struct json_walk *w)
{
	return compare(shape, chunks, w, any_avx2);
}
#else
#define same_avx2 same_plain
#endif

struct json_shapes *
json_shape_open(void)
{
	/* Most of it is not touched before there are many shapes. */
	struct json_shapes *shapes = must_alloc(sizeof(*shapes));

	shapes->lines = SHAPE_REST;
	shapes->same = cpu_level() >= CPU_AVX2 ? same_avx2 : same_plain;
	return shapes;
}

void
json_shape_close(struct json_shapes *shapes)
{
	free(shapes);
}

void
json_shape_forget(struct json_shapes *shapes)
{
	memset(shapes->hashes, 0, sizeof(shapes->hashes));
	memset(shapes->slots, 0, sizeof(shapes->slots));
	shapes->chunks_count = 0;
	shapes->last = NULL;
}

const void *
json_shape_format(const struct json_shape *shape)
{
	return shape->format;
}

/* Of how many places there are and what the last ones are, which is where
 * lines differ: lists of links and names stand behind the account. */
static uint32_t
hash_line(const unsigned char *kinds, uint32_t places)
{
	const uint64_t mask = UINT64_C(0x0101010101010101) * JSON_SHAPE;
	const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
	uint32_t words = places / 8 < 24 ? places / 8 : 24;
	const unsigned char *from = kinds + places - 8 * words;
	uint64_t hash = places * odd, word;

	for (uint32_t i = 0; i < words; i++) {
		memcpy(&word, from + 8 * i, 8);
		hash += (word & mask) * (odd * (2 * i + 1));
	}
	return (uint32_t)(hash >> 32) | 1;
}

const struct json_shape *
json_shape_find(struct json_shapes *shapes, const struct json_walk *w,
    const void *asked, bool *learn)
{
	const struct json_shape *shape = shapes->last;
	const unsigned char *kinds = w->kinds + w->at, *end;
	uint32_t places, slot, set;

	*learn = false;
	shapes->lines++;
	if (shape != NULL && kinds[shape->places - 1] == JSON_END &&
	    shape->asked == asked && shapes->same(shape, shapes->chunks, w))
		return shape;
	end = memchr(kinds, JSON_END, SHAPE_PLACES_MAX);
	if (end == NULL)
		return NULL;
	places = (uint32_t)(end - kinds) + 1;
	shapes->hash = hash_line(kinds, places);
	set = (shapes->hash >> 1) % SHAPE_SETS;
	for (unsigned i = 0; i < SHAPE_WAYS; i++) {
		shape = &shapes->shapes[set][i];
		if (shapes->hashes[set][i] != shapes->hash ||
		    shape->places != places || shape->asked != asked ||
		    !shapes->same(shape, shapes->chunks, w))
			continue;
		shapes->last = shape;
		return shape;
	}
	slot = (shapes->hash >> 12) % SHAPE_SEEN;
	if (shapes->refused[slot] == shapes->hash)
		return NULL;
	*learn = shapes->seen[slot] == shapes->hash &&
	    shapes->lines - shapes->learned >= SHAPE_REST;
	shapes->seen[slot] = shapes->hash;
	return NULL;
}

static void
read_link(struct json_shape_link *link, struct post *post, bool *cut)
{
	decode_field_add(&post->links,
	    link->meant.data != NULL ? link->meant : link->written, cut);
	link->meant = link->written = SLICE_NONE;
}

/* Halves: copied as a whole, what was stored in halves just now is waited
 * for. */
static inline void
set_slice(struct slice *to, struct slice from)
{
	to->data = from.data;
	to->len = from.len;
}

static void
read_step(const struct shape_step *s, struct json_walk *w, void *to,
    struct post *post, bool *cut)
{
	struct slice item;

	switch (s->op) {
	case SHAPE_PART:
		decode_field_word(w, to);
		return;
	case SHAPE_TIME:
		decode_field_time(w, to);
		return;
	case SHAPE_FLAG:
		decode_field_flag(w, to);
		return;
	case SHAPE_ADD:
		decode_field_word(w, &item);
		decode_field_add(to, item, cut);
		return;
	case SHAPE_FIRST:
		decode_field_word(w, &item);
		if (((struct slice *)to)->data == NULL)
			set_slice(to, item);
		return;
	case SHAPE_MARK:
		*(struct json_mark *)to = (struct json_mark){w->at, 0, 1};
		return;
	case SHAPE_SET:
		*(bool *)to = true;
		return;
	case SHAPE_CHECK:
		decode_field_object(w);
		return;
	case SHAPE_LINK:
		read_link(to, post, cut);
		return;
	default:
		UNREACHABLE("a step of a shape");
	}
}

/* Strings before the next backslash need no look at theirs. */
static bool
read_words(const struct json_shape *shape, struct json_walk *w, uint32_t base,
    char *const homes[2])
{
	const struct shape_step *s = shape->steps, *end = s + shape->words;
	const unsigned char *kinds = w->kinds + base;
	const uint32_t *places = w->places + base;
	const char *bytes = w->bytes;
	uint32_t escape_at = w->escape_at;

	for (; s < end; s++) {
		struct slice *to = (void *)(homes[s->own] + s->to);
		const uint32_t *place = places + s->at;

		if (__builtin_expect(kinds[s->at] == JSON_STRING, 1)) {
			*to = json_walk_between(bytes, place[0], place[1]);
			if (__builtin_expect(escape_at >= place[1], 1))
				continue;
			if (json_walk_escaped(w, place[0], place[1] - 1) &&
			    !json_walk_unescape(w, to))
				return false;
			continue;
		}
		w->at = base + s->at;
		if (s->op == SHAPE_TEXT)
			decode_field_text_slow(w, to, "text is no string");
		else if (s->op == SHAPE_ID || (s->op == SHAPE_NAME &&
				kinds[s->at] == JSON_NUMBER))
			decode_field_id(w, to);
		else
			decode_field_word_slow(w, to);
		if (w->result != DECODE_POST)
			return false;
	}
	json_walk_pass(w, places[shape->places - 1]);
	return true;
}

bool
json_shape_read(const struct json_shape *shape, struct json_walk *w,
    struct post *post, void *own, bool *cut)
{
	const struct shape_step *s, *end;
	char *const homes[2] = {(char *)post, own};
	uint32_t base = w->at;

	if (w->laid != NULL)
		return json_stencil_read(w->laid, w, post, own, cut);
	s = shape->steps + shape->words;
	end = shape->steps + shape->steps_count;
	if (!read_words(shape, w, base, homes))
		return false;
	for (uint32_t i = 0; i < shape->counts; i++, s++) {
		w->at = base + s->at;
		decode_field_count(w, (void *)(homes[s->own] + s->to));
		if (__builtin_expect(w->result != DECODE_POST, 0))
			return false;
	}
	for (; s < end; s++) {
		w->at = base + s->at;
		read_step(s, w, homes[s->own] + s->to, post, cut);
		if (__builtin_expect(w->result != DECODE_POST, 0))
			return false;
	}
	w->at = base + shape->places - 1;
	return true;
}
