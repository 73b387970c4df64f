/*
 * The way back: cases out of the journal, or out of what was saved of them.
 *
 * An entry of the lifecycle carries its case as it was after it, so the last
 * one of each alert is enough.  Messages in between may have changed a case
 * without a word (a level that falls); they are given to it again.  What a
 * message led to stands right behind it: only the very last one of a journal
 * can lack that, when the process was killed between the two.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/json.h"
#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/base/pack.h"
#include "engine/lifecycle/lifecycle_parts.h"

/* ---- a message out of its JSON ------------------------------------------ */

static void
take_list(struct json *j, struct lifecycle_set *set, struct buf *text)
{
	enum json_kind kind = json_next(j);

	if (kind != JSON_LIST)
		return;
	while ((kind = json_next(j)) == JSON_TEXT) {
		buf_clear(text);
		json_text(j, text);
		buf_char(text, '\0');
		lifecycle_set_put(set, text->data, NULL);
	}
}

static void
take_text(struct json *j, char **into, struct buf *text)
{
	if (json_next(j) != JSON_TEXT)
		return;
	buf_clear(text);
	json_text(j, text);
	lifecycle_slice(into, buf_slice(text));
}

struct members {
	char *id, *minute, *name, *level, *owner;
	struct lifecycle_set teams;
};

static bool
read_members(struct slice json, struct alert *a, struct members *m)
{
	struct buf text = {0};
	enum json_kind kind;
	struct json j;

	json_init(&j, json);
	kind = json_next(&j);
	while (kind == JSON_OBJECT && (kind = json_next(&j)) == JSON_KEY) {
		kind = JSON_OBJECT;
		if (json_is(&j, "id"))
			take_text(&j, &m->id, &text);
		else if (json_is(&j, "sector"))
			take_text(&j, &a->sector, &text);
		else if (json_is(&j, "brand"))
			take_text(&j, &a->brand, &text);
		else if (json_is(&j, "topic"))
			take_text(&j, &a->topic, &text);
		else if (json_is(&j, "minute"))
			take_text(&j, &m->minute, &text);
		else if (json_is(&j, "brand_name"))
			take_text(&j, &m->name, &text);
		else if (json_is(&j, "owner"))
			take_text(&j, &m->owner, &text);
		else if (json_is(&j, "teams"))
			take_list(&j, &m->teams, &text);
		else if (json_is(&j, "level") && json_next(&j) == JSON_NUMBER)
			lifecycle_slice(&m->level, j.raw);
		else if (!json_skip(&j))
			break;
	}
	buf_fini(&text);
	return kind == JSON_OBJECT_END;
}

/* Teams and channels in one block, as route_owner makes it. */
static void
take_teams(struct alert *a, struct members *m, struct slice note)
{
	struct unpack in = unpack_of(note);
	size_t bytes = note.len + 1, count = m->teams.count;
	const char *owner = m->owner;
	char *text;

	for (size_t i = 0; i < count; i++)
		bytes += 2 * (strlen(m->teams.ids[i]) + 1);
	a->teams = must_alloc(2 * count * sizeof(char *) + bytes);
	a->channels = a->teams + count;
	text = (char *)(a->channels + count);
	unpack_uint(&in); /* seq */
	if (unpack_most(&in, UINT32_MAX) < count)
		in.bad = true;
	for (size_t i = 0; i < count; i++) {
		struct slice channel = unpack_text(&in);
		size_t len = strlen(m->teams.ids[i]);

		a->teams[i] = memcpy(text, m->teams.ids[i], len);
		text += len + 1;
		if (owner != NULL && !strcmp(owner, m->teams.ids[i]))
			a->owner = a->teams[i];
		if (in.bad)
			channel = slice_of(m->teams.ids[i]);
		a->channels[i] = memcpy(text, channel.data, channel.len);
		text += channel.len + 1;
	}
	a->teams_count = a->channels_count = (uint32_t)count;
}

static struct alert *
read_alert(struct slice json, struct slice note)
{
	struct alert *a = must_alloc(sizeof(*a));
	struct members m = {0};
	bool ok;

	a->refs = 1;
	ok = read_members(json, a, &m) && m.id != NULL &&
	    strlen(m.id) == sizeof(a->id) - 1 && m.level != NULL &&
	    m.level[0] >= '0' && m.level[0] <= '4' && m.minute != NULL &&
	    clock_parse(slice_of(m.minute), &a->minute_ms);
	if (ok) {
		memcpy(a->id, m.id, sizeof(a->id));
		a->level = (uint8_t)(m.level[0] - '0');
		take_teams(a, &m, note);
		if (m.name != NULL) {
			buf_text(&a->facts, ",\"brand_name\":");
			buf_json(&a->facts, slice_of(m.name));
		}
	}
	for (size_t i = 0; i < 5; i++)
		lifecycle_text((char **[]){&m.id, &m.minute, &m.name, &m.level,
				   &m.owner}[i], NULL);
	lifecycle_set_clear(&m.teams);
	if (ok)
		return a;
	alert_unref(a);
	return NULL;
}

/* ---- entries ------------------------------------------------------------ */

static struct slice
packed_id(struct slice note)
{
	struct unpack in = unpack_of(note);

	unpack_u8(&in);
	return unpack_text(&in);
}

