/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/dispatch.h"

#include <inttypes.h>
#include <stdlib.h>

#include "engine/base/log.h"
#include "engine/base/must.h"
#include "engine/lifecycle/notify.h"
#include "engine/organisation/playbooks.h"
#include "engine/organisation/route.h"
#include "engine/state/spool.h"

struct outlet {
	struct dispatch *dispatch;
	struct sink *sink;
	struct spool *spool;
	struct outlet *next;
	bool closed;
};

struct dispatch {
	struct dispatch_setup setup;
	struct outlet *first, **last;
	struct notify *notify;
	uint32_t open; /* outlets whose close is not over, and the timer */
	bool draining, closing;
	struct buf note;
	const struct alert *going_out; /* the desk does not know of it yet */
	uint32_t told_at_once; /* by so many of its messages */
	uint64_t waited; /* messages at the last look of the deadline */
	uv_timer_t deadline;
	void (*on_drained)(void *arg, uint64_t left);
	void (*on_closed)(void *arg);
};

static void on_change(void *arg);

/* What notify.c lets through: one channel of one outbox or of all. */
static void
pass(void *self, struct alert *a, uint32_t i, uint32_t sink)
{
	const struct dispatch *d = self;
	uint32_t at = 0;

	for (struct outlet *o = d->first; o != NULL; o = o->next, at++)
		if (!o->sink->type->per_alert &&
		    (sink == NOTIFY_EVERY || sink == at))
			spool_append_channel(o->spool, a, i);
}

static void
on_held(void *self, const struct alert *a, uint32_t i, enum notify_why why)
{
	struct dispatch *d = self;

	buf_clear(&d->note);
	buf_text(&d->note, "{\"v\":1,\"at\":\"");
	buf_utc(&d->note, a->minute_ms);
	buf_printf(&d->note, "\",\"alert\":\"%s\",\"rev\":%" PRIu32
	    ",\"channel\":", a->id, a->rev);
	buf_json(&d->note, slice_of(a->channels[i]));
	buf_printf(&d->note, ",\"why\":\"%s\"}", notify_why_name(why));
	journal_append(d->setup.journal, "held", buf_slice(&d->note));
}

struct dispatch *
dispatch_new(const struct dispatch_setup *setup)
{
	struct dispatch *d = must_alloc(sizeof(*d));

	d->setup = *setup;
	d->last = &d->first;
	d->notify = notify_new(&(struct notify_setup){
	    .organisation = setup->organisation,
	    .hush = setup->desk != NULL ? desk_hush(setup->desk) : NULL,
	    .counters = setup->counters, .send = pass, .held = on_held,
	    .self = d});
	REQUIRE(uv_timer_init(setup->loop, &d->deadline) == 0);
	d->deadline.data = d;
	return d;
}

static void
on_told(void *arg, const struct alert *alert)
{
	struct dispatch *d = arg;

	if (alert == d->going_out)
		d->told_at_once++;
	else if (!d->closing)
		desk_told(d->setup.desk, alert);
}

int
dispatch_open(struct dispatch *d, struct sink *sink, struct err *err)
{
	struct outlet *o = must_alloc(sizeof(*o));
	int rc;

	o->dispatch = d;
	o->sink = sink;
	sink->outlet = o;
	o->spool =
	    spool_new(sink, d->setup.messages_max, d->setup.counters);
	spool_watch(o->spool, on_change, d);
	if (d->setup.desk != NULL)
		spool_tell(o->spool, on_told, d);
	rc = sink->type->open(sink, d->setup.loop, err);
	if (rc != 0) {
		spool_free(o->spool);
		sink->spool = NULL;
		free(o);
		return rc;
	}
	*d->last = o;
	d->last = &o->next;
	if (d->setup.desk != NULL)
		rc = desk_open(d->setup.desk, sink, d->setup.organised, err);
	if (rc == 0 && d->setup.nomarketing != NULL)
		rc = nomarketing_open(d->setup.nomarketing, sink,
		    d->setup.loop, err);
	return rc;
}

/* After the sinks: people wait for these, the desk for people. */
static void
at_desk(struct dispatch *d, struct alert *a)
{
	desk_alert(d->setup.desk, a);
	for (; d->told_at_once > 0; d->told_at_once--)
		desk_told(d->setup.desk, a);
}

