/*
 * How long posts take while rules are loaded beside them.
 *
 *	time_reload RULES-A RULES-B POSTS [RELOADS [POSTS-PER-SECOND]]
 *
 * Posts come at a steady pace through the real pipeline and its threads; in
 * turns nothing else happens for a second, and then a set is loaded, A and B
 * by turns: their files are copied over those of a third folder, which is the
 * one that is loaded.  The time of a post is from its arrival in the loop to
 * the collection of its batch; the loop is held up while it swaps the sets.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "connectors/connectors.h"
#include "connectors/decode.h"
#include "engine/base/must.h"
#include "engine/pipeline.h"
#include "engine/quota.h"
#include "engine/record_job.h"
#include "engine/reload/reload.h"
#include "engine/reload/reload_thread.h"

#define STEADY_MS 1000u
#define LATE_MAX (1u << 16) /* posts in flight that are timed */

struct times {
	int64_t *ns;
	size_t count, room;
};

struct bench {
	uv_loop_t loop;
	uv_timer_t pace, next;
	struct clock clock;
	struct pipeline *pipeline;
	struct intake *in;
	struct reload *reload;
	struct reload_thread *loader;
	struct options options;
	struct config_types types;
	struct counters counters;
	const char *folders[2];
	char work[64]; /* the folder that is loaded */
	int64_t held_ns, held_most_ns; /* by swaps, all and the longest */
	struct buf posts;
	size_t at; /* of the next post */
	uint64_t rate, reloads, fed, collected;
	int64_t start_ns;
	int64_t arrived[LATE_MAX]; /* by number; negative: during a load */
	struct times steady, loading;
	uint64_t first_ms, load_ms, compiled, regexes;
	const struct rules_base *base; /* the reload's */
	bool over;
};

static int64_t
now_ns(const struct bench *b)
{
	return b->clock.tick_ns(b->clock.self);
}

static void
add(struct times *t, int64_t ns)
{
	if (t->count == t->room) {
		t->room = t->room * 2 + 65536;
		t->ns = must_grow(t->ns, t->room * sizeof(*t->ns));
	}
	t->ns[t->count++] = ns;
}

static void
on_batch(void *self, struct batch *batch)
{
	struct bench *b = self;
	int64_t now = now_ns(b);

	for (uint32_t i = 0; i < batch->lines; i++) {
		int64_t from = b->arrived[b->collected++ % LATE_MAX];

		/* A post counts for a load that it met at either end. */
		if (from < 0 || reload_busy(b->reload))
			add(&b->loading, now - (from < 0 ? -from : from));
		else
			add(&b->steady, now - from);
	}
}

static void
on_end(void *self)
{
	((struct bench *)self)->over = true;
}

static bool
feed_one(struct bench *b)
{
	const char *line = b->posts.data + b->at;
	const char *newline = memchr(line, '\n', b->posts.len - b->at);
	size_t n = (size_t)(newline + 1 - line), room;
	int64_t now = now_ns(b);
	char *to;

	if (b->fed - b->collected == LATE_MAX)
		return false;
	to = intake_room(b->in, &room);
	if (to == NULL || room < n)
		return false; /* waits: its time runs from its arrival */
	b->arrived[b->fed++ % LATE_MAX] = reload_busy(b->reload) ? -now : now;
	memcpy(to, line, n);
	intake_bytes(b->in, n);
	b->at += n;
	if (b->at >= b->posts.len)
		b->at = 0;
	return true;
}

static void
on_pace(uv_timer_t *timer)
{
	struct bench *b = timer->data;
	uint64_t due = (uint64_t)(now_ns(b) - b->start_ns) / 1000 * b->rate /
	    1000000;

	while (b->fed < due && feed_one(b))
		continue;
	if (b->fed < due) { /* what could not come is not made up for */
		b->start_ns = now_ns(b);
		b->start_ns -= (int64_t)(b->fed * 1000000 / b->rate) * 1000;
	}
}

static void on_next(uv_timer_t *timer);

