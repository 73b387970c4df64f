/*
 * The desk: where people and alerts meet.
 *
 * It gives each message and each command to the lifecycle, writes what comes
 * of it to the journal, and carries that, notices and answers out by its port
 * once they are on the disk.  A command is done once: its id is in the journal
 * with what it led to, and after a restart whatever was not answered is
 * answered again, not done again.
 * Thread: the loop.  Owns: the lifecycle, the port, what waits for it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_DESK_H
#define ENGINE_DESK_H

#include "engine/lifecycle/desk_port.h"
#include "engine/lifecycle/hush.h"
#include "engine/state/journal.h"
#include "engine/lifecycle/lifecycle.h"

struct desk;

struct desk_setup {
	uv_loop_t *loop;
	struct clock clock;
	struct counters *counters;
	struct journal *journal;
	const struct organisation *organisation;
	bool posts_time; /* the minutes of alerts are not the clock's */
	/* there is room again, or nothing waits any more; or NULL */
	void (*on_change)(void *self);
	/* register a post of the brand itself, of ${at_ms}; maybe once more
	 * after a restart: LIFECYCLE_NONE, or why not */
	int (*on_statement)(void *self, const struct command *c,
	    const char *id, int64_t at_ms);
	void *self;
};

struct desk *desk_new(const struct desk_setup *setup);

/** desk_open(d, sink, organised, err): a port beside ${sink}, if it is to have
 * one and there is none yet. */
int desk_open(struct desk *d, struct sink *sink, bool organised,
    struct err *err);

/** desk_close(d, on_closed, self): the port; then ${d} is freed. */
void desk_close(
    struct desk *d, void (*on_closed)(void *self), void *self);

/** desk_free(d): at once; its port was never opened. */
void desk_free(struct desk *d);

/** desk_organisation(d, o): the teams from now on; borrowed. */
void desk_organisation(struct desk *d, const struct organisation *o);

/** desk_lifecycle(d): borrowed. */
struct lifecycle *desk_lifecycle(struct desk *d);

/** desk_hush(d): silences that were asked for; borrowed. */
const struct hush *desk_hush(const struct desk *d);

/* ---- what happens ------------------------------------------------------- */

/** desk_alert(d, a): it was routed, and is in the journal as a->number. */
void desk_alert(struct desk *d, struct alert *a);

/** desk_told(d, a): a sink has it. */
void desk_told(struct desk *d, const struct alert *a);

/** desk_entry(d, kind, json): to the journal and its copy.  ${kind} must
 * last. */
void desk_entry(struct desk *d, const char *kind, struct slice json);

/** desk_command(d, id, json, answer): as one that came by the port; the
 * answer is written to ${answer}.  LIFECYCLE_NONE, or why it was refused. */
int desk_command(struct desk *d, struct slice id, struct slice json,
    struct buf *answer);

/** desk_tick(d): the clock moved. */
void desk_tick(struct desk *d);

/** desk_durable(d, number): entries below it are on the disk; without a call
 * all are taken to be. */
void desk_durable(struct desk *d, uint64_t number);

/* ---- the start ---------------------------------------------------------- */

/** desk_born(d, ms): when the journal began. */
void desk_born(struct desk *d, int64_t ms);

/** desk_replay(d, entry): one of the journal, in order; desk_again(d, entry):
 * one that the port's other side may lack; desk_replayed(d): that was all. */
void desk_replay(struct desk *d, const struct journal_entry *entry);
void desk_again(struct desk *d, const struct journal_entry *entry);
void desk_replayed(struct desk *d);

/** desk_save(d, out), desk_load(d, in): all that the journal says of it, so
 * that only later entries are to be read again.  False: damaged. */
void desk_save(const struct desk *d, struct buf *out);
bool desk_load(struct desk *d, struct slice in);

/* ---- how it is ---------------------------------------------------------- */

/** desk_name(d): of the port, "desk redis 127.0.0.1:6379"; NULL: none. */
const char *desk_name(const struct desk *d);

/** desk_next(d, end): the first entry that is not safe outside. */
uint64_t desk_next(const struct desk *d, uint64_t end);

uint32_t desk_waiting(const struct desk *d);
bool desk_full(const struct desk *d);

#endif
