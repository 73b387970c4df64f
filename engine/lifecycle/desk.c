/*
 * What happens at the desk: messages, time, and what the lifecycle says.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/lifecycle/desk.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/base/json.h"
#include "engine/base/log.h"
#include "engine/base/must.h"
#include "engine/lifecycle/desk_parts.h"
#include "engine/lifecycle/lifecycle_line.h"

/* How long after the start deadlines wait for the commands that were sent
 * while nobody was there. */
#define CATCH_UP_MS INT64_C(60000)

static void
on_transition(void *self, const struct transition *t, struct slice state)
{
	struct desk *d = self;
	struct desk_item item = {.kind = DESK_OWNER, .alert = t->alert};

	lifecycle_place(state, &d->place);
	item.owner = d->place.data;
	buf_clear(&d->json);
	lifecycle_line_transition(&d->json, t);
	item.json = buf_slice(&d->json);
	item.number =
	    journal_put(d->setup.journal, "lifecycle", item.json, state);
	counters_bump(d->setup.counters, lifecycle_transitions_total);
	desk_out(d, &item, NULL);
}

void
desk_notice(struct desk *d, const struct notice *n, struct slice note)
{
	struct buf channels = {0};
	struct desk_item item = {.kind = DESK_NOTICE};

	for (uint32_t i = 0; i < n->to.count; i++) {
		buf_text(&channels, i > 0 ? "\n" : "");
		buf_text(&channels, n->to.channels[i]);
	}
	buf_char(&channels, '\0');
	item.channels = channels.data;
	buf_clear(&d->json);
	lifecycle_line_notice(&d->json, n);
	item.json = buf_slice(&d->json);
	item.number =
	    journal_put(d->setup.journal, "notice", item.json, note);
	counters_bump(d->setup.counters, lifecycle_notices_total);
	desk_out(d, &item, NULL);
	buf_fini(&channels);
}

static void
on_notice(void *self, const struct notice *n, struct slice state)
{
	desk_notice(self, n, state);
}

struct desk *
desk_new(const struct desk_setup *setup)
{
	struct desk *d = must_alloc(sizeof(*d));
	struct lifecycle_setup lc = {.organisation = setup->organisation,
	    .counters = setup->counters,
	    .posts_time = setup->posts_time,
	    .on_transition = on_transition, .on_notice = on_notice,
	    .self = d};

	d->setup = *setup;
	d->lc = lifecycle_new(&lc);
	d->hush = hush_new();
	d->durable = UINT64_MAX;
	d->start_ms = clock_now(&setup->clock);
	return d;
}

void
desk_free(struct desk *d)
{
	if (d == NULL)
		return;
	desk_forget(d);
	desk_statements_forget(d);
	lifecycle_free(d->lc);
	hush_free(d->hush);
	free(d->slots);
	free(d->port);
	buf_fini(&d->json);
	buf_fini(&d->texts);
	buf_fini(&d->place);
	free(d);
}

int
desk_open(struct desk *d, struct sink *sink, bool organised, struct err *err)
{
	const struct desk_type *type = sink->type->desk;
	struct desk_port *p;
	int rc;

	if (type == NULL || !type->wanted(sink, organised))
		return 0;
	if (d->port != NULL) {
		log_info("desk", "%s has the desk; %s only gets alerts",
		    d->port->name, sink->name);
		return 0;
	}
	p = must_alloc(type->size);
	p->type = type;
	p->desk = d;
	p->born_ms = d->start_ms;
	snprintf(p->name, sizeof(p->name), "desk %.*s",
	    (int)sizeof(p->name) - 6, sink->name);
	d->port = p;
	rc = type->open(p, sink, d->setup.loop, err);
	if (rc == 0)
		return 0;
	free(p);
	d->port = NULL;
	return rc;
}

static void
on_port_closed(struct desk_port *p)
{
	struct desk *d = p->desk;
	void (*on_closed)(void *self) = d->on_closed;
	void *self = d->closed_self;

	desk_free(d);
	on_closed(self);
}

void
desk_close(struct desk *d, void (*on_closed)(void *self), void *self)
{
	d->closing = true;
	d->on_closed = on_closed;
	d->closed_self = self;
	if (d->port != NULL) {
		d->port->type->close(d->port, on_port_closed);
		return;
	}
	desk_free(d);
	on_closed(self);
}

void
desk_organisation(struct desk *d, const struct organisation *o)
{
	d->setup.organisation = o;
	lifecycle_organisation(d->lc, o);
}

struct lifecycle *
desk_lifecycle(struct desk *d)
{
	return d->lc;
}

