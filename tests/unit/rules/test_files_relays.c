/*
 * Goal: relays: is read (inline and from files, once each), every mistake in
 * it is a located error, and posts find their class by handle, id, site,
 * subdomain, source or followers.  So is role: of a topic.
 * Method: small files in a folder of our own under /tmp, loaded as a set.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/base/must.h"
#include "rules/rules.h"

static char folder[64];
static char *report;

static int
setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/vigie-relays-XXXXXX");
	return mkdtemp(folder) == NULL;
}

static int
teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	free(report);
	report = NULL;
	return system(command);
}

static void
file(const char *name, const char *text)
{
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static struct ruleset *
load(void)
{
	static const struct rules_options options;
	const char *paths[] = {folder};
	struct diag *diag = diag_new();
	struct ruleset *rs = ruleset_load(paths, 1, &options, diag);
	size_t size;
	FILE *out;

	free(report);
	out = open_memstream(&report, &size);
	diag_print(diag, out, false);
	fclose(out);
	diag_free(diag);
	return rs;
}

static enum rules_relay
class_of(const struct ruleset *rs, const char *handle, const char *url,
    uint64_t followers)
{
	struct post post;

	post_clear(&post);
	post.author_handle = slice_of(handle);
	post.url = slice_of(url);
	post.followers = followers;
	return ruleset_relay(rs, &post);
}

static void
test_classes(void **state)
{
	struct ruleset *rs;
	struct post post;

	(void)state;
	file("a.yaml",
	    "brands: {}\n"
	    "relays:\n"
	    "  reach: 5000\n"
	    "  journalist: ['@Anna_Press', '@12345']\n"
	    "  press: {file: press.txt}\n"
	    "  regulator: ['@dgccrf', 'www.Anses.fr']\n");
	file("press.txt", "# dailies\nlemonde.fr\n\n  @lemonde \r\n#tail\n");
	file("b.yaml", "topics: {x: {match: x}}\n"
		       "relays: {ngo: ['@greenpeace'], press: [lemonde.fr]}\n");
	rs = load();
	if (rs == NULL)
		fail_msg("%s", report);
	assert_int_equal(class_of(rs, "anna_press", NULL, POST_UNKNOWN),
	    RELAY_JOURNALIST);
	assert_int_equal(class_of(rs, "@ANNA_press", NULL, 9000),
	    RELAY_JOURNALIST);
	assert_int_equal(class_of(rs, "LeMonde", NULL, 1), RELAY_PRESS);
	assert_int_equal(class_of(rs, "greenpeace", NULL, 1), RELAY_NGO);
	assert_int_equal(class_of(rs, "x", "https://www.lemonde.fr/a?b", 1),
	    RELAY_PRESS);
	assert_int_equal(class_of(rs, "x", "https://notlemonde.fr/", 1),
	    RELAY_NONE);
	assert_int_equal(class_of(rs, "x", "http://sub.anses.fr:80", 1),
	    RELAY_REGULATOR);
	/* An account is no site, nor the other way round. */
	assert_int_equal(class_of(rs, "lemonde.fr", NULL, 1), RELAY_NONE);
	assert_int_equal(class_of(rs, "x", NULL, 4999), RELAY_NONE);
	assert_int_equal(class_of(rs, "x", NULL, 5000), RELAY_REACH);
	assert_int_equal(class_of(rs, "x", NULL, POST_UNKNOWN), RELAY_NONE);
	post_clear(&post);
	post.author_id = SLICE("12345");
	assert_int_equal(ruleset_relay(rs, &post), RELAY_JOURNALIST);
	post_clear(&post);
	post.source = SLICE("lemonde.fr");
	assert_int_equal(ruleset_relay(rs, &post), RELAY_PRESS);
	ruleset_unref(rs);
}

static void
test_default_reach(void **state)
{
	struct ruleset *rs;

	(void)state;
	file("a.yaml", "topics: {x: {match: x, role: mirror},"
		       " y: {match: y, role: removal}, z: {match: z}}\n");
	rs = load();
	assert_non_null(rs);
	assert_int_equal(class_of(rs, "x", NULL, 99999), RELAY_NONE);
	assert_int_equal(class_of(rs, "x", NULL, 100000), RELAY_REACH);
	assert_int_equal(ruleset_topic(rs, 0)->roles, ROLE_MIRROR);
	assert_int_equal(ruleset_topic(rs, 1)->roles, ROLE_REMOVAL);
	assert_int_equal(ruleset_topic(rs, 2)->roles, 0);
	ruleset_unref(rs);
}

static void
test_wrong(void **state)
{
	static const struct {
		const char *yaml, *said, *help;
	} rows[] = {
	    {"relays: {jurnalist: ['@a1']}", "a.yaml:2:10: error: ",
		"did you mean 'journalist'?"},
	    {"relays: {press: [lemonde]}", "'lemonde' is neither",
		"with its sign"},
	    {"relays: {press: ['https://lemonde.fr/x']}", "is neither",
		"a site"},
	    {"relays: {press: ['@']}", "'@' is neither", "with its sign"},
	    {"relays: {press: lemonde.fr}", "a list of accounts and sites",
		"['@anna_press', 'lemonde.fr']"},
	    {"relays: {press: {file: none.txt}}", "cannot read the list",
		"relative to this rule file"},
	    {"relays: {press: {fil: none.txt}}", "unknown key 'fil'",
		"did you mean 'file'?"},
	    {"relays: {reach: many}", "a whole number above 0", "100000"},
	    {"relays: {reach: 0}", "a whole number above 0", "100000"},
	    {"relays: [a]", "relays needs keys", "'key: value'"},
	    {"relays: {press: ['@a1'], ngo: ['@A1']}",
		"already stands in another class at", "one class"},
	    {"topics: {y: {match: y, role: removed}}",
		"a role is removal or mirror", "put up again"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char text[256];

		snprintf(text, sizeof(text), "sector: s\n%s\n", rows[i].yaml);
		file("a.yaml", text);
		assert_null(load());
		if (strstr(report, rows[i].said) == NULL ||
		    strstr(report, rows[i].help) == NULL)
			fail_msg("'%s', '%s' not in: %s", rows[i].said,
			    rows[i].help, report);
	}
	file("a.yaml", "topics: {x: {match: x}}\nrelays: {reach: 10}\n");
	file("b.yaml", "relays: {reach: 20}\n");
	assert_null(load());
	assert_non_null(strstr(report, "reach is already said at"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_classes, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_default_reach, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_wrong, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
