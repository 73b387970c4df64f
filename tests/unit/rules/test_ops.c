/*
 * Goal: what each operator's own row promises holds: its example query
 * matches its hit and not its miss; and every kind of node has a row.
 * Method: the rows of ops.def, each query as a rule of a small brand.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/base/buf.h"
#include "rules/op.h"

/* As a value of YAML: a text in quotes, a post as the map it is. */
static void
put_example(int fd, const char *key, const char *example)
{
	dprintf(fd, "    %s:\n      - ", key);
	if (example[0] == '{') {
		dprintf(fd, "%s\n", example);
		return;
	}
	dprintf(fd, "'");
	for (const char *p = example; *p != '\0'; p++)
		dprintf(fd, *p == '\'' ? "''" : "%c", *p);
	dprintf(fd, "'\n");
}

/* The row as a rule whose examples are its own. */
static bool
holds(const struct rules_operator *row)
{
	static const struct rules_options options = {.selftest = true};
	char path[] = "/tmp/vigie-op-XXXXXX.yaml";
	const char *paths[] = {path};
	struct diag *diag = diag_new();
	struct ruleset *rs;
	int fd = mkstemps(path, 5);

	assert_true(fd >= 0);
	dprintf(fd,
	    "sector: test\nbrands:\n  kitkat: {match: kitkat}\n"
	    "macros:\n  anger: shame OR boycott\nrules:\n"
	    "  q:\n    when: |-\n      %s\n%s",
	    row->query,
	    strstr(row->query, "brand") ? "    brand: kitkat\n" : "");
	put_example(fd, "hit", row->hit);
	put_example(fd, "miss", row->miss);
	close(fd);
	rs = ruleset_load(paths, 1, &options, diag);
	unlink(path);
	diag_print(diag, stderr, false);
	diag_free(diag);
	if (rs != NULL)
		ruleset_unref(rs);
	return rs != NULL;
}

static void
test_examples(void **state)
{
	const struct rules_operator *row;
	size_t i = 0;

	(void)state;
	for (; (row = rules_operators(i)) != NULL; i++)
		if (!holds(row))
			fail_msg("%s: its example is not true", row->name);
	assert_int_equal(i, NODE_KINDS + FIELDS);
}

static void
test_every_kind_has_a_row(void **state)
{
	(void)state;
	for (int kind = 0; kind < NODE_KINDS; kind++) {
		assert_non_null(ops_table[kind]);
		assert_non_null(ops_table[kind]->eval);
		assert_non_null(ops_table[kind]->occurrences);
	}
}

/* The row's text is printed by `vigie help` and goes into the docs. */
static void
test_rows_are_complete(void **state)
{
	const struct rules_operator *row;

	(void)state;
	for (size_t i = 0; (row = rules_operators(i)) != NULL; i++) {
		assert_true(row->name[0] && row->syntax[0] && row->help[0]);
		assert_true(row->query[0] && row->hit[0] && row->miss[0]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_examples),
	    cmocka_unit_test(test_every_kind_has_a_row),
	    cmocka_unit_test(test_rows_are_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
