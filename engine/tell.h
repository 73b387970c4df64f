/*
 * From a key that has something to say to the message that says it.
 *
 * Thread: the loop.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_TELL_H
#define ENGINE_TELL_H

#include "engine/density/keys.h"
#include "engine/density/signal.h"
#include "engine/density/voices.h"

struct tell_context {
	const struct density_settings *settings;
	const struct voices *voices;
	struct pseudonym *authors; /* under the key of evidence */
	const struct keys *keys;
	uint32_t week; /* alerts of the brand in seven days, with a budget */
};

/**
 * tell_alert(c, key, kind, minute, seq): the next message of the key's
 * episode, which begins with it if none is open and ends with level 0.
 */
struct alert *tell_alert(const struct tell_context *c, struct key *key,
    enum alert_kind kind, int64_t minute, uint64_t seq);

/**
 * tell_signal(c, news, minute, seq): the message of a signal: what is known of
 * its key, with the signal's own facts and sentences.  The key's episode is
 * left alone.
 */
struct alert *tell_signal(const struct tell_context *c,
    const struct signal_news *news, int64_t minute, uint64_t seq);

#endif
