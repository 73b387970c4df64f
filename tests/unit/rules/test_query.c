/*
 * Goal: each query gives one tree, or an error of one kind at one column.
 * Method: a table of query -> canonical text, or code and column.  In the
 * canonical text groups are (& a b), (| a b), (! a), (near/n a b), (onear/n
 * a b); a phrase is its tokens joined by '+', with its sign in front.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <pcre2.h>

#include "engine/base/buf.h"
#include "engine/base/clock.h"
#include "engine/base/limits.h"
#include "rules/query.h"

static void
put(struct buf *out, const struct node *n)
{
	static const char *const names[] = {[NODE_AND] = "&",
	    [NODE_OR] = "|", [NODE_NOT] = "!"};

	switch (n->kind) {
	case NODE_PHRASE:
		for (uint32_t i = 0; i < n->phrase.count; i++) {
			const struct token *t = &n->phrase.tokens[i];

			if (i > 0)
				buf_char(out, '+');
			if (t->sign)
				buf_char(out, t->sign);
			buf_slice_put(out, t->text);
			if (t->wild)
				buf_char(out, '~');
		}
		return;
	case NODE_REGEX:
		buf_printf(out, "/%.*s/%s%s", SLICE_ARG(n->regex.pattern),
		    n->regex.pcre2_options & PCRE2_CASELESS ? "i" : "",
		    n->regex.raw ? "r" : "");
		return;
	case NODE_BRAND:
		buf_text(out, "brand");
		return;
	case NODE_NEAR:
		buf_printf(out, "(%snear/%u", n->ordered ? "o" : "", n->near);
		break;
	default:
		if (n->group.list.data != NULL) {
			buf_printf(out, "@%.*s", SLICE_ARG(n->group.list));
			return;
		}
		buf_printf(out, "(%s", names[n->kind]);
	}
	for (uint32_t i = 0; i < n->group.count; i++) {
		buf_char(out, ' ');
		put(out, n->group.items[i]);
	}
	buf_char(out, ')');
}

struct bed {
	struct arena *arena;
	struct diag *diag;
	struct query_scope *scope;
};

static struct bed
bed_new(void)
{
	struct bed b = {arena_new(), diag_new(), NULL};
	struct query_list list = {.name = SLICE("boycott")};
	struct node *node = arena_alloc(b.arena, sizeof(*node));

	b.scope = scope_new(b.arena, b.diag);
	node->kind = NODE_OR;
	node->group.list = list.name;
	node->group.count = 1;
	node->group.items =
	    arena_alloc(b.arena, sizeof(*node->group.items));
	node->group.items[0] = phrase_build(
	    b.scope, (struct place){0}, SLICE("boycott"));
	list.node = node;
	scope_add_list(b.scope, &list, false);
	b.scope->brand_allowed = true;
	return b;
}

static void
bed_free(struct bed *b)
{
	scope_free(b->scope);
	arena_free(b->arena);
	diag_free(b->diag);
}

/* The query as if it stood at line 1, column 1 of a file. */
static struct node *
parse(struct bed *b, struct slice query)
{
	struct yaml at = {.kind = YAML_SCALAR, .text = query, .raw = query};

	at.place =
	    (struct place){diag_file(b->diag, "q", query), 1, 1, 0};
	return query_parse(b->arena, &at, b->scope, b->diag);
}

static char *
report(struct bed *b)
{
	static char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	diag_print_json(b->diag, out);
	fclose(out);
	return text;
}

