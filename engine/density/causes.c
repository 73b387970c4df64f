/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/causes.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "engine/base/must.h"

struct causes *
causes_new(int64_t minute)
{
	struct causes *c =
	    must_lines((sizeof(*c) + CAUSES_LINE - 1) / CAUSES_LINE);

	memset(c, 0, sizeof(*c));
	causes_init(c, minute);
	return c;
}

void
causes_init(struct causes *c, int64_t minute)
{
	c->minute = minute;
	c->count = 0;
	c->said = 0;
	c->idle = false;
}

void
causes_fini(struct causes *c)
{
	free(c->items);
	c->items = NULL;
	c->count = c->room = 0;
}

static void
drop_idle(struct causes *c)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < c->count; i++) {
		if (c->items[i].harm == 0)
			continue;
		if (kept != i) {
			c->items[kept] = c->items[i];
			c->tags[kept] = c->tags[i];
		}
		kept++;
	}
	c->count = kept;
	c->idle = false;
}

static uint64_t
bit(int64_t minute)
{
	return UINT64_C(1) << minute % WINDOW_MINUTES;
}

/* What stands in the place of ${minute} is an hour old. */
static void
drop_minute(struct causes *c, int64_t minute)
{
	unsigned slot = (unsigned)(minute % WINDOW_MINUTES);

	for (uint32_t i = 0; i < c->count; i++) {
		c->items[i].harm -= c->items[i].minutes[slot];
		c->items[i].minutes[slot] = 0;
	}
	c->said &= ~bit(minute);
	c->idle = true;
}

void
causes_advance(struct causes *c, int64_t minute)
{
	if (minute <= c->minute)
		return;
	if (minute - c->minute >= WINDOW_MINUTES) {
		causes_init(c, minute);
		return;
	}
	while (c->minute < minute)
		if (c->said & bit(++c->minute))
			drop_minute(c, c->minute);
	if (c->idle)
		drop_idle(c);
}

void
causes_ahead(const struct causes *c, int64_t minute)
{
	if (minute <= c->minute || !(c->said & bit(minute)))
		return;
	for (uint32_t i = 0; i < c->count; i++) {
		__builtin_prefetch(&c->items[i], 1);
		__builtin_prefetch(
		    &c->items[i].minutes[minute % WINDOW_MINUTES], 1);
	}
}

/* The item of ${name}; c->count: none. */
static uint32_t
find(const struct causes *c, const char *name)
{
	uint32_t tag = causes_tag(name);

	for (uint32_t i = 0; i < c->count; i++)
		if (c->tags[i] == tag && c->items[i].name == name)
			return i;
	return c->count;
}

void
causes_ahead_add(const struct causes *c, int64_t minute, const char *name)
{
	uint32_t i = 0, tag = causes_tag(name);

	while (i < c->count && c->tags[i] != tag)
		i++;
	if (i == c->count)
		return;
	__builtin_prefetch(&c->items[i], 1);
	__builtin_prefetch(&c->items[i].minutes[minute % WINDOW_MINUTES], 1);
}

static void
add_word(struct cause *cause, struct slice word)
{
	if (word.len == 0 || word.len >= CAUSE_WORD_BYTES)
		return;
	for (uint32_t i = 0; i < cause->words_count; i++)
		if (strlen(cause->words[i]) == word.len &&
		    !strncasecmp(cause->words[i], word.data, word.len))
			return;
	memcpy(cause->words[cause->words_count], word.data, word.len);
	cause->words[cause->words_count++][word.len] = '\0';
}

static void
add_words(struct cause *cause, struct slice words)
{
	while (words.len > 0 && cause->words_count < CAUSE_WORDS) {
		const char *comma = memmem(words.data, words.len, ", ", 2);
		size_t len = comma == NULL ? words.len :
					     (size_t)(comma - words.data);

		add_word(cause, (struct slice){words.data, len});
		if (comma == NULL)
			break;
		words.data += len + 2;
		words.len -= len + 2;
	}
}

/* Most posts of a rule have the same words, or one of a few: to add them again
 * changes nothing. */
static void
note_words(struct cause *cause, struct slice words)
{
	uint64_t hash = XXH3_64bits(words.data, words.len);
	uint64_t *noted = cause->noted;
	bool again = words.len == 0;

	for (uint32_t i = 0; i < CAUSE_NOTED; i++)
		again |= noted[i] == hash;
	if (again)
		return;
	memmove(noted + 1, noted, (CAUSE_NOTED - 1) * sizeof(*noted));
	noted[0] = hash;
	add_words(cause, words);
}

void
causes_add(struct causes *c, int64_t minute, const char *name,
    int32_t weight_milli, int64_t harm, struct slice words)
{
	uint32_t at = find(c, name);
	struct cause *cause;

	REQUIRE(minute <= c->minute && minute > c->minute - WINDOW_MINUTES);
	if (at == c->count) {
		if (at == CAUSES_MAX)
			return;
		if (c->count == c->room) {
			c->room = c->room == 0 ? 1 :
			    c->room == 1	   ? 4 :
						     CAUSES_MAX;
			c->items = must_grow(c->items,
			    c->room * sizeof(*c->items));
		}
		memset(&c->items[at], 0, sizeof(*c->items));
		c->items[at].name = name;
		c->tags[at] = causes_tag(name);
		c->count++;
	}
	cause = &c->items[at];
	cause->weight_milli = weight_milli;
	cause->harm += harm;
	cause->minutes[minute % WINDOW_MINUTES] += harm;
	c->said |= bit(minute);
	if (cause->harm == 0)
		c->idle = true;
	if (cause->words_count < CAUSE_WORDS)
		note_words(cause, words);
}

static bool
before(const struct cause *a, const struct cause *b)
{
	if (a->harm != b->harm)
		return a->harm > b->harm;
	return strcmp(a->name, b->name) < 0;
}

uint32_t
causes_ranked(const struct causes *c, uint32_t order[CAUSES_MAX])
{
	for (uint32_t i = 0; i < c->count; i++) {
		uint32_t at = i;

		while (at > 0 &&
		    before(&c->items[i], &c->items[order[at - 1]])) {
			order[at] = order[at - 1];
			at--;
		}
		order[at] = i;
	}
	return c->count;
}