static bool
put_case(struct lifecycle *lc, struct slice note)
{
	struct slice id = packed_id(note);
	struct lifecycle_case *c = lifecycle_find(lc, id);
	char name[33] = "";

	if (id.len != sizeof(name) - 1)
		return false;
	memcpy(name, id.data, id.len);
	if (c == NULL)
		c = lifecycle_open(lc, name);
	if (lifecycle_case_unpack(c, note) && !strcmp(c->id, name))
		return true;
	lifecycle_drop(lc, c);
	return false;
}

/* The last message changed its case without a word; one without a case is of
 * before there were cases. */
static void
apply_last(struct lifecycle *lc)
{
	struct alert *a = lc->last;

	if (a != NULL && lifecycle_find(lc, slice_of(a->id)) != NULL)
		lifecycle_alert(lc, a, a->minute_ms);
	alert_unref(a);
	lc->last = NULL;
}

bool
lifecycle_replay(struct lifecycle *lc, struct slice kind, struct slice json,
    struct slice note)
{
	bool ok = true;

	lc->mute = true;
	if (slice_is(kind, "alert")) {
		apply_last(lc);
		lc->last = read_alert(json, note);
		ok = lc->last != NULL;
	} else if (slice_is(kind, "lifecycle") || slice_is(kind, "notice")) {
		if (lc->last == NULL ||
		    !slice_is(packed_id(note), lc->last->id))
			apply_last(lc);
		alert_unref(lc->last);
		lc->last = NULL;
		ok = put_case(lc, note);
	} else {
		apply_last(lc);
	}
	lc->mute = false;
	return ok;
}

void
lifecycle_replayed(struct lifecycle *lc, int64_t now_ms)
{
	struct alert *last = lc->last;

	lc->last = NULL;
	lc->now_ms = now_ms;
	if (last != NULL)
		lifecycle_alert(lc, last, now_ms);
	alert_unref(last);
	lc->next_ms = INT64_MAX;
	for (struct lifecycle_case *c = lc->oldest; c != NULL; c = c->newer) {
		lifecycle_pay(lc, c, now_ms);
		lifecycle_due_again(lc, c);
	}
}

void
lifecycle_place(struct slice state, struct buf *out)
{
	struct lifecycle_case c = {.level = 0};
	const char *team = NULL;

	buf_clear(out);
	if (lifecycle_case_unpack(&c, state) &&
	    c.state != LIFECYCLE_closed && c.state != LIFECYCLE_notified) {
		/* It is kept for whom it is offered to. */
		team = c.offered != NULL &&
			!(c.owed & 1u << NOTICE_handover_due)
		    ? c.offered
		    : c.owner;
	}
	buf_text(out, team != NULL ? team : "");
	buf_char(out, '\0');
	lifecycle_case_fini(&c);
}

static int
by_id(const void *a, const void *b)
{
	return strcmp(a, b);
}

void
lifecycle_told_rest(struct lifecycle *lc, const char (*awaited)[33],
    size_t count, int64_t now_ms)
{
	for (struct lifecycle_case *c = lc->oldest; c != NULL; c = c->newer)
		if (c->state == LIFECYCLE_detected &&
		    (count == 0 || bsearch(c->id, awaited, count,
				       sizeof(*awaited), by_id) == NULL))
			lifecycle_told(lc, c->id, now_ms);
}

/* ---- a snapshot --------------------------------------------------------- */

void
lifecycle_save(const struct lifecycle *lc, struct buf *out)
{
	struct buf one = {0};

	pack_uint(out, lc->count);
	for (const struct lifecycle_case *c = lc->oldest; c != NULL;
	     c = c->newer) {
		buf_clear(&one);
		lifecycle_case_pack(c, &one);
		pack_text(out, buf_slice(&one));
	}
	buf_fini(&one);
}

bool
lifecycle_load(struct lifecycle *lc, struct slice saved)
{
	struct unpack in = unpack_of(saved);
	uint64_t count = unpack_most(&in, LIFECYCLE_ALERTS_MAX);
	bool ok = true;

	REQUIRE(lc->count == 0);
	for (uint64_t i = 0; i < count && ok; i++)
		ok = put_case(lc, unpack_text(&in)) && !in.bad;
	if (ok && unpack_over(&in))
		return true;
	while (lc->oldest != NULL)
		lifecycle_drop(lc, lc->oldest);
	return false;
}

void
lifecycle_each(const struct lifecycle *lc,
    void (*visit)(void *self, const struct transition *t), void *self)
{
	for (const struct lifecycle_case *c = lc->oldest; c != NULL;
	     c = c->newer) {
		struct transition t = {.at_ms = c->since_ms, .alert = c->id,
		    .sector = c->sector, .brand = c->brand,
		    .topic = c->topic, .level = c->level,
		    .from = LIFECYCLE_NONE, .to = c->state,
		    .owner = c->owner,
		    .team = c->wanted != NULL ? c->wanted : c->offered,
		    .by = c->by, .act = LIFECYCLE_NONE,
		    .until_ms = c->promise_ms,
		    .answer_by_ms = lifecycle_answer_by(c),
		    .statement = c->statement};

		visit(self, &t);
	}
}
