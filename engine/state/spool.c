/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/state/spool.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/log.h"
#include "engine/base/must.h"

#define ROOM_FIRST 64u

struct message {
	struct alert *alert;
	const char *channel; /* of the alert, or NULL */
	bool done;
};

/* Tokens count messages from 0; message t is in slots[t & mask]. */
struct spool {
	struct sink *sink;
	struct counters *counters;
	struct message *slots;
	uint32_t mask, messages_max;
	uint64_t head, sent, tail;
	uint64_t published; /* highest sent so far: below it are repeats */
	uint64_t durable;   /* entries of the journal */
	bool open, full, pumping;
	bool disordered; /* one that was held came after younger ones */
	char why[200]; /* of the outage that lasts; "" when there is none */
	char unheard[200]; /* why the last one was that was not published */
	void (*on_change)(void *arg);
	void *arg;
	void (*on_told)(void *arg, const struct alert *alert);
	void *told_arg;
};

struct spool *
spool_new(struct sink *sink, uint32_t messages_max, struct counters *counters)
{
	struct spool *s = must_alloc(sizeof(*s));

	REQUIRE(messages_max > 0);
	s->sink = sink;
	s->counters = counters;
	s->messages_max = messages_max;
	s->slots = must_alloc(ROOM_FIRST * sizeof(*s->slots));
	s->mask = ROOM_FIRST - 1;
	s->open = true;
	s->durable = UINT64_MAX;
	sink->spool = s;
	return s;
}

void
spool_free(struct spool *s)
{
	if (s == NULL)
		return;
	for (uint64_t t = s->head; t != s->tail; t++)
		alert_unref(s->slots[t & s->mask].alert);
	free(s->slots);
	free(s);
}

uint32_t
spool_count(const struct spool *s)
{
	return (uint32_t)(s->tail - s->head);
}

bool
spool_full(const struct spool *s)
{
	return s->full;
}

void
spool_watch(struct spool *s, void (*on_change)(void *arg), void *arg)
{
	s->on_change = on_change;
	s->arg = arg;
}

void
spool_tell(struct spool *s,
    void (*on_told)(void *arg, const struct alert *alert), void *arg)
{
	s->on_told = on_told;
	s->told_arg = arg;
}

void
spool_each(const struct spool *s,
    void (*visit)(void *arg, const struct alert *alert), void *arg)
{
	for (uint64_t t = s->head; t != s->tail; t++)
		if (!s->slots[t & s->mask].done)
			visit(arg, s->slots[t & s->mask].alert);
}

static void
grow(struct spool *s)
{
	uint32_t room = 2 * (s->mask + 1);
	struct message *slots = must_alloc(room * sizeof(*slots));

	for (uint64_t t = s->head; t != s->tail; t++)
		slots[t & (room - 1)] = s->slots[t & s->mask];
	free(s->slots);
	s->slots = slots;
	s->mask = room - 1;
}

static void
push(struct spool *s, struct alert *alert, const char *channel)
{
	if (spool_count(s) == s->mask + 1)
		grow(s);
	s->disordered = s->head != s->tail &&
	    (s->disordered || alert->number <
		    s->slots[(s->tail - 1) & s->mask].alert->number);
	s->slots[s->tail++ & s->mask] =
	    (struct message){alert_ref(alert), channel, false};
	if (!s->full && spool_count(s) >= s->messages_max) {
		s->full = true;
		counters_bump(s->counters, sink_full_total);
		log_warn("sink",
		    "%s: %" PRIu32 " messages wait, the most there may be; "
		    "sources are paused until half of them are delivered",
		    s->sink->name, spool_count(s));
	}
}

void
spool_append(struct spool *s, struct alert *a)
{
	REQUIRE(s->sink->type->per_alert);
	push(s, a, NULL);
	spool_pump(s);
}

