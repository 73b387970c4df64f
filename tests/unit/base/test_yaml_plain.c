/*
 * Goal: what the quick reader of YAML accepts is read exactly as libyaml
 * reads it, and libyaml has nothing to say about it.
 * Method: differential, every node with all its places: the shipped rule
 * files, snippets written for the purpose, and some 100,000 seeded mutations
 * of them.  Closed entries are opened for the comparison.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/base/buf.h"
#include "engine/base/must.h"
#include "engine/base/rand.h"
#include "engine/base/yaml_plain.h"

static const char *const closed[] = {"brands", "topics", "rules", NULL};

static void
dump(struct buf *out, struct arena *arena, const struct yaml *node,
    const char *base, bool with_key)
{
	node = yaml_open(arena, node);
	buf_printf(out, "%d %u:%u+%u n%u q%d b%d", (int)node->kind,
	    node->place.line, node->place.column, node->place.width,
	    node->count, node->quoted, node->broken);
	if (with_key) {
		buf_printf(out, " k%u:%u+%u ", node->key_place.line,
		    node->key_place.column, node->key_place.width);
		buf_slice_put(out, node->key);
		assert_int_equal(node->key.data[node->key.len], 0);
	}
	if (node->kind == YAML_SCALAR) {
		buf_printf(out, " r%zu+%zu t%d ",
		    (size_t)(node->raw.data - base), node->raw.len,
		    node->tail.data != NULL);
		buf_slice_put(out, node->text);
		assert_int_equal(node->text.data[node->text.len], 0);
	}
	buf_text(out, "\n");
	for (const struct yaml *v = node->first; v != NULL; v = v->next)
		dump(out, arena, v, base, node->kind == YAML_MAP);
}

/* Whether the quick reader took it. */
static bool
compare(struct slice bytes)
{
	struct arena *arena = arena_new();
	struct diag *diag = diag_new();
	const char *path = diag_file(diag, "f", bytes);
	bool taken = false;

	for (int i = 0; i < 2; i++) {
		struct yaml *quick = yaml_plain_parse(
		    arena, path, bytes, i == 0 ? closed : NULL);
		struct yaml *slow;
		struct buf a = {0}, b = {0};

		if (quick == NULL)
			continue;
		taken = true;
		slow = yaml_parse_most(arena, path, bytes, diag);
		dump(&a, arena, quick, bytes.data, false);
		buf_char(&a, '\0');
		if (slow != NULL)
			dump(&b, arena, slow, bytes.data, false);
		buf_char(&b, '\0');
		if (slow == NULL || strcmp(a.data, b.data) != 0 ||
		    diag_errors(diag) + diag_warnings(diag) > 0) {
			print_error("--- file\n%.*s\n--- quick\n%s--- libyaml\n"
				    "%s",
			    SLICE_ARG(bytes), a.data, b.data);
			diag_print(diag, stderr, false);
			fail();
		}
		buf_fini(&a);
		buf_fini(&b);
	}
	diag_free(diag);
	arena_free(arena);
	return taken;
}

static const char *const snippets[] = {
    "# c\nsector: food\nbrands:\n  a: {name: 'It''s', match: '\"x y\"'}\n"
    "  b-1: {match: x, own: ['@a', b]} # c\n\n  c:\n    match: x OR y\n"
    "    hit: [a, 'b, c', \"d\"]\n    miss:\n      - one\n"
    "      - 'tw\xc3\xb6'\n"
    "rules:\n  r: {weight: -1}\n",
    "a: \xc3\xa9t\xc3\xa9 \nb: 'x' # c\nc: []\nd: {}\ne: [ a , b ]\n",
    "topics:\n  t:\n    name: {fr: Huile, en: Oil}\n    match: 'a' \n"
    "    x: y\n",
    "lists:\n  l: ['a', \"b\", '#c']\n  m:\n    - a\n    - [b, {c: d}]\n",
    "a:\n  b:\n    c:\n      d: e\n  f: 1.5\n",
    "a: x:y z#1 (b) /c+/\nb: (a AND b) OR \"c\"\n",
};

