/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/reload/reload.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/log.h"
#include "engine/base/must.h"

struct waiter {
	struct waiter *next;
	void (*told)(void *arg, const struct reload_result *result);
	void *arg;
};

/* Those who asked for one load, in order. */
struct asked {
	struct waiter *first, **last;
	char why[64]; /* of the first; empty: nobody asked */
};

struct reload {
	struct reload_options o;
	struct reload_set kept[RELOAD_KEPT_MAX]; /* the newest first */
	size_t count, running;
	struct reload_job *job;	  /* under way */
	struct asked now, later;  /* answered by this load, by the next */
	bool cancelled;		  /* the job's result is not wanted */
	bool stopped;
};

static void
asked_init(struct asked *a)
{
	a->first = NULL;
	a->last = &a->first;
	a->why[0] = '\0';
}

struct reload *
reload_new(const struct reload_options *o, struct ruleset *rules,
    struct organisation *organisation)
{
	struct reload *r = must_alloc(sizeof(*r));

	_Static_assert(RELOAD_KNOWN_MAX >= RELOAD_KEPT_MAX, "all are known");
	r->o = *o;
	if (r->o.base == NULL)
		r->o.base = rules_base_new();
	asked_init(&r->now);
	asked_init(&r->later);
	r->kept[0] = (struct reload_set){
	    .rules = ruleset_ref(rules),
	    .organisation = organisation,
	    .loaded_ms = clock_now(&o->clock),
	    .compiled = ruleset_regexes(rules),
	};
	r->count = 1;
	return r;
}

static void
let_go(struct reload *r, struct ruleset *rules)
{
	if (r->o.dispose != NULL && ruleset_is_last(rules))
		r->o.dispose(r->o.self, rules);
	else
		ruleset_unref(rules);
}

static void
drop(struct reload *r, struct reload_set *set)
{
	organisation_free(set->organisation);
	let_go(r, set->rules);
}

void
reload_free(struct reload *r)
{
	if (r == NULL)
		return;
	REQUIRE(r->job == NULL);
	reload_stop(r);
	r->o.dispose = NULL;
	for (size_t i = 0; i < r->count; i++)
		drop(r, &r->kept[i]);
	rules_base_free(r->o.base);
	free(r);
}

static void
tell_all(struct asked *a, const struct reload_result *result)
{
	struct waiter *w = a->first, *next;

	asked_init(a);
	for (; w != NULL; w = next) {
		next = w->next;
		if (w->told != NULL)
			w->told(w->arg, result);
		free(w);
	}
}

static void
refuse_all(struct reload *r, struct asked *a, const char *error)
{
	const struct reload_result result = {
	    .error = error, .set = &r->kept[r->running]};

	tell_all(a, &result);
}

/* Codes that were taken over have a count of their own. */
static void
forget_known(struct reload_job *job)
{
	for (size_t i = 0; i < job->known_count; i++)
		ruleset_unref((struct ruleset *)(uintptr_t)job->known[i]);
	job->known_count = 0;
}

/* Nothing was read: the files are not at fault. */
static void
refuse_start(struct reload *r, const char *why)
{
	const struct reload_set *set = &r->kept[r->running];
	char error[300];

	counters_bump(r->o.counters, reloads_refused_total);
	snprintf(error, sizeof(error),
	    "refused: %.200s; ruleset %016" PRIx64 " goes on, ask again", why,
	    ruleset_id(set->rules));
	log_error("reload", "%s; asked by %s", error, r->now.why);
	refuse_all(r, &r->now, error);
}

static void
start(struct reload *r)
{
	struct reload_job *job = reload_job_new();
	struct err err;

	job->options = r->o.options;
	job->types = r->o.types;
	job->clock = &r->o.clock;
	job->known_count = r->count;
	job->base = r->o.base;
	for (size_t i = 0; i < r->count; i++)
		job->known[i] = ruleset_ref(r->kept[i].rules);
	r->cancelled = false;
	r->job = job;
	if (r->o.start(r->o.self, job, &err) == 0)
		return;
	r->job = NULL;
	forget_known(job);
	reload_job_free(job);
	refuse_start(r, err.text);
}

void
reload_ask(struct reload *r, const char *why,
    void (*told)(void *arg, const struct reload_result *result), void *arg)
{
	struct asked *a = r->job == NULL ? &r->now : &r->later;
	struct waiter *w = must_alloc(sizeof(*w));

	w->told = told;
	w->arg = arg;
	*a->last = w;
	a->last = &w->next;
	if (a->why[0] == '\0')
		snprintf(a->why, sizeof(a->why), "%s", why);
	if (r->stopped)
		refuse_all(r, a, "the engine is stopping");
	else if (r->job == NULL)
		start(r);
}

/* A new set at the front: what was newer than the running one goes, and the
 * oldest one too when there are too many. */
static void
keep(struct reload *r, const struct reload_set *set)
{
	size_t from = r->running, left;

	/* The same contents again take the place of what they were. */
	if (ruleset_id(set->rules) == ruleset_id(r->kept[from].rules))
		from++;
	for (size_t i = 0; i < from; i++)
		drop(r, &r->kept[i]);
	left = r->count - from;
	if (left == RELOAD_KEPT_MAX)
		drop(r, &r->kept[from + --left]);
	memmove(&r->kept[1], &r->kept[from], left * sizeof(*r->kept));
	r->kept[0] = *set;
	r->count = left + 1;
	r->running = 0;
}

