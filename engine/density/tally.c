/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/tally.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/mathx.h"
#include "engine/base/must.h"
#include "engine/base/pack.h"

#define TICK DETECTOR_TICK_MINUTES
#define DAY_TICKS 288u /* before them the norm is not known */

void
tally_init(struct tally *t, const struct rules_term *term, int64_t minute,
    int64_t since)
{
	*t = (struct tally){.window = term->window_minutes,
	    .authors = term->authors, .of_norm = term->of_norm,
	    .minute = minute, .ticked = since - 1};
	t->room = (t->window > TICK ? t->window : TICK) + 1;
	t->buckets = must_alloc(t->room * sizeof(*t->buckets));
}

void
tally_fini(struct tally *t)
{
	crowd_fini(&t->crowd);
	free(t->buckets);
	t->buckets = NULL;
}

static uint32_t *
bucket(const struct tally *t, int64_t minute)
{
	return &t->buckets[(uint64_t)minute % t->room];
}

static void
advance(struct tally *t, int64_t minute)
{
	if (minute - t->minute >= t->room) {
		memset(t->buckets, 0, t->room * sizeof(*t->buckets));
		t->total = 0;
		t->minute = minute;
	}
	while (t->minute < minute) {
		t->minute++;
		/* The ring is a minute longer than the window. */
		t->total -= *bucket(t, t->minute - t->window);
		*bucket(t, t->minute) = 0;
	}
}

/* Ticks up to and with ${minute}; all but the last were silent, or this was
 * called at each of them. */
static void
tick(struct tally *t, int64_t minute)
{
	int64_t ticks = (minute + 1) / TICK - (t->ticked + 1) / TICK;
	double amount = 0.0;

	if (ticks <= 0)
		return;
	if (ticks > 1)
		detector_silence(&t->detector, (uint64_t)(ticks - 1));
	if ((minute + 1) % TICK == 0) {
		for (int64_t m = minute - TICK + 1; m <= minute; m++)
			if (m <= t->minute && m > t->minute - t->room)
				amount += *bucket(t, m);
		detector_tick(&t->detector, amount);
	} else {
		detector_silence(&t->detector, 1);
	}
	t->ticked = minute;
}

void
tally_add(struct tally *t, uint64_t account, int64_t minute)
{
	if (minute > t->minute) {
		if (t->of_norm)
			tick(t, minute - 1);
		advance(t, minute);
	}
	if (minute <= t->minute - (int64_t)t->window)
		return;
	++*bucket(t, minute);
	t->total++;
	if (t->authors)
		crowd_add(&t->crowd, account, minute);
}

void
tally_close(struct tally *t, int64_t minute)
{
	advance(t, minute);
	if (t->of_norm && (minute + 1) % TICK == 0)
		tick(t, minute);
	if (t->authors)
		crowd_expire(&t->crowd, minute - t->window + 1);
}

uint64_t
tally_value(const struct tally *t)
{
	return t->authors ? crowd_size(&t->crowd) : t->total;
}

int64_t
tally_norm(const struct tally *t)
{
	if (!t->of_norm || t->detector.ticks < DAY_TICKS)
		return -1;
	return mathx_micro((double)t->window / TICK *
	    detector_norm(&t->detector));
}

void
tally_save(const struct tally *t, struct buf *out)
{
	uint32_t filled = 0;

	pack_int(out, t->minute);
	pack_int(out, t->ticked);
	pack_uint(out, t->total);
	for (uint32_t i = 0; i < t->room; i++)
		filled += t->buckets[i] > 0;
	pack_uint(out, filled);
	for (uint32_t i = 0; i < t->room; i++) {
		if (t->buckets[i] == 0)
			continue;
		pack_uint(out, i);
		pack_uint(out, t->buckets[i]);
	}
	if (t->authors)
		crowd_save(&t->crowd, out);
	if (t->of_norm)
		detector_save(&t->detector, out);
}

void
tally_load(struct tally *t, struct unpack *in)
{
	uint64_t filled;

	t->minute = unpack_int(in);
	t->ticked = unpack_int(in);
	t->total = unpack_uint(in);
	filled = unpack_most(in, t->room);
	for (uint64_t i = 0; i < filled && !in->bad; i++) {
		uint64_t at = unpack_most(in, t->room - 1);

		t->buckets[at] = (uint32_t)unpack_most(in, UINT32_MAX);
	}
	if (t->authors)
		crowd_load(&t->crowd, in);
	if (t->of_norm)
		detector_load(&t->detector, in);
}
