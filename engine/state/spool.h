/*
 * The outbox of one sink: messages in order, until each is safe outside.
 *
 *	 head                sent             tail
 *	  | published, wait for an answer | wait for room |
 *
 * A fault moves sent back to head: what was published and not answered goes
 * out again, in order, before anything newer.  Nothing is ever dropped.  At
 * ${messages_max} the outbox says that it is full, and stays so down to half:
 * the sources are paused meanwhile.  What was already read may still raise
 * alerts, which are taken; their number is bounded by the batches that are
 * on their way.
 * With a state_dir a message goes out only once its alert is in the journal
 * on the disk (spool_durable), and spool_next says from where on a restart
 * must fill it again.
 * Thread: the loop.  Owns: one reference of each alert per message.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SPOOL_H
#define ENGINE_SPOOL_H

#include "engine/counters.h"
#include "engine/sink.h"

struct spool;

/**
 * spool_new(sink, messages_max, counters): an empty outbox in front of
 * ${sink}, whose member spool is set.
 */
struct spool *spool_new(struct sink *sink, uint32_t messages_max,
    struct counters *counters);

/** spool_free(spool): after the sink was closed; what is left is let go. */
void spool_free(struct spool *spool);

/** spool_append(spool, alert): one message, for a sink that is per_alert;
 * spool_append_channel(spool, alert, i): one to a channel of the alert. */
void spool_append(struct spool *spool, struct alert *alert);
void spool_append_channel(
    struct spool *spool, struct alert *alert, uint32_t i);

/** spool_durable(spool, number): journal entries below it are on the disk;
 * without a call all are taken to be. */
void spool_durable(struct spool *spool, uint64_t number);

/** spool_next(spool, end): the journal entry of the first message that is not
 * safe; ${end} when there is none. */
uint64_t spool_next(const struct spool *spool, uint64_t end);

/** spool_pump(spool): publish as much as the sink has room for. */
void spool_pump(struct spool *spool);

/** spool_release(spool, token): that message is safe; see sink_done. */
void spool_release(struct spool *spool, uint64_t token);

/** spool_rewind(spool): a fault; nothing is published until spool_open. */
void spool_rewind(struct spool *spool);
void spool_open(struct spool *spool);

/** spool_count(spool): messages that are not safe yet. */
uint32_t spool_count(const struct spool *spool);

/** spool_full(spool): sources ought to be paused. */
bool spool_full(const struct spool *spool);

/**
 * spool_watch(spool, on_change, arg): on_change when it stops being full and
 * when it becomes empty; on the loop, never from within spool_append.
 */
void spool_watch(struct spool *spool, void (*on_change)(void *arg), void *arg);

/** spool_tell(spool, on_told, arg): on_told for each message that is safe;
 * spool_each(spool, visit, arg): each that is not. */
void spool_tell(struct spool *spool,
    void (*on_told)(void *arg, const struct alert *alert), void *arg);
void spool_each(const struct spool *spool,
    void (*visit)(void *arg, const struct alert *alert), void *arg);

/** spool_say(spool, why): tell and count a fault, once per reason.
 * spool_unheard(spool, why): the same of a message that is kept, but was not
 * published. */
void spool_say(struct spool *spool, const char *why);
void spool_unheard(struct spool *spool, const char *why);

#endif
