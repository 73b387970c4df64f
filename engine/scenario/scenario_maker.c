/*
 * Minute after minute: who speaks, what is passed on, what is deleted again.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/must.h"
#include "engine/scenario/scenario_parts.h"

/* Posts that others may pass on: the newest VIRALS_MAX of each stream. */
#define VIRALS_MAX 64u
#define TEXT_MAX 400u
/* Deletions that wait for their time. */
#define PENDING_MAX 64u
/* Of 100: what is edited, what is deleted within two hours. */
#define EDITS 1u
#define DELETIONS 2u

struct viral {
	uint64_t id;
	char handle[24], text[TEXT_MAX], source[24];
	size_t text_bytes;
	uint32_t lang, kind;
	double appeal;
};

struct virals {
	struct viral of[VIRALS_MAX];
	uint64_t count;
};

struct pending {
	int64_t ts_ms;
	uint64_t id;
	const char *source;
};

/* One line of the minute that is being written. */
struct made {
	int64_t ts_ms;
	size_t at, len;
	uint64_t order;
};

struct scenario_maker {
	const struct scenario *s;
	struct rand r;
	struct scenario_people *people;
	struct virals *virals; /* one per stream */
	double wave;
	int64_t minute_ms;
	uint64_t next_id, order;
	struct buf lines, text;
	struct made *made;
	size_t made_count, made_room;
	struct pending pending[PENDING_MAX];
	size_t pending_count;
};

struct scenario_maker *
scenario_maker_new(const struct scenario *s, uint64_t seed, double wave)
{
	struct scenario_maker *m = must_alloc(sizeof(*m));

	m->s = s;
	m->wave = wave;
	m->minute_ms = s->from_ms - s->from_ms % MINUTE_MS;
	m->next_id = 1;
	rand_seed(&m->r, seed);
	m->people = scenario_people_new(s, &m->r);
	m->virals = must_alloc((s->streams_count + 1ul) * sizeof(*m->virals));
	return m;
}

void
scenario_maker_free(struct scenario_maker *m)
{
	if (m == NULL)
		return;
	scenario_people_free(m->people);
	free(m->virals);
	free(m->made);
	buf_fini(&m->lines);
	buf_fini(&m->text);
	free(m);
}

int64_t
scenario_minute_ms(const struct scenario_maker *m)
{
	return m->minute_ms;
}

/* ---- one line --------------------------------------------------------- */

static void
line_begin(struct scenario_maker *m, int64_t ts_ms)
{
	if (m->made_count == m->made_room) {
		m->made_room = m->made_room * 2 + 64;
		m->made = must_grow(m->made, m->made_room * sizeof(*m->made));
	}
	m->made[m->made_count] = (struct made){
	    .ts_ms = ts_ms, .at = m->lines.len, .order = m->order++};
}

static void
line_end(struct scenario_maker *m)
{
	struct made *made = &m->made[m->made_count++];

	buf_text(&m->lines, "}\n");
	made->len = m->lines.len - made->at;
}

static void
put_time(struct buf *b, const char *key, int64_t ms)
{
	buf_member(b, key);
	buf_char(b, '"');
	buf_utc_milli(b, ms);
	buf_char(b, '"');
}

struct draft {
	int64_t ts_ms;
	const char *source, *form, *handle;
	uint32_t lang, followers;
	struct slice text;
	uint64_t repost_of; /* 0: none */
};

static uint64_t
write_post(struct scenario_maker *m, const struct draft *d)
{
	struct buf *b = &m->lines;
	uint64_t id = m->next_id++;

	line_begin(m, d->ts_ms);
	buf_printf(b, "{\"id\":\"%llu\",\"source\":", (unsigned long long)id);
	buf_json(b, slice_of(d->source));
	put_time(b, "ts", d->ts_ms);
	put_time(b, "seen", d->ts_ms + 300 + rand_below(&m->r, 2500));
	buf_printf(b, ",\"lang\":\"%s\",\"kind\":\"%s\"",
	    m->s->langs[d->lang], d->form);
	if (d->repost_of)
		buf_printf(b, ",\"repost_of\":\"%llu\"",
		    (unsigned long long)d->repost_of);
	buf_text(b, ",\"author\":{\"handle\":");
	buf_json(b, slice_of(d->handle));
	buf_printf(b, ",\"followers\":%u},\"text\":", d->followers);
	buf_json(b, d->text);
	if (rand_below(&m->r, 100) < EDITS)
		buf_text(b, ",\"edited\":true");
	line_end(m);
	return id;
}

static void
write_deletion(struct scenario_maker *m, const struct pending *p)
{
	line_begin(m, p->ts_ms);
	buf_printf(&m->lines, "{\"id\":\"%llu\",\"source\":",
	    (unsigned long long)p->id);
	buf_json(&m->lines, slice_of(p->source));
	put_time(&m->lines, "ts", p->ts_ms);
	buf_text(&m->lines, ",\"deleted\":true");
	line_end(m);
}

/* ---- who says what ---------------------------------------------------- */

/* Among four recent posts, the most appealing one is passed on. */
static const struct viral *
pick_viral(struct rand *r, const struct virals *v)
{
	uint64_t n = v->count < VIRALS_MAX ? v->count : VIRALS_MAX;
	const struct viral *best = NULL;

	for (int i = 0; i < 4; i++) {
		const struct viral *one = &v->of[rand_below(r, (uint32_t)n)];

		if (best == NULL || one->appeal > best->appeal)
			best = one;
	}
	return best;
}

