/*
 * Goal: whoever asks is answered exactly once, by a load that began after he
 * asked; a bad set changes nothing; the right sets are kept and gone back to;
 * a rollback and the end of the engine have the last word over a load that is
 * under way.  Method: the state machine without a loop, its loads run by hand;
 * the address sanitizer sees what is freed too early or never.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <inttypes.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/reload/reload_thread.h"
#include "tests/unit/engine/reload_bed.h"

static uint64_t
running(const struct reload_bed *bed)
{
	return ruleset_id(
	    reload_kept(bed->reload, reload_running(bed->reload))->rules);
}

static size_t
kept(const struct reload_bed *bed)
{
	size_t n = 0;

	while (reload_kept(bed->reload, n) != NULL)
		n++;
	return n;
}

/* Write set ${i} and load it; returns its id. */
static uint64_t
load(struct reload_bed *bed, int i)
{
	reload_bed_write(bed, i);
	reload_bed_ask(bed);
	reload_bed_run(bed);
	return running(bed);
}

static void
good_and_bad(void **state)
{
	struct reload_bed *bed = reload_bed_new(NULL);
	uint64_t first = running(bed), second;

	(void)state;
	bed->now_ms = 5000;
	second = load(bed, 1);
	assert_true(second != first);
	assert_int_equal(bed->swaps, 1);
	assert_int_equal(ruleset_id(bed->set.rules), second);
	assert_int_equal(bed->set.loaded_ms, 5000);
	/* Its regex is the one that the first set compiled. */
	assert_int_equal(bed->set.compiled, 0);
	assert_int_equal(load(bed, -1), second);
	assert_int_equal(bed->swaps, 1);
	assert_int_equal(bed->refused, 1);
	assert_non_null(strstr(bed->error, "errors 1; ruleset "));
	assert_int_equal(bed->told, 2);
	assert_int_equal(bed->loads, 2);
	assert_int_equal(bed->counters.values[COUNTER_reloads_total], 1);
	assert_int_equal(
	    bed->counters.values[COUNTER_reloads_refused_total], 1);
	reload_bed_free(bed);
}

static void
a_bad_organisation(void **state)
{
	struct reload_bed *bed = reload_bed_new(NULL);
	uint64_t first = running(bed);

	(void)state;
	reload_bed_teams(bed, "teams:\n  a: {brands: \"*\", min_level: 9}\n");
	assert_int_equal(load(bed, 1), first);
	assert_int_equal(bed->refused, 1);
	reload_bed_teams(bed, "teams:\n  a: {brands: \"*\"}\n"
			      "  b: {brands: \"*\"}\n");
	assert_true(load(bed, 1) != first);
	assert_int_equal(bed->set.organisation->teams_count, 2);
	reload_bed_free(bed);
}

/* Three ask while a load is under way: one more load answers them all. */
static void
those_who_ask_together(void **state)
{
	struct reload_bed *bed = reload_bed_new(NULL);

	(void)state;
	reload_bed_ask(bed);
	assert_true(reload_busy(bed->reload));
	reload_bed_ask(bed);
	reload_bed_ask(bed);
	reload_bed_ask(bed);
	assert_int_equal(bed->starts, 1);
	reload_bed_run(bed);
	assert_int_equal(bed->told, 1);
	assert_int_equal(bed->starts, 2);
	reload_bed_write(bed, 7);
	reload_bed_run(bed);
	assert_int_equal(bed->told, 4);
	assert_int_equal(bed->starts, 2);
	assert_false(reload_busy(bed->reload));
	assert_int_equal(running(bed), ruleset_id(bed->set.rules));
	reload_bed_free(bed);
}

