/*
 * Which rules run: loads them anew when asked, swaps when they are good,
 * keeps the last good ones to go back to.
 *
 * Loading happens elsewhere (start; then reload_done), one at a time: who
 * asks meanwhile is answered by one further load, as the files may have
 * changed since that one began.  A bad load changes nothing.  A rollback goes
 * back to the set before the running one, and throws away a load that is
 * under way: the last word holds.  What is newer than the running set is
 * dropped at the next good load.
 * Thread: the loop.  Owns: the sets kept.  Never: a thread, a handle of uv,
 * the system's clock.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_RELOAD_H
#define ENGINE_RELOAD_H

#include "engine/base/limits.h"
#include "engine/counters.h"
#include "engine/reload/reload_job.h"

/* Rules and organisation that were loaded together. */
struct reload_set {
	struct ruleset *rules;
	struct organisation *organisation;
	int64_t loaded_ms; /* when it was good */
	int64_t took_ms;
	uint32_t compiled; /* regexes that were; the others kept their code */
};

struct reload_result {
	bool ok;
	bool changed;		/* other contents than before */
	const char *error;	/* one sentence when not ok */
	struct diag *diag;	/* all of it, or NULL: nothing was read */
	const struct reload_set *set; /* that runs now */
	const struct ruleset *before; /* that ran before, when ok */
};

struct reload;

struct reload_options {
	struct clock clock;
	struct counters *counters;
	const struct options *options;
	const struct config_types *types;
	/* have reload_job_run run elsewhere, then call reload_done; negative:
	 * that cannot be, and the load is refused with what ${err} says */
	int (*start)(void *self, struct reload_job *job, struct err *err);
	/* ${set} is for all batches from now on; what it points to lives
	 * until the next swap has been called */
	void (*swap)(void *self, const struct reload_set *set);
	/* the files that were last read, also after errors; may be NULL */
	void (*loaded)(void *self, struct reload_files *files);
	/* free ${rules} elsewhere, as it is large: the only reference is
	 * handed over; may be NULL */
	void (*dispose)(void *self, struct ruleset *rules);
	void *self;
	/* what the load of the set that runs left behind; taken over; may be
	 * NULL */
	struct rules_base *base;
};

/** reload_new(o, rules, organisation): with the set that runs; takes a
 * reference of its own, and the organisation over. */
struct reload *reload_new(const struct reload_options *o,
    struct ruleset *rules, struct organisation *organisation);

/** reload_free(r): not while a load is under way. */
void reload_free(struct reload *r);

/**
 * reload_ask(r, why, told, arg): load anew; ${why} is for the log.  told(arg,
 * result) exactly once, maybe before this returns; may be NULL.
 */
void reload_ask(struct reload *r, const char *why,
    void (*told)(void *arg, const struct reload_result *result), void *arg);

/** reload_done(r, job): ${job} has run; it is freed here. */
void reload_done(struct reload *r, struct reload_job *job);

/**
 * reload_back(r, which, err): run the set before the running one again;
 * ${which} "2": the one two before; or the id of a set that is kept.
 */
int reload_back(struct reload *r, struct slice which, struct err *err);

/** reload_stop(r): refuse whoever waits and whoever asks from now on. */
void reload_stop(struct reload *r);

/** reload_busy(r): a load is under way. */
bool reload_busy(const struct reload *r);

/** reload_kept(r, i): the sets kept, the newest first, or NULL;
 * reload_running(r): which of them runs, 0 to RELOAD_KEPT_MAX - 1. */
const struct reload_set *reload_kept(const struct reload *r, size_t i);
size_t reload_running(const struct reload *r);

#endif
