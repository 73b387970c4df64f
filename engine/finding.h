/*
 * Everything that the judge found about one key at one minute: what an alert
 * says, before it becomes text.  Borrowed throughout; alert_raise copies.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_FINDING_H
#define ENGINE_FINDING_H

#include "engine/alert.h"
#include "engine/density/causes.h"
#include "engine/density/density.h"
#include "engine/density/evidence.h"
#include "engine/density/forecast.h"
#include "engine/density/window.h"

/* The amounts of one key; all in millionths. */
struct amounts {
	int64_t harm, mass, norm, excess, density; /* H N E max(0,H-E) RD */
};

/* A topic of a brand's alert, or a brand of a sector's. */
struct finding_part {
	const char *id; /* NULL: the talk that names no brand */
	struct amounts amounts;
	uint8_t level;
	uint32_t serial;
};

struct signal_news;

/* What signals found and an open episode covers, for its next message. */
struct key_news {
	struct buf json;   /* objects, commas between */
	struct buf fr, en; /* the sentences that the text shows */
	uint32_t count, shown;
};

struct finding {
	enum alert_kind kind;
	enum alert_subject subject;
	const char *sector, *brand, *topic; /* ids */
	const char *name;                   /* brand's, else sector's id */
	const char *topic_fr, *topic_en;    /* names, a sector's own; or NULL */
	/* topic, else the one that weighs most, and its department; or NULL */
	const char *main_topic, *department;
	uint8_t level, previous_level;
	enum density_because because; /* not of a signal's message */
	bool again;           /* same level: rarer or twice as dense */
	int64_t minute_ms;    /* end of the last minute that counts */
	int64_t first_ms;     /* of the first message of the episode */
	struct amounts now;
	struct sums hour, day;
	int64_t day_norm;     /* E over 24 hours */
	struct detector_answer answer;
	struct forecast forecast;
	uint32_t accounts, accounts_near;
	bool learning;
	int64_t breadth;      /* sector: effective number of brands */
	const struct density_settings *settings;
	const struct finding_part *parts;
	uint32_t parts_count;
	const struct causes *causes;     /* or NULL */
	const struct evidence *evidence; /* or NULL */
	struct slice quote;   /* evidence_quote(), for both languages */
	struct pseudonym *authors; /* under the key of evidence */
	uint32_t week;        /* alerts of the brand in seven days */
	const struct signal_news *signal; /* whose message it is, or NULL */
	const struct key_news *news; /* of signals, JSON objects; or NULL */
};

#endif
