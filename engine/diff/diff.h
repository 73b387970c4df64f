/*
 * What a change of rules alters: two sets read the same posts.
 *
 *	diff_rows.c    the entries of both sets under one index
 *	diff_posts.c   a post judged by both; what is counted of it
 *	diff_alerts.c  the episodes of both, and which is which
 *	diff_words.c   the sentence for a brand manager, French or English
 *	diff_print.c   tables for people; diff_json.c for programs
 *
 * Posts stream by: what is kept are counts per entry and a few examples.
 * Thread: the loop, but diff_job, whose function runs in the workers.
 * Owns: counts and examples until diff_free; borrows the sets.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_DIFF_H
#define ENGINE_DIFF_H

#include "engine/alert.h"
#include "engine/worker.h"

enum diff_side { DIFF_OLD, DIFF_NEW, DIFF_SIDES };

/* A post, as far as it is shown: some words before what decided, and after. */
struct diff_example {
	struct buf id, text;
	struct span *spans; /* of ${text} */
	uint32_t spans_count;
	int64_t score_milli[DIFF_SIDES];
};

/* A rule, brand or topic of either set. */
struct diff_row {
	const char *name; /* "brand:x", "topic:x", or the id of a rule */
	enum hit_kind kind;
	bool in[DIFF_SIDES];
	uint64_t hits[DIFF_SIDES];
	uint64_t changed[DIFF_SIDES]; /* hits of that side alone */
	struct diff_example *examples[DIFF_SIDES]; /* of those */
	uint32_t examples_count[DIFF_SIDES];
};

struct diff_rows {
	struct arena *arena;
	struct diff_row *rows; /* sorted by name */
	uint32_t count;
	uint32_t *of[DIFF_SIDES][3]; /* by enum hit_kind and index of a set */
};

/* One alert from its first message to its last. */
struct diff_episode {
	char id[33];
	enum alert_kind kind;
	enum diff_side side;
	const char *sector, *brand, *topic; /* or NULL */
	int64_t first_ms, last_ms;
	uint8_t level; /* highest */
	uint32_t messages;
	bool paired;
};

enum diff_alert_what {
	DIFF_APPEARS,
	DIFF_VANISHES,
	DIFF_MOVES, /* earlier, later, or at another level */
};

struct diff_alert {
	enum diff_alert_what what;
	const struct diff_episode *at[DIFF_SIDES]; /* NULL: there is none */
	int64_t minutes; /* later in the new set; below 0 earlier */
};

struct diff_alerts {
	struct arena *arena;
	struct diff_episode **episodes;
	size_t count, room;
	uint64_t cut; /* episodes beyond DIFF_EPISODES_MAX */
	struct diff_alert *changes;
	size_t changes_count;
	uint64_t same;
};

struct diff_matchers;

struct diff {
	const struct ruleset *rules[DIFF_SIDES];
	uint32_t examples_max;
	bool with_posts, with_alerts;
	struct diff_rows rows;
	struct diff_matchers *matchers; /* of the new set, one a worker */
	uint64_t posts;                 /* decoded; set by the caller */
	uint64_t matched[DIFF_SIDES];
	uint64_t changed[DIFF_SIDES];   /* posts that only this set matches */
	uint64_t score_up, score_down;  /* of posts that both match */
	struct diff_alerts alerts;
};

/** diff_start(d): rows and matchers for d->rules. */
void diff_start(struct diff *d);
void diff_free(struct diff *d);

/** diff_differs(d): whether anything does. */
bool diff_differs(const struct diff *d);

/** diff_rows_start(r, rules), diff_rows_free(r): the entries of both sets. */
void diff_rows_start(
    struct diff_rows *r, const struct ruleset *const rules[DIFF_SIDES]);
void diff_rows_free(struct diff_rows *r);

/** diff_job(d): judges each post by both sets and leaves the old one's record
 * for the judge.  Its pipeline has the old set. */
struct job diff_job(struct diff *d);

/** diff_posts_batch(d, batch): count what the job left in batch->out. */
void diff_posts_batch(struct diff *d, const struct batch *batch);

/** diff_posts_new(d), diff_posts_free(d): matchers. */
void diff_posts_new(struct diff *d);
void diff_posts_free(struct diff *d);

/** diff_alert_add(d, side, a): a message; copied. */
void diff_alert_add(
    struct diff *d, enum diff_side side, const struct alert *a);

/** diff_alerts_end(d): which episodes of both are the same. */
void diff_alerts_end(struct diff *d);

/** diff_alerts_free(d). */
void diff_alerts_free(struct diff *d);

/** diff_words(d, french, out): what changes in one sentence. */
void diff_words(const struct diff *d, bool french, struct buf *out);

/** diff_print(d, french, colour, out), diff_json(d, french, out): all. */
void diff_print(
    const struct diff *d, bool french, bool colour, struct buf *out);
void diff_json(const struct diff *d, bool french, struct buf *out);

#endif