static void
back_and_forth(void **state)
{
	struct reload_bed *bed = reload_bed_new(NULL);
	uint64_t ids[5];
	struct err err;
	char id[17];

	(void)state;
	ids[0] = running(bed);
	assert_int_equal(reload_back(bed->reload, SLICE(""), &err), -1);
	for (int i = 1; i < 5; i++)
		ids[i] = load(bed, i);
	assert_int_equal(kept(bed), RELOAD_KEPT_MAX);
	assert_int_equal(reload_back(bed->reload, SLICE(""), &err), 0);
	assert_int_equal(running(bed), ids[3]);
	assert_int_equal(ruleset_id(bed->set.rules), ids[3]);
	assert_int_equal(reload_back(bed->reload, SLICE("2"), &err), -1);
	assert_non_null(strstr(err.text, "1 before the running one"));
	assert_int_equal(reload_back(bed->reload, SLICE("1"), &err), 0);
	assert_int_equal(running(bed), ids[2]);
	assert_int_equal(reload_back(bed->reload, SLICE(""), &err), -1);
	assert_int_equal(reload_back(bed->reload, SLICE("0"), &err), -1);
	assert_int_equal(reload_back(bed->reload, SLICE("two"), &err), -1);
	/* Forward again, by its name. */
	snprintf(id, sizeof(id), "%016" PRIx64, ids[4]);
	assert_int_equal(reload_back(bed->reload, slice_of(id), &err), 0);
	assert_int_equal(running(bed), ids[4]);
	/* From the middle: what is newer goes, what is older stays. */
	assert_int_equal(reload_back(bed->reload, SLICE("1"), &err), 0);
	ids[0] = load(bed, 9);
	assert_int_equal(kept(bed), 3);
	assert_int_equal(ruleset_id(reload_kept(bed->reload, 0)->rules),
	    ids[0]);
	assert_int_equal(ruleset_id(reload_kept(bed->reload, 1)->rules),
	    ids[3]);
	assert_int_equal(ruleset_id(reload_kept(bed->reload, 2)->rules),
	    ids[2]);
	reload_bed_free(bed);
}

/* The same contents again push no other set out. */
static void
the_same_again(void **state)
{
	struct reload_bed *bed = reload_bed_new(NULL);
	uint64_t first = running(bed), second = load(bed, 1);

	(void)state;
	for (int i = 0; i < 5; i++)
		assert_int_equal(load(bed, 1), second);
	assert_int_equal(kept(bed), 2);
	assert_int_equal(
	    ruleset_id(reload_kept(bed->reload, 1)->rules), first);
	assert_int_equal(bed->swaps, 6);
	reload_bed_free(bed);
}

static void
a_rollback_meanwhile(void **state)
{
	struct reload_bed *bed = reload_bed_new(NULL);
	uint64_t first = running(bed);
	struct err err;

	(void)state;
	load(bed, 1);
	reload_bed_write(bed, 2);
	reload_bed_ask(bed);
	reload_bed_ask(bed);
	assert_int_equal(reload_back(bed->reload, SLICE(""), &err), 0);
	assert_int_equal(bed->refused, 2);
	assert_string_equal(bed->error, "overtaken by a rollback");
	assert_int_equal(running(bed), first);
	/* Who asks after it is served after the load nobody wants. */
	reload_bed_ask(bed);
	reload_bed_run(bed);
	assert_int_equal(running(bed), first);
	assert_int_equal(bed->told, 3);
	reload_bed_run(bed);
	assert_int_equal(bed->told, 4);
	assert_true(running(bed) != first);
	reload_bed_free(bed);
}

static void
the_end_meanwhile(void **state)
{
	struct reload_bed *bed = reload_bed_new(NULL);
	uint64_t first = running(bed);
	struct err err;

	(void)state;
	reload_bed_write(bed, 1);
	reload_bed_ask(bed);
	reload_bed_ask(bed);
	reload_stop(bed->reload);
	assert_int_equal(bed->refused, 2);
	assert_string_equal(bed->error, "the engine is stopping");
	reload_bed_ask(bed);
	assert_int_equal(bed->refused, 3);
	assert_int_equal(reload_back(bed->reload, SLICE(""), &err), -1);
	reload_bed_run(bed);
	assert_int_equal(bed->starts, 1);
	assert_int_equal(running(bed), first);
	assert_int_equal(bed->swaps, 0);
	reload_bed_free(bed);
}

/* The system has no thread to load with: the set that runs goes on, who asked
 * is told why, and the next who asks is served. */
