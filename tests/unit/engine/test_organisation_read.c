/*
 * Goal: hours hold over midnight, holidays and both changes of the clocks;
 * what is wrong in an organisation file is told at its place, all at once.
 * Method: files in a private folder; single times asked.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "engine/base/clock.h"
#include "engine/organisation/organisation_plan.h"
#include "tests/unit/load.h"

static void
on_duty(const struct organisation *o, const char *id, const char *at, bool want)
{
	const struct team *team = organisation_team(o, id);
	int64_t ms = 0;

	assert_non_null(team);
	assert_true(clock_parse(slice_of(at), &ms));
	if (organisation_on_duty(o, team, ms) != want)
		fail_msg("%s at %s: not %d", id, at, want);
}

static void
test_hours(void **state)
{
	struct organisation *o = organisation_new();
	const struct team *team;
	int64_t ms = 0, back_ms = 0;
	char *said;

	(void)state;
	if (!load_text(load_take_organisation, o,
		"zone: Europe/Paris\nholidays: [2026-12-25]\nteams:\n"
		"  day: {brands: '*', hours: office}\n"
		"  night: {brands: '*', hours: [{days: fri, from: '22:00', "
		"to: '06:00'}]}\n"
		"  small: {brands: '*', hours: [{days: sun, from: '01:00', "
		"to: '03:00'}]}\n"
		"  always: {brands: '*'}\n"
		"  two: {brands: '*', people: [{name: A, hours: office}, "
		"{name: B, hours: office}], deputies: [always]}\n",
		&said))
		fail_msg("%s", said);
	on_duty(o, "day", "2026-11-23T07:59:00Z", false);
	on_duty(o, "day", "2026-11-23T08:00:00Z", true);
	on_duty(o, "day", "2026-11-23T17:00:00Z", false);
	on_duty(o, "day", "2026-12-25T10:00:00Z", false);
	on_duty(o, "always", "2026-12-25T10:00:00Z", true);
	on_duty(o, "night", "2026-11-27T21:00:00Z", true);
	on_duty(o, "night", "2026-11-28T04:59:00Z", true);
	on_duty(o, "night", "2026-11-28T05:00:00Z", false);
	on_duty(o, "night", "2026-11-27T04:00:00Z", false);
	/* the night that begins on a holiday is off as a whole */
	on_duty(o, "night", "2026-12-26T02:00:00Z", false);
	/* clocks forward: an hour; back: three */
	on_duty(o, "small", "2026-03-29T00:30:00Z", true);
	on_duty(o, "small", "2026-03-29T01:00:00Z", false);
	on_duty(o, "small", "2026-10-24T23:00:00Z", true);
	on_duty(o, "small", "2026-10-25T01:59:00Z", true);
	on_duty(o, "small", "2026-10-25T02:00:00Z", false);
	team = organisation_team(o, "two");
	assert_true(clock_parse(SLICE("2026-12-24T20:00:00Z"), &ms));
	assert_true(clock_parse(SLICE("2026-12-28T08:00:00Z"), &back_ms));
	assert_int_equal(organisation_back(o, team, ms), back_ms);
	assert_string_equal(organisation_second(o, team, back_ms), "B");
	assert_null(organisation_second(o, team, ms));
	free(said);
	organisation_free(o);
}

/* A house that closes for five weeks in summer says when it is back. */
static void
test_long_closure(void **state)
{
	struct organisation *o = organisation_new();
	struct buf file = {0};
	char *said = NULL;
	int64_t ms, back_ms;

	(void)state;
	buf_text(&file, "zone: Europe/Paris\nholidays: [");
	for (int day = 1; day <= 31; day++)
		buf_printf(&file, "2026-08-%02d, ", day);
	buf_text(&file, "2026-09-01]\nteams: {day: {brands: '*', hours: "
			"office}}\n");
	buf_char(&file, '\0');
	if (!load_text(load_take_organisation, o, file.data, &said))
		fail_msg("%s", said);
	assert_true(clock_parse(SLICE("2026-07-31T20:00:00Z"), &ms));
	assert_true(clock_parse(SLICE("2026-09-02T07:00:00Z"), &back_ms));
	assert_int_equal(organisation_back(o, organisation_team(o, "day"), ms),
	    back_ms);
	buf_fini(&file);
	free(said);
	organisation_free(o);
}

static void
test_all_at_once(void **state)
{
	static const char *const wanted[] = {
	    ":1:8: error: unknown model 'cordinated'",
	    "did you mean 'coordinated'?", ":2:7: error: no zone 'Europe/Pari'",
	    "did you mean 'Europe/Paris'?", ":3:11: error: '5' is no level",
	    ":6:24: error: unknown kind of a team 'center'",
	    "did you mean 'centre'?", ":7:26: error: nothing begins at 24:00",
	    ":8:18: error: team 'b' cannot stand in for itself",
	    ":8:21: error: unknown team 'aa'",
	    "error: this route gives the alert to nobody",
	    "error: a silence has 'author:'",
	    "error: after wants a time such as 15m, 2h"};
	struct organisation *o = organisation_new();
	char *said;

	(void)state;
	assert_false(load_text(load_take_organisation, o,
	    "model: cordinated\nzone: Europe/Pari\npromise: {5: always}\n"
	    "\nteams:\n  a: {brands: x, kind: center}\n"
	    "  c: {brands: x, hours: [{days: mon, from: '24:00'}]}\n"
	    "  b: {deputies: [b, aa], brands: y}\nroutes:\n  - {match: {}}\n"
	    "silences: [{match: {}, reason: r, until: 2026-12-01}]\n"
	    "escalation: [{after: soon, to: [a]}]\n",
	    &said));
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		if (strstr(said, wanted[i]) == NULL)
			fail_msg("no '%s' in:\n%s", wanted[i], said);
	free(said);
	organisation_free(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_hours),
	    cmocka_unit_test(test_long_closure),
	    cmocka_unit_test(test_all_at_once),
	};

	if (access("/usr/share/zoneinfo/Europe/Paris", R_OK) != 0) {
		printf("skipped: no zones, package tzdata\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
