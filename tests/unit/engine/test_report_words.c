/*
 * Goal: numbers, dates, delays and plurals are as each language writes them,
 * and no sentence of one language has a blank to fill that the other has not.
 * Method: by hand; the list itself for the parity.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "engine/base/clock.h"
#include "engine/leaves.h"
#include "engine/report/report_words.h"

static struct report_tongue fr = {.french = true}, en = {.french = false};
static struct buf out;

static const char *
text(void)
{
	buf_char(&out, '\0');
	out.len = 0;
	return out.data;
}

static int
setup(void **state)
{
	(void)state;
	fr.zone = en.zone = zone_utc();
	return 0;
}

static void
test_dates(void **state)
{
	int64_t ms, other;

	(void)state;
	assert_true(clock_parse(SLICE("2010-03-17T11:07:59Z"), &ms));
	assert_true(clock_parse(SLICE("2010-01-01T00:00:00Z"), &other));
	report_date(&out, &fr, ms, TIME_NONE);
	assert_string_equal(text(), "17" N "mars 2010, 11" N "h" N "07");
	report_date(&out, &en, ms, TIME_NONE);
	assert_string_equal(text(), "17" N "March 2010, 11:07");
	report_date(&out, &fr, other, ms);
	assert_string_equal(text(), "1er" N "janvier, 0" N "h" N "00");
	report_date(&out, &en, other, ms + INT64_C(31536000000));
	assert_string_equal(text(), "1" N "January 2010, 00:00");
}

static void
test_numbers(void **state)
{
	(void)state;
	report_count(&out, &fr, 1234567);
	assert_string_equal(text(), "1" N "234" N "567");
	report_count(&out, &en, 1234567);
	assert_string_equal(text(), "1,234,567");
	report_tenths(&out, &fr, 7700000);
	assert_string_equal(text(), "7,7");
	report_tenths(&out, &en, 7700000);
	assert_string_equal(text(), "7.7");
}

static void
test_delays(void **state)
{
	static const struct {
		int64_t minutes;
		const char *fr, *en;
	} rows[] = {{1, "1 minute", "1 minute"}, {59, "59 minutes",
	    "59 minutes"}, {60, "1 heure", "1 hour"},
	    {200, "3 heures 20 minutes", "3 hours 20 minutes"},
	    {26 * 60 + 5, "26 heures", "26 hours"},
	    {72 * 60, "3 jours", "3 days"}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		report_delay(&out, &fr, rows[i].minutes * MINUTE_MS);
		assert_string_equal(text(), rows[i].fr);
		report_delay(&out, &en, rows[i].minutes * MINUTE_MS);
		assert_string_equal(text(), rows[i].en);
	}
	report_delay(&out, &fr, 59999);
	assert_string_equal(text(), "moins d'une minute");
}

static void
test_plurals(void **state)
{
	(void)state;
	report_many(&out, &fr, MANY_hours, 0);
	assert_string_equal(text(), "0 heure");
	report_many(&out, &en, MANY_hours, 0);
	assert_string_equal(text(), "0 hours");
	report_many(&out, &fr, MANY_bad_lines, 1);
	assert_string_equal(text(), "1 ligne n'a pas pu être lue");
	report_many(&out, &fr, MANY_bad_lines, 2000);
	assert_string_equal(text(),
	    "2" N "000 lignes n'ont pas pu être lues");
}

/* Bit i: %i is filled in. */
static unsigned
blanks(const char *pattern)
{
	unsigned found = 0;

	for (const char *p = pattern; (p = strchr(p, '%')) != NULL; p++)
		found |= 1u << (p[1] - '0');
	return found;
}

static void
test_parity(void **state)
{
	(void)state;
	for (int i = 0; i < SAY_PHRASES; i++) {
		const char *a = report_phrase(&fr, (enum report_phrase)i);
		const char *b = report_phrase(&en, (enum report_phrase)i);

		if (blanks(a) != blanks(b))
			fail_msg("%s\n%s", a, b);
		/* ordinary blanks before double signs would break lines */
		if (strstr(a, " :") != NULL || strstr(a, " ;") != NULL ||
		    strstr(a, "« ") != NULL || strstr(a, " »") != NULL)
			fail_msg("a blank that breaks: %s", a);
	}
}

static bool
on_leaf(void *self, const char *path, enum json_kind kind,
    const struct json *j)
{
	(void)self;
	if (kind == JSON_OBJECT || kind == JSON_LIST)
		buf_printf(&out, "%s(", path);
	else
		buf_printf(&out, "%s=%.*s ", path, SLICE_ARG(j->raw));
	return true;
}

static void
test_leaves(void **state)
{
	int64_t micro;

	(void)state;
	assert_true(leaves_walk(SLICE("{\"a\":{\"b\":[1,{\"c\":\"x\"}]},"
				      "\"d\":[[2]],\"e\":null}"),
	    on_leaf, NULL));
	assert_string_equal(text(), "(a(a.b(a.b[]=1 a.b[](a.b[].c=x d(d[]("
				    "d[][]=2 e=null ");
	assert_false(leaves_walk(SLICE("{\"a\":"), on_leaf, NULL));
	text();
	assert_true(leaves_micro(SLICE("-12.3456789"), &micro));
	assert_int_equal(micro, -12345678);
	assert_false(leaves_micro(SLICE("1e5"), &micro));
	assert_false(leaves_micro(SLICE("12345678901234"), &micro));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_dates),
	    cmocka_unit_test(test_numbers),
	    cmocka_unit_test(test_delays),
	    cmocka_unit_test(test_plurals),
	    cmocka_unit_test(test_parity),
	    cmocka_unit_test(test_leaves),
	};
	int rc = cmocka_run_group_tests(tests, setup, NULL);

	buf_fini(&out);
	return rc;
}
