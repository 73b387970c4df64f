/*
 * What a query asks of a post beside its words: lang:fr, followers:100..5k.
 *
 * One struct field is one question; the parser makes it (query_field.c), the
 * set keeps a copy.  What a post does not say answers no: the question does
 * not hold, and NOT of it does.  Only lang:und asks for what is not said.
 * Letters are compared without regard to capitals of ASCII.
 * Thread: any may read.  Owns: nothing; values live in an arena.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_FIELD_H
#define RULES_FIELD_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/post.h"
#include "engine/base/slice.h"

enum field_type {
	FIELD_TYPE_TEXT,    /* values, the whole of it or with '*' */
	FIELD_TYPE_ACCOUNT, /* the same, without the '@' */
	FIELD_TYPE_LANG,
	FIELD_TYPE_COUNTRY,
	FIELD_TYPE_SITE, /* values: hosts */
	FIELD_TYPE_URL,  /* values: parts, '*' within */
	FIELD_TYPE_NUMBER,
	FIELD_TYPE_HOUR,
	FIELD_TYPE_KIND,
	FIELD_TYPE_HAS,
	FIELD_TYPE_IS,
	FIELD_TYPE_SAMPLE,
};

enum field_id {
#define FIELD(id, name, type, values, help, query, hit, miss) FIELD_##id,
#include "rules/fields.def"
#undef FIELD
	FIELDS,
};

struct field {
	enum field_id id;
	/* NUMBER: the least and the most; HOUR: the same in hours, the least
	 * may be the larger; KIND, HAS, IS: low is a set of bits, one of which
	 * is enough; SAMPLE: low of 100 */
	uint64_t low, high;
	int32_t zone_min;           /* HOUR: east of UTC */
	const struct slice *values; /* in small letters; those without a '*'
				     * first, sorted */
	uint32_t count, plain;      /* of all; of those without a '*' */
	struct slice text;          /* as written, for people */
};

/** field_name(id), field_type(id): as in fields.def. */
const char *field_name(enum field_id id);
enum field_type field_type(enum field_id id);

/** field_word(type, i): the word of bit ${i} of KIND, HAS or IS; NULL behind
 * the last. */
const char *field_word(enum field_type type, unsigned i);

/** field_holds(f, post): the answer.  Allocates nothing. */
bool field_holds(const struct field *f, const struct post *post);

#endif
