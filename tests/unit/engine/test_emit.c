/*
 * The numbers and ids of a line of `match` are those of printf and buf_json.
 *
 * Method: every number of up to five digits and some larger ones, with each
 * number of decimals and either sign, beside the same made by snprintf; ids of
 * every length around what vectors hold, plain and with one byte that is
 * escaped at any place, beside buf_json.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/cpu.h"
#include "engine/emit.h"

static void
check_number(struct buf *out, int64_t milli)
{
	char want[40];
	long long size = milli < 0 ? -milli : milli;
	size_t len = (size_t)snprintf(want, sizeof(want), "%s%lld.%03lld",
	    milli < 0 ? "-" : "", size / 1000, size % 1000);

	while (want[len - 1] == '0')
		len--;
	len -= want[len - 1] == '.';
	buf_clear(out);
	emit_milli(out, milli);
	assert_int_equal(out->len, len);
	assert_memory_equal(out->data, want, len);
}

static void
test_numbers(void **state)
{
	static const int64_t decimals[] = {0, 1, 10, 100, 120, 123, 999};
	struct buf out = {0};

	(void)state;
	for (int64_t whole = 0; whole < 20000000000; whole += whole < 11000 ?
	     1 : whole / 3)
		for (size_t i = 0; i < sizeof(decimals) / sizeof(*decimals);
		     i++) {
			check_number(&out, whole * 1000 + decimals[i]);
			check_number(&out, -(whole * 1000 + decimals[i]));
		}
	buf_fini(&out);
}

static void
check_id(struct buf *out, struct buf *want, struct slice id)
{
	const struct verdict none = {0};
	struct post post;

	post_clear(&post);
	post.id = id;
	buf_clear(want);
	buf_text(want, "{\"id\":");
	buf_json(want, id);
	buf_text(want, ",\"score\":0,\"matches\":[]}\n");
	buf_fini(out); /* so that what is written behind its room shows */
	emit_match(out, NULL, &post, &none);
	assert_int_equal(out->len, want->len);
	assert_memory_equal(out->data, want->data, want->len);
}

static void
test_ids(void **state)
{
	static const char odd[] = "\"\\\x1f\x7f\xc3";
	struct buf out = {0}, want = {0};
	char id[140];

	(void)state;
	memset(id, 'x', sizeof(id));
	for (size_t len = 0; len < sizeof(id); len++) {
		check_id(&out, &want, (struct slice){id, len});
		for (size_t at = 0; at < len; at++) {
			id[at] = odd[at % (sizeof(odd) - 1)];
			check_id(&out, &want, (struct slice){id, len});
			id[at] = 'x';
		}
	}
	buf_fini(&out);
	buf_fini(&want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_numbers),
	    cmocka_unit_test(test_ids),
	};

	int rc = cmocka_run_group_tests(tests, NULL, NULL);

	return cpu_limit("plain")
	    ? rc + cmocka_run_group_tests(tests, NULL, NULL)
	    : 1;
}
