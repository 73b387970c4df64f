/*
 * Goal: while sets are swapped many times, no post is lost, none is judged by
 * two sets or by one that did not run then, and the order stays.
 * Method: a pipeline with the real decoder and matcher; posts, loads (good
 * and bad), rollbacks and batches happen in an order chosen by a seed, on one
 * thread; then once more with threads, for the sanitizers.  Each set has a
 * topic of its own name, which the job writes beside the post's id: the
 * output must be every post, once, with the sets in the order of the swaps.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "connectors/decode.h"
#include "engine/base/rand.h"
#include "tests/unit/engine/fake.h"
#include "tests/unit/engine/reload_bed.h"

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define SEEDS 8u
#define THREADED_POSTS 20000u
#else
#define SEEDS 60u
#define THREADED_POSTS 100000u
#endif
#define SWAPS_MAX 4096u

struct sim {
	struct rand r;
	struct seen seen;
	struct pipeline *p;
	struct intake *in;
	struct reload_bed *bed;
	uint32_t posts, sent;
	int next_set;
	struct buf text; /* of the post that is being fed */
	size_t text_at;
	uint64_t swaps[SWAPS_MAX]; /* ids, in order */
	uint32_t swaps_count;
};

static struct sim *current; /* whose pipeline the swaps go to */

static void
on_swap(void *self, const struct reload_set *set)
{
	(void)self;
	REQUIRE(current->swaps_count < SWAPS_MAX);
	current->swaps[current->swaps_count++] = ruleset_id(set->rules);
	pipeline_rules(current->p, set->rules);
}

/* "id ruleset hits name...\n" */
static void
note(void *self, struct worker_ctx *ctx, struct batch *batch,
    const struct post *post, struct text *text, const struct verdict *v)
{
	(void)self;
	(void)text;
	REQUIRE(ctx->rules == batch->rules);
	buf_slice_put(&batch->out, post->id);
	buf_printf(&batch->out, " %016" PRIx64 " %u", ruleset_id(ctx->rules),
	    v->hits_count);
	for (uint32_t i = 0; i < v->hits_count; i++) {
		buf_char(&batch->out, ' ');
		rules_name(ctx->rules, &v->hits[i], &batch->out);
	}
	buf_char(&batch->out, '\n');
}

static void
sim_open(struct sim *sim, unsigned workers, bool stepping)
{
	struct pipeline_options o = {
	    .workers = workers,
	    .inputs_max = 1,
	    .stepping = stepping,
	    .clock = clock_wall(),
	    .decoder = &decode_auto,
	    .job = {.post = note, .every = true, .match_flags = MATCH_TOPICS},
	    .consumer = {seen_on_batch, seen_may_go_on, seen_on_end,
		&sim->seen},
	};

	current = sim;
	sim->bed = reload_bed_new(on_swap);
	sim->p = pipeline_new(&o);
	pipeline_watch(sim->p, seen_pause, seen_resume, &sim->seen);
	sim->swaps[sim->swaps_count++] =
	    ruleset_id(reload_kept(sim->bed->reload, 0)->rules);
	pipeline_rules(sim->p, reload_kept(sim->bed->reload, 0)->rules);
	sim->in = intake_open(pipeline_hub(sim->p), "sim");
}

/* Feed some bytes; a post may be cut anywhere. */
static void
feed(struct sim *sim)
{
	uint32_t left = 1 + rand_below(&sim->r, 2000);

	while (left > 0 && (sim->sent < sim->posts || sim->text.len > 0)) {
		size_t n;

		if (sim->text.len == 0) {
			buf_printf(&sim->text,
			    "{\"id\":\"p%u\",\"text\":\"acme %s\"}\n",
			    sim->sent,
			    sim->sent % 3 ? "listeria" : "poiison");
			sim->sent++;
			sim->text_at = 0;
		}
		n = sim->text.len - sim->text_at;
		n = fake_feed(sim->in, sim->text.data + sim->text_at,
		    n < left ? n : left);
		if (n == 0)
			return;
		sim->text_at += n;
		left -= (uint32_t)n;
		if (sim->text_at == sim->text.len)
			buf_clear(&sim->text);
	}
}

static void
change_rules(struct sim *sim)
{
	struct err err;

	switch (rand_below(&sim->r, 6)) {
	case 0:
		reload_bed_write(sim->bed, -1);
		break;
	case 1:
		reload_back(sim->bed->reload, SLICE(""), &err);
		return;
	default:
		reload_bed_write(sim->bed, ++sim->next_set);
	}
	reload_bed_ask(sim->bed);
}