static void
swap(struct reload *r, struct reload_job *job)
{
	uint64_t before = ruleset_id(r->kept[r->running].rules);
	struct ruleset *old = ruleset_ref(r->kept[r->running].rules);
	struct reload_set set = {
	    .rules = job->rules,
	    .organisation = job->organisation,
	    .loaded_ms = clock_now(&r->o.clock),
	    .took_ms = job->took_ms,
	    .compiled = ruleset_regexes(job->rules) -
		ruleset_regexes_shared(job->rules),
	};
	struct reload_result result = {
	    .ok = true,
	    .changed = ruleset_id(set.rules) != before,
	    .diag = job->diag,
	    .set = &r->kept[0],
	    .before = old,
	};

	job->rules = NULL;
	job->organisation = NULL;
	r->o.swap(r->o.self, &set);
	keep(r, &set);
	counters_bump(r->o.counters, reloads_total);
	if (job->patched)
		counters_bump(r->o.counters, reloads_patched_total);
	log_info("reload",
	    "ruleset %016" PRIx64 "%s: brands %u, topics %u, rules %u; "
	    "%" PRIu32 " of %u regexes compiled, %" PRId64 " ms; asked by %s",
	    ruleset_id(set.rules), result.changed ? "" : ", unchanged",
	    ruleset_brands(set.rules), ruleset_topics(set.rules),
	    ruleset_rules(set.rules), set.compiled,
	    ruleset_regexes(set.rules), set.took_ms, r->now.why);
	tell_all(&r->now, &result);
	let_go(r, old);
}

static void
refuse(struct reload *r, struct reload_job *job)
{
	const struct reload_set *set = &r->kept[r->running];
	struct reload_result result = {.diag = job->diag, .set = set};
	char error[120];

	counters_bump(r->o.counters, reloads_refused_total);
	snprintf(error, sizeof(error),
	    "refused: errors %u; ruleset %016" PRIx64 " goes on",
	    diag_errors(job->diag), ruleset_id(set->rules));
	result.error = error;
	log_error("reload", "%s; asked by %s", error, r->now.why);
	diag_print(job->diag, stderr, false);
	tell_all(&r->now, &result);
}

void
reload_done(struct reload *r, struct reload_job *job)
{
	REQUIRE(r->job == job);
	r->job = NULL;
	forget_known(job);
	if (r->stopped || r->cancelled)
		REQUIRE(r->now.first == NULL); /* they were told */
	else if (job->rules != NULL)
		swap(r, job);
	else
		refuse(r, job);
	if (r->o.loaded != NULL && !r->stopped) {
		r->o.loaded(r->o.self, job->files);
		job->files = NULL;
	}
	reload_job_free(job);
	if (r->later.first == NULL || r->stopped || r->job != NULL)
		return;
	r->now = r->later;
	asked_init(&r->later);
	start(r);
}

/* Which kept set ${which} means: places before the running one, or an id. */
static int
find(const struct reload *r, struct slice which, size_t *at, struct err *err)
{
	size_t back = 0;
	char id[17];

	for (size_t i = 0; i < r->count && which.len == 16; i++) {
		snprintf(id, sizeof(id), "%016" PRIx64,
		    ruleset_id(r->kept[i].rules));
		if (slice_is(which, id)) {
			*at = i;
			return 0;
		}
	}
	if (which.len == 0)
		back = 1;
	else if (which.len == 1 && which.data[0] >= '1' && which.data[0] <= '9')
		back = (size_t)(which.data[0] - '0');
	else
		return err_set(err, -1,
		    "'%.*s' is neither how many sets to go back nor the id of "
		    "one that is kept", SLICE_ARG(which));
	if (r->running + back >= r->count)
		return err_set(err, -1,
		    "no set is kept that far back: %zu before the running one",
		    r->count - 1 - r->running);
	*at = r->running + back;
	return 0;
}

int
reload_back(struct reload *r, struct slice which, struct err *err)
{
	size_t at = 0;
	int rc = r->stopped ? err_set(err, -1, "the engine is stopping")
			    : find(r, which, &at, err);

	if (rc < 0)
		return rc;
	r->cancelled = r->job != NULL;
	refuse_all(r, &r->now, "overtaken by a rollback");
	refuse_all(r, &r->later, "overtaken by a rollback");
	r->running = at;
	r->o.swap(r->o.self, &r->kept[at]);
	counters_bump(r->o.counters, rollbacks_total);
	log_warn("reload",
	    "back to ruleset %016" PRIx64 "; the files are as they were: mend "
	    "them before the next reload or start",
	    ruleset_id(r->kept[at].rules));
	return 0;
}

void
reload_stop(struct reload *r)
{
	if (r == NULL)
		return;
	r->stopped = true;
	refuse_all(r, &r->now, "the engine is stopping");
	refuse_all(r, &r->later, "the engine is stopping");
}

bool
reload_busy(const struct reload *r)
{
	return r->job != NULL;
}

const struct reload_set *
reload_kept(const struct reload *r, size_t i)
{
	return i < r->count ? &r->kept[i] : NULL;
}

size_t
reload_running(const struct reload *r)
{
	return r->running;
}
