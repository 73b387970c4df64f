/*
 * Goal: authors and accounts get the same digits from any build, or state on
 * disks and lists of others would stand for nobody.
 * Method: known answers, those of `openssl dgst -mac HMAC` and `openssl enc
 * -aes-128-ecb` (CONTRACT 8: HMAC-SHA256).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/pseudonym.h"

static void
hex_is(const unsigned char *bytes, const char *want)
{
	char is[2 * PSEUDONYM_DIGEST_BYTES + 1];

	for (unsigned i = 0; i < PSEUDONYM_DIGEST_BYTES; i++)
		snprintf(is + (size_t)2 * i, 3, "%02x", bytes[i]);
	assert_string_equal(is, want);
}

static void
counting_key(unsigned char key[PSEUDONYM_KEY_BYTES])
{
	for (unsigned i = 0; i < PSEUDONYM_KEY_BYTES; i++)
		key[i] = (unsigned char)i;
}

static void
test_authors(void **state)
{
	unsigned char key[PSEUDONYM_KEY_BYTES], out[PSEUDONYM_DIGEST_BYTES];
	char digits[PSEUDONYM_HEX];

	(void)state;
	counting_key(key);
	pseudonym_digest(key, SLICE("@nestle"), out);
	hex_is(out,
	    "4ea1555538a3075c0992509c73f2e04eab2dc0bdbd2ac3ddb223f4e7ce16b2b6");
	pseudonym_author(key, SLICE("@nestle"), digits);
	assert_memory_equal(digits, "4ea1555538a3075c", PSEUDONYM_HEX);
}

/* Out of memory or not, and where two authors share a place in it. */
static void
test_digits(void **state)
{
	unsigned char key[PSEUDONYM_KEY_BYTES];
	char want[2][PSEUDONYM_HEX];
	struct pseudonym *p;

	(void)state;
	counting_key(key);
	p = pseudonym_new(key);
	pseudonym_author(key, SLICE("@nestle"), want[0]);
	pseudonym_author(key, SLICE("@greenpeace"), want[1]);
	for (unsigned turn = 0; turn < 3; turn++) {
		for (unsigned again = 0; again < 2; again++)
			assert_memory_equal(pseudonym_digits(p, 7,
			    SLICE("@nestle")), want[0], PSEUDONYM_HEX);
		assert_memory_equal(pseudonym_digits(p, 7 + (1u << 20),
		    SLICE("@greenpeace")), want[1], PSEUDONYM_HEX);
		assert_memory_equal(pseudonym_digits(p, 0,
		    SLICE("@nestle")), want[0], PSEUDONYM_HEX);
	}
	pseudonym_free(p);
}

static void
test_accounts(void **state)
{
	unsigned char key[PSEUDONYM_KEY_BYTES] = {0};
	struct pseudonym *p = pseudonym_new(key);

	(void)state;
	assert_true(pseudonym_account(p, 1) == UINT64_C(0x873f8ec6015b9c92));
	pseudonym_free(p);
	counting_key(key);
	p = pseudonym_new(key);
	assert_true(pseudonym_account(p, UINT64_C(0x0123456789abcdef)) ==
	    UINT64_C(0xbf40171d6ad71cec));
	pseudonym_free(p);
	pseudonym_free(NULL);
}

static void
test_keys(void **state)
{
	unsigned char key[PSEUDONYM_KEY_BYTES], other[PSEUDONYM_KEY_BYTES];

	(void)state;
	pseudonym_key("a key", key);
	hex_is(key,
	    "8fa3aab2faa9b79e0a0398da5b5abd0780142442a5be80b9a64608d718cb1fcd");
	pseudonym_key_random(key);
	pseudonym_key_random(other);
	assert_memory_not_equal(key, other, sizeof(key));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_authors),
	    cmocka_unit_test(test_accounts),
	    cmocka_unit_test(test_digits),
	    cmocka_unit_test(test_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
