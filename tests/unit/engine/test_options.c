/*
 * Goal: the command line says what is wrong and never guesses.
 * Method: argument vectors, good and bad, and the struct they give.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/options.h"

/* main's vector is of char *, ours of literals that nobody writes to. */
#define ARGS(...)                                                              \
	static const char *const words[] = {"vigie", __VA_ARGS__, NULL};       \
	int argc = (int)(sizeof(words) / sizeof(*words)) - 1;                  \
	char **argv = (char **)(uintptr_t)words

static int
refused(int argc, char **argv)
{
	struct options o;
	int rc = options_parse(argc, argv, &o);

	free(o.args);
	return rc;
}

static void
test_values_flags_arguments(void **state)
{
	ARGS("match", "--rules", "a", "--rules=b", "--workers", "4",
	    "--no-prefilter", "x.ndjson", "-", "--", "--y");
	struct options o;

	(void)state;
	assert_int_equal(options_parse(argc, argv, &o), 0);
	assert_string_equal(o.command, "match");
	assert_int_equal(o.rules_count, 2);
	assert_string_equal(o.rules[1], "b");
	assert_int_equal(o.workers, 4);
	assert_true(o.no_prefilter);
	assert_false(o.mentions);
	assert_int_equal(o.args_count, 3);
	assert_string_equal(o.args[1], "-");
	assert_string_equal(o.args[2], "--y");
	free(o.args);
}

static void
test_misuse(void **state)
{
	(void)state;
	{
		ARGS("mach");
		assert_int_equal(refused(argc, argv), EXIT_MISUSE);
	}
	{
		ARGS("match", "--rules");
		assert_int_equal(refused(argc, argv), EXIT_MISUSE);
	}
	{
		ARGS("match", "--workers", "0");
		assert_int_equal(refused(argc, argv), EXIT_MISUSE);
	}
	{
		ARGS("match", "--workers", "2x");
		assert_int_equal(refused(argc, argv), EXIT_MISUSE);
	}
	{
		ARGS("match", "--mentions=yes");
		assert_int_equal(refused(argc, argv), EXIT_MISUSE);
	}
	{
		ARGS("check", "--workers", "2", "x");
		assert_int_equal(refused(argc, argv), EXIT_MISUSE);
	}
	{
		ARGS("run", "stray");
		assert_int_equal(refused(argc, argv), EXIT_MISUSE);
	}
	{
		ARGS("match", "-x");
		assert_int_equal(refused(argc, argv), EXIT_MISUSE);
	}
}

static void
test_help_knows_every_command(void **state)
{
	static const char *const names[] = {
#define COMMAND(name, accepts, args, help) #name,
#include "engine/commands.def"
#undef COMMAND
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		assert_true(options_usage(names[i]));
	assert_false(options_usage("nothing"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_values_flags_arguments),
	    cmocka_unit_test(test_misuse),
	    cmocka_unit_test(test_help_knows_every_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