void
dispatch_alert(struct dispatch *d, struct alert *a, uint64_t ruleset,
    int64_t arrival_ms, int64_t matched_ms)
{
	int64_t now_ms = clock_now(&d->setup.clock);
	bool timed = now_ms != TIME_NONE && arrival_ms != TIME_NONE &&
	    matched_ms != TIME_NONE;
	struct alert_latency latency = {0};

	REQUIRE(!d->closing);
	/* The system's clock may be set back meanwhile. */
	if (timed && matched_ms > arrival_ms)
		latency.match_ms = matched_ms - arrival_ms;
	if (timed && now_ms > matched_ms)
		latency.judge_ms = now_ms - matched_ms;
	route_owner(d->setup.organisation, a);
	if (a->owner == NULL)
		counters_bump(d->setup.counters, alerts_unowned_total);
	playbooks_attach(d->setup.organisation->playbooks, a);
	alert_encode(a, ruleset, timed ? &latency : NULL);
	buf_clear(&d->note);
	alert_note(a, &d->note);
	a->number = journal_put(d->setup.journal, "alert",
	    buf_slice(&a->json), buf_slice(&d->note));
	d->going_out = a;
	for (struct outlet *o = d->first; o != NULL; o = o->next)
		if (o->sink->type->per_alert)
			spool_append(o->spool, a);
	notify_alert(d->notify, a, NOTIFY_EVERY);
	d->going_out = NULL;
	if (d->setup.desk != NULL)
		at_desk(d, a);
	alert_unref(a);
}

void
dispatch_minute(struct dispatch *d, int64_t minute_ms)
{
	notify_minute(d->notify, minute_ms);
}

void
dispatch_organisation(
    struct dispatch *d, const struct organisation *organisation)
{
	d->setup.organisation = organisation;
	notify_organisation(d->notify, organisation);
	if (d->setup.desk != NULL)
		desk_organisation(d->setup.desk, organisation);
}

struct desk *
dispatch_desk(const struct dispatch *d)
{
	return d->setup.desk;
}

bool
dispatch_full(const struct dispatch *d)
{
	for (const struct outlet *o = d->first; o != NULL; o = o->next)
		if (spool_full(o->spool))
			return true;
	return journal_full(d->setup.journal) ||
	    (d->setup.desk != NULL && desk_full(d->setup.desk));
}

uint64_t
dispatch_waiting(const struct dispatch *d)
{
	uint64_t waiting = nomarketing_waiting(d->setup.nomarketing);

	for (const struct outlet *o = d->first; o != NULL; o = o->next)
		waiting += spool_count(o->spool);
	if (d->setup.desk != NULL)
		waiting += desk_waiting(d->setup.desk);
	return waiting;
}

void
dispatch_each(const struct dispatch *d,
    void (*tell)(void *self, const char *name, uint32_t waiting, bool full),
    void *self)
{
	for (const struct outlet *o = d == NULL ? NULL : d->first; o != NULL;
	     o = o->next)
		tell(self, o->sink->name, spool_count(o->spool),
		    spool_full(o->spool));
	if (d != NULL && d->setup.desk != NULL &&
	    desk_name(d->setup.desk) != NULL)
		tell(self, desk_name(d->setup.desk),
		    desk_waiting(d->setup.desk), desk_full(d->setup.desk));
}

void
dispatch_durable(struct dispatch *d, uint64_t number)
{
	for (struct outlet *o = d->first; o != NULL; o = o->next)
		spool_durable(o->spool, number);
	if (d->setup.desk != NULL)
		desk_durable(d->setup.desk, number);
}

void
dispatch_pending(const struct dispatch *d,
    void (*visit)(void *self, const struct alert *alert), void *self)
{
	for (const struct outlet *o = d->first; o != NULL; o = o->next)
		spool_each(o->spool, visit, self);
	notify_each(d->notify, visit, self);
}

void
dispatch_held(const struct dispatch *d,
    void (*visit)(void *self, const struct alert *alert), void *self)
{
	notify_each(d->notify, visit, self);
}

static struct outlet *
outlet_of(const struct dispatch *d, uint32_t sink)
{
	struct outlet *o = d->first;

	for (uint32_t i = 0; i < sink && o != NULL; i++)
		o = o->next;
	return o;
}

void
dispatch_again_held(struct dispatch *d, uint32_t sink, struct alert *a)
{
	const struct outlet *o = outlet_of(d, sink);

	/* Of files nothing is held back; the desk takes entries. */
	if (o != NULL && !o->sink->type->per_alert)
		notify_alert(d->notify, a, sink);
}

