/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/report/report_page.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/must.h"
#include "engine/kind_words.h"
#include "engine/lifecycle/lifecycle_words.h"
#include "engine/phrase.h"

struct block *
report_page_add(struct page *p, enum block_kind kind)
{
	struct block *b;

	if (p->count == p->room) {
		p->room = p->room * 2 + 32;
		p->blocks = must_grow(p->blocks, p->room * sizeof(*p->blocks));
	}
	b = &p->blocks[p->count++];
	*b = (struct block){.kind = kind};
	return b;
}

void
report_page_end(struct buf *text)
{
	buf_char(text, '\0');
	text->len--;
}

const char *
report_page_date(const struct page *p, struct buf *out, int64_t ms)
{
	buf_clear(out);
	report_date(out, &p->tongue, ms, p->r->now_ms);
	report_page_end(out);
	return out->data;
}

void
report_page_heading(struct page *p, enum report_phrase phrase)
{
	buf_text(&report_page_add(p, BLOCK_HEADING)->text,
	    report_phrase(&p->tongue, phrase));
}

struct buf *
report_page_fact(struct page *p, enum report_phrase label)
{
	struct block *b = report_page_add(p, BLOCK_FACT);

	b->label = report_phrase(&p->tongue, label);
	return &b->text;
}

const char *
report_page_level(const struct page *p, uint8_t level)
{
	return p->tongue.french ? phrase_level_fr(level) :
				  phrase_level_en(level);
}

void
report_page_subject(const struct page *p, const struct report_alert *a,
    struct buf *out)
{
	const char *topic = p->tongue.french ? a->topic_fr : a->topic_en;
	const char *kind = kind_words_apart(a->kind, p->tongue.french);

	if (a->brand == NULL)
		report_say(out, &p->tongue, SAY_sector,
		    (const char *[]){topic != NULL ? topic : a->name});
	else if (topic != NULL)
		report_say(out, &p->tongue, SAY_topic,
		    (const char *[]){a->name, topic});
	else
		buf_text(out, a->name);
	if (kind != NULL) {
		buf_text(out, report_phrase(&p->tongue, SAY_comma));
		buf_text(out, kind);
	}
}

/* Only alerts know how a sector is called. */
static const char *
sector_name(const struct page *p, const struct report_curve *c)
{
	for (uint32_t i = 0; i < p->r->alerts_count; i++) {
		const struct report_alert *a = &p->r->alerts[i];
		const char *name = p->tongue.french ? a->topic_fr : a->topic_en;

		if (a->brand == NULL && a->sector != NULL && name != NULL &&
		    !strcmp(a->sector, c->key))
			return name;
	}
	return c->name;
}

void
report_page_curve(const struct page *p, const struct report_curve *c,
    enum report_phrase phrase, struct buf *out)
{
	struct buf name = {0};
	const char *sector = sector_name(p, c);

	if (strchr(c->key, '/') == NULL)
		report_say(&name, &p->tongue, SAY_sector, &sector);
	else
		buf_text(&name, c->name);
	buf_char(&name, '\0');
	report_say(out, &p->tongue, phrase, (const char *[]){name.data});
	buf_fini(&name);
}

const char *
report_page_team(const struct page *p, const char *id)
{
	const struct organisation *o = p->r->organisation;
	const struct team *team = o != NULL ? organisation_team(o, id) : NULL;

	if (team == NULL)
		return id;
	return p->tongue.french ? team->name_fr : team->name_en;
}

static void
head(struct page *p)
{
	const struct report *r = p->r;
	const struct report_tongue *t = &p->tongue;
	struct buf from = {0}, to = {0};
	struct block *b;

	buf_text(&report_page_add(p, BLOCK_TITLE)->text,
	    report_phrase(t, SAY_title));
	report_date(&from, t, r->from_ms, TIME_NONE);
	report_date(&to, t, r->now_ms, TIME_NONE);
	buf_char(&from, '\0');
	buf_char(&to, '\0');
	b = report_page_add(p, BLOCK_SPAN);
	report_say(&b->text, t, SAY_span,
	    (const char *[]){from.data, to.data, zone_name(t->zone)});
	buf_fini(&from);
	buf_fini(&to);
}

struct page *
report_page_make(const struct report *r, bool french)
{
	struct page *p = must_alloc(sizeof(*p));

	p->r = r;
	p->tongue = (struct report_tongue){french, r->zone};
	head(p);
	report_page_lead(p);
	report_page_alerts(p);
	for (uint32_t i = 0; i < r->curves_count; i++)
		report_page_add(p, BLOCK_FIGURE)->curve = &r->curves[i];
	report_page_changes(p);
	report_page_week(p);
	report_page_days(p);
	report_page_health(p);
	buf_text(&report_page_add(p, BLOCK_NOTE)->text,
	    report_phrase(&p->tongue, SAY_reading));
	return p;
}

void
report_page_free(struct page *p)
{
	if (p == NULL)
		return;
	for (uint32_t i = 0; i < p->count; i++) {
		buf_fini(&p->blocks[i].text);
		for (uint32_t k = 0; k < PAGE_CELLS; k++)
			buf_fini(&p->blocks[i].cells[k]);
	}
	free(p->blocks);
	free(p);
}

