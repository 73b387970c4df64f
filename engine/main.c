/*
 * Composition root: argv to command.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/cpu.h"
#include "engine/base/log.h"
#include "engine/base/must.h"
#include "engine/options.h"

static const struct {
	const char *name;
	int (*run)(struct options *o);
} commands[] = {
#define COMMAND(name, accepts, args, help) {#name, cmd_##name},
#include "engine/commands.def"
#undef COMMAND
};

/* Results that could not be written are no results; but whoever closed the
 * pipe has seen enough. */
static int
finish(int rc)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return rc;
	if (errno == EPIPE)
		return rc;
	fprintf(stderr, "vigie: cannot write the results: %s\n",
	    strerror(errno));
	return rc == EXIT_MISUSE ? rc : EXIT_FOUND;
}

/* Slower processors can be played, for tests and measures. */
static bool
limit_cpu(void)
{
	const char *name = getenv("VIGIE_CPU");

	if (name == NULL || cpu_limit(name))
		return true;
	fprintf(stderr,
	    "vigie: VIGIE_CPU is '%s'; this processor has plain%s%s\n", name,
	    cpu_level() >= CPU_AVX2 ? ", avx2" : "",
	    cpu_level() >= CPU_AVX512 ? ", avx512" : "");
	return false;
}

int
main(int argc, char **argv)
{
	struct clock clock = clock_wall();
	struct options o;
	int rc;

	signal(SIGPIPE, SIG_IGN); /* libraries write to sockets that died */
	signal(SIGXFSZ, SIG_IGN); /* a quota of file sizes is a full disk */
	log_setup(LOG_INFO, &clock);
	if (!limit_cpu())
		return EXIT_MISUSE;
	rc = options_parse(argc, argv, &o);
	for (size_t i = 0; rc == 0; i++) {
		REQUIRE(i < sizeof(commands) / sizeof(*commands));
		if (!strcmp(commands[i].name, o.command)) {
			rc = commands[i].run(&o);
			break;
		}
	}
	free(o.args);
	return finish(rc);
}
