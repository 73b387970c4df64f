/*
 * What happened, how serious it is against what is usual, who has it, what is
 * promised: one alert after the other.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "engine/lifecycle/lifecycle_words.h"
#include "engine/report/report_page.h"

#define ALERTS_SHOWN 4u /* in full: one page */
#define MORE_SHOWN 6u   /* by name */
#define QUOTE_BYTES 180u
#define MILLION INT64_C(1000000)

static bool
begins(const char *text, const char *with)
{
	return !strncasecmp(text, with, strlen(with));
}

/* Bytes of ${text} that say nothing to a reader: an address, "RT @who:". */
static size_t
noise(const char *text)
{
	if (begins(text, "http://") || begins(text, "https://"))
		return strcspn(text, " \n\t");
	if (begins(text, "RT @"))
		return 4 + strcspn(text + 4, " \n\t");
	return 0;
}

/* Text for people, on one line, cut between words. */
static void
put_quote(struct buf *out, const char *text)
{
	struct buf plain = {0};
	size_t n;

	for (const char *p = text; *p != '\0'; p++) {
		bool blank = strchr(" \n\t", *p) != NULL;
		bool starts = p == text || strchr(" \n\t(", p[-1]) != NULL;

		if (starts && noise(p) > 0)
			p += noise(p) - 1;
		else if (!blank)
			buf_char(&plain, *p);
		else if (plain.len > 0 && plain.data[plain.len - 1] != ' ')
			buf_char(&plain, ' ');
	}
	while (plain.len > 0 && plain.data[plain.len - 1] == ' ')
		plain.len--;
	n = plain.len;
	if (n > QUOTE_BYTES)
		for (n = QUOTE_BYTES; n > 0 && plain.data[n] != ' '; n--)
			;
	if (n == 0 && plain.len > 0)
		for (n = QUOTE_BYTES; ((unsigned char)plain.data[n] & 0xc0) ==
		     0x80; n--)
			;
	buf_plain(out, (struct slice){plain.data, n});
	if (n < plain.len)
		buf_text(out, N "…");
	buf_fini(&plain);
}

static void
put_words(const struct page *p, const struct report_alert *a, struct buf *out)
{
	const struct report_tongue *t = &p->tongue;

	for (uint32_t i = 0; i < a->words_count; i++) {
		report_listed(out, t, a->words_count, i);
		buf_text(out, report_phrase(t, SAY_open_quote));
		buf_plain(out, slice_of(a->words[i]));
		buf_text(out, report_phrase(t, SAY_close_quote));
	}
	report_page_end(out);
}

/* What the signals say is a sentence of their own. */
static bool
has_sentence(const struct report_alert *a)
{
	return a->kind != NULL && strcmp(a->kind, "density") &&
	    strcmp(a->kind, "coordinated") && a->sentence_fr != NULL &&
	    a->sentence_en != NULL;
}

static void
facts(struct page *p, const struct report_alert *a)
{
	const struct report_tongue *t = &p->tongue;
	struct buf *out = report_page_fact(p, SAY_facts);
	struct buf since = {0}, words = {0};

	report_page_date(p, &since, a->first_ms);
	put_words(p, a, &words);
	if (has_sentence(a))
		report_say(out, t, SAY_facts_since, (const char *[]){since.data,
		    t->french ? a->sentence_fr : a->sentence_en});
	else
		report_say(out, t, words.len > 0 ? SAY_facts_words :
		    SAY_facts_plain, (const char *[]){since.data, words.data});
	buf_clear(&words);
	if (a->quote != NULL) {
		put_quote(&words, a->quote);
		report_page_end(&words);
		buf_char(out, ' ');
		report_say(out, t, SAY_quoted, (const char *[]){words.data});
	}
	buf_fini(&since);
	buf_fini(&words);
}

/* "22 voix sur 100 lui faisaient du tort" */
static void
put_share(const struct page *p, const struct report_amounts *a,
    enum report_plural how, struct buf *out)
{
	report_many(out, &p->tongue, how,
	    (a->density + MILLION / 2) / MILLION);
	report_page_end(out);
}

static void
put_people(const struct page *p, const struct report_amounts *a,
    struct buf *out)
{
	const struct report_tongue *t = &p->tongue;
	struct buf posts = {0}, people = {0}, both = {0};

	report_many(&posts, t, MANY_harmful_posts, a->harmful / MILLION);
	report_many(&people, t, MANY_accounts, a->authors / MILLION);
	report_page_end(&posts);
	report_page_end(&people);
	report_say(&both, t, SAY_and_posts,
	    (const char *[]){posts.data, people.data});
	report_page_end(&both);
	report_say(out, t, SAY_people, (const char *[]){both.data});
	buf_fini(&posts);
	buf_fini(&people);
	buf_fini(&both);
}

/* How many times the usual harm: a whole number, where there is a usual. */
static void
put_times(const struct page *p, const struct report_amounts *a,
    struct buf *out)
{
	struct buf times = {0};

	if (a->expected < MILLION / 2) {
		buf_text(out, report_phrase(&p->tongue, SAY_usually_none));
	} else if (a->harm >= 2 * a->expected) {
		report_count(&times, &p->tongue,
		    (a->harm + a->expected / 2) / a->expected);
		report_page_end(&times);
		report_say(out, &p->tongue, SAY_times_usual,
		    (const char *[]){times.data});
	}
	buf_fini(&times);
}

