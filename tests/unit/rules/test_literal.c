/*
 * Goal: literals of a regex are right, and there where they can be.
 * Method: a table of pattern -> literals in canonical text: "word" begins a
 * word, "word." is all of one, "word.>next" and "word.<last" with the whole
 * word beside it, "~part" lies anywhere; nothing: none is known.  That none is
 * wrong is shown by test_match_reference.c, which runs patterns of all these
 * forms.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/base/buf.h"
#include "rules/literal.h"

static const struct {
	const char *pattern, *want;
} rows[] = {
    {"\\bsolfetonix\\b", "solfetonix."},
    {"\\bsolfetonix(?!\\w)", "solfetonix."},
    {"\\bsolfetonix(?![\\w.-])", "solfetonix."},
    {"\\bsolfetonix(?!\\w)?", "solfetonix"},
    {"\\bsolfetonix(?!\\s)", "solfetonix"},
    {"\\bsolfetonix(?!x|\\w)", "solfetonix"},
    {"\\bsolfetonix(?=\\w)", "solfetonix"},
    {"\\bsolfetonix\\W", "solfetonix."},
    {"\\bsolfetonix\\W?", "solfetonix"},
    {"\\bsolfetonix\\B", "solfetonix"},
    {"\\bsolfetonix$", "solfetonix."},
    {"\\bsolfetonix\\z", "solfetonix."},
    {"\\bsolfetonix3$", "solfetonix"},
    {"\\bsolfetonix+\\b", "solfetonix"},
    {"\\b(?:solfetonix|x)\\b", ""},
    {"\\bsolfetonix (?:a|b)", "solfetonix."},
    {"\\bsolfetonix\\s+air\\b", "solfetonix.>air"},
    {"\\bsolfetonix\\s+air", "solfetonix."},
    {"\\bair\\s+solfetonix\\b", "solfetonix.<air"},
    {"\\bair\\s*solfetonix\\b", "air"},
    {"\\bair\\W+solfetonix\\b", "solfetonix."},
    {"\\bair-solfetonix-france\\b", "solfetonix.<air"},
    {"\\bair\\s+solfetonixs?\\b", "solfetonix"},
    {"solfetonix", "~solfetonix"},
    {"^solfetonix", "solfetonix"},
    {"#?solfetonix", "~solfetonix"},
    {"(?<!\\w)#?solfetonix", "solfetonix"},
    {"(?<![\\w.@-])#?clinique\\s+arrivederci(?!\\w)(?!\\s+(?:a|b))",
	"arrivederci.<clinique"},
    {"(?<![x])solfetonix", "~solfetonix"},
    {"(?<!\\s)solfetonix", "~solfetonix"},
    {"(?<=\\s)solfetonix", "solfetonix"},
    {"(?:^|\\s)solfetonix", "solfetonix"},
    {"\\s*solfetonix", "~solfetonix"},
    {"\\W+solfetonix", "solfetonix"},
    {"[ ,-]solfetonix", "solfetonix"},
    {"[ -~]solfetonix", "~solfetonix"},
    {"[^a]solfetonix", "~solfetonix"},
    {"\\bsolfetonix(?:\\s+(?:france|sa))?(?:'?s)?\\b", "solfetonix"},
    {"\\bsolfetonixs?\\b", "solfetonix"},
    {"\\bab*solfetonix", "~solfetonix"},
    {"\\b(?:palmix|cocox)\\b", "palmix cocox"},
    {"\\b(?:palmix|c)\\b", ""},
    {"(?:palmix|cocox){0,2}zz", ""},
    {"(?:palmix|cocox)+zz", "~palmix ~cocox"},
    {"(?<name>palmixo)", "~palmixo"},
    {"palmix|", ""},
    {"\\bpalmix|\\bcocox", "palmix cocox"},
    {"(?=palmix).", ""},
    {"(?!palmix).", ""},
    {"palmix*", "~palmi"},
    {"palmi{3}xa", "~palmi"},
    {"palmi{x", "~palmi"},
    {"(?i)palmix", ""},
    {"\\Qpalmix\\E", ""},
    {"(*UCP)palmix", ""},
    {"(?R)palmix", ""},
    {"(palmix)\\1", ""},
    {"\\x{61}palmix", "~palmix"},
    {"\\p{L}palmix", "~palmix"},
    {"\\pLpalmix", "~palmix"},
    {"[[:alpha:]]palmix", ""},
    {"[]a]palmix", "~palmix"},
    {".*", ""},
    {"", ""},
    {"a", ""},
    {"ab", ""},
    {"\\bab", "ab"},
    {"l'huilexo", "huilexo"},
    {"\\bcovidx19", "covidx"},
    {"palmix\\", ""},
    {"palmix)", ""},
    {"(palmix", ""},
};

static void
put(struct buf *out, const struct literal_set *set)
{
	for (uint32_t i = 0; i < set->count; i++) {
		if (i > 0)
			buf_char(out, ' ');
		if (!set->items[i].starts_word)
			buf_char(out, '~');
		buf_put(out, set->items[i].text, set->items[i].len);
		if (set->items[i].whole)
			buf_char(out, '.');
		if (set->items[i].beside_len == 0)
			continue;
		buf_char(out, set->items[i].near_before ? '<' : '>');
		buf_put(out, set->items[i].beside, set->items[i].beside_len);
	}
}

static void
test_table(void **state)
{
	struct frequency *f = frequency_new();
	struct literal_set *set = malloc(sizeof(*set));
	struct buf got = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		literal_find(set, f, slice_of(rows[i].pattern), false);
		buf_clear(&got);
		put(&got, set);
		if (!slice_is(buf_slice(&got), rows[i].want))
			fail_msg("%s: wanted '%s', got '%.*s'",
			    rows[i].pattern, rows[i].want,
			    SLICE_ARG(buf_slice(&got)));
	}
	literal_find(set, f, SLICE("\\bPALMix"), true);
	assert_int_equal(set->count, 1);
	assert_memory_equal(set->items[0].text, "palmix", 6);
	buf_fini(&got);
	free(set);
	frequency_free(f);
}

/* An ordinary or a crisis word loses against a name. */
static void
test_rare_wins(void **state)
{
	struct frequency *f = frequency_new();

	(void)state;
	assert_true(frequency_word(f, SLICE("panne")) >
		    10 * frequency_word(f, SLICE("zorglub")));
	assert_true(frequency_word(f, SLICE("de")) >
		    frequency_word(f, SLICE("panne")));
	assert_true(frequency_prefix(f, SLICE("boyco")) >
		    frequency_word(f, SLICE("boycott")));
	assert_true(frequency_inner(f, SLICE("oyco")) >
		    frequency_inner(f, SLICE("qxqx")));
	for (int i = 0; i < 3000; i++)
		frequency_use(f, SLICE("boulangerie"));
	assert_true(frequency_word(f, SLICE("boulangerie")) >
		    frequency_word(f, SLICE("boulangero")));
	frequency_free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_table),
	    cmocka_unit_test(test_rare_wins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
