/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/reload/reload_thread.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "engine/base/must.h"

/* Added to the nice value: a worker that wants the processor gets nine parts
 * of ten (bench/RESULTS.md has the latencies with and without). */
#define NICE_MORE 10

struct reload_thread {
	uv_async_t wake;
	pthread_t thread;
	struct reload_job *job; /* under way */
	void (*done)(void *self, struct reload_job *job);
	void *self;
};

static void
be_nice(void)
{
	/* Of this thread alone, which ends with the load: no way back is
	 * needed, and none is allowed.  Refused: then it is not nice. */
	id_t me = (id_t)gettid();

	setpriority(
	    PRIO_PROCESS, me, getpriority(PRIO_PROCESS, me) + NICE_MORE);
}

static void *
run(void *self)
{
	struct reload_thread *t = self;

	be_nice();
	reload_job_run(t->job);
	uv_async_send(&t->wake);
	return NULL;
}

static void
on_wake(uv_async_t *wake)
{
	struct reload_thread *t = wake->data;
	struct reload_job *job = t->job;

	if (job == NULL)
		return;
	REQUIRE(pthread_join(t->thread, NULL) == 0);
	t->job = NULL;
	uv_unref((uv_handle_t *)&t->wake);
	t->done(t->self, job);
}

struct reload_thread *
reload_thread_new(uv_loop_t *loop,
    void (*done)(void *self, struct reload_job *job), void *self)
{
	struct reload_thread *t = must_alloc(sizeof(*t));

	t->done = done;
	t->self = self;
	REQUIRE(uv_async_init(loop, &t->wake, on_wake) == 0);
	t->wake.data = t;
	uv_unref((uv_handle_t *)&t->wake);
	return t;
}

/* 0 or a negative errno: the system has no more threads for us. */
static int
start(pthread_t *thread, void *(*body)(void *arg), void *arg)
{
	sigset_t all, old;
	int rc;

	/* Signals are for the loop. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = pthread_create(thread, NULL, body, arg);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return -rc;
}

int
reload_thread_start(struct reload_thread *t, struct reload_job *job,
    struct err *err)
{
	int rc;

	REQUIRE(t->job == NULL);
	t->job = job;
	rc = start(&t->thread, run, t);
	if (rc != 0) {
		t->job = NULL;
		return err_set(err, rc,
		    "no thread can be started to load rules: %s",
		    strerror(-rc));
	}
	uv_ref((uv_handle_t *)&t->wake);
	return 0;
}

static void *
free_rules(void *rules)
{
	be_nice();
	ruleset_unref(rules);
	return NULL;
}

void
reload_thread_dispose(struct ruleset *rules)
{
	pthread_t thread;

	/* Nobody waits for it: its memory is all that it has. */
	if (start(&thread, free_rules, rules) == 0)
		REQUIRE(pthread_detach(thread) == 0);
	else /* posts wait for it once: better than memory that stays */
		ruleset_unref(rules);
}

static void
on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void
reload_thread_close(struct reload_thread *t)
{
	REQUIRE(t->job == NULL);
	uv_close((uv_handle_t *)&t->wake, on_closed);
}
