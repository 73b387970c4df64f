/*
 * creeping: harm above its norm day after day, too slow for density to ring.
 *
 * One slow CUSUM per brand and sector on the harm of whole UTC days (cusum.h).
 * One episode: a message when it rings, one when it doubles, one at its end.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/base/pack.h"
#include "engine/density/cusum.h"
#include "engine/density/signal.h"

#define VERSION 1u
#define DAY_MINUTES 1440
#define NBSP "\302\240"

struct series {
	/* what each post asks of it first */
	struct key *key;
	int64_t day;   /* the open one, counted from 1970 */
	int64_t harm;  /* of it */
	uint8_t level; /* told of, 0: calm */
	struct cusum cusum;
};

struct creeping {
	struct cusum_settings settings;
	struct series **by_key; /* by serial; NULL: no harm yet */
	uint32_t room;
	struct series **all; /* in order of their first harm */
	uint32_t count;
	uint32_t ringing;
	int64_t touched; /* newest day with harm, INT64_MIN before */
	int64_t closed;  /* last day whose end was seen, INT64_MIN before */
};

struct creeping_settings {
	int64_t history, threshold;
};

static const struct setting rows[] = {
    {.name = "history", .type = SETTING_INT, .fallback = "14", .min = 7,
	.max = CUSUM_NORM_DAYS,
	.offset = offsetof(struct creeping_settings, history),
	.help = "days of norm, a week old, that it wants before it rings"},
    {.name = "threshold", .type = SETTING_INT, .fallback = "8", .min = 3,
	.max = 50, .offset = offsetof(struct creeping_settings, threshold),
	.help = "S from which it rings, in standard deviations"},
    {.name = NULL},
};

static void
forget(struct creeping *c)
{
	for (uint32_t i = 0; i < c->count; i++)
		free(c->all[i]);
	free(c->all);
	free(c->by_key);
	*c = (struct creeping){.settings = c->settings,
	    .touched = INT64_MIN, .closed = INT64_MIN};
}

static void *
create(const void *settings)
{
	const struct creeping_settings *s = settings;
	struct creeping *c = must_alloc(sizeof(*c));

	c->settings.history = s->history;
	c->settings.rings_micro = s->threshold * MICRO;
	forget(c);
	return c;
}

static void
destroy(void *self)
{
	forget(self);
	free(self);
}

static struct series *
series_of(struct creeping *c, struct key *key)
{
	struct series *s;

	if (key->serial >= c->room) {
		uint32_t room = key->serial * 2;

		c->by_key = must_grow(c->by_key, room * sizeof(*c->by_key));
		memset(&c->by_key[c->room], 0,
		    (room - c->room) * sizeof(*c->by_key));
		c->room = room;
	}
	s = c->by_key[key->serial];
	if (s != NULL)
		return s;
	if ((c->count & (c->count + 1)) == 0) /* grow at 0, 1, 3, 7, ... */
		c->all = must_grow(c->all,
		    (c->count * 2ul + 1) * sizeof(*c->all));
	s = must_alloc(sizeof(*s));
	s->key = key;
	/* Whole days only: the first begins when watching has begun. */
	s->day = (key->born + DAY_MINUTES - 1) / DAY_MINUTES;
	c->by_key[key->serial] = s;
	return c->all[c->count++] = s;
}

/* A number of voices as people read it: 12 or 3.4. */
static void
put_voices(struct buf *out, int64_t micro, char point)
{
	int64_t tenths = (micro + MICRO / 20) / (MICRO / 10);

	if (tenths >= 100 || tenths % 10 == 0)
		buf_printf(out, "%lld", (long long)((tenths + 5) / 10));
	else
		buf_printf(out, "%lld%c%lld", (long long)(tenths / 10), point,
		    (long long)(tenths % 10));
}

static void
put_name(struct signal_news *n)
{
	if (n->key->subject == ALERT_SECTOR) {
		buf_text(&n->fr, "Secteur ");
		buf_text(&n->en, "Sector ");
	}
	buf_text(&n->fr, keys_name(n->key, true));
	buf_text(&n->en, keys_name(n->key, false));
}

