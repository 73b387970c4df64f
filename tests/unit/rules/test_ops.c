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

static struct ruleset *
load(const char *query)
{
	static const struct rules_options options = {0};
	char path[] = "/tmp/vigie-op-XXXXXX.yaml";
	const char *paths[] = {path};
	struct diag *diag = diag_new();
	struct ruleset *rs;
	int fd = mkstemps(path, 5);

	assert_true(fd >= 0);
	dprintf(fd,
	    "sector: test\nbrands:\n  kitkat: {match: kitkat}\nrules:\n"
	    "  q:\n    when: |-\n      %s\n%s",
	    query, strstr(query, "brand") ? "    brand: kitkat\n" : "");
	close(fd);
	rs = ruleset_load(paths, 1, &options, diag);
	unlink(path);
	diag_print(diag, stderr, false);
	diag_free(diag);
	return rs;
}

static bool
fires(const struct ruleset *rs, const char *body)
{
	struct matcher *m = matcher_new();
	const struct verdict *v;
	struct text text;
	struct post post;
	bool fired = false;

	text_init(&text);
	matcher_fit(m, rs);
	post_clear(&post);
	post.text = slice_of(body);
	text_fold(&text, post.title, post.text, TEXT_POST);
	v = rules_match(m, &post, &text, 0);
	for (uint32_t i = 0; i < v->hits_count; i++)
		fired |= v->hits[i].kind == HIT_RULE;
	text_fini(&text);
	matcher_free(m);
	return fired;
}

static void
test_examples(void **state)
{
	const struct rules_operator *row;
	size_t i = 0;

	(void)state;
	for (; (row = rules_operators(i)) != NULL; i++) {
		struct ruleset *rs = load(row->query);

		assert_non_null(rs);
		if (!fires(rs, row->hit))
			fail_msg("%s: no hit: %s", row->name, row->hit);
		if (fires(rs, row->miss))
			fail_msg("%s: no miss: %s", row->name, row->miss);
		ruleset_unref(rs);
	}
	assert_int_equal(i, NODE_KINDS);
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