bool
report_partial(const struct report *r)
{
	const struct report_health *h = &r->health;
	int64_t span_ms = r->now_ms - r->from_ms;

	for (uint32_t i = 0; i < r->alerts_count; i++)
		if (report_is_deaf(&r->alerts[i]) &&
		    report_is_open(&r->alerts[i]))
			return true;
	if (r->stopped)
		return true;
	if (!h->known)
		return false;
	/* A twentieth is more than a restart takes. */
	if (h->covered_ms < span_ms - span_ms / 20)
		return true;
	for (uint32_t i = 0; i < h->sources_count; i++)
		if (h->sources[i].down_s * 20000 > span_ms)
			return true;
	return h->bad_all * 20 > h->posts + h->bad_all;
}

/* The first sentence is about the gravest alone; others that nobody answers
 * for must not be found further down only. */
static void
lead_others(struct page *p, const struct report_alert *first, struct buf *out)
{
	const struct report *r = p->r;
	const struct report_alert *one = NULL;
	struct buf text = {0};
	uint32_t count = 0;

	for (uint32_t i = 0; i < r->alerts_count; i++) {
		const struct report_alert *a = &r->alerts[i];

		if (a == first || !a->followed || a->holder != NULL ||
		    a->hushed_by != NULL || a->level < 3 || !report_is_open(a))
			continue;
		one = a;
		count++;
	}
	if (count == 0)
		return;
	if (count == 1)
		report_page_subject(p, one, &text);
	else
		buf_int(&text, (int64_t)count);
	buf_char(&text, '\0');
	buf_char(out, ' ');
	report_say(out, &p->tongue,
	    count == 1 ? SAY_lead_other : SAY_lead_others,
	    (const char *[]){text.data});
	buf_fini(&text);
}

/* Nothing to tell; that is good news only if somebody listened. */
static void
lead_quiet(struct page *p, struct block *b)
{
	const struct report *r = p->r;
	const struct report_tongue *t = &p->tongue;

	if (report_partial(r)) {
		b->level = 1;
		buf_text(&b->text, report_phrase(t, SAY_lead_partial));
	} else if (!r->health.known) {
		buf_text(&b->text, report_phrase(t, SAY_lead_quiet_unknown));
	} else {
		buf_text(&b->text, report_phrase(t,
		    r->now_ms - r->from_ms == REPORT_DAY_MS ?
		    SAY_lead_quiet_day : SAY_lead_quiet));
	}
}

static void
lead_owner(struct page *p, const struct report_alert *a, struct buf *out)
{
	const struct report_tongue *t = &p->tongue;

	buf_char(out, ' ');
	if (a->holder != NULL)
		report_say(out, t, SAY_lead_owner,
		    (const char *[]){report_page_team(p, a->holder)});
	else if (a->hushed_by != NULL)
		report_say(out, t, SAY_lead_hushed, &a->hushed_by);
	else if (a->followed)
		buf_text(out, report_phrase(t, SAY_lead_nobody));
	else if (a->owner == NULL)
		buf_text(out, report_phrase(t, SAY_lead_unowned));
	else
		report_say(out, t, SAY_lead_owner,
		    (const char *[]){report_page_team(p, a->owner)});
	if (a->promise_broken) {
		buf_char(out, ' ');
		buf_text(out, report_phrase(t, SAY_lead_broken));
	}
}

static void
lead_first(struct page *p, const struct report_alert *a, struct block *b)
{
	const struct report_tongue *t = &p->tongue;
	struct buf subject = {0}, since = {0};

	report_page_subject(p, a, &subject);
	buf_char(&subject, '\0');
	if (report_is_lost(a)) {
		report_date(&since, t, a->unknown_ms, p->r->now_ms);
		buf_char(&since, '\0');
		report_say(&b->text, t, SAY_lead_lost, (const char *[]){
		    subject.data, report_page_level(p, a->level), since.data});
	} else {
		report_say(&b->text, t, report_is_open(a) ? SAY_lead_open :
		    SAY_lead_over, (const char *[]){subject.data,
		    report_page_level(
			p, report_is_open(a) ? a->level : a->peak)});
	}
	buf_fini(&subject);
	buf_fini(&since);
}

/* The day in a few sentences. */
void
report_page_lead(struct page *p)
{
	const struct report *r = p->r;
	struct block *b = report_page_add(p, BLOCK_LEAD);
	const struct report_alert *a =
	    r->shown_count > 0 ? &r->alerts[r->shown[0]] : NULL;

	if (a == NULL) {
		lead_quiet(p, b);
		return;
	}
	b->level = report_is_open(a) || report_is_lost(a) ? a->level : 0;
	lead_first(p, a, b);
	if (report_is_open(a))
		lead_owner(p, a, &b->text);
	lead_others(p, a, &b->text);
	if (report_partial(r)) {
		buf_char(&b->text, ' ');
		buf_text(&b->text,
		    report_phrase(&p->tongue, SAY_lead_partial_too));
	}
}
