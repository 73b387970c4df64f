/*
 * From the JSON of an alert to its members, by a table of paths.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/mathx.h"
#include "engine/leaves.h"
#include "engine/diff/recount_parts.h"

#define DIGITS_MAX 9 /* before the point: far above any amount */

enum type { TEXT, NUMBER, FLAG };
enum place { ALERT, PART, RULE };

static const struct field {
	const char *path;
	enum type type;
	enum place place;
	size_t at;
} fields[] = {
#define A(path, type, member) \
	{path, type, ALERT, offsetof(struct recount, member)}
#define P(path, place, type, member) \
	{path, type, place, offsetof(struct recount_part, member)}
    A("v", NUMBER, version), A("id", TEXT, id), A("rev", NUMBER, rev),
    A("kind", TEXT, kind), A("subject", TEXT, subject),
    A("sector", TEXT, sector), A("brand", TEXT, brand),
    A("topic", TEXT, topic), A("level", NUMBER, level),
    A("previous_level", NUMBER, previous),
    A("level_name.fr", TEXT, level_fr), A("level_name.en", TEXT, level_en),
    A("minute", TEXT, minute), A("window.start", TEXT, from),
    A("window.end", TEXT, to), A("first_minute", TEXT, first),
    A("because", TEXT, because), A("density", NUMBER, density),
    A("harm", NUMBER, harm), A("voices", NUMBER, voices),
    A("expected", NUMBER, expected), A("excess", NUMBER, excess),
    A("alpha", NUMBER, alpha), A("falls_below", NUMBER, falls),
    A("rarity.z", NUMBER, z), A("rarity.s", NUMBER, s),
    A("rarity.fr", TEXT, rare_fr), A("rarity.en", TEXT, rare_en),
    A("authors", NUMBER, authors),
    A("authors_30min", NUMBER, authors_near), A("posts", NUMBER, posts),
    A("harmful_posts", NUMBER, harmful),
    A("independence", NUMBER, independence),
    A("concentration", NUMBER, concentration),
    A("coordinated", FLAG, coordinated), A("learning", FLAG, learning),
    A("breadth", NUMBER, breadth), A("sentence.fr", TEXT, sentence_fr),
    A("sentence.en", TEXT, sentence_en),
    P("pairs[].topic", PART, TEXT, id),
    P("pairs[].density", PART, NUMBER, density),
    P("pairs[].harm", PART, NUMBER, harm),
    P("pairs[].voices", PART, NUMBER, voices),
    P("pairs[].expected", PART, NUMBER, expected),
    P("pairs[].excess", PART, NUMBER, excess),
    P("brands[].brand", PART, TEXT, id),
    P("brands[].density", PART, NUMBER, density),
    P("brands[].harm", PART, NUMBER, harm),
    P("brands[].voices", PART, NUMBER, voices),
    P("brands[].expected", PART, NUMBER, expected),
    P("brands[].excess", PART, NUMBER, excess),
    P("rules[].id", RULE, TEXT, id), P("rules[].harm", RULE, NUMBER, harm),
    P("rules[].share", RULE, NUMBER, share),
#undef A
#undef P
};
#define FIELDS (sizeof(fields) / sizeof(*fields))

/* A plain decimal number in millionths; more decimals are an error. */
static bool
number(struct slice raw, int64_t *micro)
{
	bool negative = raw.len > 0 && raw.data[0] == '-';
	int64_t value = 0;
	int decimals = -1, digits = 0;

	for (size_t i = negative; i < raw.len; i++) {
		char c = raw.data[i];

		if (c == '.' && decimals < 0) {
			decimals = 0;
			continue;
		}
		if (c < '0' || c > '9' || decimals == 6 ||
		    (decimals < 0 && digits++ == DIGITS_MAX))
			return false;
		value = value * 10 + (c - '0');
		decimals += decimals >= 0;
	}
	for (int i = decimals < 0 ? 0 : decimals; i < 6; i++)
		value *= 10;
	*micro = negative ? -value : value;
	return true;
}

/* Where the members of ${place} are; NULL when no such item has begun. */
static void *
base_of(struct recount *r, enum place place)
{
	switch (place) {
	case PART:
		return r->parts_count == 0 ? NULL :
					     &r->parts[r->parts_count - 1];
	case RULE:
		return r->rules_count == 0 ? NULL :
					     &r->rules[r->rules_count - 1];
	default:
		return r;
	}
}

/* Only a deviation may be negative. */
static bool
take_number(const struct field *f, struct slice raw, int64_t *value)
{
	return number(raw, value) &&
	    (*value >= 0 || f->at == offsetof(struct recount, z));
}

/* One value at ${path}; false when it is of the wrong kind. */
static bool
take(struct recount *r, const char *path, const struct json *j,
    enum json_kind kind)
{
	if (!strncmp(path, "signal.", 7) && strcmp(path, "signal.item"))
		return true;
	if (!strcmp(path, "theta[]")) {
		return kind == JSON_NUMBER && r->theta_count < 4 &&
		    number(j->raw, &r->theta[r->theta_count++]);
	}
	for (size_t i = 0; i < FIELDS; i++) {
		const struct field *f = &fields[i];
		char *at;

		if (strcmp(path, f->path))
			continue;
		at = base_of(r, f->place);
		if (at == NULL)
			return false;
		at += f->at;
		if (kind == JSON_NULL)
			return f->type != FLAG;
		if (f->type == TEXT && kind == JSON_TEXT)
			return json_text(j, (struct buf *)(void *)at), true;
		if (f->type == FLAG)
			*(bool *)at = kind == JSON_TRUE;
		r->has_falls |= f->at == offsetof(struct recount, falls) &&
		    f->place == ALERT;
		r->has_breadth |= f->at == offsetof(struct recount, breadth) &&
		    f->place == ALERT;
		return f->type == FLAG ?
		    kind == JSON_TRUE || kind == JSON_FALSE :
		    f->type == NUMBER && kind == JSON_NUMBER &&
			take_number(f, j->raw, (int64_t *)(void *)at);
	}
	return true;
}

/* A list item begins at ${path}: false when there are too many. */
static bool
begin(struct recount *r, const char *path)
{
	if (!strcmp(path, "signal"))
		r->is_signal = true;
	if (!strcmp(path, "pairs[]") || !strcmp(path, "brands[]"))
		return r->parts_count++ < RECOUNT_PARTS;
	if (!strcmp(path, "rules[]"))
		return r->rules_count++ < RECOUNT_PARTS;
	return true;
}

struct walk {
	struct recount *r;
	char path[LEAVES_PATH_BYTES]; /* of what is not as it should be */
};

static bool
visit(void *self, const char *path, enum json_kind kind, const struct json *j)
{
	struct walk *w = self;

	if (kind == JSON_OBJECT   ? begin(w->r, path)
		: kind == JSON_LIST ? true
				    : take(w->r, path, j, kind))
		return true;
	snprintf(w->path, sizeof(w->path), "%s", path);
	return false;
}

int
recount_members(struct recount *r, struct slice json, struct err *err)
{
	struct walk w = {.r = r};

	if (!leaves_walk(json, visit, &w))
		return w.path[0] == '\0'
		    ? err_set(err, -EINVAL, "this is not JSON")
		    : err_set(err, -EINVAL, "'%s' is not as in an alert",
			  w.path);
	if (r->version != MATHX_MICRO || r->id.len == 0 ||
	    r->theta_count != 4 || r->alpha < MATHX_MICRO / 1000)
		return err_set(err, -EINVAL, "not an alert of version 1");
	return 0;
}