static const struct {
	const char *query, *tree;
} good[] = {
    {"kitkat", "kitkat"},
    {"KitKat", "kitkat"},
    {"\"kit kat\"", "kit+kat"},
    {"kit-kat", "kit+kat"},
    {"l'huile", "l+huile"},
    {"\"don't buy\"", "don+t+buy"},
    {"#kit-kat", "#kit+kat"},
    {"@nestle OR #nestle OR $nsrgy", "(| @nestle #nestle $nsrgy)"},
    {"'stop buying' OR 'it's bad'", "(| stop+buying it+s+bad)"},
    {"\xe2\x80\x9cstop buying\xe2\x80\x9d OR \xc2\xab non \xc2\xbb",
	"(| stop+buying non)"},
    {"boycott* OR m?rs", "(| boycott*~ m?rs~)"},
    {"a AND b AND c", "(& a b c)"},
    {"a AND (b AND c)", "(& a b c)"},
    {"a OR (b AND (c OR d))", "(| a (& b (| c d)))"},
    {"a AND NOT b", "(& a (! b))"},
    {"a NOT b", "(& a (! b))"},
    {"NOT a AND b", "(& (! a) b)"},
    {"a AND NOT (b OR c)", "(& a (! (| b c)))"},
    {"NOT (NOT a)", "(! (! a))"},
    {"NOT(NOT a OR b)", "(! (| (! a) b))"},
    {"(a OR NOT b) AND c", "(& (| a (! b)) c)"},
    {"a NEAR/5 b", "(near/5 a b)"},
    {"a ONEAR/0 b AND c", "(& (onear/0 a b) c)"},
    {"a NEAR/5 b NEAR/3 c", "(near/3 (near/5 a b) c)"},
    {"brand NEAR/12 (boycott* OR \"stop buying\")",
	"(near/12 brand (| boycott*~ stop+buying))"},
    {"(a AND b) NEAR/5 c", "(& (near/5 a c) (near/5 b c))"},
    {"a NEAR/2 (b AND c)", "(& (near/2 a b) (near/2 a c))"},
    {"(a OR (b AND c)) ONEAR/1 d",
	"(| (onear/1 a d) (& (onear/1 b d) (onear/1 c d)))"},
    {"(a AND b) NEAR/1 (c AND d)",
	"(& (& (near/1 a c) (near/1 a d)) (& (near/1 b c) (near/1 b d)))"},
    {"brand AND @list(boycott)", "(& brand @boycott)"},
    {"@list( boycott )", "@boycott"},
    {"/\\bkit(kat)?\\b/", "/\\bkit(kat)?\\b/"},
    {"/a\\/b/i AND /C/r", "(& /a\\/b/i /C/r)"},
    {"/\\S\\W[[:alpha:]](?<Name>a)\\p{Lu}(?P=Name)/",
	"/\\S\\W[[:alpha:]](?<Name>a)\\p{Lu}(?P=Name)/"},
    {"\"brand\" AND \"and\"", "(& brand and)"},
    {"info@nestle.com", "info+nestle+com"},
    {"  a\n\tOR\n  b  ", "(| a b)"},
    {"a AND\xc2\xa0"
     "b",
	"(& a b)"},
    {"nearly", "nearly"},
    {"near", "near"},
    {"12:30", "12+30"},
};

static void
test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		struct bed b = bed_new();
		struct node *n = parse(&b, slice_of(good[i].query));
		struct buf out = {0};
		char *said = report(&b);

		if (n == NULL || *said != '\0')
			fail_msg("%s: %s", good[i].query, said);
		put(&out, n);
		buf_char(&out, '\0');
		assert_string_equal(out.data, good[i].tree);
		buf_fini(&out);
		free(said);
		bed_free(&b);
	}
}

