/*
 * Goal: a term that is known stays settled, however many others share its
 * row; one that is young, or was never met, is not.
 * Method: keys that differ only in bits that choose no row.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/density/terms.h"

#define TERMS 100u

static uint64_t
key_of(uint64_t n)
{
	return UINT64_C(7) << 40 | n << 1 | 1;
}

static void
a_known_term_stays_settled_in_a_full_row(void **state)
{
	struct terms *t = terms_new();
	uint32_t turn = terms_turn(t);

	(void)state;
	for (uint64_t n = 0; n < TERMS; n++)
		terms_learn(t, key_of(n));
	/* The first was pushed out: it is not at hand, but known. */
	assert_false(terms_prepare(t, key_of(0)));
	assert_true(terms_prepare(t, key_of(TERMS - 1)));
	for (uint64_t n = 0; n < TERMS; n++) {
		assert_true(terms_settled(t, key_of(n)));
		assert_true(terms_prepare(t, key_of(n)));
	}
	assert_int_equal(terms_turn(t), turn);
	terms_free(t);
}

static void
a_young_or_unknown_term_is_not_settled(void **state)
{
	struct terms *t = terms_new();

	(void)state;
	terms_learn(t, key_of(1));
	terms_young(t, key_of(2), 5);
	assert_false(terms_settled(t, key_of(2)));
	assert_false(terms_prepare(t, key_of(2)));
	assert_false(terms_settled(t, key_of(3)));
	terms_learn(t, key_of(2));
	assert_null(terms_find(t, key_of(2)));
	assert_true(terms_settled(t, key_of(2)));
	terms_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_known_term_stays_settled_in_a_full_row),
	    cmocka_unit_test(a_young_or_unknown_term_is_not_settled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
