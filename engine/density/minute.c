/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/minute.h"

#include <stdlib.h>

#include "engine/base/mathx.h"
#include "engine/base/must.h"

/* A sector's alert needs this many brands' worth of excess, or the lower one
 * when it has three brands or fewer. */
#define BREADTH_LEAST (2 * MICRO)
#define BREADTH_LEAST_SMALL (3 * MICRO / 2)
#define SMALL_SECTOR 3u
#define SILENT_MICRO MICRO /* one voice an hour */
/* Mean of a Poisson number that is 0 or 1 half of the time. */
#define SILENT_USUAL_MICRO INT64_C(1678347)
/* A flood that was told of is over under this many posts an hour. */
#define FLOOD_OVER_POSTS 25u
#define AHEAD 8u /* keys between two steps of fetching */

_Static_assert(WINDOW_RECENT == DETECTOR_TICK_MINUTES,
    "the detector is asked of the minutes of a tick");

static bool
is_tick(int64_t minute)
{
	return (minute + 1) % DETECTOR_TICK_MINUTES == 0;
}

static int
norm_order(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The median norm of the sector's brands that have been watched for three
 * days; 0 without any.  Computed once per tick. */
static int64_t
borrowed_norm(struct key *sector, int64_t minute)
{
	int64_t tick = (minute + 1) / DETECTOR_TICK_MINUTES;
	struct key_sector *s = sector->of_sector;
	int64_t *norms;
	uint32_t count = 0;

	if (s->borrowed_at == tick)
		return s->borrowed_norm;
	norms = must_alloc((sector->parts_count + 1ul) * sizeof(*norms));
	for (uint32_t i = 0; i < sector->parts_count; i++) {
		struct key *brand = sector->parts[i];

		if (brand->pseudo || minute_learning(brand, minute))
			continue;
		if (!brand->active)
			keys_catch_up(brand, minute);
		norms[count++] = brand->active ? keys_live_norm(brand) :
						 keys_norm(brand, 12);
	}
	qsort(norms, count, sizeof(*norms), norm_order);
	s->borrowed_at = tick;
	s->borrowed_norm = count == 0 ? 0 :
	    count % 2 == 1 ? norms[count / 2] :
			     (norms[count / 2 - 1] + norms[count / 2]) / 2;
	free(norms);
	return s->borrowed_norm;
}

static int64_t
live_norm(struct key *key, int64_t minute)
{
	if (!minute_learning(key, minute))
		return keys_live_norm(key);
	if (key->subject == ALERT_BRAND && !key->pseudo)
		return borrowed_norm(key->up, minute);
	return 0;
}

static void
measure_amounts(struct key *key, const struct density_settings *s,
    int64_t minute)
{
	struct amounts *a = &key->live->amounts;
	const struct live *mass =
	    key->subject == ALERT_PAIR ? key->up->live : key->live;

	a->harm = key->live->window.total.harm;
	a->mass = mass->window.total.mass;
	a->norm = density_norm(&key->density, live_norm(key, minute), minute);
	a->excess = a->harm > a->norm ? a->harm - a->norm : 0;
	a->density = density_of(s, a->excess, a->mass);
}

/* All keys lie somewhere else in memory: those to come are fetched while one
 * is measured, in three steps, as each says where the next one is. */
static void
measure_ahead(struct key **keys, uint32_t i, uint32_t count, int64_t minute)
{
	struct live *l;

	if (i + 3 * AHEAD < count) {
		__builtin_prefetch(keys[i + 3 * AHEAD]);
		__builtin_prefetch(&keys[i + 3 * AHEAD]->density, 1);
		__builtin_prefetch(&keys[i + 3 * AHEAD]->day);
	}
	if (i + 2 * AHEAD < count) {
		l = keys[i + 2 * AHEAD]->live;
		__builtin_prefetch(l, 1);
		__builtin_prefetch(&l->amounts, 1);
		__builtin_prefetch(&l->window.total, 1);
		__builtin_prefetch(&l->window.said, 1);
		if (keys[i + 2 * AHEAD]->causes != NULL)
			__builtin_prefetch(keys[i + 2 * AHEAD]->causes, 1);
	}
	if (i + AHEAD < count) {
		l = keys[i + AHEAD]->live;
		window_ahead(&l->window, minute, l->open.posts > 0);
		if (is_tick(minute))
			detector_ahead(&l->detector);
		if (keys[i + AHEAD]->causes != NULL)
			causes_ahead(keys[i + AHEAD]->causes, minute);
		if (l->open.posts > 0 && keys[i + AHEAD]->day.count > 0)
			__builtin_prefetch(&keys[i + AHEAD]->day.hours
				[keys[i + AHEAD]->day.count - 1], 1);
	}
}

/* Ask the detector about the last five whole minutes. */
static void
measure(struct key *key, const struct density_settings *s, int64_t minute)
{
	const struct window *w = keys_window(key, minute);
	struct live *l = key->live;
	double amount;

	if (key->causes != NULL)
		causes_advance(key->causes, minute);
	amount = detector_of_harm(w->recent);
	if (is_tick(minute)) {
		l->answer = detector_tick(&l->detector, amount);
		l->asked = -1.0;
		l->rare_from = detector_rare_from(&l->detector);
		keys_refresh_norm(key);
	} else {
		l->asked = amount;
	}
	l->closed = minute;
	if (key->subject != ALERT_SECTOR)
		measure_amounts(key, s, minute);
}

/* A sector: the sum of its brands' excess over the sum of their talk.  How
 * many brands carry it is computed when somebody asks. */
static void
measure_sector(struct key *sector, const struct density_settings *s)
{
	struct amounts *a = &sector->live->amounts;
	const struct sums *hour = &sector->live->window.total;

	*a = (struct amounts){.harm = hour->harm, .mass = hour->mass};
	for (uint32_t i = 0; i < sector->parts_count; i++) {
		const struct key *brand = sector->parts[i];

		if (!brand->active)
			continue;
		a->excess += brand->live->amounts.excess;
		a->norm += brand->live->amounts.norm;
	}
	a->density = density_of(s, a->excess, a->mass);
	sector->of_sector->breadth = a->excess == 0 ? 0 : BREADTH_UNKNOWN;
}

/*
 * A flood is told of once, when it begins: it joins an open episode, or opens
 * one of its own at the lowest level.  It never changes RD.
 */
static void
notice_flood(struct key *key, int64_t minute)
{
	const struct sums *hour = &key->live->window.total;

	if (key->flood) {
		key->flood = hour->posts >= FLOOD_OVER_POSTS;
	} else if (window_is_flood(hour)) {
		key->flood = true;
		if (density_lift(&key->density, DENSITY_FLOOD_LEVEL,
			key->live->amounts.norm, key->live->amounts.density,
			minute))
			key->change = DENSITY_UP;
		else if (key->change == DENSITY_SAME) {
			key->change = DENSITY_AGAIN;
			key->density.because = DENSITY_FLOOD;
		}
	}
}

/*
 * A start where it is silent: ten voices in half an hour, twice as many as in
 * the half-hour before, where most half-hours bring one harmful post at most
 * (the mean of the last day, as far as it was watched, this hour left out),
 * and where the norm, once there is one, is under one voice an hour.  Of a
 * brand that always hears complaints only the detector can say what is rare.
 */
static bool
is_cold(const struct key *key, uint32_t voices, int64_t minute)
{
	uint32_t hour = key->live->window.total.harmful, day;
	int64_t watched = (minute - key->born) / 60;

	if (voices < DENSITY_COLD_ACCOUNTS || 3 * voices < 2 * hour)
		return false;
	day = window_day_sum(&key->day, minute).harmful;
	if (watched < 1)
		watched = 1;
	if (watched > DAY_HOURS)
		watched = DAY_HOURS;
	if (day > hour &&
	    (int64_t)(day - hour) * MICRO >= SILENT_USUAL_MICRO * 2 * watched)
		return false;
	return minute_learning(key, minute) ||
	    key->live->amounts.norm < SILENT_MICRO;
}

/* A sector of which too few brands carry what is said. */
static bool
is_narrow(const void *of)
{
	const struct key *key = of;
	const struct key_sector *s = key->of_sector;

	return keys_breadth(key) <
	    (s->brands_count <= SMALL_SECTOR ? BREADTH_LEAST_SMALL :
					       BREADTH_LEAST);
}

static enum density_change
judge_key(const struct minute_context *c, struct key *key, int64_t minute)
{
	static const struct detector_answer not_rare;
	const struct live *l = key->live;
	uint32_t near = voices_accounts_near(c->voices, key->serial);
	struct density_input in = {
	    .minute = minute,
	    .excess = l->amounts.excess,
	    .mass = l->amounts.mass,
	    .norm = l->amounts.norm,
	    .answer = keys_not_rare(key) ? not_rare : keys_answer(key),
	    .accounts = voices_accounts(c->voices, key->serial),
	    .tick = is_tick(minute),
	    .cold = is_cold(key, near, minute),
	    .narrow = key->of_sector != NULL ? is_narrow : NULL,
	    .of = key,
	};

	return density_judge(&key->density, c->settings, &in);
}

/* Nothing that could raise a level or lower one, as nearly always: what
 * density_judge() would find is known. */
static bool
is_calm(const struct minute_context *c, const struct key *key)
{
	if (key->density.level > 0 ||
	    (!keys_not_rare(key) && detector_rare(keys_answer(key))))
		return false;
	return !density_reaches(c->settings, key->live->amounts.density) ||
	    voices_accounts_near(c->voices, key->serial) <
		DENSITY_COLD_ACCOUNTS;
}

static void
decide(const struct minute_context *c, struct key *key, int64_t minute)
{
	key->change = DENSITY_SAME;
	if (key->pseudo)
		return; /* it only counts in its sector */
	if (is_calm(c, key))
		key->density.rare_run = 0;
	else
		key->change = (uint8_t)judge_key(c, key, minute);
	if (key->subject == ALERT_BRAND)
		notice_flood(key, minute);
}

/*
 * One event, one alert: a pair at or below its brand's level is listed in the
 * brand's alert.  One that was told of on its own is followed to its end.
 */
static bool
speaks(const struct key *key)
{
	const struct episode *e = &key->episode;

	if (key->change == DENSITY_SAME)
		return false;
	if (key->subject != ALERT_PAIR)
		return true;
	if (key->change == DENSITY_DOWN)
		return e->open && key->density.level < e->said_level;
	return key->density.level > key->up->density.level;
}

/* Of an episode that begins: a level that only the flood has lifted. */
static enum alert_kind
kind_of(const struct key *key)
{
	return key->flood && key->density.level == DENSITY_FLOOD_LEVEL ?
	    ALERT_COORDINATED : ALERT_DENSITY;
}

void
minute_close(const struct minute_context *c, int64_t minute)
{
	uint32_t count, sectors = 0; /* those come first */
	struct key **keys = keys_active(c->keys, &count);

	/* What is decided of a brand or a pair hangs on nothing that is
	 * measured of others, and it is at hand now. */
	for (uint32_t i = 0; i < count; i++) {
		measure_ahead(keys, i, count, minute);
		measure(keys[i], c->settings, minute);
		if (keys[i]->subject == ALERT_SECTOR)
			sectors = i + 1;
		else
			decide(c, keys[i], minute);
	}
	for (uint32_t i = 0; i < sectors; i++) {
		measure_sector(keys[i], c->settings);
		decide(c, keys[i], minute);
	}
	for (uint32_t i = 0; i < sectors && c->sector != NULL; i++)
		c->sector(c->self, keys[i], minute);
	if (c->decided != NULL)
		c->decided(c->self, minute);
	for (uint32_t i = 0; i < count; i++)
		if (speaks(keys[i]))
			c->tell(c->self, keys[i], kind_of(keys[i]), minute);
	keys_retire(c->keys);
}

void
minute_severe(const struct minute_context *c, struct key *brand,
    int64_t minute)
{
	REQUIRE(brand->subject == ALERT_BRAND && brand->active);
	(void)keys_breadth(brand->up); /* while its excess is of that time */
	keys_window(brand, minute);
	measure_amounts(brand, c->settings, minute);
	for (uint32_t i = 0; i < brand->parts_count; i++) {
		struct key *pair = brand->parts[i];

		if (!pair->active)
			continue;
		keys_window(pair, minute);
		measure_amounts(pair, c->settings, minute);
	}
	if (!brand->pseudo && density_lift(&brand->density,
		DENSITY_SEVERE_LEVEL, brand->live->amounts.norm,
		brand->live->amounts.density, minute))
		c->tell(c->self, brand, ALERT_SEVERE_POST, minute);
}
