/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/crew.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/log.h"
#include "engine/base/must.h"

/* Batches that each thread has before the caller takes one for itself: as
 * many as keep it busy meanwhile, one that it may just end among them. */
#define HELP_BEHIND 3u

/* Bytes of a batch that the caller does itself when nothing is before it.  To
 * wake a thread and be woken by it takes as long as some forty posts, 8 KiB;
 * but where that much comes in meanwhile, all that follows would wait for it
 * too.  More comes when the caller cannot keep up: then threads have it, if
 * there are some.  With one, which waits for the caller meanwhile, the caller
 * takes any batch (decision 111). */
#define SPARE_BYTES (32u << 10)
#define SPARE_BYTES_ALONE BATCH_BYTES

struct member {
	struct worker *worker;
	struct crew *crew;
	uint32_t load; /* batches given and not taken back; the loop's */
	pthread_t thread;
	sem_t given; /* one post per batch, one to stop */
	_Atomic bool stop;
};

struct crew {
	struct crew_options o;
	bool running;
	unsigned count; /* workers, and the spare one behind them */
	unsigned next; /* to look at first in crew_take_back */
	struct member members[];
};

static bool
is_thread(const struct crew *crew, unsigned i)
{
	return !crew->o.stepping && (i > 0 || !crew->o.helping) &&
	    i < crew->o.workers;
}

static void *
member_run(void *self)
{
	struct member *m = self;

	for (;;) {
		while (sem_wait(&m->given) != 0)
			continue; /* a signal */
		if (worker_step(m->worker))
			m->crew->o.wake(m->crew->o.self);
		else if (atomic_load(&m->stop))
			return NULL;
	}
}

/* 0, or why the system gives no thread. */
static int
start_thread(struct member *m)
{
	sigset_t all, old;
	int rc;

	REQUIRE(sem_init(&m->given, 0, 0) == 0);
	/* Signals are for the loop. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = pthread_create(&m->thread, NULL, member_run, m);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (rc != 0)
		sem_destroy(&m->given);
	return rc;
}

/* Without thread ${i} and those behind it: posts are judged all the same, by
 * fewer, at the least by the caller.  Its worker is the spare one then. */
static void
do_without(struct crew *crew, unsigned i, int rc)
{
	log_warn("crew", "%u workers instead of %u: no thread can be started: "
			 "%s", i, crew->o.workers, strerror(rc));
	crew->o.workers = i;
	crew->count = i + crew->o.spare;
	if (!crew->o.spare)
		worker_free(crew->members[i].worker);
}

struct crew *
crew_new(const struct crew_options *o)
{
	struct crew *crew;
	int rc;

	REQUIRE(o->workers >= 1 && o->workers <= WORKERS_MAX);
	REQUIRE(!o->spare || (!o->helping && !o->stepping));
	crew = must_alloc(
	    sizeof(*crew) + (o->workers + 1) * sizeof(struct member));
	crew->o = *o;
	crew->running = true;
	crew->count = o->workers + o->spare;
	for (unsigned i = 0; i < crew->count; i++) {
		struct member *m = &crew->members[i];

		m->crew = crew;
		m->worker =
		    worker_new(o->decoder, o->job, o->clock, o->batches);
		atomic_init(&m->stop, false);
		rc = is_thread(crew, i) ? start_thread(m) : 0;
		if (rc != 0)
			do_without(crew, i, rc);
	}
	return crew;
}

void
crew_stop(struct crew *crew)
{
	if (!crew->running)
		return;
	crew->running = false;
	for (unsigned i = 0; i < crew->count; i++) {
		struct member *m = &crew->members[i];

		if (is_thread(crew, i)) {
			/* Its batches were posted first, so they are done
			 * first. */
			atomic_store(&m->stop, true);
			sem_post(&m->given);
			continue;
		}
		while (worker_step(m->worker))
			continue;
	}
	for (unsigned i = 0; i < crew->count; i++) {
		if (!is_thread(crew, i))
			continue;
		pthread_join(crew->members[i].thread, NULL);
		sem_destroy(&crew->members[i].given);
	}
}

void
crew_free(struct crew *crew)
{
	if (crew == NULL)
		return;
	REQUIRE(!crew->running);
	for (unsigned i = 0; i < crew->count; i++)
		worker_free(crew->members[i].worker);
	free(crew);
}

static bool
is_at_rest(const struct crew *crew)
{
	for (unsigned i = 0; i < crew->count; i++)
		if (crew->members[i].load > 0)
			return false;
	return true;
}

static uint32_t
spare_bytes(const struct crew *crew)
{
	return crew->o.workers == 1 ? SPARE_BYTES_ALONE : SPARE_BYTES;
}

void
crew_give(struct crew *crew, struct batch *b)
{
	struct member *members = crew->members;
	unsigned least = 0;
	uint32_t least_load =
	    members[0].load + (crew->o.helping ? HELP_BEHIND : 0);

	REQUIRE(crew->running);
	if (crew->o.workers == 0 ||
	    (crew->o.spare && b->len <= spare_bytes(crew) &&
		is_at_rest(crew))) {
		crew->members[crew->o.workers].load++;
		worker_give(crew->members[crew->o.workers].worker, b);
		crew->o.wake(crew->o.self);
		return;
	}
	for (unsigned i = 1; i < crew->o.workers; i++)
		if (members[i].load < least_load) {
			least = i;
			least_load = members[i].load;
		}
	members[least].load++;
	worker_give(members[least].worker, b);
	if (is_thread(crew, least))
		sem_post(&members[least].given);
}

struct batch *
crew_take_back(struct crew *crew)
{
	for (unsigned i = 0; i < crew->count; i++) {
		struct member *m =
		    &crew->members[(crew->next + i) % crew->count];
		struct batch *b;

		if (m->load == 0)
			continue;
		b = worker_take_back(m->worker);
		if (b == NULL)
			continue;
		m->load--;
		crew->next = (crew->next + i + 1) % crew->count;
		return b;
	}
	return NULL;
}

bool
crew_done(const struct crew *crew)
{
	for (unsigned i = 0; i < crew->count; i++)
		if (worker_done(crew->members[i].worker))
			return true;
	return false;
}

bool
crew_idle(const struct crew *crew)
{
	for (unsigned i = 0; i < crew->o.workers; i++)
		if (crew->members[i].load == 0)
			return true;
	return crew->o.workers == 0 && crew->members[0].load == 0;
}

bool
crew_help(struct crew *crew)
{
	unsigned i = crew->o.helping ? 0 : crew->o.workers;

	return (crew->o.helping || crew->o.spare) &&
	    crew->members[i].load > 0 && worker_step(crew->members[i].worker);
}

bool
crew_step(struct crew *crew, unsigned i)
{
	REQUIRE(crew->o.stepping && i < crew->o.workers);
	return worker_step(crew->members[i].worker);
}

void
crew_stages(const struct crew *crew, struct stages *sum)
{
	REQUIRE(!crew->running);
	memset(sum, 0, sizeof(*sum));
	for (unsigned i = 0; i < crew->count; i++) {
		const struct stages *s =
		    worker_stages(crew->members[i].worker);

		sum->posts += s->posts;
		for (unsigned k = 0; k < STAGES; k++)
			sum->ns[k] += s->ns[k];
	}
}
