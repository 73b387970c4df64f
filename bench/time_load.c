/*
 * From rule files to a set that is ready.
 *
 *	time_load RULES [ROUNDS]
 *
 * CPU of the process and wall time, the least of ROUNDS (5): files read and
 * parsed, compiled with their regexes, examples tried.  Then what the set and
 * a matcher for it take, and the most that was resident.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "engine/base/clock.h"
#include "engine/base/must.h"
#include "rules/rules.h"

struct times {
	double cpu, wall;
};

/* Milliseconds. */
static struct times
now(const struct clock *clock)
{
	struct rusage u;

	REQUIRE(getrusage(RUSAGE_SELF, &u) == 0);
	return (struct times){
	    (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
		(double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3,
	    (double)clock->tick_ns(clock->self) / 1e6};
}

static struct ruleset *
load(const char *path)
{
	const struct rules_options options = {.selftest = true};
	struct diag *diag = diag_new();
	struct ruleset *rs = ruleset_load(&path, 1, &options, diag);

	if (rs == NULL) {
		diag_print(diag, stderr, false);
		exit(1);
	}
	diag_free(diag);
	return rs;
}

int
main(int argc, char **argv)
{
	struct clock clock = clock_wall();
	struct times least = {1e9, 1e9};
	struct ruleset *rs = NULL;
	struct rusage u;
	long rounds = argc > 2 ? strtol(argv[2], NULL, 10) : 5;

	if (argc < 2 || rounds < 1) {
		fprintf(stderr, "usage: time_load RULES [ROUNDS]\n");
		return 2;
	}
	for (long i = 0; i < rounds; i++) {
		struct times from = now(&clock), to;

		if (rs != NULL)
			ruleset_unref(rs);
		from = now(&clock);
		rs = load(argv[1]);
		to = now(&clock);
		if (to.cpu - from.cpu < least.cpu)
			least.cpu = to.cpu - from.cpu;
		if (to.wall - from.wall < least.wall)
			least.wall = to.wall - from.wall;
	}
	REQUIRE(getrusage(RUSAGE_SELF, &u) == 0);
	printf("%u rules: %.1f ms of CPU, %.1f ms wall; set %.2f MB, "
	       "%zu bytes a rule; peak %ld MB\n",
	    ruleset_rules(rs), least.cpu, least.wall,
	    (double)ruleset_bytes(rs) / 1e6,
	    ruleset_bytes(rs) / (ruleset_rules(rs) > 0 ? ruleset_rules(rs) : 1),
	    u.ru_maxrss / 1000);
	ruleset_unref(rs);
	return 0;
}