static void
gravity(struct page *p, const struct report_alert *a)
{
	const struct report_tongue *t = &p->tongue;
	struct buf *out = report_page_fact(p, SAY_gravity);
	struct buf when = {0}, share = {0};
	const char *rare = t->french ? a->then.rare_fr : a->then.rare_en;

	report_page_date(p, &when, a->peak_ms);
	put_share(p, &a->then, MANY_voices_100, &share);
	report_say(out, t, a->then.density >= MILLION / 2 ? SAY_gravity_at :
	    SAY_gravity_none, (const char *[]){when.data, share.data});
	if (a->then.density >= MILLION / 2)
		put_times(p, &a->then, out);
	buf_char(out, '.');
	if (rare != NULL)
		report_say(out, t, SAY_rare, (const char *[]){rare});
	if (a->then.harmful > 0)
		put_people(p, &a->then, out);
	if (a->coordinated)
		buf_text(out, report_phrase(t, SAY_organised));
	if (a->learning)
		buf_text(out, report_phrase(t, SAY_learning));
	buf_fini(&when);
	buf_fini(&share);
}

static void
now(struct page *p, const struct report_alert *a)
{
	const struct report_tongue *t = &p->tongue;
	struct buf when = {0}, share = {0}, level = {0};
	struct buf *out;

	if (a->closed_ms != TIME_NONE) {
		out = report_page_fact(p, SAY_now);
		report_say(out, t, SAY_now_closed,
		    (const char *[]){report_page_date(p, &when, a->closed_ms)});
		if (a->lesson != NULL)
			report_say(out, t, SAY_lesson,
			    (const char *[]){a->lesson});
	} else if (a->level == 0) {
		out = report_page_fact(p, SAY_now);
		report_say(out, t, SAY_now_calm,
		    (const char *[]){report_page_date(p, &when, a->last_ms)});
	} else if (report_is_lost(a) || a->spent) {
		out = report_page_fact(p, SAY_now);
		report_say(out, t, a->spent ? SAY_now_spent : SAY_now_lost,
		    (const char *[]){report_page_date(p, &when,
			a->spent ? a->last_ms : a->unknown_ms)});
	} else if (a->last_ms != a->peak_ms) {
		out = report_page_fact(p, SAY_now);
		put_share(p, &a->now, MANY_voices_now, &share);
		report_count(&level, t, a->level);
		report_page_end(&level);
		report_say(out, t, SAY_now_level, (const char *[]){level.data,
		    report_page_level(p, a->level),
		    report_page_date(p, &when, a->last_ms), share.data});
	}
	buf_fini(&when);
	buf_fini(&share);
	buf_fini(&level);
}

static void
todo(struct page *p, const struct report_alert *a)
{
	const char *step = p->tongue.french ? a->step_fr : a->step_en;

	if (step == NULL || !report_is_open(a) || a->hushed_by != NULL ||
	    a->state == LIFECYCLE_responding || a->state == LIFECYCLE_watching)
		return;
	buf_printf(report_page_fact(p, SAY_todo), "%s.", step);
}

static void
one(struct page *p, const struct report_alert *a)
{
	struct block *b = report_page_add(p, BLOCK_ALERT);
	struct buf subject = {0}, level = {0};
	bool lost = report_is_lost(a);
	uint8_t shown = report_is_open(a) || lost ? a->level : a->peak;

	report_page_subject(p, a, &subject);
	report_page_end(&subject);
	report_count(&level, &p->tongue, shown);
	report_page_end(&level);
	b->level = shown;
	b->over = !report_is_open(a);
	report_say(&b->text, &p->tongue, lost ? SAY_head_lost :
	    b->over ? SAY_head_over : SAY_head_open, (const char *[]){
	    subject.data, report_page_level(p, shown), level.data});
	buf_fini(&subject);
	buf_fini(&level);
	facts(p, a);
	gravity(p, a);
	now(p, a);
	report_page_who(p, a);
	todo(p, a);
}

/* The rest by name: "KitKat (vigilance)". */
static void
others(struct page *p)
{
	const struct report *r = p->r;
	uint32_t left = r->shown_count - ALERTS_SHOWN;
	uint32_t named = left > MORE_SHOWN ? MORE_SHOWN : left;
	uint32_t items = named + (left > named);
	struct buf list = {0}, subject = {0};

	for (uint32_t i = 0; i < named; i++) {
		const struct report_alert *a =
		    &r->alerts[r->shown[ALERTS_SHOWN + i]];

		buf_clear(&subject);
		report_page_subject(p, a, &subject);
		report_page_end(&subject);
		report_listed(&list, &p->tongue, items, i);
		report_say(&list, &p->tongue, SAY_more_one, (const char *[]){
		    subject.data, report_page_level(p, a->peak)});
	}
	if (left > named) {
		report_listed(&list, &p->tongue, items, items - 1);
		report_many(&list, &p->tongue, MANY_more_alerts,
		    left - named);
	}
	report_page_end(&list);
	report_say(&report_page_add(p, BLOCK_TEXT)->text, &p->tongue,
	    SAY_more, (const char *[]){list.data});
	buf_fini(&list);
	buf_fini(&subject);
}

void
report_page_alerts(struct page *p)
{
	const struct report *r = p->r;

	report_page_heading(p, SAY_happened);
	if (r->shown_count == 0) {
		buf_text(&report_page_add(p, BLOCK_TEXT)->text,
		    report_phrase(&p->tongue,
		    report_partial(r) || !r->health.known ?
		    SAY_nothing_partial : SAY_nothing));
		return;
	}
	for (uint32_t i = 0; i < r->shown_count && i < ALERTS_SHOWN; i++)
		one(p, &r->alerts[r->shown[i]]);
	if (r->shown_count > ALERTS_SHOWN)
		others(p);
}
