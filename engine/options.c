/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/base/suggest.h"

struct option_row {
	const char *name, *value, *help;
	size_t offset;
};

static const struct option_row option_rows[] = {
#define OPTION(name, field, value, help)                                       \
	{name, value, help, offsetof(struct options, field)},
#include "engine/options.def"
#undef OPTION
};
#define OPTIONS (sizeof(option_rows) / sizeof(*option_rows))

struct command_row {
	const char *name, *accepts, *args, *help;
};

static const struct command_row command_rows[] = {
#define COMMAND(name, accepts, args, help) {#name, accepts, args, help},
#include "engine/commands.def"
#undef COMMAND
};
#define COMMANDS (sizeof(command_rows) / sizeof(*command_rows))

static const struct command_row *
command_find(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (!strcmp(command_rows[i].name, name))
			return &command_rows[i];
	return NULL;
}

/* Whether ${name} is a word of the blank-separated ${list}. */
static bool
accepts(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = list; *p != '\0';) {
		size_t word = strcspn(p, " ");

		if (word == n && !memcmp(p, name, n))
			return true;
		p += word + (p[word] == ' ');
	}
	return false;
}

static int
misuse(const char *command, const char *what, const char *which)
{
	fprintf(stderr, "vigie %s: %s%s%s\n", command, what,
	    which[0] ? ": " : "", which);
	fprintf(stderr, "help: vigie help %s\n", command);
	return EXIT_MISUSE;
}

static int
store(struct options *o, const struct option_row *row, const char *value)
{
	char *field = (char *)o + row->offset;

	if (row->value == NULL) {
		*(bool *)field = true;
	} else if (!strcmp(row->name, "rules")) {
		if (o->rules_count == OPTIONS_RULES_MAX)
			return misuse(o->command, "too many --rules", value);
		o->rules[o->rules_count++] = value;
	} else if (!strcmp(row->name, "workers")) {
		char *end;

		o->workers = strtol(value, &end, 10);
		if (*end != '\0' || o->workers < 1 ||
		    o->workers > (long)WORKERS_MAX)
			return misuse(
			    o->command, "--workers wants 1 to 64", value);
	} else if (!strcmp(row->name, "lang") && strcmp(value, "fr") &&
	    strcmp(value, "en")) {
		return misuse(o->command, "--lang wants fr or en", value);
	} else {
		*(const char **)(void *)field = value;
	}
	return 0;
}

static int
unknown_option(const struct command_row *command, const char *which, size_t n)
{
	struct suggest s;

	suggest_start(&s, (struct slice){which + 2, n});
	for (size_t k = 0; k < OPTIONS; k++)
		if (accepts(command->accepts, option_rows[k].name))
			suggest_offer(&s, slice_of(option_rows[k].name));
	if (s.best.data == NULL)
		return misuse(command->name, "unknown option", which);
	fprintf(stderr,
	    "vigie %s: unknown option: %s\n"
	    "help: did you mean --%.*s? vigie help %s\n",
	    command->name, which, SLICE_ARG(s.best), command->name);
	return EXIT_MISUSE;
}

static int
unknown_command(const char *which)
{
	struct suggest s;

	suggest_start(&s, slice_of(which));
	for (size_t k = 0; k < COMMANDS; k++)
		suggest_offer(&s, slice_of(command_rows[k].name));
	fprintf(stderr, "vigie: no command '%s'\nhelp: ", which);
	if (s.best.data != NULL)
		fprintf(stderr, "did you mean '%.*s'? ", SLICE_ARG(s.best));
	fprintf(stderr, "vigie help lists them\n");
	return EXIT_MISUSE;
}

/* One option at argv[*i]; "--name value" or "--name=value". */
static int
option(const struct command_row *command, int argc, char **argv, int *i,
    struct options *o)
{
	const char *name = argv[*i] + 2;
	const char *equals = strchr(name, '=');
	size_t n = equals != NULL ? (size_t)(equals - name) : strlen(name);

