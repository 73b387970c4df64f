/*
 * The loop's consumer of batches: windows, minutes, levels, alerts.
 *
 * Batches come in sequence order.  The clock W moves post by post; a minute
 * closes when W passes its end, and then every active key is measured,
 * decided and told of, in the order sector, brand, pair, by id.  What comes
 * out depends on the posts, the rules and the clock alone, not on how the
 * input was cut.
 * Thread: the loop.  Owns: keys, tables.  Never: the system's clock.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_JUDGE_H
#define ENGINE_JUDGE_H

#include "engine/alert.h"
#include "engine/batch.h"
#include "engine/counters.h"
#include "engine/density/density.h"
#include "engine/density/evidence.h"

struct catalogue;
struct keys;
struct nomarketing;
struct pseudonym;
struct recent_post;
struct signals_settings;
struct voices;

/* Who writes down what the judge takes in, in order (state.h); none of it
 * while it is judged again from there. */
struct judge_tap {
	/* a post that was not a repeat, or a deletion */
	void (*post)(void *self, const struct keys *keys,
	    const struct recent_post *post);
	/* time passed a minute, to ${now}, and no post said so */
	void (*clock)(void *self, int64_t now_ms);
	/* a minute after which detectors were updated is over; also when it
	 * is judged again */
	void (*tick)(void *self, int64_t minute, struct keys *keys,
	    const struct voices *voices);
	/* indices of the keys mean other things now */
	void (*renamed)(void *self);
	void *self;
};

struct judge_options {
	struct density_settings density; /* density_defaults */
	/* of the author's hash in evidence; zeros in replay */
	unsigned char author_key[EVIDENCE_KEY_BYTES];
	uint64_t next_seq;               /* of the first message */
	struct counters *counters;       /* borrowed; the loop's totals */
	/* accounts are compared under it; NULL: as the workers made them */
	struct pseudonym *pseudonym;     /* borrowed */
	const struct judge_tap *tap;     /* borrowed; or NULL */
	/* learns who harms a brand that has a level; or NULL */
	struct nomarketing *nomarketing; /* borrowed */
	/* what is watched beside density; NULL: nothing */
	const struct signals_settings *signals;
	/* takes the reference of ${alert}; ${ruleset} is the id of the set
	 * that judged the posts before it */
	void (*on_alert)(void *self, struct alert *alert, uint64_t ruleset);
	/* each closed minute of each sector that is talked of, before the
	 * messages of that minute; ${end_ms} is its end, ${rd_micro} the
	 * sector's density; may be NULL */
	void (*on_sector)(void *self, int64_t end_ms, const char *sector,
	    int64_t rd_micro);
	/* news of a signal that an open episode covers, one JSON object for
	 * the journal; may be NULL */
	void (*on_news)(void *self, struct slice json);
	void *self;
};

struct judge;

/** judge_new(options): copies the options. */
struct judge *judge_new(const struct judge_options *options);
void judge_free(struct judge *j);

/**
 * judge_rules(j, rules): indices mean this set from now on; windows, norms
 * and levels stay.  judge_batch calls it when a batch was pinned to another
 * set than the one before.  Keeps a reference.
 */
void judge_rules(struct judge *j, const struct ruleset *rules);

/** judge_catalogue(j, c): the same from plain tables, for batches whose rules
 * are NULL. */
void judge_catalogue(struct judge *j, const struct catalogue *c);

/** judge_batch(j, batch): all records of one batch, in order. */
void judge_batch(struct judge *j, const struct batch *batch);

/** judge_clock(j, now): the wall clock of run; W trails it by CLOCK_LAG_MS. */
void judge_clock(struct judge *j, int64_t now_ms);

/** judge_end(j): end of a replay: close the open minute. */
void judge_end(struct judge *j);

/** judge_now(j): W in ms, TIME_NONE before the first post. */
int64_t judge_now(const struct judge *j);

/** judge_budget(j, out): "budget":N,"over":n,"week":[...], the alerts of the
 * last seven days of each brand and sector (budget.h). */
void judge_budget(const struct judge *j, struct buf *out);

/** judge_over_budget(j, out): one line for people about those who rang more
 * often in a week than their budget since the start; nothing without any. */
void judge_over_budget(const struct judge *j, struct buf *out);

/** judge_next_seq(j): of the next message, to be kept over a restart. */
uint64_t judge_next_seq(const struct judge *j);

/* ---- over a restart (judge_state.c) -------------------------------------- */

/** judge_save(j, out): all but who spoke in the last hour, which is in the
 * files of recent posts.  Between batches. */
void judge_save(const struct judge *j, struct buf *out);

/** judge_load(j, saved): into a new judge, before its rules; false when the
 * bytes are damaged: the judge is to be freed. */
bool judge_load(struct judge *j, struct slice saved);

/** judge_recall(j, batch, late): posts of before judge_save: who spoke, which
 * ids were seen; nothing is counted.  ${late} tells of record i. */
void judge_recall(struct judge *j, const struct batch *batch,
    bool (*late)(void *self, uint32_t i), void *self);

/** judge_recalled(j): all of those were. */
void judge_recalled(struct judge *j);

/** judge_quiet(j): nothing is gathered that judge_save would leave out. */
bool judge_quiet(const struct judge *j);

/** judge_rehear(j, batch): posts of after it, which the tap knows: judged as
 * the first time; the judge counts nothing. */
void judge_rehear(struct judge *j, struct batch *batch);

/** judge_seq(j, next): the next message has at least that number. */
void judge_seq(struct judge *j, uint64_t next);

/** judge_absent(j, now): nobody watched since W; that was no silence. */
void judge_absent(struct judge *j, int64_t now_ms);

/** judge_calm(j): norms stay, what was going on is forgotten. */
void judge_calm(struct judge *j);

/** judge_keys(j): to look at. */
const struct keys *judge_keys(const struct judge *j);

#endif
