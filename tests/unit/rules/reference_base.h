/*
 * What the slow evaluator of reference.h knows of a post: tokens, phrases,
 * regexes, places.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_RULES_REFERENCE_BASE_H
#define TESTS_RULES_REFERENCE_BASE_H

#include <pcre2.h>
#include <stdlib.h>

#include "engine/base/buf.h"
#include "engine/base/must.h"
#include "rules/ast.h"

struct ref_place {
	uint32_t first, end; /* tokens */
	uint32_t from, to;   /* folded bytes */
};

struct ref_places {
	struct ref_place *items;
	uint32_t count;
};

struct ref {
	const struct decls *decls;
	const struct post *post;
	const struct text *text;
	struct text *aside; /* for counting */
	uint32_t lo, hi;   /* tokens that are read: all, or those of a part */
	uint32_t from, to; /* and bytes */
	bool narrow;
};

static bool ref_node(
    const struct ref *r, const struct node *node, uint32_t brand);

static struct ref_places ref_where(
    const struct ref *r, const struct node *node, uint32_t brand);

/* '*' tries every length, '?' eats one code point. */
static bool
ref_wild(struct slice s, struct slice p)
{
	if (p.len == 0)
		return s.len == 0;
	if (p.data[0] == '*') {
		for (size_t i = 0; i <= s.len; i++)
			if (ref_wild((struct slice){s.data + i, s.len - i},
				(struct slice){p.data + 1, p.len - 1}))
				return true;
		return false;
	}
	if (s.len == 0)
		return false;
	if (p.data[0] == '?') {
		size_t n = 1;

		while (n < s.len && (s.data[n] & 0xc0) == 0x80)
			n++;
		return ref_wild((struct slice){s.data + n, s.len - n},
		    (struct slice){p.data + 1, p.len - 1});
	}
	return s.data[0] == p.data[0] &&
	       ref_wild((struct slice){s.data + 1, s.len - 1},
		   (struct slice){p.data + 1, p.len - 1});
}

static bool
ref_token(const struct ref *r, uint32_t t, const struct token *token)
{
	const struct text *x = r->text;
	struct slice s = {x->bytes + x->at[t], x->end[t] - x->at[t]};

	if (token->sign != 0 && x->bytes[(int64_t)x->at[t] - 1] != token->sign)
		return false;
	return token->wild ? ref_wild(s, token->text)
			   : slice_equal(s, token->text);
}

static uint32_t ref_group_at(
    const struct ref *r, uint32_t t, const struct token *token);

/* Where the phrase that began at ${first}, from its token ${i} on, ends when
 * it goes on at ${t}; 0: it does not.  An inclusive group is one word. */
static uint32_t
ref_phrase_on(const struct ref *r, const struct node *node, uint32_t i,
    uint32_t first, uint32_t t)
{
	const struct token *token = &node->phrase.tokens[i];
	uint32_t end = 0, n;

	if (i == node->phrase.count)
		return t;
	if (t < r->lo || t >= r->hi ||
	    (t < r->text->title_tokens) != (first < r->text->title_tokens))
		return 0;
	n = ref_group_at(r, t, token);
	if (n > 0)
		end = ref_phrase_on(r, node, i + 1, first, t + n);
	if (end == 0 && ref_token(r, t, token))
		end = ref_phrase_on(r, node, i + 1, first, t + 1);
	return end;
}

static uint32_t
ref_phrase_at(const struct ref *r, const struct node *node, uint32_t t)
{
	return ref_phrase_on(r, node, 0, t, t);
}

static void
ref_add(struct ref_places *p, struct ref_place place)
{
	if ((p->count & (p->count - 1)) == 0) /* 0, 1, 2, 4, ... */
		p->items =
		    must_grow(p->items, sizeof(*p->items) * (2 * p->count + 1));
	p->items[p->count++] = place;
}

/* All matches; fills ${places} when it is not NULL. */
static bool
ref_regex(
    const struct ref *r, const struct node *node, struct ref_places *places)
{
	struct slice subject = {r->text->bytes + r->from, r->to - r->from};
	pcre2_match_data *data;
	pcre2_code *code;
	size_t from = 0;
	bool found = false;
	PCRE2_SIZE at;
	int error;

	if (node->regex.raw)
		subject = r->post->text; /* no title, in these tests */
	code = pcre2_compile((PCRE2_SPTR)node->regex.pattern.data,
	    node->regex.pattern.len,
	    node->regex.pcre2_options | PCRE2_UTF | PCRE2_UCP, &error, &at,
	    NULL);
	REQUIRE(code != NULL);
	data = pcre2_match_data_create(1, NULL);
	while (from <= subject.len && subject.data != NULL &&
	       pcre2_match(code, (PCRE2_SPTR)subject.data, subject.len, from, 0,
		   data, NULL) >= 0) {
		const PCRE2_SIZE *o = pcre2_get_ovector_pointer(data);
		uint32_t first = UINT32_MAX, end = 0;

		found = true;
		if (places == NULL)
			break;
		for (uint32_t t = 0; t < r->text->tokens; t++)
			if (r->text->at[t] < o[1] + r->from &&
			    r->text->end[t] > o[0] + r->from) {
				first = t < first ? t : first;
				end = t + 1;
			}
		if (end > 0 && o[1] > o[0])
			ref_add(places,
			    (struct ref_place){first, end,
				(uint32_t)o[0] + r->from,
				(uint32_t)o[1] + r->from});
		from = o[1] > from ? o[1] : from + 1;
		while (
		    from < subject.len && (subject.data[from] & 0xc0) == 0x80)
			from++;
	}
	pcre2_match_data_free(data);
	pcre2_code_free(code);
	return found;
}

#endif
