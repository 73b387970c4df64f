/*
 * Goal: a person reads the replay: sentences, quotes, curve, totals, in the
 * language asked for, and a file never gets an escape code.
 * Method: feed a view that writes to a temporary file and read it back.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/view.h"
#include "engine/view_chart.h"
#include "engine/view_words.h"

#define START_MS INT64_C(1268784000000) /* 2010-03-17T00:00:00Z */

static char told[65536];

/* One day: calm until noon, then 24; an alert of level 3 at 12:05. */
static const char *
replay(bool french, bool colour, bool live)
{
	struct view_options o = {
	    .out = tmpfile(), .french = french, .colour = colour, .live = live};
	struct view *v = view_open(&o);
	struct alert a = {.sector = (char *)(uintptr_t) "confectionery",
	    .brand = (char *)(uintptr_t) "nestle", .level = 3,
	    .minute_ms = START_MS + 725 * MINUTE_MS};
	size_t n;

	buf_text(&a.fr, "Nestlé : 27 voix sur 100.");
	buf_text(&a.en, "Nestlé: 27 voices of 100.");
	/* The first two in time are not those that say most. */
	buf_text(&a.facts, ",\"RD\":27,\"evidence\":["
			   "{\"why\":\"first\",\"text\":\"third\"},"
			   "{\"why\":\"widest_reach\",\"text\":\"sec"
			   "\x7f\xc2\x9b\xe2\x80\xaeond\"},"
			   "{\"why\":\"most_harmful\",\"text\":\"first "
			   "\\\"post\\\"\\nof two\"},"
			   "{\"why\":\"latest\",\"text\":\"third\"}]");
	for (int m = 1; m <= 1440; m++) {
		view_posts(v, 2);
		view_density(v, START_MS + m * MINUTE_MS, "confectionery",
		    m > 720 ? 24000000 : 0);
		view_density(v, START_MS + m * MINUTE_MS, "food", 0);
		if (m == 725)
			view_alert(v, &a);
	}
	view_end(v, 1234);
	rewind(o.out);
	n = fread(told, 1, sizeof(told) - 1, o.out);
	told[n] = '\0';
	fclose(o.out);
	buf_fini(&a.fr);
	buf_fini(&a.en);
	buf_fini(&a.facts);
	return told;
}

static void
tells_in_both_languages(void **state)
{
	const char *text;

	(void)state;
	text = replay(true, false, false);
	assert_non_null(strstr(text, "mer. 17 mars 12:05"));
	assert_non_null(strstr(text, "3 alerte"));
	assert_non_null(strstr(text, "Nestlé : 27 voix"));
	assert_non_null(strstr(text, "«\xc2\xa0"
				     "first \"post\" of two\xc2\xa0»"));
	assert_non_null(strstr(text, "sec  ond"));
	assert_null(strstr(text, "third"));
	assert_non_null(
	    strstr(text, "2 880 messages lus, 120 par heure, en 1,2 s"));
	assert_non_null(strstr(text, "max 24,0"));
	text = replay(false, false, false);
	assert_non_null(strstr(text, "Wed 17 Mar 12:05"));
	assert_non_null(
	    strstr(text, "2,880 posts read, 120 an hour, in 1.2 s"));
	assert_non_null(strstr(text, "highest 24.0"));
}

static void
a_file_gets_no_escape_codes(void **state)
{
	(void)state;
	assert_null(strchr(replay(true, false, false), '\033'));
	assert_null(strchr(told, '\r'));
	assert_non_null(strstr(replay(true, true, false), "\033[1;31m"));
	assert_non_null(strstr(replay(true, true, true), "\r\033[K"));
}

static void
a_calm_sector_has_no_curve(void **state)
{
	(void)state;
	assert_null(strstr(replay(false, false, false), "sector food"));
	assert_non_null(strstr(told, "sector confectionery"));
}

static void
curve_rises_where_the_density_does(void **state)
{
	struct view_chart c;
	struct buf out = {0};

	(void)state;
	view_chart_init(&c, "s");
	for (int h = 0; h < 24; h++)
		view_chart_add(&c, START_MS + (h * 60 + 1) * MINUTE_MS,
		    h < 12 ? 0 : 24000000, h == 12 ? 2 : 0);
	assert_int_equal(c.hours, 24);
	view_chart_recent(&c, &out, 4);
	buf_char(&out, '\0');
	assert_string_equal(out.data, "████");
	buf_clear(&out);
	view_chart_draw(&c, &out, false, false);
	buf_char(&out, '\0');
	/* The top row: twelve calm hours, then twelve full blocks. */
	assert_non_null(
	    strstr(out.data, "24 ┤            ████████████\n"));
	assert_non_null(strstr(out.data, " level ┤            2\n"));
	assert_non_null(strstr(out.data, "Wed 17 Mar"));
	buf_fini(&out);
	view_chart_fini(&c);
}

static void
lines_break_between_words(void **state)
{
	struct buf out = {0};

	(void)state;
	view_wrap(&out, SLICE("été après été, « là » !"), 2, 17, 9);
	buf_char(&out, '\0');
	/* Never before the closing quote or the exclamation mark. */
	assert_string_equal(out.data, "  été après été,\n  « là » !\n");
	buf_clear(&out);
	view_wrap(&out, SLICE("one two three four five"), 0, 9, 2);
	buf_char(&out, '\0');
	assert_string_equal(out.data, "one two\nthree…\n");
	buf_clear(&out);
	view_wrap(&out, SLICE("abcdefghij"), 0, 4, 9);
	buf_char(&out, '\0');
	assert_string_equal(out.data, "abcd\nefgh\nij\n");
	buf_fini(&out);
}

static void
numbers_and_languages(void **state)
{
	struct buf out = {0};

	(void)state;
	view_number(&out, 1234567, false);
	buf_char(&out, ' ');
	view_number(&out, 999, true);
	buf_char(&out, ' ');
	view_number(&out, 1001, true);
	buf_char(&out, '\0');
	assert_string_equal(out.data, "1,234,567 999 1 001");
	setenv("LC_ALL", "fr_FR.UTF-8", 1);
	assert_true(view_detect(stderr, NULL).french);
	assert_false(view_detect(stderr, "en").french);
	setenv("LC_ALL", "C", 1);
	assert_false(view_detect(stderr, NULL).french);
	assert_true(view_detect(stderr, "fr").french);
	buf_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tells_in_both_languages),
	    cmocka_unit_test(a_file_gets_no_escape_codes),
	    cmocka_unit_test(a_calm_sector_has_no_curve),
	    cmocka_unit_test(curve_rises_where_the_density_does),
	    cmocka_unit_test(lines_break_between_words),
	    cmocka_unit_test(numbers_and_languages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
