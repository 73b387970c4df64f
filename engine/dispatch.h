/*
 * From a raised alert to every sink: owner, JSON, journal, outboxes.
 *
 * Thread: the loop.  Owns: the outbox of each sink; the sinks themselves
 * belong to the configuration.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_DISPATCH_H
#define ENGINE_DISPATCH_H

#include "engine/counters.h"
#include "engine/lifecycle/desk.h"
#include "engine/state/journal.h"
#include "engine/lifecycle/nomarketing.h"
#include "engine/organisation/organisation.h"
#include "engine/sink.h"

struct dispatch;

struct dispatch_setup {
	uv_loop_t *loop;
	struct clock clock; /* for latency_ms; TIME_NONE in replay */
	struct counters *counters;
	const struct organisation *organisation;
	struct journal *journal;
	struct desk *desk; /* or NULL; closed with it, waited for as a sink */
	struct nomarketing *nomarketing; /* or NULL; in the same way */
	bool organised;    /* there is an organisation file */
	uint32_t messages_max; /* of each outbox: SPOOL_MESSAGES_MAX */
	void (*on_room)(void *arg); /* no longer full; or NULL */
	void *arg;
};

/** dispatch_new(setup): ${setup} is copied, what it points to must last. */
struct dispatch *dispatch_new(const struct dispatch_setup *setup);

/**
 * dispatch_open(d, sink, err): put an outbox before ${sink} and open it.
 * Only what will never work by itself is an error: a server that is down is
 * not.
 */
int dispatch_open(struct dispatch *d, struct sink *sink, struct err *err);

/**
 * dispatch_alert(d, alert, ruleset, arrival_ms, matched_ms): give one raised
 * message its teams and owner, encode it, write it to the journal and to every
 * outbox.  ${ruleset} is the id of the set that judged it; ${arrival_ms} and
 * ${matched_ms} say when the batch that led to it was read and came back from
 * its worker, TIME_NONE: then there is no latency_ms.  Takes the caller's
 * reference over.
 */
void dispatch_alert(struct dispatch *d, struct alert *alert, uint64_t ruleset,
    int64_t arrival_ms, int64_t matched_ms);

/** dispatch_minute(d, minute_ms): that minute is over: what was held until
 * then goes out (notify.h). */
void dispatch_minute(struct dispatch *d, int64_t minute_ms);

/** dispatch_organisation(d, o): the teams of alerts from now on; borrowed. */
void dispatch_organisation(
    struct dispatch *d, const struct organisation *organisation);

/** dispatch_full(d): sources ought to be paused; on_room tells the end. */
bool dispatch_full(const struct dispatch *d);

/** dispatch_waiting(d): messages in all outboxes that are not safe yet. */
uint64_t dispatch_waiting(const struct dispatch *d);

/** dispatch_durable(d, number): see spool_durable, for all sinks. */
void dispatch_durable(struct dispatch *d, uint64_t number);

/** dispatch_again(d, sink, alert): an alert of before a restart, to the
 * ${sink}-th that was opened.  Its channels are those of then. */
void dispatch_again(struct dispatch *d, uint32_t sink, struct alert *alert);

/** dispatch_desk(d): or NULL. */
struct desk *dispatch_desk(const struct dispatch *d);

/** dispatch_changed(d): there is room again at the desk, or nothing waits. */
void dispatch_changed(struct dispatch *d);

/** dispatch_pending(d, visit, self): each message that is not safe yet,
 * or that nobody may be told of now. */
void dispatch_pending(const struct dispatch *d,
    void (*visit)(void *self, const struct alert *alert), void *self);

/** dispatch_again_held(d, sink, alert): the same of one that was held back
 * when that sink had got later ones already. */
void dispatch_again_held(
    struct dispatch *d, uint32_t sink, struct alert *alert);

/** dispatch_held(d, visit, self): each message that is held back. */
void dispatch_held(const struct dispatch *d,
    void (*visit)(void *self, const struct alert *alert), void *self);

/** dispatch_sinks(d, visit, self): every sink in the order in which they were
 * opened, with spool_next, then the desk's port; their number.  ${visit} may
 * be NULL. */
uint32_t dispatch_sinks(const struct dispatch *d,
    void (*visit)(void *self, const char *name, uint64_t next), void *self);

/** dispatch_each(d, tell, self): every sink, and the messages that wait for
 * it; NULL: none. */
void dispatch_each(const struct dispatch *d,
    void (*tell)(void *self, const char *name, uint32_t waiting, bool full),
    void *self);

/**
 * dispatch_drain(d, deadline_ms, on_drained): on_drained(arg of setup, left)
 * exactly once, when nothing waits or ${deadline_ms} passed in which nothing
 * was delivered; maybe before dispatch_drain returns.  ${left} messages are
 * not delivered.
 */
void dispatch_drain(struct dispatch *d, uint64_t deadline_ms,
    void (*on_drained)(void *arg, uint64_t left));

/**
 * dispatch_close(d, on_closed): close the sinks, free ${d}, then
 * on_closed(arg of setup).  A write that the system does not finish holds it
 * up; a caller in a hurry may leave the process instead.
 */
void dispatch_close(struct dispatch *d, void (*on_closed)(void *arg));

#endif
