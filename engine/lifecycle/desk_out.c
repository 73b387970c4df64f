/*
 * What waits for the port, in order, until it is safe outside.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/log.h"
#include "engine/base/must.h"
#include "engine/lifecycle/desk_parts.h"

#define ROOM_FIRST 64u
#define PUT_MAX 64u

static const char *
put_text(char **to, const char *text)
{
	size_t bytes = text == NULL ? 0 : strlen(text) + 1;
	char *at = *to;

	if (text == NULL)
		return NULL;
	memcpy(at, text, bytes);
	*to += bytes;
	return at;
}

static size_t
bytes_of(const char *text)
{
	return text == NULL ? 0 : strlen(text) + 1;
}

static struct desk_waits *
make(const struct desk_item *item, struct alert *held)
{
	size_t json = held != NULL ? 0 : item->json.len;
	struct desk_waits *w = must_alloc(sizeof(*w) + json +
	    bytes_of(item->alert) + bytes_of(item->owner) +
	    bytes_of(item->channels) + bytes_of(item->command) +
	    bytes_of(item->loser));
	char *to = (char *)(w + 1);

	w->item = *item;
	if (held != NULL) {
		w->held = alert_ref(held);
		w->item.json = buf_slice(&held->json);
	} else {
		w->item.json.data = to;
		if (json > 0)
			memcpy(to, item->json.data, json);
		to += json;
	}
	w->item.alert = put_text(&to, item->alert);
	w->item.owner = put_text(&to, item->owner);
	w->item.channels = put_text(&to, item->channels);
	w->item.command = put_text(&to, item->command);
	w->item.loser = put_text(&to, item->loser);
	return w;
}

static void
drop(struct desk *d, uint64_t t)
{
	struct desk_waits *w = d->slots[t % d->room];

	if (w->item.kind == DESK_ANSWER)
		d->answers--;
	alert_unref(w->held);
	free(w);
}

static void
grow(struct desk *d)
{
	uint32_t room = d->room == 0 ? ROOM_FIRST : 2 * d->room;
	struct desk_waits **slots = must_alloc(room * sizeof(*slots));

	for (uint64_t t = d->head; t != d->tail; t++)
		slots[t % room] = d->slots[t % d->room];
	free(d->slots);
	d->slots = slots;
	d->room = room;
}

void
desk_out(struct desk *d, const struct desk_item *item, struct alert *held)
{
	if (d->port == NULL || d->hopeless || d->closing)
		return;
	if (d->tail - d->head == d->room)
		grow(d);
	d->slots[d->tail++ % d->room] = make(item, held);
	if (item->kind == DESK_ANSWER)
		d->answers++;
	if (!d->full && d->tail - d->head >= SPOOL_MESSAGES_MAX) {
		d->full = true;
		counters_bump(d->setup.counters, sink_full_total);
		log_warn("desk", "%s: %u entries wait, the most there may be; "
				 "sources are paused until half of them are "
				 "delivered", d->port->name,
		    SPOOL_MESSAGES_MAX);
	}
}

/* An answer that refuses has no entry of its own: it waits for those of
 * before it. */
static bool
is_safe(const struct desk *d, const struct desk_item *item)
{
	return item->kind == DESK_ANSWER ? item->number <= d->durable
					 : item->number < d->durable;
}

void
desk_pump(struct desk *d)
{
	const struct desk_item *items[PUT_MAX];
	uint32_t count = 0;

	if (d->port == NULL || !d->up || d->putting || d->closing)
		return;
	while (d->sent != d->tail && count < PUT_MAX &&
	    is_safe(d, &d->slots[d->sent % d->room]->item))
		items[count++] = &d->slots[d->sent++ % d->room]->item;
	if (count == 0)
		return;
	d->putting = true;
	d->port->type->put(d->port, items, count);
}

void
desk_port_done(struct desk_port *p, uint32_t count)
{
	struct desk *d = p->desk;
	bool was = d->full;

	REQUIRE(d->putting && count <= d->sent - d->head);
	d->putting = false;
	if (d->why[0] != '\0')
		log_info("desk", "%s: works again", p->name);
	d->why[0] = '\0';
	while (count-- > 0)
		drop(d, d->head++);
	d->sent = d->head;
	if (d->full && d->tail - d->head <= SPOOL_MESSAGES_MAX / 2)
		d->full = false;
	desk_pump(d);
	desk_read_on(d);
	if (d->setup.on_change != NULL &&
	    (was != d->full || d->head == d->tail))
		d->setup.on_change(d->setup.self);
}

uint64_t
desk_port_journal(const struct desk_port *p)
{
	return journal_next(p->desk->setup.journal);
}

void
desk_forget(struct desk *d)
{
	while (d->head != d->tail)
		drop(d, d->head++);
	d->sent = d->head;
	d->full = false;
}

void
desk_port_fail(struct desk_port *p, const char *why, bool hopeless)
{
	struct desk *d = p->desk;

	d->up = d->putting = d->reading = false;
	d->sent = d->head;
	counters_bump(d->setup.counters, sink_errors_total);
	if (strncmp(d->why, why, sizeof(d->why) - 1) != 0) {
		if (hopeless)
			log_error("desk", "%s: %s; until a restart there is "
					  "no desk there: no commands, no "
					  "notices, no copy of the journal",
			    p->name, why);
		else
			log_warn("desk", "%s: %s; commands and notices wait, "
					 "none is lost", p->name, why);
	}
	snprintf(d->why, sizeof(d->why), "%s", why);
	if (hopeless && !d->hopeless) {
		d->hopeless = true;
		desk_forget(d);
		if (d->setup.on_change != NULL)
			d->setup.on_change(d->setup.self);
	}
}

void
desk_durable(struct desk *d, uint64_t number)
{
	d->durable = number;
	desk_pump(d);
}

uint64_t
desk_next(const struct desk *d, uint64_t end)
{
	return d->head == d->tail ? end
				  : d->slots[d->head % d->room]->item.number;
}

uint32_t
desk_waiting(const struct desk *d)
{
	return (uint32_t)(d->tail - d->head);
}

bool
desk_full(const struct desk *d)
{
	return d->full;
}