void
dispatch_again(struct dispatch *d, uint32_t sink, struct alert *a)
{
	const struct outlet *o = outlet_of(d, sink);

	if (o == NULL)
		return; /* the desk's: it takes entries */
	/* A note of an older version does not say what it was about. */
	if (o->sink->type->per_alert || a->rev == UINT32_MAX)
		spool_append(o->spool, a);
	else
		notify_alert(d->notify, a, sink);
}

uint32_t
dispatch_sinks(const struct dispatch *d,
    void (*visit)(void *self, const char *name, uint64_t next), void *self)
{
	uint64_t end = journal_next(d->setup.journal);
	uint32_t count = 0;

	for (const struct outlet *o = d->first; o != NULL; o = o->next) {
		if (visit != NULL)
			visit(self, o->sink->name, spool_next(o->spool, end));
		count++;
	}
	if (d->setup.desk != NULL && desk_name(d->setup.desk) != NULL) {
		if (visit != NULL)
			visit(self, desk_name(d->setup.desk),
			    desk_next(d->setup.desk, end));
		count++;
	}
	return count;
}

static void
drained(struct dispatch *d)
{
	uint64_t left = dispatch_waiting(d);

	if (!d->draining)
		return;
	d->draining = false;
	uv_timer_stop(&d->deadline);
	if (left > 0)
		log_error("sink",
		    "%" PRIu64 " message%s could not be delivered in time",
		    left, left == 1 ? "" : "s");
	d->on_drained(d->setup.arg, left);
}

/* An outbox became empty, or is no longer full. */
static void
on_change(void *arg)
{
	struct dispatch *d = arg;

	if (d->closing)
		return;
	if (d->setup.on_room != NULL && !dispatch_full(d))
		d->setup.on_room(d->setup.arg);
	if (d->draining && dispatch_waiting(d) == 0)
		drained(d);
}

void
dispatch_changed(struct dispatch *d)
{
	on_change(d);
}

/* Slow is not dead: as long as messages become fewer it goes on. */
static void
on_deadline(uv_timer_t *timer)
{
	struct dispatch *d = timer->data;
	uint64_t waiting = dispatch_waiting(d);

	if (waiting == d->waited) {
		drained(d);
		return;
	}
	d->waited = waiting;
	uv_timer_again(timer);
}

void
dispatch_drain(struct dispatch *d, uint64_t deadline_ms,
    void (*on_drained)(void *arg, uint64_t left))
{
	REQUIRE(!d->draining && !d->closing);
	d->on_drained = on_drained;
	d->draining = true;
	d->waited = dispatch_waiting(d);
	if (d->waited == 0)
		drained(d);
	else
		uv_timer_start(
		    &d->deadline, on_deadline, deadline_ms, deadline_ms);
}

static void
close_one(struct dispatch *d)
{
	struct outlet *o = d->first, *next;
	void (*on_closed)(void *arg) = d->on_closed;
	void *arg = d->setup.arg;

	if (--d->open > 0)
		return;
	for (; o != NULL; o = next) {
		next = o->next;
		o->sink->spool = NULL;
		spool_free(o->spool);
		free(o);
	}
	notify_free(d->notify);
	buf_fini(&d->note);
	free(d);
	on_closed(arg);
}

static void
on_sink_closed(struct sink *sink)
{
	struct outlet *o = sink->outlet;

	REQUIRE(!o->closed);
	o->closed = true;
	close_one(o->dispatch);
}

static void
on_desk_closed(void *self)
{
	close_one(self);
}

static void
on_timer_closed(uv_handle_t *handle)
{
	close_one(handle->data);
}

void
dispatch_close(struct dispatch *d, void (*on_closed)(void *arg))
{
	REQUIRE(!d->closing);
	d->closing = true;
	d->draining = false;
	d->on_closed = on_closed;
	d->open = 1;
	for (struct outlet *o = d->first; o != NULL; o = o->next)
		d->open++;
	for (struct outlet *o = d->first; o != NULL; o = o->next) {
		spool_rewind(o->spool);
		o->sink->type->close(o->sink, on_sink_closed);
	}
	if (d->setup.desk != NULL) {
		d->open++;
		desk_close(d->setup.desk, on_desk_closed, d);
	}
	if (d->setup.nomarketing != NULL) {
		d->open++;
		nomarketing_close(d->setup.nomarketing, on_desk_closed, d);
	}
	uv_close((uv_handle_t *)&d->deadline, on_timer_closed);
}
