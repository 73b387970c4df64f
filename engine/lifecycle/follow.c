/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/lifecycle/follow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/leaves.h"

#define STALE_MS (INT64_C(24) * 60 * MINUTE_MS)

struct follow *
follow_new(const struct follow_setup *setup)
{
	struct follow *f = must_alloc(sizeof(*f));

	f->setup = *setup;
	f->alerts = must_alloc(
	    (FOLLOW_ALERTS_MAX + 1) * sizeof(struct follow_alert *));
	f->now_ms = TIME_NONE;
	if (f->setup.zone == NULL)
		f->setup.zone = zone_utc();
	return f;
}

static void
drop(struct follow_alert *a)
{
	arena_free(a->arena);
	free(a);
}

void
follow_free(struct follow *f)
{
	if (f == NULL)
		return;
	for (uint32_t i = 0; i < f->count; i++)
		drop(f->alerts[i]);
	for (uint32_t i = 0; i < FOLLOW_NOTICES; i++)
		buf_fini(&f->notices[i]);
	buf_fini(&f->message);
	buf_fini(&f->line);
	buf_fini(&f->first);
	buf_fini(&f->publish);
	free(f->alerts);
	free(f);
}

struct follow_alert *
follow_at(struct follow *f)
{
	return f->count > 0 ? f->alerts[f->selected] : NULL;
}

/* ---- reading ------------------------------------------------------------ */

/* An alert, a notice or an answer: members of all three. */
struct reading {
	struct follow_alert a;
	const char *alert, *at, *state, *owner, *by, *notice_kind;
	const char *minute, *answer_by, *error[2];
	int64_t quote_harm;
	bool ok, has_rev;
};

static const char *
keep(struct reading *r, const struct json *j)
{
	struct buf text = {0}, plain = {0};
	const char *kept;

	json_text(j, &text);
	buf_plain(&plain, buf_slice(&text)); /* nothing that moves a cursor */
	kept = arena_text(r->a.arena, buf_slice(&plain)).data;
	buf_fini(&text);
	buf_fini(&plain);
	return kept;
}

