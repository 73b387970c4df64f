/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/reload/reload_job.h"

#include <stdlib.h>

#include "engine/base/must.h"

struct reload_job *
reload_job_new(void)
{
	struct reload_job *job = must_alloc(sizeof(*job));

	job->diag = diag_new();
	job->files = reload_files_new();
	return job;
}

void
reload_job_free(struct reload_job *job)
{
	if (job == NULL)
		return;
	if (job->rules != NULL)
		ruleset_unref(job->rules);
	organisation_free(job->organisation);
	reload_files_free(job->files);
	diag_free(job->diag);
	free(job);
}

static void
load_rules(struct reload_job *job, const struct config *config)
{
	const struct rules_options options = {
	    .selftest = true,
	    .now_ms = clock_now(job->clock),
	    .known = job->known,
	    .known_count = job->known_count,
	    .base = job->base,
	};

	uint64_t patches = rules_base_patches(job->base);

	if (job->options->rules_count + config->rules_count > 0)
		job->rules = setup_rules(job->options, config, &options,
		    job->files, job->diag);
	else
		diag_add(job->diag, DIAG_ERROR, (struct place){0}, "no-rules",
		    "rules: in the configuration names them",
		    "no rules any more");
	job->patched = rules_base_patches(job->base) > patches;
}

void
reload_job_run(struct reload_job *job)
{
	const char *path = config_find(job->options->config);
	struct config *config = config_new();
	int64_t start = job->clock->tick_ns(job->clock->self);

	if (path != NULL) {
		reload_files_add(job->files, path);
		config_load(config, path, job->types, job->diag);
	}
	job->organisation = setup_organisation(
	    job->options, config, job->files, job->diag);
	load_rules(job, config);
	config_free(config);
	if (diag_errors(job->diag) > 0 && job->rules != NULL) {
		ruleset_unref(job->rules);
		job->rules = NULL;
	}
	job->took_ms =
	    (job->clock->tick_ns(job->clock->self) - start) / 1000000;
}
