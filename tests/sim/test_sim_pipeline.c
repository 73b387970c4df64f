/*
 * Goal: no order of events changes what comes out.  Method: hundreds of
 * seeds; each cuts the input, feeds several inputs in turns, and runs
 * workers, collection and pauses in an order of its own, on one thread.
 * Each input's lines must come out complete and in their order; with one
 * input the output is the input.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/unit/engine/fake.h"

/* On one thread the thread sanitizer has nothing to find, slowly. */
#ifdef __SANITIZE_THREAD__
#define SEEDS 20u
#else
#define SEEDS 400u
#endif
#define INPUTS 4u

/* One run with ${inputs} inputs of numbered lines, "input number padding". */
struct sim {
	struct rand r;
	struct seen seen;
	struct pipeline *p;
	struct intake *in[INPUTS];
	struct buf text[INPUTS];
	size_t at[INPUTS];
	unsigned open;
};

static void
sim_start(struct sim *sim, uint64_t seed, unsigned inputs)
{
	memset(sim, 0, sizeof(*sim));
	rand_seed(&sim->r, seed);
	sim->p = fake_pipeline(
	    &sim->seen, 1 + rand_below(&sim->r, 8), NULL, true);
	sim->open = inputs;
	for (unsigned i = 0; i < inputs; i++) {
		size_t lines = rand_below(&sim->r, 3000);

		for (size_t k = 0; k < lines; k++) {
			uint32_t pad = rand_below(&sim->r, 120);

			if (rand_below(&sim->r, 500) == 0)
				pad = 100000;
			buf_printf(&sim->text[i], "%u %zu ", i, k);
			for (; pad > 0; pad--)
				buf_char(&sim->text[i], '.');
			buf_char(&sim->text[i], '\n');
		}
		sim->in[i] = intake_open(pipeline_hub(sim->p), "sim");
	}
}

static void
feed_some(struct sim *sim, unsigned i)
{
	size_t left = sim->text[i].len - sim->at[i];
	size_t n = 1 + rand_below(&sim->r, 70000);

	if (sim->in[i] == NULL)
		return;
	if (left == 0) {
		intake_close(sim->in[i]);
		sim->in[i] = NULL;
		if (--sim->open == 0)
			pipeline_end(sim->p);
		return;
	}
	sim->at[i] += fake_feed(sim->in[i], sim->text[i].data + sim->at[i],
	    n < left ? n : left);
}

static void
sim_run(struct sim *sim, unsigned inputs)
{
	while (sim->seen.ends == 0) {
		switch (rand_below(&sim->r, 8)) {
		case 0:
			pipeline_flush(sim->p);
			break;
		case 1:
			sim->seen.shut = rand_below(&sim->r, 2);
			if (!sim->seen.shut)
				pipeline_go_on(sim->p);
			break;
		case 2:
		case 3:
		case 4:
			pipeline_step(sim->p, &sim->r);
			break;
		default:
			feed_some(sim, rand_below(&sim->r, inputs));
		}
	}
}

/* Each input's lines are the ones that went in, in their order. */
static bool
lines_are_right(const struct sim *sim, unsigned inputs)
{
	size_t at[INPUTS] = {0}, total = 0;
	const char *p = sim->seen.out.data;
	const char *end = p + sim->seen.out.len;

	while (p < end) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		unsigned i = (unsigned)(*p - '0');
		size_t n = (size_t)(newline + 1 - p);

		if (i >= inputs || at[i] + n > sim->text[i].len ||
		    memcmp(p, sim->text[i].data + at[i], n) != 0)
			return false;
		at[i] += n;
		p += n;
	}
	for (unsigned i = 0; i < inputs; i++)
		total += sim->text[i].len;
	return sim->seen.out.len == total;
}

static void
any_order_gives_the_same(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct sim sim;
		unsigned inputs = seed % 2 ? 1 : INPUTS;

		sim_start(&sim, seed, inputs);
		sim_run(&sim, inputs);
		if (!lines_are_right(&sim, inputs))
			fail_msg("seed %llu", (unsigned long long)seed);
		pipeline_close(sim.p, seen_closed, &sim.seen);
		for (unsigned i = 0; i < inputs; i++)
			buf_fini(&sim.text[i]);
		buf_fini(&sim.seen.out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(any_order_gives_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