static void
remember(struct scenario_maker *m, struct virals *v, const struct draft *d,
    uint64_t id, uint32_t kind)
{
	struct viral *slot = &v->of[v->count % VIRALS_MAX];

	if (d->text.len > TEXT_MAX)
		return;
	v->count++;
	slot->id = id;
	snprintf(slot->handle, sizeof(slot->handle), "%s", d->handle);
	snprintf(slot->source, sizeof(slot->source), "%s", d->source);
	memcpy(slot->text, d->text.data, d->text.len);
	slot->text_bytes = d->text.len;
	slot->lang = d->lang;
	slot->kind = kind;
	/* Pareto: most posts stay unknown, a few go everywhere. */
	slot->appeal = 1 / sqrt(1.0 - rand_unit(&m->r));
}

static void
repost(struct scenario_maker *m, const struct virals *v, struct draft *d)
{
	const struct viral *of = pick_viral(&m->r, v);

	d->repost_of = of->id;
	d->lang = of->lang;
	d->source = of->source;
	d->form = "repost";
	buf_printf(&m->text, "RT @%s: ", of->handle);
	buf_put(&m->text, of->text, of->text_bytes);
}

static void
say(struct scenario_maker *m, uint32_t stream, int64_t ts_ms)
{
	const struct scenario_stream *st = &m->s->streams[stream];
	struct virals *v = &m->virals[stream];
	uint32_t k = scenario_pick(&m->r, &st->kinds);
	const struct scenario_kind *kind = &m->s->kinds[k];
	struct draft d = {.ts_ms = ts_ms};
	const struct scenario_person *who;
	uint32_t group = kind->by;
	uint64_t id;

	buf_clear(&m->text);
	/* Articles are written anew, not passed on. */
	if (v->count > 3 && kind->source == NULL &&
	    rand_below(&m->r, 100) < st->reposts) {
		repost(m, v, &d);
	} else {
		d.lang = scenario_pick(&m->r, &st->langs);
		d.source = kind->source != NULL ? kind->source :
			m->s->sources[scenario_pick(&m->r, &m->s->networks)];
		d.form = kind->form != NULL ? kind->form : "post";
		d.lang = scenario_text(m->s, &m->text, &m->r, k, d.lang);
	}
	if (group == SCENARIO_ORDINARY && rand_below(&m->r, 100) < st->bots)
		group = SCENARIO_BOTS;
	who = scenario_people_pick(m->people, &m->r, group, d.lang);
	d.handle = who->handle;
	d.followers = who->followers;
	d.text = buf_slice(&m->text);
	id = write_post(m, &d);
	if (d.repost_of == 0 && kind->source == NULL)
		remember(m, v, &d, id, k);
	if (rand_below(&m->r, 100) < DELETIONS &&
	    m->pending_count < PENDING_MAX && d.repost_of == 0)
		m->pending[m->pending_count++] = (struct pending){ts_ms +
		    60000 + (int64_t)rand_below(&m->r, 7200) * 1000, id,
		    d.source};
}

static void
say_own(struct scenario_maker *m, const struct scenario_post *p)
{
	struct draft d = {.ts_ms = p->at_ms + 5000,
	    .lang = p->lang,
	    .source = p->source,
	    .form = "post",
	    .handle = p->handle,
	    .followers = p->followers};

	buf_clear(&m->text);
	d.lang = scenario_text(m->s, &m->text, &m->r, p->kind, p->lang);
	d.text = buf_slice(&m->text);
	write_post(m, &d);
}

/* ---- the minutes ------------------------------------------------------ */

static int
made_order(const void *a, const void *b)
{
	const struct made *x = a, *y = b;

	if (x->ts_ms != y->ts_ms)
		return x->ts_ms < y->ts_ms ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static void
flush(struct scenario_maker *m, struct buf *out)
{
	if (m->made_count > 1)
		qsort(m->made, m->made_count, sizeof(*m->made), made_order);
	for (size_t i = 0; i < m->made_count; i++)
		buf_put(out, m->lines.data + m->made[i].at, m->made[i].len);
	m->made_count = 0;
	buf_clear(&m->lines);
}

static void
delete_some(struct scenario_maker *m, int64_t until_ms)
{
	for (size_t i = 0; i < m->pending_count;) {
		if (m->pending[i].ts_ms >= until_ms) {
			i++;
			continue;
		}
		write_deletion(m, &m->pending[i]);
		m->pending[i] = m->pending[--m->pending_count];
	}
}

bool
scenario_minute(struct scenario_maker *m, struct buf *out)
{
	const struct scenario *s = m->s;
	int64_t start_ms = m->minute_ms, end_ms = start_ms + MINUTE_MS;

	if (start_ms >= s->to_ms)
		return false;
	for (uint32_t i = 0; i < s->streams_count; i++) {
		const struct scenario_stream *st = &s->streams[i];
		double mean = scenario_rate(s, st, start_ms) *
		    (st->wave ? m->wave : 1);

		for (uint32_t n = scenario_poisson(&m->r, mean); n > 0; n--)
			say(m, i, start_ms + rand_below(&m->r, 60000));
	}
	for (uint32_t i = 0; i < s->posts_count; i++) {
		const struct scenario_post *p = &s->posts[i];

		if (p->at_ms >= start_ms && p->at_ms < end_ms &&
		    (!p->wave || m->wave > 0))
			say_own(m, p);
	}
	delete_some(m, end_ms);
	flush(m, out);
	m->minute_ms = end_ms;
	return true;
}
