/*
 * One load of everything that can be changed while the engine runs: rules,
 * organisation, and the two keys of the configuration that name them.
 *
 * Thread: made and freed on the loop; reload_job_run on any thread, once.
 * Owns: what it loaded until somebody takes it (and sets it to NULL).
 * Never: the other keys of the configuration; they want a restart.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_RELOAD_JOB_H
#define ENGINE_RELOAD_JOB_H

#include "engine/base/clock.h"
#include "engine/reload/reload_files.h"
#include "engine/setup.h"

/* Sets whose compiled patterns a load may take over. */
#define RELOAD_KNOWN_MAX 3u

struct reload_job {
	/* borrowed */
	const struct options *options;
	const struct config_types *types;
	const struct clock *clock; /* on any thread */
	const struct ruleset *known[RELOAD_KNOWN_MAX];
	size_t known_count;
	struct rules_base *base; /* of the load before, then of this one */

	struct diag *diag; /* all that is wrong, located */
	struct ruleset *rules; /* NULL after errors */
	struct organisation *organisation;
	struct reload_files *files; /* what was read, also after errors */
	int64_t took_ms;
	bool patched; /* only what had changed was read */
};

struct reload_job *reload_job_new(void);
void reload_job_free(struct reload_job *job);

/** reload_job_run(job): read, compile, self-test; takes long. */
void reload_job_run(struct reload_job *job);

#endif