	for (size_t k = 0; k < OPTIONS; k++) {
		const struct option_row *row = &option_rows[k];

		if (strlen(row->name) != n || memcmp(row->name, name, n))
			continue;
		if (!accepts(command->accepts, row->name))
			break;
		if (row->value == NULL && equals != NULL)
			return misuse(
			    command->name, "takes no value", argv[*i]);
		if (row->value == NULL)
			return store(o, row, "");
		if (equals != NULL)
			return store(o, row, equals + 1);
		if (*i + 1 >= argc)
			return misuse(command->name, "needs a value", argv[*i]);
		return store(o, row, argv[++*i]);
	}
	return unknown_option(command, argv[*i], n);
}

int
options_parse(int argc, char **argv, struct options *o)
{
	const struct command_row *command;
	bool only_args = false;

	memset(o, 0, sizeof(*o));
	if (argc < 2) {
		fprintf(stderr, "usage: vigie COMMAND ...; see vigie help\n");
		return EXIT_MISUSE;
	}
	o->command = argv[1];
	if (!strcmp(o->command, "--version") || !strcmp(o->command, "-V"))
		o->command = "version";
	if (!strcmp(o->command, "--help") || !strcmp(o->command, "-h"))
		o->command = "help";
	command = command_find(o->command);
	if (command == NULL)
		return unknown_command(o->command);
	o->args = must_alloc(sizeof(*o->args) * (size_t)argc);
	for (int i = 2; i < argc; i++) {
		int rc = 0;

		if (only_args || argv[i][0] != '-' || argv[i][1] == '\0')
			o->args[o->args_count++] = argv[i];
		else if (!strcmp(argv[i], "--"))
			only_args = true;
		else if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
			exit(options_usage(command->name) ? 0 : 2);
		else if (argv[i][1] != '-')
			rc = misuse(command->name, "unknown option", argv[i]);
		else
			rc = option(command, argc, argv, &i, o);
		if (rc != 0)
			return rc;
	}
	if (o->args_count > 0 && command->args[0] == '\0')
		return misuse(command->name, "takes no argument", o->args[0]);
	return 0;
}

static void
usage_ctl(void)
{
	static const struct {
		const char *name, *argument, *help;
	} rows[] = {
#define CONTROL(name, argument, help) {#name, argument, help},
#include "engine/control/control.def"
#undef CONTROL
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char left[48];

		snprintf(left, sizeof(left), "%s%s%s", rows[i].name,
		    rows[i].argument[0] ? " " : "", rows[i].argument);
		printf("  %-26s %s\n", left, rows[i].help);
	}
}

bool
options_usage(const char *name)
{
	const struct command_row *command;

	if (name == NULL) {
		printf("vigie: the lookout for brands in public talk\n\n"
		       "usage: vigie COMMAND [OPTION]... [ARGUMENT]...\n\n");
		for (size_t i = 0; i < COMMANDS; i++)
			printf("  %-12s %s\n", command_rows[i].name,
			    command_rows[i].help);
		printf("\nvigie help COMMAND tells its options. Exit: 0 done, "
		       "1 something found or refused, 2 misuse.\n");
		return true;
	}
	command = command_find(name);
	if (command == NULL)
		return false;
	printf("usage: vigie %s%s%s%s\n%s\n", command->name,
	    command->accepts[0] ? " [OPTION]..." : "",
	    command->args[0] ? " " : "", command->args, command->help);
	if (!strcmp(name, "ctl"))
		usage_ctl();
	for (size_t i = 0; i < OPTIONS; i++) {
		const struct option_row *row = &option_rows[i];
		char left[48];

		if (!accepts(command->accepts, row->name))
			continue;
		snprintf(left, sizeof(left), "--%s%s%s", row->name,
		    row->value ? " " : "", row->value ? row->value : "");
		printf("  %-26s %s\n", left, row->help);
	}
	return true;
}
