/*
 * Goal: a brand's week is seven days of alerts that began, its topics' with
 * them; another brand's are its own.
 * Method: keys by hand.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/budget.h"

#define DAY 1440

static void
a_week_has_seven_days(void **state)
{
	struct key brand = {.subject = ALERT_BRAND, .serial = 2};
	struct key other = {.subject = ALERT_BRAND, .serial = 1};
	struct key pair = {.subject = ALERT_PAIR, .serial = 3, .up = &brand};
	struct budget *b = budget_new();

	(void)state;
	assert_int_equal(budget_count(b, &brand, 100 * DAY, true), 1);
	assert_int_equal(budget_count(b, &brand, 100 * DAY + 5, false), 1);
	assert_int_equal(budget_count(b, &pair, 103 * DAY, true), 2);
	assert_int_equal(budget_count(b, &other, 103 * DAY, true), 1);
	assert_int_equal(budget_count(b, &brand, 106 * DAY, true), 3);
	assert_int_equal(budget_count(b, &brand, 107 * DAY, false), 2);
	assert_int_equal(budget_count(b, &brand, 110 * DAY, false), 1);
	assert_int_equal(budget_count(b, &brand, 300 * DAY, false), 0);
	budget_free(b);
}

/* Its worst week counts, also when it is long past. */
static void
who_was_over(void **state)
{
	struct key keys[12];
	struct budget *b = budget_new();
	struct buf out = {0};

	(void)state;
	for (uint32_t i = 0; i < 12; i++)
		keys[i] = (struct key){
		    .subject = ALERT_BRAND, .serial = i, .name = "K"};
	for (int day = 0; day < 3; day++)
		budget_count(b, &keys[0], (100 + day) * DAY, true);
	budget_count(b, &keys[0], 200 * DAY, true);
	for (int i = 0; i < 2; i++)
		budget_count(b, &keys[1], 100 * DAY, true);
	assert_int_equal(budget_over(b, 3, &out), 0);
	assert_int_equal(out.len, 0);
	assert_int_equal(budget_over(b, 2, &out), 1);
	assert_true(slice_is(buf_slice(&out), "K 3"));
	buf_clear(&out);
	for (int i = 2; i < 12; i++)
		budget_count(b, &keys[i], 100 * DAY, true);
	assert_int_equal(budget_over(b, 0, &out), 12);
	assert_true(slice_is(buf_slice(&out),
	    "K 3, K 2, K 1, K 1, K 1, K 1, K 1, K 1, K 1, K 1 and 2 more"));
	buf_fini(&out);
	budget_free(b);
}

static void
what_the_operator_sees(void **state)
{
	struct key brand = {.subject = ALERT_BRAND, .serial = 2,
	    .sector = "food", .brand = "kitkat"};
	struct key sector = {.subject = ALERT_SECTOR, .serial = 1,
	    .sector = "food"};
	struct budget *b = budget_new();
	struct buf out = {0};

	(void)state;
	budget_count(b, &brand, 100 * DAY, true);
	budget_count(b, &brand, 105 * DAY, true);
	budget_count(b, &sector, 106 * DAY, true);
	assert_int_equal(budget_json(b, 106 * DAY, 1, &out), 1);
	buf_char(&out, '\0');
	assert_string_equal(out.data,
	    "[{\"sector\":\"food\",\"brand\":null,\"alerts\":1,"
	    "\"over\":false},{\"sector\":\"food\",\"brand\":\"kitkat\","
	    "\"alerts\":2,\"over\":true}]");
	/* Days go by without an alert. */
	buf_clear(&out);
	assert_int_equal(budget_json(b, 111 * DAY, 1, &out), 0);
	buf_char(&out, '\0');
	assert_string_equal(out.data,
	    "[{\"sector\":\"food\",\"brand\":null,\"alerts\":1,"
	    "\"over\":false},{\"sector\":\"food\",\"brand\":\"kitkat\","
	    "\"alerts\":1,\"over\":false}]");
	buf_clear(&out);
	assert_int_equal(budget_json(b, 300 * DAY, 1, &out), 0);
	assert_int_equal(out.len, 2);
	buf_fini(&out);
	budget_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_week_has_seven_days),
	    cmocka_unit_test(who_was_over),
	    cmocka_unit_test(what_the_operator_sees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
