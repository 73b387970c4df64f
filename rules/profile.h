/*
 * What units do while posts are judged: counted always, timed now and then.
 *
 * profile_match.c is match.c with these around each unit; the path of a post
 * knows nothing of it.  A topic's time is that of whoever asks for it first.
 * Thread: the matcher's.  Owns: its arrays.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_PROFILE_H
#define RULES_PROFILE_H

#include "engine/base/clock.h"
#include "rules/matcher.h"

struct profile_unit {
	uint64_t candidates, looks, hits, overruns;
	uint64_t timed; /* looks of which ns is the sum */
	int64_t ns, regex_ns;
};

struct profile {
	struct profile_unit *units;
	uint32_t *looked; /* in this post, some twice */
	uint32_t looked_count, looked_room;
	struct clock clock;
	int64_t start_ns;
	bool timing; /* this post */
};

/** profile_note(p, unit): it is looked at in this post. */
void profile_note(struct profile *p, uint32_t unit);

static inline void
profile_begin(struct matcher *m, uint32_t unit)
{
	struct profile *p = m->profile;

	p->units[unit].looks++;
	p->units[unit].candidates += matcher_state(m, m->units[unit]) >= 0;
	if (!p->timing)
		return;
	profile_note(p, unit);
	p->start_ns = p->clock.tick_ns(p->clock.self);
}

static inline bool
profile_judged(struct matcher *m, uint32_t unit, bool judged)
{
	struct profile *p = m->profile;

	p->units[unit].hits += judged;
	if (p->timing) {
		p->units[unit].ns +=
		    p->clock.tick_ns(p->clock.self) - p->start_ns;
		p->units[unit].timed++;
	}
	return judged;
}

/** profile_match(m, post, text, flags): rules_match(), profiled. */
const struct verdict *profile_match(struct matcher *m, const struct post *post,
    struct text *text, unsigned flags);

#endif
