/*
 * What is said of a key: gathered while its minute is open, and in the window
 * and the day once that is over or somebody looks.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/density/keys.h"

/* What was said in the open minute of ${key} leaves it. */
static void
settle(struct key *key)
{
	window_advance(key->window, key->open_minute);
	window_add(key->window, key->open_minute, &key->open);
	window_day_add(&key->day, key->open_minute, &key->open);
	key->open = (struct sums){0};
}

struct window *
keys_window(struct key *key, int64_t minute)
{
	if (key->open.posts > 0)
		settle(key);
	window_advance(key->window, minute);
	return key->window;
}

void
keys_add(struct key *key, int64_t minute, int64_t newest,
    const struct sums *sums)
{
	if (minute != newest) {
		window_add(keys_window(key, newest), minute, sums);
		window_day_add(&key->day, minute, sums);
		return;
	}
	if (key->open_minute != minute) {
		if (key->open.posts > 0)
			settle(key);
		key->open_minute = minute;
	}
	window_sums_add(&key->open, sums);
}
