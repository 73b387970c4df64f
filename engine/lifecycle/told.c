/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/lifecycle/told.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"

#define WEEK_DAYS 7

void
told_end(struct told_book *b, uint32_t i)
{
	alert_unref(b->episodes[i].last);
	free(b->episodes[i].told);
	b->episodes_count--;
	memmove(&b->episodes[i], &b->episodes[i + 1],
	    (b->episodes_count - i) * sizeof(*b->episodes));
}

void
told_fini(struct told_book *b)
{
	while (b->episodes_count > 0)
		told_end(b, b->episodes_count - 1);
	for (uint32_t i = 0; i < b->teams_count; i++)
		free(b->teams[i].id);
	free(b->episodes);
	free(b->groups);
	free(b->teams);
	*b = (struct told_book){0};
}

/* The first digits of an id. */
static uint64_t
begin_of(const char *id)
{
	uint64_t begin = 0;

	for (unsigned i = 0; i < sizeof(begin) && id[i] != '\0'; i++)
		begin = begin << 8 | (unsigned char)id[i];
	return begin;
}

struct told_episode *
told_find(const struct told_book *b, const char *id)
{
	uint64_t begin = begin_of(id);

	for (uint32_t i = 0; i < b->episodes_count; i++)
		if (b->episodes[i].begin == begin &&
		    !strcmp(b->episodes[i].last->id, id))
			return &b->episodes[i];
	return NULL;
}

struct told_episode *
told_see(struct told_book *b, struct alert *alert)
{
	struct told_episode *e = told_find(b, alert->id);

	if (e != NULL) {
		struct alert *old = e->last;

		e->last = alert_ref(alert);
		alert_unref(old);
		return e;
	}
	if (b->episodes_count == NOTIFY_EPISODES_MAX) {
		told_end(b, 0);
		b->forgotten++;
	}
	b->episodes = must_grow(b->episodes,
	    (b->episodes_count + 1) * sizeof(*b->episodes));
	e = &b->episodes[b->episodes_count++];
	*e = (struct told_episode){.last = alert_ref(alert),
	    .begin = begin_of(alert->id),
	    .whole = alert->rev == 0};
	return e;
}

static uint64_t
hash_of(const char *text)
{
	return XXH3_64bits(text, strlen(text));
}

struct told *
told_channel(const struct told_episode *e, const char *name)
{
	uint64_t channel = hash_of(name);

	for (uint32_t i = 0; i < e->told_count; i++)
		if (e->told[i].channel == channel)
			return &e->told[i];
	return NULL;
}

void
told_note(struct told_episode *e, const char *name, uint8_t level,
    int64_t now_ms)
{
	struct told *t = told_channel(e, name);

	if (t == NULL) {
		e->told = must_grow(
		    e->told, (e->told_count + 1) * sizeof(*e->told));
		t = &e->told[e->told_count++];
		*t = (struct told){
		    .channel = hash_of(name), .level = UINT8_MAX};
	}
	t->repeats = t->level == level ? t->repeats + 1 : 0;
	t->level = level;
	t->at_ms = now_ms;
}

/* ---- groups ------------------------------------------------------------- */

static uint64_t
mix(uint64_t seed, const char *text)
{
	return text == NULL ? seed * 31 + 1 :
			      XXH3_64bits_withSeed(text, strlen(text), seed);
}

static uint64_t
key_of(const struct alert *a, const char *channel, unsigned by)
{
	uint64_t key = mix(0, channel);

	key = mix(key, by & TRAIT_SECTOR ? a->sector : NULL);
	key = mix(key, by & TRAIT_BRAND ? a->brand : NULL);
	key = mix(key, by & TRAIT_TOPIC ? a->topic : NULL);
	key = mix(key, by & TRAIT_LANGUAGE ? a->lang : NULL);
	key = mix(key, by & TRAIT_KIND ? alert_kind_name(a->kind) : NULL);
	return by & TRAIT_LEVEL ? key ^ (a->level + 1u) : key;
}

/* The first group in which nothing waits goes when there is no more room;
 * they are in order of their first message. */
static void
make_room(struct told_book *b)
{
	uint32_t i = 0;

	while (i < b->groups_count - 1 && b->groups[i].opened_ms != TIME_NONE)
		i++;
	b->groups_count--;
	memmove(&b->groups[i], &b->groups[i + 1],
	    (b->groups_count - i) * sizeof(*b->groups));
	b->forgotten++;
}

struct told_group *
told_group(struct told_book *b, const struct alert *alert,
    const char *channel, unsigned by)
{
	uint64_t key = key_of(alert, channel, by);
	struct told_group *g;

	for (uint32_t i = 0; i < b->groups_count; i++)
		if (b->groups[i].key == key)
			return &b->groups[i];
	if (b->groups_count == NOTIFY_GROUPS_MAX)
		make_room(b);
	b->groups = must_grow(
	    b->groups, (b->groups_count + 1) * sizeof(*b->groups));
	g = &b->groups[b->groups_count++];
	*g = (struct told_group){key, TIME_NONE, TIME_NONE};
	return g;
}

int64_t
told_due(struct told_group *group, const struct grouping *g, int64_t now_ms)
{
	int64_t due;

	if (group->opened_ms == TIME_NONE)
		group->opened_ms = now_ms;
	due = group->opened_ms + g->wait_ms;
	if (group->flushed_ms != TIME_NONE &&
	    due < group->flushed_ms + g->interval_ms)
		due = group->flushed_ms + g->interval_ms;
	return due;
}

/* ---- how much each team is told ------------------------------------------ */

static void
turn_to(struct told_team *t, int64_t day)
{
	if (day - t->day >= WEEK_DAYS)
		memset(t->days, 0, sizeof(t->days));
	else
		for (int64_t d = t->day + 1; d <= day; d++)
			t->days[d % WEEK_DAYS] = 0;
	if (day > t->day)
		t->day = day;
}

static uint32_t
sum_of(const struct told_team *t)
{
	uint32_t sum = 0;

	for (int i = 0; i < WEEK_DAYS; i++)
		sum += t->days[i];
	return sum;
}

static char *
text_of(const char *id)
{
	size_t bytes = strlen(id) + 1;

	return memcpy(must_alloc(bytes), id, bytes);
}

static struct told_team *
team_of(const struct told_book *b, const char *id)
{
	for (uint32_t i = 0; i < b->teams_count; i++)
		if (!strcmp(b->teams[i].id, id))
			return &b->teams[i];
	return NULL;
}

bool
told_count(struct told_book *b, const char *team, int64_t now_ms,
    int64_t budget)
{
	int64_t day = now_ms / HOURS_DAY_MS;
	struct told_team *t = team_of(b, team);

	if (t == NULL) {
		b->teams = must_grow(
		    b->teams, (b->teams_count + 1) * sizeof(*b->teams));
		t = &b->teams[b->teams_count++];
		*t = (struct told_team){.id = text_of(team),
		    .day = day, .warned_day = INT64_MIN};
	}
	turn_to(t, day);
	t->days[t->day % WEEK_DAYS]++;
	if (budget <= 0 || sum_of(t) <= (uint64_t)budget ||
	    (t->warned_day != INT64_MIN && day - t->warned_day < WEEK_DAYS))
		return false;
	t->warned_day = day;
	return true;
}

uint32_t
told_week(const struct told_book *b, const char *team, int64_t now_ms)
{
	const struct told_team *t = team_of(b, team);
	struct told_team then;

	if (t == NULL)
		return 0;
	then = *t;
	turn_to(&then, now_ms / HOURS_DAY_MS);
	return sum_of(&then);
}
