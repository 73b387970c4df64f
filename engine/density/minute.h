/*
 * The end of a minute: measure every active key, decide its level, tell.
 *
 * Three passes, because a brand's alert lists its pairs and a sector's its
 * brands: all are measured, then all decided, then those that changed speak.
 * Thread: the loop.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_MINUTE_H
#define ENGINE_MINUTE_H

#include "engine/density/judge.h"
#include "engine/density/keys.h"
#include "engine/density/voices.h"

struct minute_context {
	struct keys *keys;
	const struct voices *voices;
	const struct density_settings *settings;
	/* levels stand, nobody was told yet; NULL: nobody wants to know */
	void (*decided)(void *self, int64_t minute);
	/* one message about ${key} */
	void (*tell)(void *self, struct key *key, enum alert_kind kind,
	    int64_t minute);
	/* a sector of which something is active was judged, before the
	 * messages of that minute; NULL: nobody wants to know */
	void (*sector)(void *self, const struct key *key, int64_t minute);
	void *self;
};

/** minute_close(c, minute): ${minute} is over. */
void minute_close(const struct minute_context *c, int64_t minute);

/** minute_severe(c, brand, minute): a post of severity 4 about ${brand}, in
 * the open ${minute}. */
void minute_severe(const struct minute_context *c, struct key *brand,
    int64_t minute);

/** minute_learning(key, minute): watched for less than three days. */
static inline bool
minute_learning(const struct key *key, int64_t minute)
{
	return minute - key->born < DENSITY_LEARN_MINUTES;
}

#endif
