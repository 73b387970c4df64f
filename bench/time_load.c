/*
 * From rule files to a set that is ready.
 *
 *	time_load RULES [ROUNDS [CHANGED]]
 *
 * CPU of the process and wall time, the least of ROUNDS (5): files read and
 * parsed, compiled with their regexes, examples tried; what the set takes, and
 * the most that was resident.  With CHANGED, a folder of the same files with
 * other contents: the same of loads of a third folder, which holds the files
 * of both by turns, each with what the one before left behind.
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
load(const char *path, struct rules_base *base, struct ruleset *known)
{
	const struct ruleset *all[1] = {known};
	const struct rules_options options = {.selftest = true, .base = base,
	    .known = all, .known_count = known != NULL};
	struct diag *diag = diag_new();
	struct ruleset *rs = ruleset_load(&path, 1, &options, diag);

	if (rs == NULL) {
		diag_print(diag, stderr, false);
		exit(1);
	}
	diag_free(diag);
	return rs;
}

struct round {
	const char *path;
	struct rules_base *base;
	struct ruleset *rs;
	struct times least;
	struct clock clock;
};

static void
run(struct round *r)
{
	struct times from = now(&r->clock), to;
	struct ruleset *rs = load(r->path, r->base, r->rs);

	to = now(&r->clock);
	if (to.cpu - from.cpu < r->least.cpu)
		r->least.cpu = to.cpu - from.cpu;
	if (to.wall - from.wall < r->least.wall)
		r->least.wall = to.wall - from.wall;
	if (r->rs != NULL)
		ruleset_unref(r->rs);
	r->rs = rs;
}

/* The loads of a folder that becomes ${changed} and ${path} by turns. */
static void
run_changes(struct round *r, long rounds, const char *changed)
{
	char work[] = "/tmp/vigie-load-XXXXXX", command[512];
	const char *path = r->path;

	REQUIRE(mkdtemp(work) != NULL);
	r->base = rules_base_new();
	for (long i = 0; i <= rounds; i++) {
		snprintf(command, sizeof(command), "cp '%s'/*.yaml '%s/'",
		    i % 2 == 0 ? path : changed, work);
		REQUIRE(system(command) == 0);
		if (i == 0) {
			ruleset_unref(r->rs);
			r->rs = load(work, r->base, NULL);
			continue;
		}
		r->path = work;
		run(r);
	}
	snprintf(command, sizeof(command), "rm -r '%s'", work);
	REQUIRE(system(command) == 0);
}

static void
print(const struct round *r, const char *what)
{
	uint32_t rules = ruleset_rules(r->rs);
	size_t bytes = ruleset_bytes(r->rs), warm;
	struct rusage u;

	REQUIRE(getrusage(RUSAGE_SELF, &u) == 0);
	ruleset_warm(r->rs);
	warm = ruleset_bytes(r->rs);
	printf("%u rules, %s: %.1f ms of CPU, %.1f ms wall; set %.2f MB, with "
	       "every regex compiled %.2f MB, %zu bytes a rule; peak %ld MB\n",
	    rules, what, r->least.cpu, r->least.wall, (double)bytes / 1e6,
	    (double)warm / 1e6, warm / (rules > 0 ? rules : 1),
	    u.ru_maxrss / 1000);
}

int
main(int argc, char **argv)
{
	struct round r = {.least = {1e9, 1e9}, .clock = clock_wall()};
	long rounds = argc > 2 ? strtol(argv[2], NULL, 10) : 5;

	if (argc < 2 || rounds < 1) {
		fprintf(stderr, "usage: time_load RULES [ROUNDS [CHANGED]]\n");
		return 2;
	}
	r.path = argv[1];
	for (long i = 0; i < rounds; i++)
		run(&r);
	print(&r, "all");
	if (argc > 3) {
		r.least = (struct times){1e9, 1e9};
		run_changes(&r, rounds, argv[3]);
		print(&r, "a reload");
		printf("%lu of %ld reloads were patches; kept for the next: "
		       "%.1f MB\n",
		    (unsigned long)rules_base_patches(r.base), rounds,
		    (double)rules_base_bytes(r.base) / 1e6);
	}
	ruleset_unref(r.rs);
	rules_base_free(r.base);
	return 0;
}