static void
put_rising(struct signal_news *n, int32_t days, int64_t daily, int64_t norm)
{
	buf_printf(&n->fr, NBSP ": le tort monte à bas bruit"
	    NBSP "; depuis %d jours, ", days);
	put_voices(&n->fr, daily, ',');
	buf_text(&n->fr, " voix nuisibles par jour, contre ");
	put_voices(&n->fr, norm, ',');
	buf_text(&n->fr, " d'ordinaire. Cherchez la cause avant qu'elle "
			 "n'éclate.");
	buf_printf(&n->en, ": harm is creeping up; for %d days, ", days);
	put_voices(&n->en, daily, '.');
	buf_text(&n->en, " harmful voices a day, against the usual ");
	put_voices(&n->en, norm, '.');
	buf_text(&n->en, ". Look for the cause before it bursts.");
}

static void
put_over(struct signal_news *n, bool fell, int64_t daily, int64_t norm)
{
	buf_text(&n->fr, fell ? NBSP ": la montée lente est retombée"
			      NBSP "; hier, " :
		NBSP ": la montée lente dure depuis quatre semaines et "
		"devient la normale" NBSP "; hier, ");
	put_voices(&n->fr, daily, ',');
	buf_text(&n->fr, " voix nuisibles, contre ");
	put_voices(&n->fr, norm, ',');
	buf_text(&n->fr, " d'ordinaire avant elle.");
	buf_text(&n->en, fell ? ": the slow rise is over; yesterday, " :
		": the slow rise has lasted for four weeks and is taken for "
		"normal from now on; yesterday, ");
	put_voices(&n->en, daily, '.');
	buf_text(&n->en, " harmful voices, against the usual ");
	put_voices(&n->en, norm, '.');
	buf_text(&n->en, " before it.");
}

static void
put_members(const struct creeping *c, struct signal_news *n,
    const struct series *s, const struct cusum *was, int64_t daily)
{
	buf_printf(&n->members, "{\"days\":%d,\"since\":\"", was->run_days);
	buf_utc(&n->members, (s->day - was->run_days + 1) * DAY_MINUTES *
	    MINUTE_MS);
	buf_text(&n->members, "\",\"harm_per_day\":");
	buf_fixed(&n->members, daily, 6, 6);
	buf_text(&n->members, ",\"expected_per_day\":");
	buf_fixed(&n->members, was->norm, 6, 6);
	buf_text(&n->members, ",\"cusum\":");
	buf_fixed(&n->members, was->sum_micro, 6, 6);
	buf_text(&n->members, ",\"threshold\":");
	buf_fixed(&n->members, c->settings.rings_micro, 6, 6);
	buf_char(&n->members, '}');
}

/* Twice what is normal over the whole run is a pre-alert. */
static uint8_t
level_of(const struct cusum *c)
{
	return c->run_harm / c->run_days >= 2 * c->norm ? 2 : 1;
}

/* A sector speaks when it creeps as a whole: not while one of its brands has
 * said as much. */
static bool
may_speak(const struct creeping *c, const struct key *key)
{
	for (uint32_t i = 0; i < key->parts_count; i++) {
		uint32_t serial = key->parts[i]->serial;

		if (key->subject == ALERT_SECTOR && serial < c->room &&
		    c->by_key[serial] != NULL && c->by_key[serial]->level > 0)
			return false;
	}
	return true;
}

static void
close_day(struct creeping *c, struct series *s, struct signal_out *out)
{
	struct cusum before = s->cusum;
	enum cusum_change change = cusum_day(&s->cusum, &c->settings, s->harm);
	struct signal_news *n;

	if (change == CUSUM_CALM || change == CUSUM_NORMAL) {
		before.run_days++;
		c->ringing -= s->level > 0;
		s->level = 0;
		n = signal_news_put(out, ALERT_CREEPING, s->key, 0);
		put_name(n);
		put_over(n, change == CUSUM_CALM, s->harm, before.norm);
		put_members(c, n, s, &before, s->harm);
	} else if (s->cusum.ringing && s->harm > 0 &&
	    level_of(&s->cusum) > s->level && may_speak(c, s->key)) {
		int64_t daily = s->cusum.run_harm / s->cusum.run_days;

		c->ringing += s->level == 0;
		s->level = level_of(&s->cusum);
		n = signal_news_put(out, ALERT_CREEPING, s->key, s->level);
		put_name(n);
		put_rising(n, s->cusum.run_days, daily, s->cusum.norm);
		put_members(c, n, s, &s->cusum, daily);
	}
	s->day++;
	s->harm = 0;
}

