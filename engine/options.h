/*
 * The command line, from tables: commands.def says which command takes which
 * option, options.def what an option is.
 *
 * Every option takes one value but the flags; --rules repeats.  "-" is
 * standard input.  Misuse is said on stderr, exit 2.
 * Thread: main only.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_OPTIONS_H
#define ENGINE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#define OPTIONS_RULES_MAX 64

enum exit_code { EXIT_DONE = 0, EXIT_FOUND = 1, EXIT_MISUSE = 2 };

struct options {
	const char *command;
	const char *config, *organisation, *stats_json, *bucket, *view, *lang;
	const char *alert, *alerts, *state;
	const char *socket;
	const char *posts, *post, *rule, *top, *min;
	const char *examples, *from, *syntax, *sector;
	const char *journal, *since, *now, *format, *redis, *position;
	const char *handle, *share;
	const char *scenarios, *speed, *seed, *wave, *clock;
	const char *rules[OPTIONS_RULES_MAX];
	size_t rules_count;
	long workers; /* 0: not given */
	bool no_prefilter, no_cache, mentions, json, costs, check, list;
	bool compare, once;
	char **args; /* what is not an option, in order */
	size_t args_count;
};

/**
 * options_parse(argc, argv, o): fill ${o} from argv[1] (the command) on.
 * Returns 0, or EXIT_MISUSE after saying what is wrong.
 */
int options_parse(int argc, char **argv, struct options *o);

/** options_usage(command): help of one command on stdout; NULL: of all.
 * False when there is no such command. */
bool options_usage(const char *command);

/* Each is one file, cmd_<name>.c; returns the exit code. */
#define COMMAND(name, accepts, args, help) int cmd_##name(struct options *o);
#include "engine/commands.def"
#undef COMMAND

#endif