static const struct {
	const char *query, *code;
	unsigned column, width;
	const char *help; /* a part of it */
} wrong[] = {
    {"", "missing-term", 1, 0, "write a word"},
    {"a AND", "missing-term", 6, 0, "write a word"},
    {"AND a", "missing-term", 1, 3, "between two sides"},
    {"a AND OR b", "missing-term", 7, 2, ""},
    {"()", "empty-group", 1, 2, ""},
    {"(a", "unclosed-parenthesis", 1, 1, "close it"},
    {"a)", "unopened-parenthesis", 2, 1, ""},
    {"(a OR b))", "unopened-parenthesis", 9, 1, ""},
    {"a b", "missing-operator", 3, 1, "AND or OR"},
    {"\"a\" \"b\"", "missing-operator", 5, 3, "AND or OR"},
    {"é and b", "missing-operator", 3, 3, "did you mean AND"},
    {"a or b", "missing-operator", 3, 2, "did you mean OR"},
    {"a not b", "missing-operator", 3, 3, "AND NOT"},
    {"a AND b OR c", "mixed-and-or", 9, 2,
	"write (a AND b) OR c, or a AND (b OR c)"},
    {"a OR b AND c", "mixed-and-or", 8, 3,
	"write (a OR b) AND c, or a OR (b AND c)"},
    {"a OR b NOT c", "mixed-and-or", 8, 3, "(a OR b) AND NOT c"},
    {"x AND (a OR b AND c)", "mixed-and-or", 15, 3,
	"write (a OR b) AND c, or a OR (b AND c)"},
    {"NOT a", "negative-query", 1, 3, "AND NOT x"},
    {"a OR NOT b", "negative-query", 6, 3, ""},
    {"a AND b OR NOT (c)", "mixed-and-or", 9, 2, ""},
    {"NOT (a AND NOT b)", "negative-query", 1, 3, ""},
    {"\"a", "unclosed-quote", 1, 1, "same quote"},
    {"a OR 'b", "unclosed-quote", 6, 1, ""},
    {"/a", "unclosed-regex", 1, 1, "\\/"},
    {"//", "empty-regex", 1, 2, ""},
    {"/a/g", "regex-flag", 4, 1, "leave it out"},
    {"/a/z", "regex-flag", 4, 1, "flags: i"},
    {"@list(boycot)", "unknown-list", 1, 13, "did you mean 'boycott'?"},
    {"@list(zzz) AND @list(boycot)", "unknown-list", 16, 13, "boycott"},
    {"@list(boycott", "unclosed-parenthesis", 1, 6, ""},
    {"a NEAR b", "near-number", 3, 4, "NEAR/5"},
    {"a NEAR/ b", "near-number", 3, 5, "NEAR/5"},
    {"a NEAR/5f b", "near-number", 3, 7, "ONEAR/5"},
    {"a NEAR/99999999999 b", "near-number", 3, 16, ""},
    {"a near/5 b", "keyword-case", 3, 6, "capitals"},
    {"(a AND NOT b) NEAR/5 c", "not-in-near", 8, 3, "AND NOT c"},
    {"!!!", "unknown-operator", 1, 3, ""},
    {"a OR ...", "no-word", 6, 3, "letter"},
    {"*", "no-word", 1, 1, ""},
    {"\"* ?\"", "no-word", 1, 5, ""},
    {"SENTENC(a b)", "unknown-operator", 1, 8, "NEAR/n"},
    {"ATLEST/3(a)", "unknown-operator", 1, 9, ""},
    {"a AND langg:fr", "unknown-field", 7, 6, "double quotes"},
    {"see http://a.b/c", "url-in-query", 5, 7, ""},
    {"http://a.b/c", "url-in-query", 1, 7, "site:"},
    {"title: a", "missing-value", 1, 6, "without a blank"},
    {"exacte:\"NASA\"", "unknown-field", 1, 7, ""},
    {"reeach>=5", "unknown-field", 1, 8, ""},
    {"a || b", "unknown-operator", 3, 2, "OR"},
    {"a & b", "unknown-operator", 3, 1, "AND"},
    {"a -b", "unknown-operator", 3, 2, "NOT"},
    {"\"a b\"~", "near-number", 6, 1, "~5"},
    {"\"a\"~5", "within-words", 1, 5, "NEAR/5"},
    {"\"a b\" ~5", "unknown-operator", 7, 2, "NEAR/5"},
    {"exact:\"a b\"~5", "within-words", 7, 7, "NEAR"},
    {"SENTENCE()", "empty-group", 1, 10, ""},
    {"SENTENCE(a b", "unclosed-parenthesis", 1, 9, ""},
    {"SENTENCE/3(a b)", "call-number", 1, 11, "SENTENCE(a b)"},
    {"SENTENCE(NOT a)", "negative-query", 10, 3, "SENTENCE(a NOT b)"},
    {"SENTENCE(a OR b c)", "missing-operator", 17, 1, ""},
    {"SENTENCE(a b OR c)", "mixed-and-or", 14, 2, ""},
    {"SENTENCE((a b) c)", "missing-operator", 13, 1, ""},
    {"SENTENCE a", "missing-operator", 10, 1, ""},
    {"sentence(a b)", "unknown-operator", 1, 9, "SENTENCE("},
    {"ATLEAST(a)", "call-number", 1, 8, "ATLEAST/3"},
    {"ATLEAST/0(a)", "call-number", 1, 10, ""},
    {"ATLEAST/9999(a)", "call-number", 1, 13, ""},
    {"ATLEAST/2(a AND b)", "atleast-group", 1, 10, "ATLEAST/2(a) AND"},
    {"ATLEAST/2(a NOT b)", "not-in-near", 13, 3, "ATLEAST/2(a) AND NOT"},
    {"title:NOT a", "missing-value", 7, 3, "AND NOT title"},
    {"title:(a OR NOT b)", "negative-query", 13, 3, ""},
    {"title>=5", "field-sign", 1, 7, "title:recall"},
    {"titel:a", "unknown-field", 1, 6, "did you mean 'title'"},
    {"TITLE:a", "unknown-field", 1, 6, "title:"},
    {"exact:\"!!\"", "no-word", 7, 4, ""},
    {"disguised:a*", "disguised-word", 11, 2, "whole word"},
    {"disguised:ab", "disguised-word", 11, 2, "three letters"},
    {"disguised:#kitkat", "disguised-word", 11, 7, ""},
    {"exact:@list(boycott)", "exact-list", 7, 14, "exact:(A OR B)"},
    {"a AND exact:(b OR", "missing-term", 18, 0, ""},
    {"(a AND SENTENCE(b c)) NEAR/5 (d NOT e)", "not-in-near", 33, 3, ""},
    {"a\bb", "control-character", 2, 1, "single"},
};

