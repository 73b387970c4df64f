/*
 * For tests of reloading: a private folder with one rule file and one
 * organisation, a clock that is moved by hand, and loads that run when the
 * test says so.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_UNIT_ENGINE_RELOAD_BED_H
#define TESTS_UNIT_ENGINE_RELOAD_BED_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "connectors/connectors.h"
#include "engine/base/must.h"
#include "engine/reload/reload.h"

struct reload_bed {
	char folder[40], rules[64], teams[64];
	int64_t now_ms;
	struct counters counters;
	struct options options;
	struct config_types types;
	struct reload *reload;
	struct reload_job *job; /* started, not yet run */
	struct reload_set set;	/* that was last swapped to */
	unsigned starts, swaps, loads, told, refused;
	char error[200]; /* of the last refusal */
	bool no_thread;	 /* a load cannot be started */
};

/* A set whose only topic is named after ${i}; negative: a bad one. */
static inline void
reload_bed_write(struct reload_bed *bed, int i)
{
	FILE *f = fopen(bed->rules, "w");

	REQUIRE(f != NULL);
	if (i < 0)
		fprintf(f, "sector: s\ntopics:\n  bad: {match: '(('}\n");
	else
		fprintf(f,
		    "sector: s\nbrands:\n  acme: {match: acme}\n"
		    "topics:\n  set%d: {match: 'listeria OR /poi+son/'}\n",
		    i);
	fclose(f);
}

static inline void
reload_bed_teams(struct reload_bed *bed, const char *text)
{
	FILE *f = fopen(bed->teams, "w");

	REQUIRE(f != NULL);
	fputs(text, f);
	fclose(f);
}

static int
reload_bed_start(void *self, struct reload_job *job, struct err *err)
{
	struct reload_bed *bed = self;

	REQUIRE(bed->job == NULL);
	if (bed->no_thread)
		return err_set(err, -EAGAIN, "no thread today");
	bed->job = job;
	bed->starts++;
	return 0;
}

static void
reload_bed_swap(void *self, const struct reload_set *set)
{
	struct reload_bed *bed = self;

	bed->set = *set;
	bed->swaps++;
}

static void
reload_bed_loaded(void *self, struct reload_files *files)
{
	((struct reload_bed *)self)->loads++;
	reload_files_free(files);
}

static void
reload_bed_told(void *arg, const struct reload_result *result)
{
	struct reload_bed *bed = arg;

	bed->told++;
	bed->refused += !result->ok;
	snprintf(bed->error, sizeof(bed->error), "%s",
	    result->ok ? "" : result->error);
}

/* What was started runs to its end. */
static inline void
reload_bed_run(struct reload_bed *bed)
{
	struct reload_job *job = bed->job;

	REQUIRE(job != NULL);
	bed->job = NULL;
	reload_job_run(job);
	reload_done(bed->reload, job);
}

static inline void
reload_bed_ask(struct reload_bed *bed)
{
	reload_ask(bed->reload, "a test", reload_bed_told, bed);
}

static inline struct reload_bed *
reload_bed_new(void (*swap)(void *self, const struct reload_set *set))
{
	struct reload_bed *bed = must_alloc(sizeof(*bed));
	struct reload_options o = {
	    .clock = clock_fixed(&bed->now_ms),
	    .counters = &bed->counters,
	    .options = &bed->options,
	    .types = &bed->types,
	    .start = reload_bed_start,
	    .swap = swap != NULL ? swap : reload_bed_swap,
	    .loaded = reload_bed_loaded,
	    .self = bed,
	};
	const struct rules_options none = {0};
	struct reload_files *files = reload_files_new();
	struct diag *diag = diag_new();
	struct config *config = config_new();
	struct ruleset *rules;

	snprintf(bed->folder, sizeof(bed->folder), "/tmp/vigie-reload-XXXXXX");
	REQUIRE(mkdtemp(bed->folder) != NULL);
	snprintf(bed->rules, sizeof(bed->rules), "%s/r.yaml", bed->folder);
	snprintf(bed->teams, sizeof(bed->teams), "%s/o.yaml", bed->folder);
	bed->types = (struct config_types){
	    connectors_source_at, connectors_sink_at};
	bed->options.command = "run";
	bed->options.rules[0] = bed->rules;
	bed->options.rules_count = 1;
	bed->options.organisation = bed->teams;
	reload_bed_teams(bed, "teams:\n  a: {brands: \"*\"}\n");
	reload_bed_write(bed, 0);
	rules = setup_rules(&bed->options, config, &none, files, diag);
	REQUIRE(rules != NULL);
	bed->reload = reload_new(&o, rules,
	    setup_organisation(&bed->options, config, files, diag));
	ruleset_unref(rules);
	config_free(config);
	reload_files_free(files);
	diag_free(diag);
	return bed;
}

static inline void
reload_bed_free(struct reload_bed *bed)
{
	reload_stop(bed->reload);
	if (bed->job != NULL)
		reload_bed_run(bed);
	reload_free(bed->reload);
	unlink(bed->rules);
	unlink(bed->teams);
	rmdir(bed->folder);
	free(bed);
}

#endif
