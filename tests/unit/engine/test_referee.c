/*
 * Goal: a regex that overran too often rests until the rules are loaded anew,
 * then matches again though its code is the same, and rests again after as
 * many overruns (decision 0030); a batch of before is still judged by what
 * was benched then.
 * Method: the machine of reloading swaps the rules of a pipeline that is
 * driven by hand; a pattern that explodes; one worker, so that the count is
 * known post by post.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/limits.h"
#include "tests/unit/engine/fake.h"
#include "tests/unit/engine/reload_bed.h"

#define EXPLODES "boycott aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!b\n"
#define FITS "boycott aaa\n"

static struct pipeline *pipeline;
static struct intake *intake;
static struct seen seen;
static struct rand steps;

/* A line for each post that fires the rule. */
static void
note_post(void *self, struct worker_ctx *ctx, struct batch *batch,
    const struct post *post, struct text *text, const struct verdict *verdict)
{
	(void)self;
	(void)ctx;
	(void)text;
	if (!verdict->matched)
		return;
	buf_slice_put(&batch->out, post->text);
	buf_char(&batch->out, '\n');
}

static void
write_rules(const struct reload_bed *bed, int i)
{
	FILE *f = fopen(bed->rules, "w");

	assert_non_null(f);
	fprintf(f,
	    "sector: s\nbrands:\n  acme: {match: acme}\n"
	    "topics:\n  set%d: {match: listeria}\n"
	    "rules:\n  bad: {when: 'boycott AND /(a+)+$/'}\n",
	    i);
	fclose(f);
}

static void
swap(void *self, const struct reload_set *set)
{
	struct reload_bed *bed = self;

	bed->set = *set;
	bed->swaps++;
	pipeline_rules(pipeline, set->rules);
}

static void
load(struct reload_bed *bed, int i)
{
	write_rules(bed, i);
	reload_bed_ask(bed);
	reload_bed_run(bed);
	assert_int_equal(bed->refused, 0);
	assert_int_equal(bed->swaps, i);
}

static void
submit(const char *line, unsigned times)
{
	while (times-- > 0)
		assert_int_equal(fake_feed(intake, line, strlen(line)),
		    strlen(line));
	pipeline_flush(pipeline);
}

static void
step(void)
{
	do
		pipeline_flush(pipeline);
	while (pipeline_step(pipeline, &steps));
}

/* How many of them fire. */
static size_t
fired(const char *line, unsigned times)
{
	size_t n;

	buf_clear(&seen.out);
	submit(line, times);
	step();
	n = seen.out.len / strlen(line);
	assert_int_equal(seen.out.len, n * strlen(line));
	return n;
}

static uint64_t
benched(void)
{
	return pipeline_counters(pipeline)
	    ->values[COUNTER_rules_benched_total];
}

/* It matches until its twentieth overrun, and then no more. */
static void
use_up(void)
{
	uint64_t before = benched();

	assert_int_equal(fired(EXPLODES, REGEX_OVERRUNS_MAX - 1), 0);
	assert_int_equal(fired(FITS, 3), 3);
	assert_int_equal(benched(), before);
	assert_int_equal(fired(EXPLODES, 1), 0);
	assert_int_equal(benched(), before + 1);
	assert_int_equal(fired(FITS, 3), 0);
}

static void
set_up(void)
{
	struct pipeline_options o = {
	    .workers = 1,
	    .inputs_max = 1,
	    .stepping = true,
	    .clock = clock_wall(),
	    .decoder = &fake_decoder,
	    .job = {.post = note_post},
	    .consumer = {seen_on_batch, seen_may_go_on, seen_on_end, &seen},
	};

	rand_seed(&steps, 30);
	pipeline = pipeline_new(&o);
	pipeline_watch(pipeline, seen_pause, seen_resume, &seen);
	intake = intake_open(pipeline_hub(pipeline), "a");
}

static void
tear_down(struct reload_bed *bed)
{
	intake_close(intake);
	pipeline_end(pipeline);
	step();
	assert_int_equal(seen.ends, 1);
	pipeline_close(pipeline, seen_closed, &seen);
	assert_true(seen.closed);
	reload_bed_free(bed);
	buf_fini(&seen.out);
	memset(&seen, 0, sizeof(seen));
}

static void
a_reload_unbenches(void **state)
{
	struct reload_bed *bed;
	struct err err;

	(void)state;
	set_up();
	bed = reload_bed_new(swap);
	load(bed, 1);
	use_up();
	load(bed, 2);
	/* The very code that was benched. */
	assert_int_equal(bed->set.compiled, 0);
	use_up();
	load(bed, 3);
	assert_int_equal(fired(FITS, 5), 5);
	/* And so does a rollback, to the set that benched it. */
	assert_int_equal(reload_back(bed->reload, SLICE(""), &err), 0);
	use_up();
	assert_int_equal(benched(), 3);
	tear_down(bed);
}

static void
batches_keep_what_they_began_with(void **state)
{
	struct reload_bed *bed;

	(void)state;
	set_up();
	bed = reload_bed_new(swap);
	load(bed, 1);
	use_up();
	/* On its way while the new set comes. */
	submit(FITS, 4);
	load(bed, 2);
	assert_int_equal(fired(FITS, 2), 2);
	tear_down(bed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_reload_unbenches),
	    cmocka_unit_test(batches_keep_what_they_began_with),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
