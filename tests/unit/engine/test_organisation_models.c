/*
 * Goal: under each model the same alert gets the owner, the deputy and the
 * informed that the model means.
 * Method: the tables tests/cases/organisation/X.case, each against the shipped
 * file rules/organisations/X.yaml: one alert a line, made by hand.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "engine/organisation/route.h"
#include "tests/unit/alerts.h"

#define COLUMNS 12

static struct organisation *
load(const char *name)
{
	struct organisation *o = organisation_new();
	struct diag *diag = diag_new();
	char path[200];

	snprintf(path, sizeof(path), "rules/organisations/%s.yaml", name);
	if (!organisation_load(o, path, diag)) {
		diag_print(diag, stderr, false);
		fail_msg("%s", path);
	}
	diag_free(diag);
	return o;
}

static char *
trim(char *text)
{
	char *end;

	while (*text == ' ')
		text++;
	end = text + strlen(text);
	while (end > text && (end[-1] == ' ' || end[-1] == '\n'))
		*--end = 0;
	return text;
}

static char *
maybe(const char *text)
{
	return text == NULL || !strcmp(text, "-") || !*text ? NULL
							    : strdup(text);
}

static enum alert_kind
kind_of(const char *name)
{
	for (int k = ALERT_DENSITY; k <= ALERT_SILENCE; k++)
		if (!strcmp(alert_kind_name((enum alert_kind)k), name))
			return (enum alert_kind)k;
	fail_msg("no kind '%s'", name);
	return ALERT_DENSITY;
}

/* "a/b" into two; the second is NULL when there is none. */
static void
halve(char *text, char sign, const char **a, const char **b)
{
	char *at = strchr(text, sign);

	*a = text;
	*b = NULL;
	if (at != NULL) {
		*at = 0;
		*b = at + 1;
	}
}

/* when | kind | level | about | topic | language | from */
static struct alert *
alert_of(char *const cell[])
{
	const char *a, *b;
	struct alert *alert;
	char when[40];

	halve(cell[3], '/', &a, &b);
	alert = alerts_make(a, b, 1);
	snprintf(
	    when, sizeof(when), "%.10sT%.5s:00Z", cell[0] + 4, cell[0] + 15);
	if (!clock_parse(slice_of(when), &alert->minute_ms))
		fail_msg("no time '%s'", cell[0]);
	alert->kind = kind_of(cell[1]);
	alert->level = (uint8_t)(cell[2][0] - '0');
	if (cell[2][1] == '<')
		alert->previous_level = (uint8_t)(cell[2][2] - '0');
	halve(cell[4], '@', &a, &b);
	alert->main_topic = maybe(a);
	alert->department = maybe(b);
	if (cell[4][0] == '=') { /* a pair: the alert names the topic itself */
		alert->subject = ALERT_PAIR;
		memmove(alert->main_topic, alert->main_topic + 1,
		    strlen(alert->main_topic));
		alert->topic = strdup(alert->main_topic);
	}
	halve(cell[5], '-', &a, &b);
	if (strcmp(cell[5], "") != 0) {
		alert->lang = maybe(a);
		alert->country = maybe(b);
	}
	alert->source = maybe(cell[6]);
	return alert;
}

static void
join(char *out, size_t bytes, const char *const *items, uint32_t count)
{
	out[0] = 0;
	for (uint32_t i = 0; i < count; i++)
		snprintf(out + strlen(out), bytes - strlen(out), "%s%s",
		    i == 0 ? "" : " ", items[i]);
	if (count == 0)
		snprintf(out, bytes, "-");
}

/* owner | deputy | why | informed | interlocutors */
static bool
agrees(const struct alert *a, char *const want[], char *said, size_t bytes)
{
	char informed[300], answer[300];
	const char *got[5];
	bool ok = true;

	join(informed, sizeof(informed), a->route->informed,
	    a->route->informed_count);
	join(answer, sizeof(answer), a->route->interlocutors,
	    a->route->interlocutors_count);
	got[0] = a->owner != NULL ? a->owner : "-";
	got[1] = a->route->deputy != NULL ? a->route->deputy : "-";
	got[2] = a->route->why;
	got[3] = informed;
	got[4] = answer;
	said[0] = 0;
	for (int i = 0; i < 5; i++) {
		ok = ok && (want[i] == NULL || !strcmp(got[i], want[i]));
		snprintf(
		    said + strlen(said), bytes - strlen(said), " | %s", got[i]);
	}
	return ok;
}

static void
run_table(const char *name)
{
	struct organisation *o = load(name);
	char path[200], line[600], before[600], said[900];
	unsigned bad = 0, rows = 0;
	FILE *file;

	snprintf(path, sizeof(path), "tests/cases/organisation/%s.case", name);
	file = fopen(path, "re");
	if (file == NULL)
		fail_msg("no %s", path);
	while (fgets(line, sizeof(line), file) != NULL) {
		char *cell[COLUMNS] = {NULL};
		struct alert *a;
		char *at = line;

		if (line[0] == '#' || line[0] == '\n')
			continue;
		memcpy(before, line, sizeof(before));
		for (int i = 0; i < COLUMNS && at != NULL; i++)
			cell[i] = trim(strsep(&at, "|"));
		assert_non_null(cell[10]);
		a = alert_of(cell);
		route_owner(o, a);
		assert_true(a->owner == NULL || a->route->why_fr[0] != 0);
		if (!agrees(a, cell + 7, said, sizeof(said))) {
			print_error("%s: %s  but got%s\n", path, before, said);
			bad++;
		}
		alert_unref(a);
		rows++;
	}
	fclose(file);
	organisation_free(o);
	assert_true(rows >= 10);
	assert_int_equal(bad, 0);
}

#define TABLE(test, name)                                                      \
	static void test(void **state)                                         \
	{                                                                      \
		(void)state;                                                   \
		run_table(name);                                               \
	}

TABLE(test_organic, "organic")
TABLE(test_centralised, "centralised")
TABLE(test_coordinated, "coordinated")
TABLE(test_dandelion, "dandelion")
TABLE(test_honeycomb, "honeycomb")
TABLE(test_hourglass, "hourglass")
TABLE(test_agencies, "agencies")

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_organic),
	    cmocka_unit_test(test_centralised),
	    cmocka_unit_test(test_coordinated),
	    cmocka_unit_test(test_dandelion),
	    cmocka_unit_test(test_honeycomb),
	    cmocka_unit_test(test_hourglass),
	    cmocka_unit_test(test_agencies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
