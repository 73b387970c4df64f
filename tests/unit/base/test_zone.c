/*
 * Goal: the wall of a zone is what the system's own clock library says, on
 * both sides of every change; rules for years that no file lists; a missing
 * or damaged file is an error that says which.
 * Method: the C library's localtime as oracle, over 15 zones and 80 years;
 * known days; files written by hand.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "engine/base/buf.h"
#include "engine/base/clock.h"
#include "engine/base/zone_parts.h"

#define HOUR_MS INT64_C(3600000)

static const char *const names[] = {"Europe/Paris", "Europe/London",
    "Europe/Dublin", "America/New_York", "America/Sao_Paulo",
    "America/St_Johns", "Asia/Kolkata", "Asia/Tokyo", "Asia/Tehran",
    "Australia/Lord_Howe", "Australia/Sydney", "Pacific/Apia",
    "Africa/Casablanca", "Antarctica/Troll", "America/Nuuk"};

static struct arena *arena;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static const struct zone *
load(const char *name)
{
	struct err err;
	const struct zone *z = zone_load(arena, NULL, name, &err);

	if (z == NULL)
		fail_msg("%s", err.text);
	return z;
}

static int64_t
utc(const char *text)
{
	int64_t ms = 0;

	assert_true(clock_parse(slice_of(text), &ms));
	return ms;
}

static void
wall(const struct zone *z, const char *at, const char *want)
{
	char got[24];

	clock_format(zone_wall(z, utc(at)), got);
	got[16] = 0;
	assert_string_equal(got, want);
}

static void
test_oracle(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const struct zone *z = load(names[i]);

		setenv("TZ", names[i], 1);
		tzset();
		/* 1971 to 2051, every 39 h 19 min: all hours of the day */
		for (int64_t s = 31536000; s < INT64_C(2556144000);
		     s += 20220 * 7) {
			time_t t = (time_t)s;
			struct tm tm;
			int64_t got = zone_wall(z, s * 1000) / 1000 - s;

			assert_non_null(localtime_r(&t, &tm));
			if (got != tm.tm_gmtoff)
				fail_msg("%s at %lld: %lld, not %ld", names[i],
				    (long long)s, (long long)got, tm.tm_gmtoff);
		}
	}
	unsetenv("TZ");
	tzset();
}

static void
test_changes(void **state)
{
	const struct zone *paris = load("Europe/Paris");

	(void)state;
	wall(paris, "2026-03-29T00:59:00Z", "2026-03-29T01:59");
	wall(paris, "2026-03-29T01:00:00Z", "2026-03-29T03:00");
	wall(paris, "2026-10-25T00:59:00Z", "2026-10-25T02:59");
	wall(paris, "2026-10-25T01:00:00Z", "2026-10-25T02:00");
	/* by the rule: no file goes that far */
	wall(paris, "2120-07-01T12:00:00Z", "2120-07-01T14:00");
	wall(paris, "2120-01-01T12:00:00Z", "2120-01-01T13:00");
	/* skipped: the moment of the jump; twice: the first */
	assert_int_equal(zone_time(paris, utc("2026-03-29T02:30:00Z")),
	    utc("2026-03-29T01:00:00Z"));
	assert_int_equal(zone_time(paris, utc("2026-10-25T02:30:00Z")),
	    utc("2026-10-25T00:30:00Z"));
	assert_int_equal(zone_time(paris, utc("2026-11-23T09:00:00Z")),
	    utc("2026-11-23T08:00:00Z"));
	assert_ptr_equal(load("UTC"), zone_utc());
	assert_int_equal(zone_wall(zone_utc(), 12345), 12345);
	assert_int_equal(
	    zone_weekday(zone_day(utc("2026-11-22T10:00:00Z"))), 6);
	assert_int_equal(zone_weekday(zone_day(-1)), 2);
}

static void
test_rules(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} rules[] = {{"CET-1CEST,M3.5.0,M10.5.0/3", true}, {"<+03>-3", true},
	    {"IST-1GMT0,M10.5.0,M3.5.0/1", true}, {"UTC0", true},
	    {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", true},
	    {"EST5EDT,J60/2,300/2", true}, {"EST5EDT4:30,M3.2.0,M11.1.0", true},
	    {"", false}, {"CE-1", false}, {"CET", false}, {"CET-1CEST", false},
	    {"CET-1CEST,M3.5.0", false}, {"CET-1CEST,M13.5.0,M10.5.0", false},
	    {"CET-1CEST,M3.5.0,M10.6.0", false}, {"CET-1CEST,J0,J1", false},
	    {"CET-1CEST,M3.5.0,M10.5.0/3x", false}, {"<+03-3", false}};
	struct zone_rule rule;

	(void)state;
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (zone_rule_parse(slice_of(rules[i].text), &rule) !=
		    rules[i].good)
			fail_msg("%s", rules[i].text);
	/* J60 is 1 March in every year */
	assert_true(zone_rule_parse(SLICE("EST5EDT,J60/2,J300/2"), &rule));
	assert_int_equal(
	    zone_rule_offset(&rule, utc("2024-03-01T06:59:59Z") / 1000),
	    -18000);
	assert_int_equal(
	    zone_rule_offset(&rule, utc("2024-03-01T07:00:00Z") / 1000),
	    -14400);
}

static void
wrong(const char *folder, const char *name, const char *want)
{
	struct err err = {0};

	assert_null(zone_load(arena, folder, name, &err));
	if (strstr(err.text, want) == NULL)
		fail_msg("wanted '%s' in '%s'", want, err.text);
}

static void
test_errors(void **state)
{
	struct buf help = {0};

	(void)state;
	wrong(NULL, "Europe/Pari", "no zone 'Europe/Pari'");
	wrong(NULL, "../../etc/passwd", "no zone");
	wrong(NULL, "/etc/passwd", "no zone");
	wrong(NULL, "Europe", "no zone 'Europe'");
	wrong(NULL, "", "no zone");
	wrong("/nonexistent", "Europe/Paris", "install the package tzdata");
	assert_null(zone_load(arena, NULL, "zone.tab", NULL));
	zone_near(NULL, "Europe/Pari", &help);
	assert_string_equal(help.data, "did you mean 'Europe/Paris'?");
	buf_clear(&help);
	zone_near("/nonexistent", "Europe/Pari", &help);
	assert_int_equal(help.len, 0);
	buf_fini(&help);
}

/* Every prefix, and every byte changed, is an error or a zone: never more. */
static void
test_damaged(void **state)
{
	char folder[] = "/tmp/vigie-zone-XXXXXX", path[64];
	char good[8192];
	FILE *in = fopen(ZONE_FOLDER "/Europe/Paris", "re");
	size_t bytes = fread(good, 1, sizeof(good), in);

	(void)state;
	fclose(in);
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/X", folder);
	for (size_t i = 0; i < bytes; i += i < 200 ? 1 : 37) {
		for (int cut = 0; cut < 2; cut++) {
			FILE *out = fopen(path, "we");
			const struct zone *z;

			good[i] = (char)~good[i];
			fwrite(good, 1, cut ? i : bytes, out);
			good[i] = (char)~good[i];
			fclose(out);
			z = zone_load(arena, folder, "X", NULL);
			if (z != NULL)
				zone_time(z, utc("2026-03-29T02:30:00Z"));
			assert_true(z == NULL || !cut);
		}
	}
	unlink(path);
	rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_oracle, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_changes, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_rules, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_errors, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_damaged, set_up, tear_down),
	};

	if (access(ZONE_FOLDER "/Europe/Paris", R_OK) != 0) {
		printf("skipped: no zones, package tzdata\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