static void
on_told(void *arg, const struct reload_result *result)
{
	struct bench *b = arg;

	if (!result->ok) {
		fprintf(stderr, "time_reload: %s\n", result->error);
		exit(1);
	}
	b->load_ms += (uint64_t)result->set->took_ms;
	b->compiled += result->set->compiled;
	b->regexes += ruleset_regexes(result->set->rules);
	b->reloads--;
	uv_timer_start(&b->next, on_next, STEADY_MS, 0);
}

/* Each file of ${folder} over the one of its name; beside the loop's own
 * work, before a load begins. */
static void
copy_files(const struct bench *b, const char *folder)
{
	char command[512];
	int n = snprintf(command, sizeof(command), "cp '%s'/*.yaml '%s/'",
	    folder, b->work);

	REQUIRE(n > 0 && (size_t)n < sizeof(command));
	REQUIRE(system(command) == 0);
}

static void
on_next(uv_timer_t *timer)
{
	struct bench *b = timer->data;

	if (b->reloads > 0) {
		copy_files(b, b->folders[b->reloads % 2]);
		reload_ask(b->reload, "the bench", on_told, b);
		return;
	}
	uv_timer_stop(&b->pace);
	intake_close(b->in);
	pipeline_end(b->pipeline);
}

static int
on_start(void *self, struct reload_job *job, struct err *err)
{
	return reload_thread_start(((struct bench *)self)->loader, job, err);
}

static void
on_swap(void *self, const struct reload_set *set)
{
	pipeline_rules(((struct bench *)self)->pipeline, set->rules);
}

static void
on_dispose(void *self, struct ruleset *rules)
{
	(void)self;
	reload_thread_dispose(rules);
}

static void
on_done(void *self, struct reload_job *job)
{
	struct bench *b = self;
	int64_t from = now_ns(b), held;

	reload_done(b->reload, job);
	held = now_ns(b) - from;
	b->held_ns += held;
	if (held > b->held_most_ns)
		b->held_most_ns = held;
}

static void
read_posts(struct bench *b, const char *path)
{
	FILE *f = fopen(path, "r");
	size_t n;

	if (f == NULL) {
		perror(path);
		exit(1);
	}
	while ((n = fread(buf_reserve(&b->posts, 1 << 20), 1, 1 << 20, f)) > 0)
		b->posts.len += n;
	fclose(f);
	while (b->posts.len > 0 && b->posts.data[b->posts.len - 1] != '\n')
		b->posts.len--;
	REQUIRE(b->posts.len > 0);
}

static void
start_rules(struct bench *b)
{
	const struct reload_options o = {
	    .clock = b->clock,
	    .counters = &b->counters,
	    .options = &b->options,
	    .types = &b->types,
	    .start = on_start,
	    .swap = on_swap,
	    .dispose = on_dispose,
	    .self = b,
	    .base = rules_base_new(),
	};
	struct rules_options first = {.selftest = true};
	struct reload_files *files = reload_files_new();
	struct config *config = config_new();
	struct diag *diag = diag_new();
	struct ruleset *rules;

	b->options.command = "run";
	memcpy(b->work, "/tmp/vigie-reload-XXXXXX", 25);
	REQUIRE(mkdtemp(b->work) != NULL);
	copy_files(b, b->folders[1]);
	first.base = o.base;
	b->options.rules[0] = b->work;
	b->options.rules_count = 1;
	b->start_ns = now_ns(b);
	rules = setup_rules(&b->options, config, &first, files, diag);
	b->first_ms = (uint64_t)(now_ns(b) - b->start_ns) / 1000000;
	if (rules == NULL) {
		diag_print(diag, stderr, false);
		exit(1);
	}
	b->loader = reload_thread_new(&b->loop, on_done, b);
	b->base = o.base;
	b->reload = reload_new(&o, rules,
	    setup_organisation(&b->options, config, files, diag));
	pipeline_rules(b->pipeline, rules);
	ruleset_unref(rules);
	config_free(config);
	reload_files_free(files);
	diag_free(diag);
}

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int64_t
rank(const struct times *t, double share)
{
	return t->count == 0 ? 0 :
	    t->ns[(size_t)((double)(t->count - 1) * share)];
}

