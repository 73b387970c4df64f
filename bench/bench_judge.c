/*
 * The end of a minute among a million pairs, and the memory they take.
 *
 * 1,000 brands of one sector times 1,000 topics.  Each pair is touched once
 * by a harmful post, in the first two hours; then all fall silent but 10,000,
 * which speak every minute.  One turn is one such minute, closed and judged;
 * the figures beside the time are of the close alone and of the memory.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "bench/bench.h"
#include "engine/base/must.h"
#include "engine/batch.h"
#include "engine/catalogue.h"
#include "engine/density/judge.h"

#define BRANDS 1000u
#define TOPICS 1000u
#define ACTIVE 10000u
#define TOUCH_MINUTES 120u
#define QUIET_MINUTES 180u
#define START_MS INT64_C(1268784000000)

struct world {
	struct catalogue catalogue;
	struct rules_sector sector;
	struct rules_brand brands[BRANDS];
	struct rules_topic topics[TOPICS];
	char names[BRANDS + TOPICS][12];
	struct counters counters;
	struct judge *judge;
	struct batch *batch;
	int64_t minute;
	uint64_t posts, alerts;
};

static void
drop(void *self, struct alert *alert, uint64_t ruleset)
{
	struct world *w = self;

	(void)ruleset;
	w->alerts++;
	alert_unref(alert);
}

static void
open_world(struct world *w)
{
	struct judge_options o = {.counters = &w->counters, .on_alert = drop,
	    .self = w};

	memset(w, 0, sizeof(*w));
	w->sector = (struct rules_sector){.id = SLICE("all"),
	    .offset_milli = -3000, .scale_milli = 1000};
	for (uint32_t i = 0; i < BRANDS; i++) {
		snprintf(w->names[i], sizeof(w->names[i]), "brand-%04u", i);
		w->brands[i].id = slice_of(w->names[i]);
	}
	for (uint32_t i = 0; i < TOPICS; i++) {
		char *name = w->names[BRANDS + i];

		snprintf(name, sizeof(w->names[0]), "topic-%04u", i);
		w->topics[i] = (struct rules_topic){.id = slice_of(name),
		    .weight_milli = 2000, .severity = 1};
	}
	w->catalogue = (struct catalogue){.sectors = &w->sector,
	    .brands = w->brands, .topics = w->topics, .sectors_count = 1,
	    .brands_count = BRANDS, .topics_count = TOPICS};
	density_defaults(&o.density);
	w->judge = judge_new(&o);
	judge_catalogue(w->judge, &w->catalogue);
	w->batch = must_alloc(sizeof(*w->batch));
	w->minute = START_MS / MINUTE_MS;
}

static struct part
text_part(struct batch *b, const char *text)
{
	struct part part = {(uint32_t)b->text.len, (uint32_t)strlen(text)};

	buf_text(&b->text, text);
	return part;
}

/* A harmful post about ${brand} and ${count} topics from ${topic} on. */
static void
add_post(struct world *w, uint32_t brand, uint32_t topic, uint32_t count)
{
	struct batch *b = w->batch;
	struct share share = {.brand = brand, .harm = 300000,
	    .gravity = 250000, .severity = 1, .weight_milli = 2000,
	    .topics_first = b->topics.count, .topics_count = (uint16_t)count,
	    .reasons_first = b->reasons.count, .reasons_count = 1};
	struct record r = {.ts_ms = w->minute * MINUTE_MS,
	    .id_key = ++w->posts, .author_key = w->posts,
	    .sketch = w->posts * 77, .followers = POST_UNKNOWN,
	    .reach = MICRO, .shares_first = b->shares.count,
	    .shares_count = 1};

	for (uint32_t i = 0; i < count; i++)
		*vec_push(&b->topics, uint32_t) = topic + i;
	*vec_push(&b->reasons, struct reason) = (struct reason){
	    .kind = HIT_TOPIC, .index = topic, .weight_milli = 2000,
	    .words = text_part(b, "too expensive")};
	r.id = text_part(b, "some-id");
	r.author = text_part(b, "some-author");
	r.text = text_part(b, "This has become too expensive, thank you");
	r.clock_ms = r.ts_ms;
	*vec_push(&b->shares, struct share) = share;
	*vec_push(&b->records, struct record) = r;
}

static void
hand_over(struct world *w)
{
	struct batch *b = w->batch;

	b->clock_ms = w->minute * MINUTE_MS;
	judge_batch(w->judge, b);
	b->records.count = b->shares.count = 0;
	b->topics.count = b->reasons.count = 0;
	buf_clear(&b->text);
}

/* Each pair once, spread over the minutes, ten topics a post. */
static void
touch_all(struct world *w)
{
	uint32_t posts = BRANDS * TOPICS / 10;

	for (uint32_t i = 0; i < posts; i++) {
		add_post(w, i % BRANDS, i / BRANDS * 10, 10);
		if ((i + 1) % (posts / TOUCH_MINUTES) == 0) {
			hand_over(w);
			w->minute++;
		}
	}
	hand_over(w);
}

static void
speak(struct world *w)
{
	for (uint32_t i = 0; i < ACTIVE / 10; i++)
		add_post(w, i % BRANDS, i % 100 * 10, 10);
	hand_over(w);
}

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double
resident_mb(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	long all = 0, resident = 0;

	if (file != NULL) {
		if (fscanf(file, "%ld %ld", &all, &resident) != 2)
			resident = 0;
		fclose(file);
	}
	return (double)resident * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

/* Made once, for the harness asks several times; it lives until the end. */
static struct world *world;
static double busy_mb, idle_mb;

static void
make_world(void)
{
	double before = resident_mb();

	world = must_alloc(sizeof(*world));
	open_world(world);
	touch_all(world);
	busy_mb = resident_mb() - before;
	for (uint32_t i = 0; i < QUIET_MINUTES; i++) {
		speak(world);
		world->minute++;
	}
	idle_mb = resident_mb() - before;
}

static void
minute_among_a_million(struct bench_state *state)
{
	double worst = 0, sum = 0;
	uint64_t turns = 0;

	if (world == NULL)
		make_world();
	while (bench_next(state)) {
		double from, took;

		speak(world);
		world->minute++;
		world->batch->clock_ms = world->minute * MINUTE_MS;
		from = now_ms();
		judge_batch(world->judge, world->batch);
		took = now_ms() - from;
		sum += took;
		turns++;
		if (took > worst)
			worst = took;
	}
	bench_items(state, ACTIVE);
	bench_figure(state, "close_ms", sum / (double)turns);
	bench_figure(state, "worst_ms", worst);
	bench_figure(state, "idle_MB", idle_mb);
	bench_figure(state, "busy_MB", busy_mb);
	bench_figure(state, "alerts", (double)world->alerts);
}

void bench_judge_register(void);

void
bench_judge_register(void)
{
	bench_add("judge/minute/1000000_pairs", minute_among_a_million);
}
