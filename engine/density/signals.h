/*
 * All signals of signals.def as one: the judge hands posts and minutes to
 * them here and gets their news back, merged, absorbed or to be told.
 *
 * Thread: the loop (settings: start only).  Owns: the signals, their news.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SIGNALS_H
#define ENGINE_SIGNALS_H

#include "engine/counters.h"
#include "engine/density/signal.h"

enum signals_order {
#define SIGNAL(name) SIGNALS_##name,
#include "engine/density/signals.def"
#undef SIGNAL
	SIGNALS_COUNT
};

/* `signals:` of vigie.yaml. */
struct signals_settings {
	bool off[SIGNALS_COUNT];
	void *of[SIGNALS_COUNT]; /* by the rows of each, or NULL */
};

/** signals_type(i): row ${i} of signals.def. */
const struct signal_type *signals_type(unsigned i);

/** signals_settings_new(): all on, with their defaults. */
struct signals_settings *signals_settings_new(void);
void signals_settings_free(struct signals_settings *s);

/** signals_settings_read(s, node, arena, diag): from the map ${node}, e.g.
 * {new_term: off, relay: {followers: 100000}}; false after an error. */
bool signals_settings_read(struct signals_settings *s,
    const struct yaml *node, struct arena *arena, struct diag *diag);

struct signals_host {
	struct counters *counters;
	/* a message of its own is due */
	void (*tell)(void *self, const struct signal_news *news,
	    int64_t minute);
	/* absorbed by the key's open episode: what its next message will list,
	 * one JSON object; may be NULL */
	void (*absorbed)(void *self, struct slice json);
	void *self;
};

struct signals;

/** signals_new(settings, host): those that are not off; both are copied. */
struct signals *signals_new(const struct signals_settings *settings,
    const struct signals_host *host);
void signals_free(struct signals *s);

/** signals_ahead(s, key, r, share): a hint that ${share} of ${r}, which is
 * about ${key}, comes soon. */
void signals_ahead(const struct signals *s, const struct key *key,
    const struct record *r, const struct share *share);

/** signals_ahead_harm(s, key, batch, r): a hint that ${r}, which does harm to
 * ${key}, comes soon, some time after signals_ahead. */
void signals_ahead_harm(const struct signals *s, const struct key *key,
    const struct batch *batch, const struct record *r);

/** signals_post(s, post): one share of one post, ranked and added. */
void signals_post(struct signals *s, const struct signal_post *post);

/** signals_tally(s, batch, r, of): the terms of conditions that count the
 * post ${r}; ${of} is the rest of what signals are told. */
void signals_tally(struct signals *s, const struct batch *batch,
    const struct record *r, const struct signal_tally *of);

/** signals_decided(s, minute, keys): levels of ${minute} stand, nobody was
 * told yet: news is gathered, what an episode covers is absorbed. */
void signals_decided(struct signals *s, int64_t minute, struct keys *keys);

/** signals_tell(s, minute): the rest is told. */
void signals_tell(struct signals *s, int64_t minute);

/** signals_next(s): the next minute that must be closed though nobody speaks;
 * SIGNAL_NEVER without one. */
int64_t signals_next(const struct signals *s);

/** signals_quiet(s): no news waits for the end of its minute. */
bool signals_quiet(const struct signals *s);

/** signals_save(s, out), signals_load(s, saved, keys): what must outlive the
 * process; load comes after that of the keys, skips what is not of this
 * version, appends their names to ${skipped} (", " between) and returns how
 * many they were.  What is off now is no fault and not among them. */
void signals_save(const struct signals *s, struct buf *out);
unsigned signals_load(struct signals *s, struct slice saved,
    const struct keys *keys, struct buf *skipped);

/** signals_calm(s): what was told of is forgotten, what was learnt stays. */
void signals_calm(struct signals *s);

#endif
