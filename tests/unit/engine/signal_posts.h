/*
 * For tests of one signal: posts with what signals read beside harm, through
 * a whole judge in which every other signal is off.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_UNIT_ENGINE_SIGNAL_POSTS_H
#define TESTS_UNIT_ENGINE_SIGNAL_POSTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "engine/density/signals.h"
#include "tests/unit/engine/posts.h"

#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

/* What a record has beside a post by hand; zeros: as most posts. */
struct extras {
	const char *language, *country, *source, *url, *text;
	const char *terms[4];
	enum rules_relay relay;
	enum post_kind kind;
	uint8_t roles;
	uint64_t answers, followers; /* 0: as posts_add gives them */
	bool own;
};

struct signal_test {
	struct court court;
	struct signals_settings *settings;
	struct batch *batch;
	uint64_t id;
};

/* Only the signal of this name. */
static inline void
signal_open(struct signal_test *t, const char *name)
{
	t->settings = signals_settings_new();
	for (unsigned i = 0; i < SIGNALS_COUNT; i++)
		t->settings->off[i] = strcmp(signals_type(i)->name, name) != 0;
	court_open_with(&t->court, t->settings);
	t->batch = posts_batch();
	t->id = 0;
}

static inline void
signal_close(struct signal_test *t)
{
	posts_free(t->batch);
	court_close(&t->court);
	signals_settings_free(t->settings);
}

/* A post about KitKat ${t_ms} after the start; ${harm} in thousandths of p,
 * of gravity 1. */
static inline void
signal_says(struct signal_test *t, int64_t t_ms, uint64_t author, uint32_t harm,
    const struct extras *e)
{
	static const struct extras none;
	struct post_by_hand p = {.t_ms = POSTS_START + t_ms, .author = author,
	    .id = ++t->id, .brand = 1, .topic = harm > 0 ? 0 : RULES_NONE,
	    .harm = harm * 1000};
	struct record *r;
	struct share *s;

	if (e == NULL)
		e = &none;
	posts_add(t->batch, &p);
	r = vec_at(&t->batch->records, struct record, 0);
	s = vec_at(&t->batch->shares, struct share, 0);
	r->relay = (uint8_t)e->relay;
	if (e->followers > 0)
		r->followers = e->followers;
	r->kind = (uint8_t)e->kind;
	r->answers = e->answers;
	r->language = record_code(slice_of(e->language));
	r->country = record_code(slice_of(e->country));
	if (e->source != NULL)
		r->source = posts_text(t->batch, e->source);
	if (e->url != NULL)
		r->url = posts_text(t->batch, e->url);
	if (e->text != NULL)
		r->text = posts_text(t->batch, e->text);
	s->roles = e->roles;
	if (e->own) {
		r->flags |= RECORD_OWN;
		s->own = true;
	}
	for (unsigned i = 0; i < 4 && e->terms[i] != NULL; i++) {
		*vec_push(&t->batch->terms, struct part) =
		    posts_text(t->batch, e->terms[i]);
		r->terms_count++;
	}
	judge_batch(t->court.judge, t->batch);
	posts_clear(t->batch);
}

/* The clock moves on without a post about the brand. */
static inline void
signal_passes(struct signal_test *t, int64_t t_ms)
{
	judge_clock(t->court.judge, POSTS_START + t_ms + CLOCK_LAG_MS);
}

/* How often ${what} stands in what was told, and in what was absorbed. */
static inline unsigned
signal_told(struct signal_test *t, const char *what)
{
	unsigned n = 0;
	const char *at;

	buf_char(&t->court.lines, '\0');
	t->court.lines.len--;
	at = t->court.lines.data;
	while ((at = strstr(at, what)) != NULL) {
		at++;
		n++;
	}
	return n;
}

/* In what an open episode absorbed. */
static inline unsigned
signal_noted(struct signal_test *t, const char *what)
{
	unsigned n = 0;
	const char *at;

	buf_char(&t->court.notes, '\0');
	t->court.notes.len--;
	at = t->court.notes.data;
	while ((at = strstr(at, what)) != NULL) {
		at++;
		n++;
	}
	return n;
}

/* Four days of calm talk, the last hours before ${t_ms}, so that nothing is
 * being learnt any more. */
static inline void
signal_calm(struct signal_test *t)
{
	for (int64_t h = 0; h < 96; h++)
		signal_says(t, h * HOUR_MS, 900000 + (uint64_t)h, 0, NULL);
}

/* ${n} harmful posts by as many accounts, 20 seconds apart. */
static inline void
signal_storm(struct signal_test *t, int64_t t_ms, unsigned n,
    const struct extras *e)
{
	for (unsigned i = 0; i < n; i++)
		signal_says(t, t_ms + i * 20000, 700000 + t->id, 900, e);
}

#define NOTED(t, kind) signal_noted((t), "{\"kind\":\"" kind "\"")
#define TOLD(t, kind) signal_told((t), "\"kind\":\"" kind "\",\"subject\"")

#endif
