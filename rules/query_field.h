/*
 * What the two halves of the field parser share: query_field.c reads the
 * tokens, query_value.c the values.
 *
 * Thread: one at a time.  Owns: struct field_parse its values, until freed
 * by query_field().
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_QUERY_FIELD_H
#define RULES_QUERY_FIELD_H

#include "rules/query_parts.h"

struct field_parse {
	struct parser *p;
	const struct lex_token *token; /* the prefix */
	struct field *field;
	struct slice *values; /* on the heap while they grow */
	uint32_t count, room;
	size_t end; /* of what has been read of the query */
};

struct field_value {
	struct slice text;
	size_t from, to; /* bytes of the query, for errors */
};

/** query_value_text(c, v): make the text of ${v} what is compared, in small
 * letters; false after an error. */
bool query_value_text(struct field_parse *c, struct field_value *v);

/** query_value_word(c, v): the bit of a word of kind:, has:, is:. */
bool query_value_word(struct field_parse *c, const struct field_value *v);

/** query_value_number(c): the current token is the number, range, hour. */
bool query_value_number(struct field_parse *c);

#endif