void
desk_alert(struct desk *d, struct alert *a)
{
	const struct desk_item item = {.number = a->number};

	desk_out(d, &item, a);
	lifecycle_alert(d->lc, a, clock_now(&d->setup.clock));
	desk_pump(d);
}

void
desk_told(struct desk *d, const struct alert *a)
{
	lifecycle_told(d->lc, a->id, clock_now(&d->setup.clock));
	desk_pump(d);
}

void
desk_entry(struct desk *d, const char *kind, struct slice json)
{
	struct desk_item item = {.json = json};

	item.number = journal_append(d->setup.journal, kind, json);
	desk_out(d, &item, NULL);
	desk_pump(d);
}

void
desk_tick(struct desk *d)
{
	int64_t now_ms = clock_now(&d->setup.clock);

	if (d->port != NULL && !d->caught_up && !d->hopeless &&
	    now_ms < d->start_ms + CATCH_UP_MS)
		return;
	lifecycle_tick(d->lc, now_ms);
	desk_silence_tick(d, now_ms);
	desk_pump(d);
}

const char *
desk_name(const struct desk *d)
{
	return d->port != NULL ? d->port->name : NULL;
}

/* ---- the start ---------------------------------------------------------- */

void
desk_born(struct desk *d, int64_t ms)
{
	if (d->port != NULL)
		d->port->born_ms = ms;
}

/* The text ${key} of an entry, terminated, in d->texts; NULL: none. */
static const char *
member(struct desk *d, struct slice json, const char *key)
{
	struct json j;

	buf_clear(&d->texts);
	json_init(&j, json);
	if (json_next(&j) != JSON_OBJECT)
		return NULL;
	while (json_next(&j) == JSON_KEY) {
		if (!json_is(&j, key)) {
			if (!json_skip(&j))
				return NULL;
			continue;
		}
		if (json_next(&j) != JSON_TEXT)
			return NULL;
		json_text(&j, &d->texts);
		buf_char(&d->texts, '\0');
		return d->texts.data;
	}
	return NULL;
}

void
desk_replay(struct desk *d, const struct journal_entry *e)
{
	bool silence = desk_silence_replay(d, e);

	if (!lifecycle_replay(d->lc, silence ? SLICE("silence") : e->kind,
		e->json, e->note))
		log_warn("desk", "entry %llu of the journal is damaged and "
				 "left out", (unsigned long long)e->number);
	if (slice_is(e->kind, "statement"))
		desk_statement_keep(d, e->json);
	if ((slice_is(e->kind, "lifecycle") ||
		slice_is(e->kind, "statement") ||
		slice_is(e->kind, "silence")) &&
	    member(d, e->json, "command") != NULL)
		desk_done(d, slice_of(d->texts.data));
}

static void
put_channels(struct desk *d, struct slice json, struct buf *out)
{
	struct buf id = {0};
	enum json_kind kind;
	struct json j;

	json_init(&j, json);
	json_next(&j);
	while (json_next(&j) == JSON_KEY && !json_is(&j, "to"))
		json_skip(&j);
	if (json_next(&j) != JSON_LIST)
		return;
	while ((kind = json_next(&j)) == JSON_TEXT) {
		const struct team *t = NULL;

		buf_clear(&id);
		json_text(&j, &id);
		buf_char(&id, '\0');
		if (d->setup.organisation != NULL)
			t = organisation_team(d->setup.organisation, id.data);
		buf_text(out, out->len > 0 ? "\n" : "");
		buf_text(out, t != NULL ? t->channel : id.data);
	}
	buf_fini(&id);
}

void
desk_again(struct desk *d, const struct journal_entry *e)
{
	struct desk_item item = {.number = e->number, .json = e->json};
	struct buf alert = {0}, channels = {0};

	if (slice_is(e->kind, "lifecycle")) {
		const char *text = member(d, e->json, "alert");

		buf_text(&alert, text != NULL ? text : "");
		buf_char(&alert, '\0');
		lifecycle_place(e->note, &d->place);
		item.kind = DESK_OWNER;
		item.alert = alert.data;
		item.owner = d->place.data;
	} else if (slice_is(e->kind, "notice")) {
		put_channels(d, e->json, &channels);
		buf_char(&channels, '\0');
		item.kind = DESK_NOTICE;
		item.channels = channels.data;
	}
	desk_out(d, &item, NULL);
	buf_fini(&alert);
	buf_fini(&channels);
}

void
desk_replayed(struct desk *d)
{
	int64_t now_ms = clock_now(&d->setup.clock);

	lifecycle_replayed(d->lc, now_ms);
	desk_statements_again(d, now_ms);
	desk_pump(d);
}
