/*
 * Goal: every path of the folding gives the same bytes and tokens for any
 * text, the map leads back into the text, and folding twice is folding once.
 * Method: the input, made UTF-8, is folded by text_fold and text_map on each
 * path that the processor has and on the exact one; its first byte says where
 * a title ends and whether it is a query.
 * SPDX-License-Identifier: Apache-2.0
 */
#define FUZZ_NAME "text"
#include "tests/fuzz/fuzz_main.h"

#include "engine/base/text.h"
#include "tests/fuzz/fuzz_bytes.h"

static void
same(const struct text *a, const struct text *b)
{
	REQUIRE(a->len == b->len && a->tokens == b->tokens);
	REQUIRE(a->title_tokens == b->title_tokens && a->cut == b->cut);
	REQUIRE(memcmp(a->bytes, b->bytes, a->len) == 0);
	for (uint32_t i = 0; i < a->tokens; i++) {
		REQUIRE(a->at[i] == b->at[i] && a->end[i] == b->end[i]);
		REQUIRE(a->at[i] < a->end[i] && a->end[i] <= a->len);
		REQUIRE(i == 0 || a->at[i] >= a->end[i - 1]);
	}
}

/* Spans of tokens lie in the text, whole, one after the other. */
static void
map_is_sound(const struct text *t, struct slice s)
{
	uint32_t last = 0, start, stop;

	for (uint32_t i = t->title_tokens; i < t->tokens; i++) {
		REQUIRE(text_span(t, t->at[i], t->end[i], &start, &stop));
		REQUIRE(start < stop && stop <= s.len && start >= last);
		REQUIRE(((unsigned char)s.data[start] & 0xc0) != 0x80);
		REQUIRE(stop == s.len ||
		    ((unsigned char)s.data[stop] & 0xc0) != 0x80);
		last = start;
	}
}

static void
compare(struct slice title, struct slice s, enum text_mode mode)
{
	static const char *const paths[] = {
	    "plain", "avx2", "avx512", "exact"};
	static struct text first, other;

	if (first.room == 0) {
		text_init(&first);
		text_init(&other);
	}
	REQUIRE(text_path("auto"));
	text_fold(&first, title, s, mode);
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		if (!text_path(paths[i]))
			continue; /* this processor does not have it */
		text_fold(&other, title, s, mode);
		same(&first, &other);
		text_map(&other, title, s, mode);
		same(&first, &other);
		map_is_sound(&other, s);
	}
	REQUIRE(text_path("auto"));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice title = SLICE_NONE, s;
	uint8_t how = size > 0 ? data[0] : 0;
	size_t cut = 0;
	char *head = NULL, *rest;

	if (size > 0) {
		data++;
		size--;
	}
	if (how & 0x40) {
		cut = (how & 0x3f) < size ? how & 0x3f : size;
		head = fuzz_utf8(data, cut);
		title = (struct slice){head, cut};
	}
	rest = fuzz_utf8(data + cut, size - cut);
	s = (struct slice){rest, size - cut};
	compare(title, s, how & 0x80 ? TEXT_QUERY : TEXT_POST);
	free(head);
	free(rest);
	return 0;
}