static void
test_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct bed b = bed_new();
		char want[60], code[60], *said;

		assert_null(parse(&b, slice_of(wrong[i].query)));
		said = report(&b);
		snprintf(want, sizeof(want), "\"column\":%u,\"width\":%u,",
		    wrong[i].column, wrong[i].width);
		snprintf(code, sizeof(code), "\"code\":\"%s\"", wrong[i].code);
		if (strstr(said, want) == NULL || strstr(said, code) == NULL ||
		    strstr(said, wrong[i].help) == NULL)
			fail_msg("%s: want %s %s '%s', got %s", wrong[i].query,
			    code, want, wrong[i].help, said);
		free(said);
		bed_free(&b);
	}
}

static const struct {
	const char *query, *code;
	unsigned column;
} odd[] = {
    {"and OR b", "keyword-case", 1},
    {"a OR Brand", "keyword-case", 6},
    {"/Kit/", "regex-folded", 2},
    {"/kit\\s+Kat/", "regex-folded", 8},
    {"/nestl[eé]/", "regex-folded", 9},
    {"/한국/", "regex-folded", 2},
    {"/ガス/", "regex-folded", 2},
};

static void
test_warnings(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++) {
		struct bed b = bed_new();
		char want[60], *said;

		assert_non_null(parse(&b, slice_of(odd[i].query)));
		said = report(&b);
		snprintf(want, sizeof(want), "\"column\":%u,", odd[i].column);
		if (diag_warnings(b.diag) != 1 || strstr(said, want) == NULL ||
		    strstr(said, odd[i].code) == NULL)
			fail_msg("%s: got %s", odd[i].query, said);
		free(said);
		bed_free(&b);
	}
}

static void
test_brand_word(void **state)
{
	struct bed b = bed_new();
	char *said;

	(void)state;
	b.scope->brand_allowed = false;
	b.scope->brand_help = "add brand:";
	assert_null(parse(&b, SLICE("a AND brand")));
	said = report(&b);
	assert_non_null(strstr(said, "\"code\":\"brand-word\""));
	assert_non_null(strstr(said, "add brand:"));
	free(said);
	bed_free(&b);
}

static void
test_depth(void **state)
{
	struct bed b = bed_new();
	struct buf q = {0};

	(void)state;
	for (unsigned k = 0; k < 2; k++) {
		unsigned depth = QUERY_DEPTH_MAX + k;

		buf_clear(&q);
		for (unsigned i = 0; i < depth; i++)
			buf_char(&q, '(');
		buf_char(&q, 'a');
		for (unsigned i = 0; i < depth; i++)
			buf_char(&q, ')');
		assert_int_equal(parse(&b, buf_slice(&q)) != NULL, k == 0);
	}
	/* 100 x 100 x 100 combinations must not be tried */
	buf_clear(&q);
	for (int g = 0; g < 3; g++) {
		buf_text(&q, g == 0 ? "(a" : " NEAR/1 (a");
		for (int i = 0; i < 100; i++)
			buf_text(&q, " AND b");
		buf_char(&q, ')');
	}
	assert_null(parse(&b, buf_slice(&q)));
	buf_fini(&q);
	bed_free(&b);
}

/* Twice the query takes about twice the time, not four times: 2 MB of it
 * would not end if something were quadratic. */
static void
test_linear(void **state)
{
	struct bed b = bed_new();
	struct buf q = {0};
	struct node *n;

	(void)state;
	buf_text(&q, "(a0)");
	for (int i = 1; i < 100000; i++)
		buf_printf(&q, " OR (\"w%d b\")", i);
	n = parse(&b, buf_slice(&q));
	assert_non_null(n);
	assert_int_equal(n->group.count, 100000);
	buf_fini(&q);
	bed_free(&b);
}

static void
test_shared(void **state)
{
	struct bed b = bed_new();
	struct node *n =
	    parse(&b, SLICE("(@list(boycott) AND x) OR @list(boycott)"));

	(void)state;
	assert_non_null(n);
	assert_ptr_equal(
	    n->group.items[0]->group.items[0], n->group.items[1]);
	bed_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good),
	    cmocka_unit_test(test_wrong),
	    cmocka_unit_test(test_warnings),
	    cmocka_unit_test(test_brand_word),
	    cmocka_unit_test(test_depth),
	    cmocka_unit_test(test_linear),
	    cmocka_unit_test(test_shared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