static void
no_thread_to_load_with(void **state)
{
	struct reload_bed *bed = reload_bed_new(NULL);
	uint64_t first = running(bed);

	(void)state;
	reload_bed_write(bed, 1);
	bed->no_thread = true;
	reload_bed_ask(bed);
	assert_int_equal(bed->refused, 1);
	assert_non_null(strstr(bed->error, "no thread today; ruleset "));
	assert_false(reload_busy(bed->reload));
	assert_int_equal(running(bed), first);
	assert_int_equal(
	    bed->counters.values[COUNTER_reloads_refused_total], 1);
	bed->no_thread = false;
	reload_bed_ask(bed);
	reload_bed_ask(bed);
	bed->no_thread = true; /* for the one that waits */
	reload_bed_run(bed);
	assert_int_equal(bed->told, 3);
	assert_int_equal(bed->refused, 2);
	assert_true(running(bed) != first);
	reload_bed_free(bed);
}

static void
load_it(void *self, struct reload_job *job)
{
	*(struct reload_job **)self = job;
}

/* Threads ask for more memory for their stacks than there is: as the system
 * refuses them when it has no more. */
static void
a_thread_is_refused(void **state)
{
	struct reload_job *job = reload_job_new(), *done = NULL;
	struct reload_thread *thread;
	pthread_attr_t attr, usual;
	uv_loop_t loop;
	struct err err;

	(void)state;
	assert_int_equal(uv_loop_init(&loop), 0);
	thread = reload_thread_new(&loop, load_it, &done);
	pthread_getattr_default_np(&usual);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, (size_t)1 << 46);
	assert_int_equal(pthread_setattr_default_np(&attr), 0);
	assert_int_equal(reload_thread_start(thread, job, &err), -EAGAIN);
	assert_non_null(strstr(err.text, "no thread can be started"));
	assert_int_equal(pthread_setattr_default_np(&usual), 0);
	uv_run(&loop, UV_RUN_DEFAULT); /* nothing keeps it */
	assert_null(done);
	reload_thread_close(thread);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
	pthread_attr_destroy(&attr);
	pthread_attr_destroy(&usual);
	reload_job_free(job);
}

/* Fifty sets: as many as are kept are alive, their teams too. */
static void
fifty_reloads(void **state)
{
	struct reload_bed *bed = reload_bed_new(NULL);
	uint64_t last = 0;

	(void)state;
	for (int i = 1; i <= 50; i++) {
		uint64_t id = load(bed, i);

		assert_true(id != last);
		last = id;
	}
	assert_int_equal(kept(bed), RELOAD_KEPT_MAX);
	assert_int_equal(bed->counters.values[COUNTER_reloads_total], 50);
	reload_bed_free(bed);
}

/* What a look at the files sees, and what not. */
static void
files_look(void **state)
{
	struct reload_bed *bed = reload_bed_new(NULL);
	struct reload_files *f = reload_files_new();
	char other[96], hidden[96];
	uint64_t seen;

	(void)state;
	reload_files_root(f, bed->folder);
	reload_files_mark(f);
	reload_files_add(f, bed->rules);
	reload_files_add(f, bed->teams);
	seen = reload_files_look(f);
	assert_true(seen == reload_files_seen(f));
	snprintf(hidden, sizeof(hidden), "%s/.r.yaml.swp", bed->folder);
	fclose(fopen(hidden, "w"));
	assert_true(reload_files_look(f) == seen);
	/* A new file, one that goes, one that is renamed onto another. */
	snprintf(other, sizeof(other), "%s/new.yaml", bed->folder);
	fclose(fopen(other, "w"));
	assert_true(reload_files_look(f) != seen);
	unlink(other);
	assert_true(reload_files_look(f) == seen);
	rename(hidden, bed->rules);
	assert_true(reload_files_look(f) != seen);
	unlink(bed->rules);
	assert_true(reload_files_look(f) != seen);
	reload_files_free(f);
	reload_bed_free(bed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(good_and_bad),
	    cmocka_unit_test(a_bad_organisation),
	    cmocka_unit_test(those_who_ask_together),
	    cmocka_unit_test(back_and_forth),
	    cmocka_unit_test(the_same_again),
	    cmocka_unit_test(a_rollback_meanwhile),
	    cmocka_unit_test(the_end_meanwhile),
	    cmocka_unit_test(no_thread_to_load_with),
	    cmocka_unit_test(a_thread_is_refused),
	    cmocka_unit_test(fifty_reloads),
	    cmocka_unit_test(files_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