void
spool_append_channel(struct spool *s, struct alert *a, uint32_t i)
{
	REQUIRE(i < a->channels_count);
	push(s, a, a->channels[i]);
	spool_pump(s);
}

/* Let go of what is safe at the head, and tell of the room that it makes. */
static void
settle(struct spool *s)
{
	bool changed = false;

	while (s->head != s->sent && s->slots[s->head & s->mask].done) {
		alert_unref(s->slots[s->head++ & s->mask].alert);
		changed |= s->head == s->tail;
	}
	if (s->full && spool_count(s) <= s->messages_max / 2) {
		s->full = false;
		changed = true;
	}
	if (changed && s->on_change != NULL)
		s->on_change(s->arg);
}

void
spool_pump(struct spool *s)
{
	const struct sink_type *type = s->sink->type;

	/* publish may answer at once: spool_release then comes back here. */
	if (s->pumping)
		return;
	s->pumping = true;
	while (s->open && s->sent != s->tail &&
	    s->slots[s->sent & s->mask].alert->number < s->durable &&
	    type->room(s->sink) > 0) {
		uint64_t token = s->sent++;
		struct message m = s->slots[token & s->mask];

		if (m.done) { /* answered before the last fault */
			settle(s);
			continue;
		}
		if (token < s->published)
			counters_bump(s->counters, alerts_repeated_total);
		else
			s->published = token + 1;
		type->publish(s->sink, m.channel, m.alert, token);
	}
	s->pumping = false;
}

void
spool_durable(struct spool *s, uint64_t number)
{
	s->durable = number;
	spool_pump(s);
}

uint64_t
spool_next(const struct spool *s, uint64_t end)
{
	uint64_t t = s->head;

	for (; t != s->tail && (t == s->head || s->disordered); t++)
		if (s->slots[t & s->mask].alert->number < end)
			end = s->slots[t & s->mask].alert->number;
	return end;
}

void
spool_release(struct spool *s, uint64_t token)
{
	REQUIRE(token >= s->head && token < s->sent);
	REQUIRE(!s->slots[token & s->mask].done);
	s->slots[token & s->mask].done = true;
	counters_bump(s->counters, alerts_delivered_total);
	if (s->on_told != NULL)
		s->on_told(s->told_arg, s->slots[token & s->mask].alert);
	/* Only now: a server may greet well and refuse the work. */
	if (s->why[0] != '\0')
		log_info("sink",
		    "%s: delivers again, %" PRIu32 " %s",
		    s->sink->name, spool_count(s), spool_count(s) == 1 ?
		    "message waits" : "messages wait");
	s->why[0] = '\0';
	settle(s);
	spool_pump(s);
}

void
spool_rewind(struct spool *s)
{
	s->sent = s->head;
	s->open = false;
}

void
spool_open(struct spool *s)
{
	s->open = true;
	/* With messages waiting, the first answer tells that it works. */
	if (s->why[0] != '\0' && spool_count(s) == 0) {
		log_info("sink", "%s: is back, no message waits",
		    s->sink->name);
		s->why[0] = '\0';
	}
	spool_pump(s);
}

/* Whether ${why} is not what was ${said} last. */
static bool
is_new(char said[static 200], const char *why)
{
	if (!strncmp(said, why, 199))
		return false;
	snprintf(said, 200, "%s", why);
	return true;
}

void
spool_say(struct spool *s, const char *why)
{
	counters_bump(s->counters, sink_errors_total);
	if (is_new(s->why, why))
		log_warn("sink",
		    "%s: %s; %" PRIu32 " %s, none is lost",
		    s->sink->name, why, spool_count(s), spool_count(s) == 1 ?
		    "message waits" : "messages wait");
}

void
spool_unheard(struct spool *s, const char *why)
{
	counters_bump(s->counters, alerts_unheard_total);
	/* No outage, which would end with the next message. */
	if (is_new(s->unheard, why))
		log_warn("sink", "%s: stored, but not published: %s",
		    s->sink->name, why);
}
