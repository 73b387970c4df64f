/*
 * Goal: an organisation file becomes its teams, errors are located; each alert
 * gets the teams and the owner of CONTRACT 9.
 * Method: files in a private folder; alerts made by hand.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "engine/organisation/route.h"
#include "tests/unit/alerts.h"
#include "tests/unit/load.h"

static void
bad(const char *text, const char *want)
{
	struct organisation *o = organisation_new();

	load_bad(load_take_organisation, o, text, want);
	organisation_free(o);
}

/* "id>channel id>channel owner" of an alert about ${brand}. */
static void
routes(const struct organisation *o, const char *sector, const char *brand,
    uint8_t level, uint8_t previous, const char *want)
{
	struct alert *a = alerts_make(sector, brand, 1);
	char got[400] = "";

	a->level = level;
	a->previous_level = previous;
	route_owner(o, a);
	for (uint32_t i = 0; i < a->teams_count; i++)
		snprintf(got + strlen(got), sizeof(got) - strlen(got),
		    "%s>%s ", a->teams[i], a->channels[i]);
	snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s",
	    a->owner != NULL ? a->owner : "nobody");
	assert_string_equal(got, want);
	alert_unref(a);
}

static const char file[] =
    "teams:\n"
    "  social: {name: {fr: Équipe, en: Team}, brands: '*', sectors: '*'}\n"
    "  crisis: {brands: '*', sectors: [food], min_level: 3}\n"
    "  kitkat: {brands: [kitkat, aero], channel: 'agency:kitkat'}\n"
    "  press: {sectors: [food, toys], min_level: 2}\n";

static void
test_routes(void **state)
{
	struct organisation *o = load_organisation(file);

	(void)state;
	assert_int_equal(o->teams_count, 4);
	assert_string_equal(o->teams[0].id, "crisis");
	assert_string_equal(o->teams[3].name_fr, "Équipe");
	assert_string_equal(o->teams[3].name_en, "Team");
	assert_string_equal(o->teams[1].name_en, "kitkat");
	routes(o, "food", "kitkat", 1, 0,
	    "kitkat>agency:kitkat social>social kitkat");
	routes(o, "food", "kitkat", 3, 0,
	    "crisis>crisis kitkat>agency:kitkat press>press social>social "
	    "kitkat");
	/* A fall is told to those who heard of the rise. */
	routes(o, "food", "kitkat", 0, 3,
	    "crisis>crisis kitkat>agency:kitkat press>press social>social "
	    "kitkat");
	routes(o, "food", "mars", 2, 1, "press>press social>social press");
	routes(o, "food", NULL, 4, 0,
	    "crisis>crisis press>press social>social crisis");
	routes(o, "cars", NULL, 4, 0, "social>social social");
	routes(o, "cars", "lada", 4, 0, "crisis>crisis social>social crisis");
	organisation_free(o);
}

static void
test_everyone(void **state)
{
	struct organisation *o = organisation_new();

	(void)state;
	organisation_everyone(o);
	routes(o, "food", "kitkat", 1, 0, "all>all all");
	routes(o, "food", NULL, 1, 0, "all>all all");
	organisation_free(o);
}

static void
test_nobody(void **state)
{
	struct organisation *o =
	    load_organisation("teams: [{id: a, brands: [x]}]\n");

	(void)state;
	routes(o, "food", "kitkat", 4, 0, "nobody");
	routes(o, "food", NULL, 4, 0, "nobody");
	organisation_free(o);
}

static void
test_outlives(void **state)
{
	struct organisation *o = load_organisation(file);
	struct alert *a = alerts_make("food", "kitkat", 1);

	(void)state;
	route_owner(o, a);
	organisation_free(o);
	assert_string_equal(a->owner, "kitkat");
	assert_string_equal(a->channels[1], "agency:kitkat");
	alert_unref(a);
}

static void
test_errors(void **state)
{
	(void)state;
	bad("teams: {}\n", ":1:8: error: an organisation has at least one");
	bad("{}\n", "at least one team");
	bad("teams: {A: {brands: '*'}}\n", ":1:9: error: a team has an id");
	bad("teams: [{brands: '*'}]\n", ":1:9: error: a team has an id");
	bad("teams: {a: {}}\n", ":1:9: error: team 'a' would get nothing");
	bad("teams: {a: {brand: x}}\n",
	    ":1:13: error: unknown setting of a team 'brand'");
	bad("teams: {a: {brands: x, min_level: 5}}\n",
	    ":1:35: error: min_level wants a level from 0 to 4");
	bad("teams: {a: {brands: [X y]}}\n", ":1:22: error: ");
	bad("teams: {a: {brands: x, channel: 'a b'}}\n",
	    ":1:33: error: channel wants");
	bad("teams: {a: {brands: x, name: {de: y}}}\n", ":1:31: error: ");
	bad("teams: [{id: a, brands: x}, {id: a, brands: y}]\n",
	    "error: team 'a' is there twice");
	bad("team: {}\nteams: {a: {brands: x}}\n",
	    ":1:1: error: unknown setting 'team'");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_routes),
	    cmocka_unit_test(test_everyone),
	    cmocka_unit_test(test_nobody),
	    cmocka_unit_test(test_outlives),
	    cmocka_unit_test(test_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
