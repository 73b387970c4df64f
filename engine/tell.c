/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/tell.h"

#include <stdlib.h>

#include "engine/base/mathx.h"
#include "engine/base/must.h"
#include "engine/density/minute.h"

#define PARTS_SHOWN 10u
#define DAY_TICKS 288u

static int
part_order(const void *a, const void *b)
{
	const struct finding_part *x = a, *y = b;

	if (x->amounts.density != y->amounts.density)
		return x->amounts.density > y->amounts.density ? -1 : 1;
	if (x->id == NULL || y->id == NULL)
		return (x->id == NULL) - (y->id == NULL);
	return strcmp(x->id, y->id);
}

/* The pairs of a brand, or the brands of a sector, that matter now. */
static uint32_t
gather_parts(const struct key *key, struct finding_part **parts)
{
	uint32_t count = 0;

	*parts = must_alloc((key->parts_count + 1ul) * sizeof(**parts));
	for (uint32_t i = 0; i < key->parts_count; i++) {
		const struct key *part = key->parts[i];

		if (!part->active || part->live->amounts.density == 0)
			continue;
		(*parts)[count++] = (struct finding_part){
		    .id = part->subject == ALERT_PAIR ? part->topic :
							part->brand,
		    .amounts = part->live->amounts,
		    .level = part->density.level,
		};
	}
	qsort(*parts, count, sizeof(**parts), part_order);
	return count < PARTS_SHOWN ? count : PARTS_SHOWN;
}

static void
follow(struct key *key, enum alert_kind kind, int64_t minute)
{
	struct episode *e = &key->episode;

	if (e->open)
		return;
	e->open = true;
	e->said_level = 0;
	e->kind = (uint8_t)kind;
	e->first_ms = minute * MINUTE_MS;
	e->rev = 0;
	if (key->evidence != NULL)
		evidence_pin(key->evidence, minute);
}

/* The topic that does most harm to a brand or a sector. */
static const char *
main_topic(const struct finding *f)
{
	uint32_t order[CAUSES_MAX], count = 0;

	if (f->topic != NULL)
		return f->topic;
	if (f->subject == ALERT_BRAND && f->parts_count > 0)
		return f->parts[0].id;
	if (f->causes != NULL)
		count = causes_ranked(f->causes, order);
	for (uint32_t i = 0; i < count; i++) {
		const char *name = f->causes->items[order[i]].name;

		if (!strncmp(name, "topic:", strlen("topic:")))
			return name + strlen("topic:");
	}
	return NULL;
}

/* Who answers for it: the department of its topic; but that of a rule that
 * names one itself and does more harm than the topic. */
static const char *
department(const struct finding *f, const struct keys *keys)
{
	uint32_t order[CAUSES_MAX], count = 0;
	const char *of_topic = keys_department(keys, f->main_topic);

	if (f->causes != NULL)
		count = causes_ranked(f->causes, order);
	for (uint32_t i = 0; i < count; i++) {
		const char *name = f->causes->items[order[i]].name, *own;

		if (of_topic != NULL &&
		    !strncmp(name, "topic:", strlen("topic:")) &&
		    !strcmp(name + strlen("topic:"), f->main_topic))
			break;
		if ((own = keys_rule_department(keys, name)) != NULL)
			return own;
	}
	return of_topic;
}

/* All that is known of the key but its levels; ${parts} to be freed. */
static void
gather(struct finding *f, const struct tell_context *c, const struct key *key,
    int64_t minute, struct finding_part **parts)
{
	*f = (struct finding){.subject = key->subject};
	f->sector = key->sector;
	f->brand = key->brand;
	f->topic = key->topic;
	f->name = key->name;
	f->topic_fr = key->topic_fr;
	f->topic_en = key->topic_en;
	f->minute_ms = minute * MINUTE_MS;
	if (key->live != NULL) {
		const struct key *talk =
		    key->subject == ALERT_PAIR ? key->up : key;

		f->now = key->live->amounts;
		f->answer = keys_answer(key);
		f->hour = key->live->window.total;
		f->forecast = forecast_of(&key->live->window,
		    key->subject == ALERT_SECTOR ? NULL : &talk->live->window,
		    c->settings, key->live->amounts.norm);
	}
	f->day = window_day_sum(&key->day, minute);
	f->day_norm = keys_norm(key, DAY_TICKS);
	f->accounts = voices_accounts(c->voices, key->serial);
	f->accounts_near = voices_accounts_near(c->voices, key->serial);
	f->learning = minute_learning(key, minute);
	f->breadth = key->of_sector != NULL ? keys_breadth(key) : 0;
	f->settings = c->settings;
	f->parts_count = gather_parts(key, parts);
	f->parts = *parts;
	f->causes = key->causes;
	f->main_topic = main_topic(f);
	f->department = department(f, c->keys);
	f->evidence = key->evidence;
	f->quote = evidence_quote(key->evidence, minute);
	f->authors = c->authors;
	f->week = c->week;
}

struct alert *
tell_alert(const struct tell_context *c, struct key *key,
    enum alert_kind kind, int64_t minute, uint64_t seq)
{
	struct episode *e = &key->episode;
	struct finding_part *parts;
	struct finding f;
	struct alert *alert;

	if (key->evidence != NULL)
		evidence_all_ahead(key->evidence);
	follow(key, kind, minute);
	gather(&f, c, key, minute, &parts);
	f.kind = (enum alert_kind)e->kind;
	f.level = key->density.level;
	f.because = (enum density_because)key->density.because;
	f.previous_level = e->said_level;
	f.again = f.level == f.previous_level && f.because != DENSITY_SIGNAL;
	f.first_ms = e->first_ms;
	f.news = key->news;
	alert = alert_raise(&f, e->rev++, seq);
	free(parts);
	keys_told(key);
	e->said_level = f.level;
	e->open = f.level > 0;
	if (!e->open && key->evidence != NULL)
		evidence_unpin(key->evidence);
	return alert;
}

struct alert *
tell_signal(const struct tell_context *c, const struct signal_news *news,
    int64_t minute, uint64_t seq)
{
	struct finding_part *parts;
	struct finding f;
	struct alert *alert;

	if (news->key->evidence != NULL)
		evidence_all_ahead(news->key->evidence);
	gather(&f, c, news->key, minute, &parts);
	f.kind = news->kind;
	f.level = news->level;
	f.previous_level = news->previous_level;
	f.again = f.level == f.previous_level;
	f.first_ms = news->first_minute * MINUTE_MS;
	f.signal = news;
	alert = alert_raise(&f, news->rev, seq);
	free(parts);
	return alert;
}