static bool
all_fed(const struct sim *sim)
{
	return sim->sent == sim->posts && sim->text.len == 0;
}

static void
sim_run(struct sim *sim)
{
	while (sim->seen.ends == 0) {
		switch (rand_below(&sim->r, 10)) {
		case 0:
			pipeline_flush(sim->p);
			break;
		case 1:
			if (sim->swaps_count < SWAPS_MAX - 2)
				change_rules(sim);
			break;
		case 2:
			if (sim->bed->job != NULL)
				reload_bed_run(sim->bed);
			break;
		case 3:
		case 4:
		case 5:
			pipeline_step(sim->p, &sim->r);
			break;
		default:
			if (sim->in == NULL)
				break;
			feed(sim);
			if (all_fed(sim)) {
				intake_close(sim->in);
				sim->in = NULL;
				pipeline_end(sim->p);
			}
		}
	}
}

/* The line of post ${i}: by which set, and only its topic matched. */
static bool
line_is_right(const struct sim *sim, uint32_t i, const char *line, size_t n,
    uint32_t *at)
{
	char copy[160], id[17];
	unsigned hits, number = 0;
	char brand[32], topic[32];

	if (n >= sizeof(copy))
		return false;
	memcpy(copy, line, n);
	copy[n] = '\0';
	if (sscanf(copy, "p%u %16s %u %31s %31s", &number, id, &hits, brand,
		topic) != 5 || number != i || hits != 2 ||
	    strncmp(topic, "topic:set", 9) != 0)
		return false;
	/* Swaps come one after another; posts never go back before one. */
	for (; *at < sim->swaps_count; ++*at) {
		char want[17];

		snprintf(want, sizeof(want), "%016" PRIx64, sim->swaps[*at]);
		if (!strcmp(want, id))
			return true;
	}
	return false;
}

static bool
sim_is_right(const struct sim *sim)
{
	const char *p = sim->seen.out.data, *end = p + sim->seen.out.len;
	uint32_t i = 0, at = 0;

	for (; p < end; i++) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)(newline - p);

		if (!line_is_right(sim, i, p, n, &at)) {
			print_message("post %u: %.*s\n", i, (int)n, p);
			return false;
		}
		p = newline + 1;
	}
	return i == sim->posts;
}

static void
sim_close(struct sim *sim)
{
	pipeline_close(sim->p, seen_closed, &sim->seen);
	reload_bed_free(sim->bed);
	buf_fini(&sim->seen.out);
	buf_fini(&sim->text);
	free(sim);
}

static void
swaps_at_any_moment(void **state)
{
	uint32_t swaps = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct sim *sim = must_alloc(sizeof(*sim));

		rand_seed(&sim->r, seed);
		sim->posts = 500 + rand_below(&sim->r, 5000);
		sim_open(sim, 1 + rand_below(&sim->r, 8), true);
		sim_run(sim);
		if (!sim_is_right(sim))
			fail_msg("seed %llu", (unsigned long long)seed);
		swaps += sim->swaps_count;
		sim_close(sim);
	}
	print_message("%u swaps\n", swaps);
	assert_true(swaps > 8 * SEEDS);
}

/* With threads: the load runs here while workers use the old set. */
static void
swaps_with_threads(void **state)
{
	struct sim *sim = must_alloc(sizeof(*sim));

	(void)state;
	rand_seed(&sim->r, 20100317);
	sim->posts = THREADED_POSTS;
	sim_open(sim, 3, false);
	while (!all_fed(sim)) {
		feed(sim);
		pipeline_flush(sim->p);
		if (sim->swaps_count < SWAPS_MAX - 2 &&
		    rand_below(&sim->r, 30) == 0) {
			change_rules(sim);
			if (sim->bed->job != NULL)
				reload_bed_run(sim->bed);
		}
		pipeline_wait(sim->p);
	}
	intake_close(sim->in);
	pipeline_end(sim->p);
	while (sim->seen.ends == 0)
		pipeline_wait(sim->p);
	assert_true(sim_is_right(sim));
	assert_true(sim->swaps_count > 10);
	sim_close(sim);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(swaps_at_any_moment),
	    cmocka_unit_test(swaps_with_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