/* Days of silence: more than are remembered change nothing. */
static void
catch_up(struct creeping *c, struct series *s, int64_t day,
    struct signal_out *out)
{
	if (s->harm == 0 && s->level == 0 &&
	    day - s->day > 2 * CUSUM_DAYS)
		s->day = day - 2 * CUSUM_DAYS;
	while (s->day < day)
		close_day(c, s, out);
}

static void
add(struct creeping *c, struct key *key, int64_t minute, int64_t harm,
    struct signal_out *out)
{
	struct series *s = series_of(c, key);
	int64_t day = minute / DAY_MINUTES;

	catch_up(c, s, day, out);
	if (day == s->day)
		s->harm += harm;
	else if (day == s->day - 1)
		cusum_late(&s->cusum, harm);
}

static void
ahead(const void *self, const struct key *key)
{
	const struct creeping *c = self;

	if (key->serial < c->room)
		__builtin_prefetch(c->by_key[key->serial], 1);
}

static void
on_post(void *self, const struct signal_post *post, struct signal_out *out)
{
	struct creeping *c = self;

	if (post->sums.harm == 0)
		return;
	if (post->minute / DAY_MINUTES > c->touched)
		c->touched = post->minute / DAY_MINUTES;
	if (!post->key->pseudo)
		add(c, post->key, post->minute, post->sums.harm, out);
	add(c, post->key->up, post->minute, post->sums.harm, out);
}

static void
close_all(struct creeping *c, enum alert_subject subject, int64_t day,
    struct signal_out *out)
{
	for (uint32_t i = 0; i < c->count; i++) {
		struct series *s = c->all[i];

		if (s->key->subject == subject &&
		    (s->harm > 0 || s->level > 0))
			catch_up(c, s, day + 1, out);
	}
}

static void
on_minute(void *self, int64_t minute, struct keys *keys,
    struct signal_out *out)
{
	struct creeping *c = self;
	int64_t day = minute / DAY_MINUTES;

	(void)keys;
	if ((minute + 1) % DAY_MINUTES != 0)
		return;
	c->closed = day;
	close_all(c, ALERT_BRAND, day, out);
	close_all(c, ALERT_SECTOR, day, out);
}

static int64_t
next(const void *self)
{
	const struct creeping *c = self;
	int64_t day = c->closed + 1;

	if (c->touched == INT64_MIN || (c->ringing == 0 && c->touched < day))
		return SIGNAL_NEVER;
	if (c->closed == INT64_MIN || c->touched > day)
		day = c->touched;
	return (day + 1) * DAY_MINUTES - 1;
}

static void
save(const void *self, struct buf *out)
{
	const struct creeping *c = self;

	pack_u8(out, VERSION);
	pack_int(out, c->touched);
	pack_int(out, c->closed);
	pack_uint(out, c->count);
	for (uint32_t i = 0; i < c->count; i++) {
		const struct series *s = c->all[i];

		pack_uint(out, s->key->serial);
		pack_int(out, s->day);
		pack_int(out, s->harm);
		pack_u8(out, s->level);
		cusum_save(&s->cusum, out);
	}
}

static void
load_series(struct creeping *c, struct key *key, struct unpack *in)
{
	struct series *s = series_of(c, key);

	s->day = unpack_int(in);
	s->harm = unpack_int(in);
	s->level = unpack_u8(in);
	cusum_load(&s->cusum, in);
	c->ringing += s->level > 0;
}

static bool
load(void *self, struct slice saved, const struct keys *keys)
{
	struct creeping *c = self;
	struct unpack in = unpack_of(saved);
	struct key *key = NULL;
	uint64_t count;

	if (unpack_u8(&in) != VERSION)
		return false;
	c->touched = unpack_int(&in);
	c->closed = unpack_int(&in);
	count = unpack_most(&in, UINT32_MAX);
	for (uint64_t i = 0; i < count && !in.bad; i++) {
		key = keys_at(keys, unpack_uint(&in));
		if (key == NULL)
			in.bad = true;
		else
			load_series(c, key, &in);
	}
	if (unpack_over(&in))
		return true;
	forget(c);
	return false;
}

const struct signal_type signal_creeping = {
    .kind = ALERT_CREEPING,
    .name = "creeping",
    .help = "harm above its norm day after day, without a burst",
    .lasting = true,
    .settings = rows,
    .settings_bytes = sizeof(struct creeping_settings),
    .create = create,
    .destroy = destroy,
    .ahead = ahead,
    .wants = SIGNAL_HARM,
    .on_post = on_post,
    .on_minute = on_minute,
    .next = next,
    .save = save,
    .load = load,
};
