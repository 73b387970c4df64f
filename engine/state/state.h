/*
 * What outlives the process: the folder state_dir.
 *
 *	lock     of the process that writes here; a second one is refused
 *	key      of the pseudonyms, when the configuration has none
 *	key.check which key all of it was written under; another is refused
 *	journal/ what was decided, append-only: the one truth
 *	spool/   from which entry of the journal on each sink still waits
 *	recent/  the posts that matched, as they were judged, 7 days
 *	series/  every key, every five minutes, 13 months
 *	norms    the judge as it was a few minutes ago
 *	lifecycle who had each alert then; the journal has the rest
 *	born     when this journal began
 *
 * After a kill at any point: norms, then the later posts of recent judged
 * again, give the judge as it was at the last post on the disk; messages that
 * the journal has are not told again, those that it lacks are; each sink gets
 * what it had not acknowledged.
 * All that was gathered is written together, in this order: posts, journal,
 * spool, series, norms.  Posts and journal are synced before a message goes
 * out, posts at least every STATE_SYNC_MS, norms are replaced as a whole.
 * Thread: the loop, but state_write, which may run beside it.  Owns: all
 * files, the lock.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_STATE_H
#define ENGINE_STATE_H

#include "engine/state/disk.h"
#include "engine/dispatch.h"
#include "engine/state/journal.h"
#include "engine/density/judge.h"

struct state;

struct state_options {
	const char *folder; /* made if it is not there, 0700 */
	const struct disk *disk;      /* NULL: the system's */
	struct clock clock;
	struct counters *counters;
	const unsigned char *key;     /* of the configuration; NULL: a file */
	int64_t norms_gap_ms;         /* at least between two savings */
};

/** state_open(o, err): lock, mend and open; NULL when it cannot be used. */
struct state *state_open(const struct state_options *o, struct err *err);
void state_close(struct state *s);

/** state_counters(s, c): from now on those are counted in. */
void state_counters(struct state *s, struct counters *c);

/** state_key(s): from which pseudonyms are made. */
const unsigned char *state_key(const struct state *s);

/** state_judge(s, options): what a judge with this state needs: key, tap,
 * pseudonym. */
void state_judge(struct state *s, struct judge_options *options);

/** state_learn(s): only norms and series are to come of it: posts of long ago
 * are of no use to a restart. */
void state_learn(struct state *s);

/** state_journal(s, journal): its entries go to the disk. */
void state_journal(struct state *s, struct journal *journal);

/* ---- the start, in this order ------------------------------------------- */

/** state_load(s, judge, err): norms into a new judge; 1 when there are, 0
 * when there are none yet, negative when they cannot be used. */
int state_load(struct state *s, struct judge *judge, struct err *err);

/** state_refill(s, dispatch, err): after its sinks are open: what they have
 * not acknowledged, before anything new. */
int state_refill(struct state *s, struct dispatch *dispatch,
    struct err *err);

/** state_desk(s, desk, err): who has each alert, by the journal; before
 * desk_replayed.  state_keep(s, desk): saved with the norms from now on; NULL:
 * no more. */
int state_desk(struct state *s, struct desk *desk, struct err *err);
void state_keep(struct state *s, struct desk *desk);

/** state_rehear(s, judge, err): after its rules are known: what came later.
 * Alerts with a seq below state_told are on the disk already. */
int state_rehear(struct state *s, struct judge *judge, struct err *err);
uint64_t state_told(const struct state *s);

/* ---- while it runs ------------------------------------------------------ */

/** state_batch(s, judge): a batch was judged, or the clock moved; when norms
 * are due, or by ${force}, the judge is saved. */
void state_batch(struct state *s, const struct judge *judge, bool force);

/** state_cursors(s, dispatch): note how far each sink is; state_take does so
 * too while there is a dispatch. */
void state_cursors(struct state *s, struct dispatch *dispatch);

/** state_full(s): more is gathered than there should be. */
bool state_full(const struct state *s);

/** state_take(s, dispatch): hand what was gathered to state_write; false when
 * there is nothing to write.  ${dispatch} may be NULL. */
bool state_take(struct state *s, struct dispatch *dispatch);

/** state_write(s, err): write it; after an error call it again later. */
int state_write(struct state *s, struct err *err);

/** state_written(s): after it succeeded; the number of the first journal
 * entry that is not on the disk. */
uint64_t state_written(struct state *s);

/** state_flush(s, dispatch, err): all of that at once, for those who have no
 * loop. */
int state_flush(struct state *s, struct dispatch *dispatch, struct err *err);

#endif