static void
print_times(const char *name, struct times *t)
{
	if (t->count > 0)
		qsort(t->ns, t->count, sizeof(*t->ns), by_value);
	printf("%-8s %9zu posts, us: p50 %" PRId64 " p90 %" PRId64
	       " p99 %" PRId64 " p99.9 %" PRId64 " max %" PRId64 "\n",
	    name, t->count, rank(t, 0.5) / 1000, rank(t, 0.9) / 1000,
	    rank(t, 0.99) / 1000, rank(t, 0.999) / 1000, rank(t, 1) / 1000);
}

static void
print_all(struct bench *b, uint64_t reloads)
{
	int64_t steady, loading;

	print_times("steady", &b->steady);
	print_times("loading", &b->loading);
	steady = rank(&b->steady, 0.99);
	loading = rank(&b->loading, 0.99);
	printf("p99 while loading %.2fx; first load, alone, %" PRIu64
	       " ms; a reload %" PRIu64 " ms, %" PRIu64 " regexes of %" PRIu64
	       " compiled in all of them\n",
	    steady > 0 ? (double)loading / (double)steady : 0, b->first_ms,
	    b->load_ms / reloads, b->compiled, b->regexes / reloads);
	printf("the loop was held up by a swap for %" PRId64
	       " us, at most %" PRId64 " us; %" PRIu64 " of %" PRIu64
	       " reloads were patches\n",
	    b->held_ns / 1000 / (int64_t)reloads, b->held_most_ns / 1000,
	    rules_base_patches(b->base), reloads);
}

static void
remove_work(const struct bench *b)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r '%s'", b->work);
	REQUIRE(system(command) == 0);
}

static void
on_closed(void *self)
{
	struct bench *b = self;

	reload_free(b->reload);
	reload_thread_close(b->loader);
	uv_close((uv_handle_t *)&b->pace, NULL);
	uv_close((uv_handle_t *)&b->next, NULL);
}

int
main(int argc, char **argv)
{
	struct bench *b = must_alloc(sizeof(*b));
	struct pipeline_options o = {
	    .workers = quota_workers(),
	    .inputs_max = 1,
	    .loop = &b->loop,
	    .decoder = &decode_auto,
	    .job = record_job(),
	    .consumer = {on_batch, NULL, on_end, b},
	};
	uint64_t reloads;

	if (argc < 4) {
		fprintf(stderr, "usage: time_reload RULES-A RULES-B POSTS "
				"[RELOADS [POSTS-PER-SECOND]]\n");
		return 2;
	}
	b->clock = o.clock = clock_wall();
	b->types = (struct config_types){
	    connectors_source_at, connectors_sink_at};
	b->folders[0] = argv[1];
	b->folders[1] = argv[2];
	b->reloads = argc > 4 ? strtoull(argv[4], NULL, 10) : 10;
	b->rate = argc > 5 ? strtoull(argv[5], NULL, 10) : 20000;
	REQUIRE(b->reloads > 0 && b->rate > 0);
	reloads = b->reloads;
	read_posts(b, argv[3]);
	REQUIRE(uv_loop_init(&b->loop) == 0);
	b->pipeline = pipeline_new(&o);
	start_rules(b);
	b->in = intake_open(pipeline_hub(b->pipeline), "posts");
	uv_timer_init(&b->loop, &b->pace);
	uv_timer_init(&b->loop, &b->next);
	b->pace.data = b->next.data = b;
	b->start_ns = now_ns(b);
	uv_timer_start(&b->pace, on_pace, 1, 1);
	uv_timer_start(&b->next, on_next, STEADY_MS, 0);
	while (!b->over)
		uv_run(&b->loop, UV_RUN_ONCE);
	print_all(b, reloads);
	pipeline_close(b->pipeline, on_closed, b);
	uv_run(&b->loop, UV_RUN_DEFAULT);
	REQUIRE(uv_loop_close(&b->loop) == 0);
	buf_fini(&b->posts);
	free(b->steady.ns);
	free(b->loading.ns);
	remove_work(b);
	free(b);
	return 0;
}
