/*
 * The episodes of lasting signals: which began, whether anybody was told, and
 * what the next message of each is to be called.
 *
 * Thread: the loop.  Owns: names of what is open, nothing else.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SIGNALS_LASTING_H
#define ENGINE_SIGNALS_LASTING_H

#include "engine/density/signal.h"

/* What is open; the caller's, all zero is empty. */
struct signals_lasting {
	struct signals_open *items;
	uint32_t count;
};

void signals_lasting_fini(struct signals_lasting *l);

enum signals_said {
	SIGNALS_TELL,   /* its own message; rev, first_minute are filled in */
	SIGNALS_ABSORB, /* the key's episode tells of it */
	SIGNALS_DROP,   /* it never began, or nobody was told that it had */
};

/** signals_lasting_say(l, news, minute, covered): what is to become of
 * ${news} about something that lasts; moves its episode. */
enum signals_said signals_lasting_say(struct signals_lasting *l,
    struct signal_news *news, int64_t minute, bool covered);

/** signals_lasting_save/load: as text; load returns false for a text that
 * save did not write. */
void signals_lasting_save(const struct signals_lasting *l, struct buf *out);
bool signals_lasting_load(struct signals_lasting *l, struct slice saved);

#endif
