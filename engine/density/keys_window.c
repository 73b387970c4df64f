/*
 * What is said of a key: gathered while its minute is open, and in the window
 * and the day once that is over or somebody looks; and how many brands of a
 * sector are spoken of in harm.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/mathx.h"
#include "engine/base/must.h"
#include "engine/density/keys.h"

/* What was said in the open minute of ${key} leaves it. */
static void
settle(struct key *key)
{
	struct live *l = key->live;

	window_advance(&l->window, l->open_minute);
	window_add(&l->window, l->open_minute, &l->open);
	window_day_add(&key->day, l->open_minute, &l->open);
	l->open = (struct sums){0};
}

struct window *
keys_window(struct key *key, int64_t minute)
{
	if (key->live->open.posts > 0)
		settle(key);
	window_advance(&key->live->window, minute);
	return &key->live->window;
}

void
keys_add(struct key *key, int64_t minute, int64_t newest,
    const struct sums *sums)
{
	struct live *l = key->live;

	if (minute != newest) {
		window_add(keys_window(key, newest), minute, sums);
		window_day_add(&key->day, minute, sums);
		return;
	}
	if (l->open_minute != minute) {
		if (l->open.posts > 0)
			settle(key);
		l->open_minute = minute;
	}
	window_sums_add(&l->open, sums);
}

int64_t
keys_breadth(const struct key *sector)
{
	struct key_sector *s = sector->of_sector;
	double entropy = 0.0;

	if (s->breadth != BREADTH_UNKNOWN)
		return s->breadth;
	REQUIRE(sector->live != NULL);
	for (uint32_t i = 0; i < sector->parts_count; i++) {
		const struct key *brand = sector->parts[i];
		double share;

		if (!brand->active || brand->live->amounts.excess == 0)
			continue;
		share = (double)brand->live->amounts.excess /
		    (double)sector->live->amounts.excess;
		entropy -= share * mathx_ln(share);
	}
	return s->breadth = mathx_micro(mathx_exp(entropy));
}
