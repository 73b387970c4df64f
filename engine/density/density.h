/*
 * From amounts to a level: size, rarity, accounts, hysteresis.
 *
 *	RD = 100 max(0, H - E) / (N + alpha)
 *
 * A level 1..4 is entered when RD reaches its threshold with enough distinct
 * accounts and the amount is rare at two evaluations running, or at once on a
 * cold start.  An open episode also rises when RD or H - E has doubled since
 * its last message, so that a long crisis whose rarity wears off still
 * escalates.  It falls one level after 30 minutes under half that level's
 * threshold.
 * Thread: the loop.  Owns: nothing.  Never: text, alerts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_DENSITY_H
#define ENGINE_DENSITY_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/density/detector.h"

#define DENSITY_LEVELS 4
#define DENSITY_LEARN_MINUTES (3 * 1440)
#define DENSITY_HOLD_MINUTES 30 /* of calm before it falls by one */

struct density_settings {
	int64_t theta_micro[DENSITY_LEVELS];
	int64_t alpha_micro;
	int64_t budget; /* alerts per brand and week; 0: none was set */
};

/* Within half an hour, of a cold start. */
#define DENSITY_COLD_ACCOUNTS 10u

/* Distinct accounts that each level wants. */
extern const uint32_t density_accounts[DENSITY_LEVELS];

/* Alerts per brand and week: more than one a working day, and people stop
 * looking. */
#define DENSITY_BUDGET 5

/** density_defaults(s): theta 5, 10, 20, 35; alpha 20, budget 5. */
void density_defaults(struct density_settings *s);

/* What a message is owed to. */
enum density_because {
	DENSITY_RARE,    /* size, accounts and rarity */
	DENSITY_COLD,    /* size, and ten accounts at once where it is silent */
	DENSITY_DOUBLED, /* twice as dense, or as much harm, as it last said */
	DENSITY_RARER,   /* same level, rarer than before */
	DENSITY_CALMER,  /* half an hour under half the threshold */
	DENSITY_SEVERE,  /* one post of severity 4 */
	DENSITY_FLOOD,   /* many posts, few voices */
	DENSITY_SIGNAL,  /* same level; a signal that cannot wait */
};

/* State of one key; all zero is calm. */
struct density {
	uint8_t level;
	uint8_t because;      /* of the last message */
	uint8_t rare_run;     /* evaluations running, at most 2 */
	bool under;           /* below half the threshold since under_since */
	bool frozen;
	int64_t under_since;  /* minute */
	int64_t frozen_at;    /* minute of entering level 1 or above */
	int64_t frozen_norm;  /* E of then */
	int64_t message_at;   /* minute of the last message */
	int64_t message_density; /* RD of then */
	int64_t message_excess;  /* H - E of then */
};

enum density_change {
	DENSITY_SAME,
	DENSITY_UP,
	DENSITY_DOWN,
	DENSITY_AGAIN, /* same level, but rarer or twice as much */
};

struct density_input {
	int64_t minute;
	int64_t excess;  /* max(0, H - E), E by density_norm */
	int64_t mass;    /* N */
	int64_t norm;    /* E, to be frozen on entering */
	struct detector_answer answer;
	uint32_t accounts;
	bool tick;       /* the detector was updated, not only asked */
	bool cold;       /* ten accounts, ten times what is usual */
	/* Of ${of}, a sector: its breadth is too small to rise.  Asked only
	 * where that decides; NULL: it is none, or broad. */
	bool (*narrow)(const void *of);
	const void *of;
};

/** density_norm(d, live, minute): E that counts now, frozen or ${live}. */
int64_t density_norm(const struct density *d, int64_t live, int64_t minute);

/** density_of(s, excess, mass): RD in millionths. */
int64_t density_of(const struct density_settings *s, int64_t excess,
    int64_t mass);

/** density_reaches(s, density): the size that a level wants. */
bool density_reaches(const struct density_settings *s, int64_t density);

/** density_judge(d, s, in): one evaluation; moves ${d}. */
enum density_change density_judge(struct density *d,
    const struct density_settings *s, const struct density_input *in);

/** density_save(d, out), density_load(d, in): for a file, exactly. */
struct buf;
struct unpack;
void density_save(const struct density *d, struct buf *out);
void density_load(struct density *d, struct unpack *in);

/* What lifts a level without rarity. */
#define DENSITY_SEVERE_LEVEL 3 /* one post of severity 4 */
#define DENSITY_FLOOD_LEVEL 1  /* a coordinated flood */

/** density_lift(d, level, norm, density, minute): to ${level} at once; false
 * when it is as high already. */
bool density_lift(struct density *d, uint8_t level, int64_t norm,
    int64_t density, int64_t minute);

#endif