static bool
take_text(struct reading *r, const char *path, const struct json *j)
{
	struct follow_alert *a = &r->a;
	const struct {
		const char *path;
		const char **to;
	} rows[] = {{"id", &a->id}, {"kind", &a->kind},
	    {"sector", &a->sector}, {"brand", &a->brand},
	    {"brand_name", &a->name}, {"owner", &r->owner},
	    {"sentence.fr", &a->sentence[1]}, {"sentence.en", &a->sentence[0]},
	    {"topic_name.fr", &a->topic[1]}, {"topic_name.en", &a->topic[0]},
	    {"sector_name.fr", &a->topic[1]}, {"sector_name.en", &a->topic[0]},
	    {"minute", &r->minute}, {"answer_by", &r->answer_by},
	    {"alert", &r->alert}, {"at", &r->at}, {"state", &r->state},
	    {"by", &r->by}, {"error.fr", &r->error[1]},
	    {"error.en", &r->error[0]}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (!strcmp(path, rows[i].path)) {
			*rows[i].to = keep(r, j);
			return true;
		}
	return false;
}

static void
take_listed(struct reading *r, const char *path, const struct json *j)
{
	struct follow_alert *a = &r->a;
	bool fr = strstr(path, ".fr") != NULL;

	if (!strcmp(path, "evidence[].text")) {
		if (a->quotes_count < FOLLOW_QUOTES)
			a->quotes[a->quotes_count++] = keep(r, j);
	} else if (!strncmp(path, "playbook.steps.", 15)) {
		if (a->steps_count[fr] < FOLLOW_STEPS)
			a->steps[fr][a->steps_count[fr]++] = keep(r, j);
	} else if (!strcmp(path, "playbook.statements[].id")) {
		if (a->statements_count < FOLLOW_STATEMENTS)
			a->statements[a->statements_count] = keep(r, j);
		if (a->statements_count <= FOLLOW_STATEMENTS)
			a->statements_count++;
	} else if ((!strcmp(path, "playbook.statements[].fr") ||
		       !strcmp(path, "playbook.statements[].en")) &&
	    a->statements_count > 0 &&
	    a->statements_count <= FOLLOW_STATEMENTS) {
		a->said[fr][a->statements_count - 1] = keep(r, j);
	}
}

static bool
on_leaf(void *self, const char *path, enum json_kind kind,
    const struct json *j)
{
	struct reading *r = self;
	int64_t micro = 0;

	if (kind == JSON_TEXT && strchr(path, '[') != NULL)
		take_listed(r, path, j);
	else if (kind == JSON_TEXT)
		take_text(r, path, j);
	else if (kind == JSON_TRUE && !strcmp(path, "ok"))
		r->ok = true;
	if (kind != JSON_NUMBER)
		return true;
	if (!strcmp(path, "rev") && leaves_micro(j->raw, &micro)) {
		r->has_rev = true;
		r->a.rev = micro / 1000000;
	} else if (!strcmp(path, "level") && leaves_micro(j->raw, &micro)) {
		r->a.level = (uint8_t)(micro / 1000000 & 7);
	} else if (!strcmp(path, "previous_level") &&
	    leaves_micro(j->raw, &micro)) {
		r->a.previous = (uint8_t)(micro / 1000000 & 7);
	}
	return true;
}

/* ---- the list ----------------------------------------------------------- */

static struct follow_alert *
find(struct follow *f, const char *id)
{
	for (uint32_t i = 0; i < f->count; i++)
		if (!strcmp(f->alerts[i]->id, id))
			return f->alerts[i];
	return NULL;
}

static bool
is_closed(const struct follow_alert *a)
{
	return a->level == 0 || !strcmp(a->state, "closed");
}

/* An engine that goes on tells of a fall; one that stopped tells nothing. */
static bool
is_stale(const struct follow *f, const struct follow_alert *a)
{
	return !is_closed(a) && f->now_ms != TIME_NONE &&
	    f->now_ms - a->minute_ms >= STALE_MS;
}

static int
by_weight(const void *x, const void *y)
{
	const struct follow_alert *a = *(void *const *)x;
	const struct follow_alert *b = *(void *const *)y;

	if (is_closed(a) != is_closed(b))
		return is_closed(a) ? 1 : -1;
	if (a->stale != b->stale)
		return a->stale ? 1 : -1;
	if (a->level != b->level)
		return a->level > b->level ? -1 : 1;
	if (a->minute_ms != b->minute_ms)
		return a->minute_ms > b->minute_ms ? -1 : 1;
	return strcmp(a->id, b->id);
}

/* In order again; the one that is selected stays so. */
static void
arrange(struct follow *f)
{
	for (uint32_t i = 0; i < f->count; i++)
		f->alerts[i]->stale = is_stale(f, f->alerts[i]);
	qsort(f->alerts, f->count, sizeof(struct follow_alert *), by_weight);
	while (f->count > FOLLOW_ALERTS_MAX)
		drop(f->alerts[--f->count]);
	f->selected = 0;
	for (uint32_t i = 0; i < f->count; i++)
		if (!strcmp(f->alerts[i]->id, f->chosen))
			f->selected = i;
}

void
follow_now(struct follow *f, int64_t now_ms)
{
	bool moved = false;

	f->now_ms = now_ms;
	for (uint32_t i = 0; i < f->count; i++)
		moved |= f->alerts[i]->stale != is_stale(f, f->alerts[i]);
	if (moved)
		arrange(f);
}

static bool
take_alert(struct follow *f, struct reading *r, bool fresh)
{
	struct follow_alert *old = find(f, r->a.id), *a;

	if (old != NULL && old->rev >= r->a.rev)
		return false; /* a repeat */
	a = must_alloc(sizeof(*a));
	*a = r->a;
	a->owner = r->owner;
	a->fresh = fresh;
	a->until_ms = a->answer_by_ms = TIME_NONE;
	if (!clock_parse(slice_of(r->minute), &a->minute_ms))
		a->minute_ms = 0;
	if (r->answer_by != NULL)
		clock_parse(slice_of(r->answer_by), &a->answer_by_ms);
	if (a->name == NULL)
		a->name = a->brand != NULL ? a->brand : a->sector;
	if (old == NULL) {
		f->alerts[f->count++] = a;
	} else {
		memcpy(a->state, old->state, sizeof(a->state));
		memcpy(a->holder, old->holder, sizeof(a->holder));
		memcpy(a->by, old->by, sizeof(a->by));
		a->offered = old->offered;
		a->until_ms = old->until_ms;
		for (uint32_t i = 0; i < f->count; i++)
			if (f->alerts[i] == old)
				f->alerts[i] = a;
		drop(old);
	}
	r->a.arena = NULL;
	arrange(f);
	return true;
}

static void
take_notice(struct follow *f, const struct reading *r)
{
	struct follow_alert *a =
	    r->alert != NULL ? find(f, r->alert) : NULL;
	struct buf last = f->notices[FOLLOW_NOTICES - 1];
	int64_t at_ms;
	char iso[24];

	for (uint32_t i = FOLLOW_NOTICES - 1; i > 0; i--)
		f->notices[i] = f->notices[i - 1];
	buf_clear(&last);
	if (r->at != NULL && clock_parse(slice_of(r->at), &at_ms)) {
		clock_format(zone_wall(f->setup.zone, at_ms), iso);
		buf_printf(&last, "%.5s  ", iso + 11);
	}
	buf_text(&last, r->a.sentence[f->setup.french]);
	f->notices[0] = last;
	if (a != NULL && r->a.kind != NULL &&
	    (!strcmp(r->a.kind, "handed_over") ||
		!strcmp(r->a.kind, "owner_changes")))
		a->offered = true;
}

/* What anybody's command led to. */
static void
take_answer(struct follow *f, const struct reading *r)
{
	struct follow_alert *a = find(f, r->alert);

	if (a == NULL || r->state == NULL)
		return;
	snprintf(a->state, sizeof(a->state), "%s", r->state);
	snprintf(a->holder, sizeof(a->holder), "%s",
	    r->owner != NULL ? r->owner : "");
	snprintf(a->by, sizeof(a->by), "%s", r->by != NULL ? r->by : "");
	if (r->owner != NULL && !strcmp(r->owner, f->setup.team))
		a->offered = false;
	if (strcmp(a->state, "holding"))
		a->until_ms = TIME_NONE;
	if (!r->ok && r->error[f->setup.french] != NULL) {
		buf_clear(&f->message);
		buf_text(&f->message, r->error[f->setup.french]);
	}
	arrange(f);
}

bool
follow_take(struct follow *f, enum follow_stream stream, struct slice json,
    bool fresh)
{
	struct reading r = {.a.arena = arena_new()};
	bool good = leaves_walk(json, on_leaf, &r);

	if (r.a.statements_count > FOLLOW_STATEMENTS)
		r.a.statements_count = FOLLOW_STATEMENTS;
	switch (stream) {
	case FOLLOW_ALERTS:
		good = good && r.has_rev && r.a.id != NULL &&
		    strlen(r.a.id) < sizeof(f->chosen) &&
		    r.a.sector != NULL && r.minute != NULL &&
		    r.a.level <= 4 && r.a.sentence[0] != NULL &&
		    r.a.sentence[1] != NULL && take_alert(f, &r, fresh);
		break;
	case FOLLOW_NEWS:
		good = good && r.a.sentence[0] != NULL &&
		    r.a.sentence[1] != NULL;
		if (good)
			take_notice(f, &r);
		break;
	case FOLLOW_ANSWERS:
		good = good && r.alert != NULL;
		if (good)
			take_answer(f, &r);
		break;
	}
	arena_free(r.a.arena);
	return good;
}
