/*
 * Goal: a set that was loaded with what the load before left behind is the
 * set that a load from nothing gives, and tells the same.
 * Method: seeded random edits of a small set on the disk, good ones and bad
 * ones, one after another; after each both loads: id, verdicts with spans on
 * many posts, owners and places of regexes, everything in the diag.  The
 * patches must be counted, so that the test is of them.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/unit/rules/random_set.h"

/* ---- edits --------------------------------------------------------------- */

/* One entry gets another body; now and then a bad one, or none. */
static void
edit_entry(struct set *s)
{
	unsigned file = below(s, FILES), i = below(s, ENTRIES);
	struct buf *out;

	if (file > 0 && below(s, 3) == 0)
		make_brand(s, file, i);
	else if (below(s, 12) == 0)
		make_topic(s, file);
	else
		make_rule(s, file, i);
	out = &s->rule[file][i];
	switch (below(s, 40)) {
	case 0:
		out->len = 0; /* gone, until it is made again */
		break;
	case 1:
		buf_printf(out, "  extra%u: {when: '%s'}\n", below(s, 3),
		    PICK(s, words));
		break;
	case 2:
		out->len = 0;
		buf_printf(out, "  r%u-%02u: {when: 'a AND'}\n", file, i);
		break;
	case 3:
		out->len = 0;
		buf_printf(out, "  r%u-%02u: {brand: nobody, when: x}\n", file,
		    i);
		break;
	case 4:
		out->len = 0;
		buf_printf(out,
		    "  r%u-%02u: {when: palm, hit: [palm], miss: [oil]}\n",
		    file, i);
		break;
	case 5:
		out->len = 0;
		buf_printf(out, "  r%u-%02u: {when: palm, hit: [oil]}\n", file,
		    i);
		break;
	case 6:
		out->len = 0;
		buf_printf(out, "  r%u-%02u: {when: '@list(none)'}\n", file,
		    i);
		break;
	case 7:
		out->len = 0;
		buf_printf(out, "  r%u-%02u: {when: 'rule:r1-00'}\n", file, i);
		break;
	case 8:
		out->len = 0;
		buf_printf(out, "  r%u-%02u: {when: '/(/'}\n", file, i);
		break;
	case 9:
		out->len = 0;
		buf_printf(out, "  r%u-%02u:\n\n    when: >\n      palm\n",
		    file, i);
		break;
	case 10:
		buf_text(out, "  # said behind it\n\n");
		break;
	case 11:
		s->list++;
		break;
	default:
		break;
	}
}

static void
test_edits(void **state)
{
	const char *often = getenv("VIGIE_FUZZ_ROUNDS");
	unsigned rounds =
	    often != NULL ? (unsigned)strtoul(often, NULL, 10) : 400;
	struct set s = {0};
	struct rules_base *base = rules_base_new();
	struct ruleset *known;
	unsigned refused = 0;
	char *told, *told_again;

	(void)state;
	rand_seed(&s.rand, 77);
	memcpy(s.folder, "/tmp/vigie-patch-XXXXXX", 24);
	REQUIRE(mkdtemp(s.folder) != NULL);
	make_all(&s);
	known = load(&s, base, NULL, &told);
	if (known == NULL)
		fail_msg("%s", told);
	free(told);
	for (unsigned i = 0; i < rounds; i++) {
		struct ruleset *patched, *fresh;

		for (uint32_t k = 1 + below(&s, 3); k > 0; k--)
			edit_entry(&s);
		for (unsigned f = 0; f < FILES; f++)
			write_file(&s, f);
		patched = load(&s, base, known, &told);
		fresh = load(&s, NULL, NULL, &told_again);
		assert_string_equal(told, told_again);
		free(told);
		free(told_again);
		assert_int_equal(patched == NULL, fresh == NULL);
		if (patched == NULL) { /* mend all */
			refused++;
			make_all(&s);
			continue;
		}
		compare(&s, patched, fresh, i);
		ruleset_unref(fresh);
		ruleset_unref(known);
		known = patched;
	}
	print_message("%u edits: %lu patches, %u refused\n", rounds,
	    (unsigned long)rules_base_patches(base), refused);
	assert_true(rules_base_patches(base) > rounds / 5);
	assert_true(refused > rounds / 50);
	ruleset_unref(known);
	rules_base_free(base);
	remove_all(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_edits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
