/*
 * gen_series: what the detector sees of recorded posts, as a table.
 *
 *	gen_series [--hours] RULES FILE >series.csv
 *
 * Per sector and brand (its id; "sector/" for talk that names no brand, and
 * the sector's own sum under its id) and for each tick of five minutes from
 * the first post to the last: posts, independence (sum of v), voices (of
 * v a), harm.  So the same detector can be run on counts and on harm.  Late
 * posts go to their own tick; nothing is cut by windows.  With --hours each
 * hour of the clock is a window of its own: accounts and copies are ranked
 * within it, as if nothing had been before.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connectors/connectors.h"
#include "engine/base/mathx.h"
#include "engine/base/must.h"
#include "engine/catalogue.h"
#include "engine/cmd_inputs.h"
#include "engine/density/detector.h"
#include "engine/record_job.h"
#include "engine/setup.h"
#include "engine/density/voices.h"

#define KEYS_MAX 256u
#define TICKS_MAX 60000u /* 208 days */
#define ACCOUNTS 200000u

struct tick {
	uint32_t posts;
	int64_t independence, voices, harm;
};

struct series {
	uint32_t sector, brand;
	bool whole; /* the sector's sum */
	struct tick *ticks;
};

struct run {
	struct cmd_inputs in;
	struct catalogue *names;
	struct voices *voices;
	struct series series[KEYS_MAX];
	uint32_t count;
	int64_t first_tick, last_tick; /* of 5 minutes since 1970 */
	int64_t now_ms;
	bool hours;
	int64_t hour; /* the one that is ranked, with hours */
};

static struct series *
series_of(struct run *run, uint32_t sector, uint32_t brand, bool whole)
{
	struct series *s;

	for (uint32_t i = 0; i < run->count; i++) {
		s = &run->series[i];
		if (s->sector == sector && s->brand == brand &&
		    s->whole == whole)
			return s;
	}
	REQUIRE(run->count < KEYS_MAX);
	s = &run->series[run->count++];
	*s = (struct series){.sector = sector, .brand = brand, .whole = whole,
	    .ticks = must_alloc(TICKS_MAX * sizeof(*s->ticks))};
	return s;
}

static void
add(struct series *s, int64_t tick, int64_t v, int64_t voices, int64_t harm)
{
	s->ticks[tick].posts++;
	s->ticks[tick].independence += v;
	s->ticks[tick].voices += voices;
	s->ticks[tick].harm += harm;
}

static void
add_share(struct run *run, const struct record *r, const struct share *share,
    int64_t t_ms)
{
	int64_t tick = t_ms / (DETECTOR_TICK_MINUTES * MINUTE_MS) -
	    run->first_tick;
	struct series *s = series_of(run, share->sector, share->brand, false);
	int64_t harm = mathx_ratio(share->harm, share->gravity, MICRO);
	struct voice voice;
	int64_t mass;

	if (tick < 0 || tick >= TICKS_MAX)
		return;
	if (run->last_tick < tick)
		run->last_tick = tick;
	voice = voices_rank(run->voices, (uint32_t)(s - run->series) + 1,
	    r->author_key != 0 ? r->author_key : r->id_key, r->sketch,
	    t_ms / MINUTE_MS, harm > 0);
	mass = mathx_ratio(voice.independence, r->reach, MICRO);
	add(s, tick, voice.independence, mass,
	    mathx_ratio(mass, harm, MICRO));
	add(series_of(run, share->sector, RULES_NONE, true), tick,
	    voice.independence, mass, mathx_ratio(mass, harm, MICRO));
}

/* With --hours: forget who spoke when another hour begins. */
static void
turn(struct run *run, int64_t t_ms)
{
	if (!run->hours || run->hour == t_ms / (60 * MINUTE_MS))
		return;
	run->hour = t_ms / (60 * MINUTE_MS);
	voices_free(run->voices);
	run->voices = voices_new(ACCOUNTS, ACCOUNTS);
}

static void
on_batch(void *self, struct batch *batch)
{
	struct run *run = self;

	for (uint32_t i = 0; i < batch->records.count; i++) {
		const struct record *r =
		    vec_at(&batch->records, struct record, i);

		if (r->clock_ms > run->now_ms)
			run->now_ms = r->clock_ms;
		if (r->ts_ms == TIME_NONE || r->ts_ms < 0 ||
		    (r->flags & (RECORD_OWN | RECORD_DELETED)))
			continue;
		if (run->first_tick < 0)
			run->first_tick = r->ts_ms /
			    (DETECTOR_TICK_MINUTES * MINUTE_MS);
		turn(run, r->ts_ms);
		voices_advance(run->voices, run->now_ms / MINUTE_MS);
		for (uint32_t k = 0; k < r->shares_count; k++)
			add_share(run, r, vec_at(&batch->shares, struct share,
				r->shares_first + k), r->ts_ms);
	}
}

static void
print(const struct run *run)
{
	struct buf out = {0};

	buf_text(&out, "key,timestamp,posts,independence,voices,harm\n");
	for (uint32_t i = 0; i < run->count; i++) {
		const struct series *s = &run->series[i];
		struct slice sector = run->names->sectors[s->sector].id;
		struct slice brand = {0};

		if (s->brand != RULES_NONE)
			brand = run->names->brands[s->brand].id;

		for (int64_t t = 0; t <= run->last_tick; t++) {
			buf_slice_put(&out, sector);
			buf_text(&out, s->whole ? "" : "/");
			buf_slice_put(&out, brand);
			buf_char(&out, ',');
			buf_utc(&out, (run->first_tick + t) *
			    DETECTOR_TICK_MINUTES * MINUTE_MS);
			buf_printf(&out, ",%u,", s->ticks[t].posts);
			buf_fixed(&out, s->ticks[t].independence, 6, 6);
			buf_char(&out, ',');
			buf_fixed(&out, s->ticks[t].voices, 6, 6);
			buf_char(&out, ',');
			buf_fixed(&out, s->ticks[t].harm, 6, 6);
			buf_char(&out, '\n');
		}
		fwrite(out.data, 1, out.len, stdout);
		buf_clear(&out);
	}
	buf_fini(&out);
}

int
main(int argc, char **argv)
{
	const struct config_types types = {
	    connectors_source_at, connectors_sink_at};
	struct options o = {.command = "replay", .rules_count = 1};
	struct run *run = must_alloc(sizeof(*run));
	struct setup setup;
	int rc;

	run->hours = argc == 4 && !strcmp(argv[1], "--hours");
	if (argc != 3 && !run->hours) {
		fprintf(stderr, "usage: gen_series [--hours] RULES FILE\n");
		return EXIT_MISUSE;
	}
	argv += run->hours;
	o.rules[0] = argv[1];
	o.args = argv + 2;
	o.args_count = 1;
	cmd_inputs_start(&run->in, &o);
	rc = setup_load(&setup, &o, &types);
	if (rc == 0) {
		run->names = catalogue_of(setup.rules);
		run->first_tick = -1;
		run->voices = voices_new(ACCOUNTS, ACCOUNTS);
		cmd_inputs_open(&run->in, setup.rules, 1, record_job(),
		    (struct consumer){.on_batch = on_batch, .self = run});
		rc = cmd_inputs_read(&run->in);
		print(run);
		rc = cmd_inputs_close(&run->in, 1, setup.rules, rc);
		voices_free(run->voices);
		catalogue_free(run->names);
	}
	setup_free(&setup);
	for (uint32_t i = 0; i < run->count; i++)
		free(run->series[i].ticks);
	free(run);
	return rc;
}