static void
test_snippets(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(snippets) / sizeof(*snippets); i++)
		if (!compare(slice_of(snippets[i])))
			fail_msg("refused: %s", snippets[i]);
}

/* What it must leave to libyaml. */
static void
test_refused(void **state)
{
	static const char *const texts[] = {"", "# c\n", "a: b\n c\n",
	    "a: @b\n", "a: b\na: c\n", "a: 'b\n  c'\n", "a: \"\\x41\"\n",
	    "a:\tb\n", "a: b\r\n", "a: &x b\n", "a: *x\n", "a: !t b\n",
	    "a: b\n---\na: c\n", "a: {b: c}}\n", "a: [b\n", "a: b: c\n",
	    "a: b #c\n", "a: {b:c}\n", "a: [b, ]\n", "a: >\n  b\n", "- a\n",
	    "a: \xff\n", "a: \xc2\x85\n", "a: 'b'c\n", "a:\n", "a:\n- b\n",
	    "? a\n", "a: - b\n", "a: b\n  c: d\n", "a: `b\n", "<<: b\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (compare(slice_of(texts[i])))
			fail_msg("taken: %s", texts[i]);
}

/* A byte or a few changed, cut out, doubled, or put in from the signs that
 * mean something. */
static void
mutate(struct rand *r, struct buf *text)
{
	static const char signs[] =
	    "\n\n\n    :::'''\"\"{}[],,#-->|*&!?%@`~\\\t\r.a1\xc3\xa9";
	unsigned changes = 1 + (unsigned)rand_below(r, 3);

	while (changes-- > 0 && text->len > 4) {
		size_t at = rand_below(r, (uint32_t)text->len - 3);
		size_t n = 1 + rand_below(r, 3);
		char c = signs[rand_below(r, sizeof(signs) - 1)];

		switch (rand_below(r, 4)) {
		case 0:
			text->data[at] = c;
			break;
		case 1:
			memmove(text->data + at, text->data + at + n,
			    text->len - at - n);
			text->len -= n;
			break;
		default:
			buf_char(text, ' ');
			memmove(text->data + at + 1, text->data + at,
			    text->len - at - 1);
			text->data[at] = c;
			break;
		}
	}
}

static void
test_mutations(void **state)
{
	const char *often = getenv("VIGIE_FUZZ_ROUNDS");
	size_t rounds = often != NULL ? strtoul(often, NULL, 10) : 100000;
	struct buf text = {0};
	size_t taken = 0;
	struct rand r;

	(void)state;
	rand_seed(&r, 76);
	for (size_t i = 0; i < rounds; i++) {
		text.len = 0;
		buf_text(&text, snippets[i % (sizeof(snippets) /
						 sizeof(*snippets))]);
		mutate(&r, &text);
		taken += compare(buf_slice(&text));
	}
	buf_fini(&text);
	print_message("%zu of %zu mutations taken\n", taken, rounds);
	assert_true(taken * 10 > rounds);
}

static void
compare_file(const char *path)
{
	struct buf text = {0};
	FILE *in = fopen(path, "r");
	size_t n;

	REQUIRE(in != NULL);
	do {
		n = fread(buf_reserve(&text, 65536), 1, 65536, in);
		text.len += n;
	} while (n > 0);
	fclose(in);
	compare(buf_slice(&text));
	buf_fini(&text);
}

static void
test_shipped(void **state)
{
	FILE *list = popen("find rules -name '*.yaml' | sort", "r");
	char path[512];
	unsigned files = 0;

	(void)state;
	REQUIRE(list != NULL);
	for (; fgets(path, sizeof(path), list) != NULL; files++) {
		path[strcspn(path, "\n")] = '\0';
		compare_file(path);
	}
	pclose(list);
	assert_true(files > 20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_snippets),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_mutations),
	    cmocka_unit_test(test_shipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
