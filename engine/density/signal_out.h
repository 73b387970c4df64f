/*
 * What a signal's news is put into, and what is made of it: between signals.c
 * and signal_news.c.
 *
 * Thread: the loop.  Owns: the news of the open minute.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SIGNAL_OUT_H
#define ENGINE_SIGNAL_OUT_H

#include "engine/density/signal.h"

struct signal_out {
	unsigned signal; /* who is being asked */
	struct signal_news **items;
	uint32_t count, room;
};

/** signal_news_free(n): with its texts. */
void signal_news_free(struct signal_news *n);

/** signal_news_sort(out): by row, sector before brand before pair, then by
 * ids: not by who came first inside the minute. */
void signal_news_sort(struct signal_out *out);

/** signal_news_json(n, minute, out): as an element of "signals". */
void signal_news_json(const struct signal_news *n, int64_t minute,
    struct buf *out);

/** signal_news_save(from, out), signal_news_load(to, saved, keys): what waits
 * for the end of its minute; false: not of this version. */
void signal_news_save(const struct signal_out *from, struct buf *out);
bool signal_news_load(struct signal_out *to, struct slice saved,
    const struct keys *keys);

#endif
