/*
 * Goal: state that was written under another key is refused by name, nothing
 * in it is changed or lost, and with the old key it goes on; a key file that
 * is gone is not replaced by a new one.
 * Method: lives of an engine on one folder; its files compared as bytes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/engine/state_bed.h"

/* A post, written and saved. */
static void
live_once(struct life *l)
{
	struct batch *b = posts_batch();
	struct post_by_hand p = {.t_ms = POSTS_START, .author = 5, .id = 9,
	    .brand = 1, .topic = 0, .harm = 800000};
	struct err err;

	posts_add(b, &p);
	judge_batch(l->judge, b);
	l->now_ms = judge_now(l->judge);
	state_batch(l->state, l->judge, true);
	assert_int_equal(state_flush(l->state, NULL, &err), 0);
	posts_free(b);
}

/* Try ${key}; NULL: the file's.  "" or why not. */
static const char *
try_key(const char *folder, const unsigned char *key)
{
	static struct err err;
	struct counters counters = {0};
	int64_t now_ms = 0;
	struct state_options o = {.folder = folder, .key = key,
	    .counters = &counters, .clock = clock_fixed(&now_ms)};
	struct state *s = state_open(&o, &err);

	if (s == NULL)
		return err.text;
	state_close(s);
	return "";
}

static void
shell(const char *what, const char *a, const char *b)
{
	char command[600];

	snprintf(command, sizeof(command), "%s '%s' '%s'", what, a, b);
	assert_int_equal(system(command), 0);
}

static void
another_key_is_refused(void **state)
{
	static const unsigned char other[PSEUDONYM_KEY_BYTES] = {8};
	char folder[200], copy[220];
	struct life l;
	const char *why;

	(void)state;
	assert_true(life_begin(&l, new_folder(folder), -1, 1));
	live_once(&l);
	life_end(&l);
	snprintf(copy, sizeof(copy), "%s.copy", folder);
	shell("cp -r", folder, copy);
	why = try_key(folder, other);
	assert_non_null(strstr(why, folder));
	assert_non_null(strstr(why, "written under another key than key: of "
				    "the configuration"));
	/* Nor is a key made up where that of before is not given. */
	assert_non_null(strstr(try_key(folder, NULL), "another key"));
	shell("diff -r", folder, copy);
	assert_true(life_begin(&l, folder, -1, 2));
	assert_int_equal(judge_now(l.judge), POSTS_START);
	life_end(&l);
	drop_folder(folder);
	drop_folder(copy);
}

static void
a_lost_file_is_not_made_anew(void **state)
{
	char folder[200], key[220], away[220];

	(void)state;
	new_folder(folder);
	snprintf(key, sizeof(key), "%s/key", folder);
	snprintf(away, sizeof(away), "%s.away", folder);
	assert_string_equal(try_key(folder, NULL), "");
	assert_string_equal(try_key(folder, NULL), "");
	assert_int_equal(rename(key, away), 0);
	assert_non_null(strstr(try_key(folder, NULL), "/key; give it that"));
	assert_int_equal(access(key, F_OK), -1);
	assert_int_equal(rename(away, key), 0);
	assert_string_equal(try_key(folder, NULL), "");
	drop_folder(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(another_key_is_refused),
	    cmocka_unit_test(a_lost_file_is_not_made_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
