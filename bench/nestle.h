/*
 * The Nestlé scenario of March 2010 as a seeded stream of posts.
 *
 * The timeline is documented history; every text is ours.  Four parts: the
 * plan (who speaks how often, minute by minute), the people, the sentences
 * (nestle_tables.c) and how a sentence is filled in.
 * To add a kind of talk: a line in NESTLE_KINDS, sentences in the tables and
 * a share in a stream of nestle_plan.c.
 * Thread: one.  Never: asks the clock, or any randomness but the seed's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_NESTLE_H
#define BENCH_NESTLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/buf.h"
#include "engine/base/rand.h"

enum nestle_lang { EN, FR, DE, NESTLE_LANGS };

#define NESTLE_KINDS(X)                                                        \
	X(CHAT) X(GRUMBLE) X(JOKE) X(NGO) X(HOMONYM) X(RIVAL) X(OTHER)         \
	X(PROMO) X(PROMOGRUMBLE) X(OWNCHAT) X(OWNPROMO) X(ACCUSE) X(REMOVED)   \
	X(REPLY) X(BOYCOTT) X(LOGO) X(ASK) X(MODERATOR) X(PR) X(PRESS)         \
	X(IRONY) X(DEFEND) X(OWNSTATEMENT) X(OWNMODERATOR) X(SPAM)

#define NESTLE_KIND(name) name,
enum nestle_kind { NESTLE_KINDS(NESTLE_KIND) NESTLE_KINDS_COUNT };

/* ---- nestle_tables.c -------------------------------------------------- */

struct nestle_line {
	enum nestle_kind kind;
	enum nestle_lang lang;
	const char *text;
};

extern const struct nestle_line nestle_lines[];
extern const size_t nestle_lines_count;

/* ---- nestle_plan.c ---------------------------------------------------- */

#define NESTLE_FROM_MS INT64_C(1268179200000) /* 2010-03-10T00:00Z, Wed */
#define NESTLE_TO_MS INT64_C(1269043200000)   /* 2010-03-20T00:00Z */

struct nestle_share {
	enum nestle_kind kind;
	uint32_t parts;
};

#define NESTLE_SHARES_MAX 10

struct nestle_stream {
	const char *name;
	bool wave;             /* scaled by --wave */
	uint32_t repost_parts; /* reposts among 100 */
	uint32_t lang_parts[NESTLE_LANGS];
	struct nestle_share shares[NESTLE_SHARES_MAX]; /* ends with parts 0 */
	/* a burst: from start, doubling until the peak, then halving */
	int32_t start_minute; /* of the scenario; -1: steady talk */
	double per_hour;      /* at the peak, or at the busiest hour */
	double doubling_min, half_life_min;
};

extern const struct nestle_stream nestle_streams[];
extern const size_t nestle_streams_count;

/** nestle_rate(stream, minute): posts expected in that minute, wave 1. */
double nestle_rate(const struct nestle_stream *s, int32_t minute);

/* The brand's own messages: at a minute, one of a kind. */
struct nestle_own {
	int32_t minute;
	enum nestle_kind kind;
	enum nestle_lang lang;
	const char *handle;
	bool wave;
};

extern const struct nestle_own nestle_owns[];
extern const size_t nestle_owns_count;

/* ---- nestle_people.c -------------------------------------------------- */

struct nestle_person {
	char handle[24];
	uint32_t followers;
};

enum nestle_group { ORDINARY, ACTIVIST, BOT, REPORTER, BLOGGER, NESTLE_GROUPS };

struct nestle_people;

/** nestle_people_new(r): some 6,000 accounts, followers log-normal. */
struct nestle_people *nestle_people_new(struct rand *r);
void nestle_people_free(struct nestle_people *people);

/** nestle_people_pick(people, r, group, lang): one account; some talk more. */
const struct nestle_person *nestle_people_pick(struct nestle_people *people,
    struct rand *r, enum nestle_group group, enum nestle_lang lang);

/* ---- nestle_compose.c ------------------------------------------------- */

/** nestle_compose(out, r, kind, lang): append one sentence, slots filled;
 * three French sentences in ten lose their accents. */
void nestle_compose(struct buf *out, struct rand *r, enum nestle_kind kind,
    enum nestle_lang lang);

#endif
