/*
 * gen_nestle: the Nestlé scenario on standard output, one post a line.
 *
 *	gen_nestle [--seed N] [--wave X] [--from TIME] [--to TIME]
 *
 * --wave scales the crisis: 1 as it was, 0.5 half as many posts, 0 ten quiet
 * days.  The same options give the same bytes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/nestle.h"
#include "engine/base/clock.h"
#include "engine/base/must.h"

/* Posts that others may pass on: the newest VIRALS_MAX of each wave. */
#define VIRALS_MAX 128u
#define TEXT_MAX 400u
/* Deletions that wait for their time. */
#define PENDING_MAX 64u

struct viral {
	uint64_t id;
	char handle[24], text[TEXT_MAX];
	size_t text_bytes;
	enum nestle_lang lang;
	double appeal;
};

struct virals {
	struct viral of[VIRALS_MAX];
	uint64_t count;
};

struct pending {
	int64_t ts_ms;
	uint64_t id;
};

/* One line of the minute that is being written. */
struct made {
	int64_t ts_ms;
	size_t at, len;
	uint64_t order;
};

struct gen {
	struct rand r;
	struct nestle_people *people;
	struct virals *virals; /* one per stream */
	double wave;
	uint64_t next_id, order;
	struct buf lines;
	struct made *made;
	size_t made_count, made_room;
	struct pending pending[PENDING_MAX];
	size_t pending_count;
};

static const char *const lang_names[NESTLE_LANGS] = {"en", "fr", "de"};

/* ---- one line --------------------------------------------------------- */

static void
line_begin(struct gen *g, int64_t ts_ms)
{
	if (g->made_count == g->made_room) {
		g->made_room = g->made_room * 2 + 64;
		g->made = must_grow(g->made,
		    g->made_room * sizeof(*g->made));
	}
	g->made[g->made_count] = (struct made){
	    .ts_ms = ts_ms, .at = g->lines.len, .order = g->order++};
}

static void
line_end(struct gen *g)
{
	struct made *m = &g->made[g->made_count++];

	buf_text(&g->lines, "}\n");
	m->len = g->lines.len - m->at;
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
	const char *source;
	enum nestle_lang lang;
	const char *handle;
	uint32_t followers;
	struct slice text;
	uint64_t repost_of; /* 0: none */
	bool article;
};

static uint64_t
write_post(struct gen *g, const struct draft *d)
{
	struct buf *b = &g->lines;
	uint64_t id = g->next_id++;

	line_begin(g, d->ts_ms);
	buf_printf(b, "{\"id\":\"%llu\",\"source\":\"%s\"",
	    (unsigned long long)id, d->source);
	put_time(b, "ts", d->ts_ms);
	put_time(b, "seen", d->ts_ms + 300 + rand_below(&g->r, 2500));
	buf_printf(b, ",\"lang\":\"%s\",\"kind\":\"%s\"", lang_names[d->lang],
	    d->repost_of ? "repost" : d->article ? "article" : "post");
	if (d->repost_of)
		buf_printf(b, ",\"repost_of\":\"%llu\"",
		    (unsigned long long)d->repost_of);
	buf_printf(b, ",\"author\":{\"handle\":\"%s\",\"followers\":%u}",
	    d->handle, d->followers);
	buf_text(b, ",\"text\":");
	buf_json(b, d->text);
	if (rand_below(&g->r, 100) == 0)
		buf_text(b, ",\"edited\":true");
	line_end(g);
	return id;
}

static void
write_deletion(struct gen *g, const struct pending *p)
{
	line_begin(g, p->ts_ms);
	buf_printf(&g->lines, "{\"id\":\"%llu\",\"source\":\"twitter\"",
	    (unsigned long long)p->id);
	put_time(&g->lines, "ts", p->ts_ms);
	buf_text(&g->lines, ",\"deleted\":true");
	line_end(g);
}

/* ---- who says what ---------------------------------------------------- */

static uint32_t
pick_part(struct rand *r, const uint32_t *parts, uint32_t count)
{
	uint32_t sum = 0, want;

	for (uint32_t i = 0; i < count; i++)
		sum += parts[i];
	want = rand_below(r, sum);
	for (uint32_t i = 0;; i++) {
		if (want < parts[i])
			return i;
		want -= parts[i];
	}
}

static enum nestle_kind
pick_kind(struct rand *r, const struct nestle_stream *s)
{
	uint32_t parts[NESTLE_SHARES_MAX] = {0}, n = 0;

	while (n < NESTLE_SHARES_MAX && s->shares[n].parts > 0) {
		parts[n] = s->shares[n].parts;
		n++;
	}
	return s->shares[pick_part(r, parts, n)].kind;
}

static enum nestle_group
pick_group(struct rand *r, const struct nestle_stream *s,
    enum nestle_kind kind)
{
	uint32_t u = rand_below(r, 100);

	if (kind == PRESS)
		return REPORTER;
	if (kind == PR)
		return BLOGGER;
	if (kind == SPAM)
		return BOT;
	if (s->wave && u < 2)
		return BOT;
	if (s->wave && u < (kind == ACCUSE ? 22 : 8))
		return ACTIVIST;
	return ORDINARY;
}

/* Among six recent posts, the most appealing one is passed on. */
static const struct viral *
pick_viral(struct rand *r, const struct virals *v)
{
	uint64_t n = v->count < VIRALS_MAX ? v->count : VIRALS_MAX;
	const struct viral *best = NULL;

	for (int i = 0; i < 6; i++) {
		const struct viral *one = &v->of[rand_below(r, (uint32_t)n)];

		if (best == NULL || one->appeal > best->appeal)
			best = one;
	}
	return best;
}

static void
remember(struct gen *g, struct virals *v, const struct draft *d, uint64_t id)
{
	struct viral *slot = &v->of[v->count++ % VIRALS_MAX];

	if (d->text.len > TEXT_MAX)
		return;
	slot->id = id;
	snprintf(slot->handle, sizeof(slot->handle), "%s", d->handle);
	memcpy(slot->text, d->text.data, d->text.len);
	slot->text_bytes = d->text.len;
	slot->lang = d->lang;
	/* Pareto: most posts stay unknown, a few go everywhere. */
	slot->appeal = 1 / sqrt(1.0 - rand_unit(&g->r));
}

static const char *
pick_source(struct rand *r, enum nestle_kind kind)
{
	static const char *const names[] = {
	    "twitter", "facebook", "youtube", "blog"};
	static const uint32_t parts[] = {72, 18, 7, 3};

	if (kind == PRESS)
		return "press";
	if (kind == PR)
		return "blog";
	return names[pick_part(r, parts, 4)];
}

static void
say(struct gen *g, size_t stream, int64_t ts_ms, struct buf *text)
{
	const struct nestle_stream *s = &nestle_streams[stream];
	struct virals *v = &g->virals[stream];
	enum nestle_kind kind = pick_kind(&g->r, s);
	struct draft d = {.ts_ms = ts_ms};
	const struct nestle_person *who;
	uint64_t id;

	buf_clear(text);
	if (v->count > 3 && rand_below(&g->r, 100) < s->repost_parts) {
		const struct viral *of = pick_viral(&g->r, v);

		d.repost_of = of->id;
		d.lang = of->lang;
		d.source = "twitter";
		buf_printf(text, "RT @%s: ", of->handle);
		buf_put(text, of->text, of->text_bytes);
		kind = s->shares[0].kind;
	} else {
		d.lang = (enum nestle_lang)pick_part(
		    &g->r, s->lang_parts, NESTLE_LANGS);
		d.source = pick_source(&g->r, kind);
		d.article = kind == PRESS || kind == PR;
		nestle_compose(text, &g->r, kind, d.lang);
	}
	who = nestle_people_pick(g->people, &g->r,
	    pick_group(&g->r, s, kind), d.lang);
	d.handle = who->handle;
	d.followers = who->followers;
	d.text = buf_slice(text);
	id = write_post(g, &d);
	if (d.repost_of == 0)
		remember(g, v, &d, id);
	if (rand_below(&g->r, 50) == 0 && g->pending_count < PENDING_MAX &&
	    !strcmp(d.source, "twitter"))
		g->pending[g->pending_count++] = (struct pending){ts_ms +
		    60000 + (int64_t)rand_below(&g->r, 7200) * 1000, id};
}

/* ---- the minutes ------------------------------------------------------ */

static uint32_t
poisson(struct rand *r, double mean)
{
	double limit = exp(-mean), product = rand_unit(r);
	uint32_t n = 0;

	while (product > limit) {
		product *= rand_unit(r);
		n++;
	}
	return n;
}

static int
made_order(const void *a, const void *b)
{
	const struct made *x = a, *y = b;

	if (x->ts_ms != y->ts_ms)
		return x->ts_ms < y->ts_ms ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static void
do_minute(struct gen *g, int32_t minute, struct buf *text)
{
	int64_t start_ms = NESTLE_FROM_MS + (int64_t)minute * MINUTE_MS;

	for (size_t i = 0; i < nestle_streams_count; i++) {
		const struct nestle_stream *s = &nestle_streams[i];
		double mean = nestle_rate(s, minute) * (s->wave ? g->wave : 1);

		for (uint32_t n = poisson(&g->r, mean); n > 0; n--)
			say(g, i, start_ms + rand_below(&g->r, 60000), text);
	}
	for (size_t i = 0; i < nestle_owns_count; i++) {
		const struct nestle_own *o = &nestle_owns[i];
		struct draft d = {.ts_ms = start_ms + 5000, .lang = o->lang,
		    .source = o->kind == OWNMODERATOR ? "facebook" : "twitter",
		    .handle = o->handle, .followers = 45000};

		if (o->minute != minute || (o->wave && !(g->wave > 0)))
			continue;
		buf_clear(text);
		nestle_compose(text, &g->r, o->kind, o->lang);
		d.text = buf_slice(text);
		write_post(g, &d);
	}
	for (size_t i = 0; i < g->pending_count;) {
		if (g->pending[i].ts_ms >= start_ms + MINUTE_MS) {
			i++;
			continue;
		}
		write_deletion(g, &g->pending[i]);
		g->pending[i] = g->pending[--g->pending_count];
	}
}

static void
flush_minute(struct gen *g, int64_t from_ms, int64_t to_ms)
{
	if (g->made_count > 1)
		qsort(g->made, g->made_count, sizeof(*g->made), made_order);
	for (size_t i = 0; i < g->made_count; i++) {
		const struct made *m = &g->made[i];

		if (m->ts_ms >= from_ms && m->ts_ms < to_ms)
			fwrite(g->lines.data + m->at, 1, m->len, stdout);
	}
	g->made_count = 0;
	buf_clear(&g->lines);
}

static int
usage(void)
{
	fprintf(stderr, "usage: gen_nestle [--seed N] [--wave X] "
			"[--from TIME] [--to TIME]\n");
	return 2;
}

int
main(int argc, char **argv)
{
	int64_t from_ms = NESTLE_FROM_MS, to_ms = NESTLE_TO_MS;
	struct gen g = {.wave = 1, .next_id = 1};
	struct buf text = {0};
	uint64_t seed = 1;

	for (int i = 1; i < argc; i += 2) {
		if (i + 1 == argc)
			return usage();
		if (!strcmp(argv[i], "--seed"))
			seed = strtoull(argv[i + 1], NULL, 10);
		else if (!strcmp(argv[i], "--wave"))
			g.wave = strtod(argv[i + 1], NULL);
		else if (strcmp(argv[i], "--from") && strcmp(argv[i], "--to"))
			return usage();
		else if (!clock_parse(slice_of(argv[i + 1]),
			     argv[i][2] == 'f' ? &from_ms : &to_ms))
			return usage();
	}
	rand_seed(&g.r, seed);
	g.people = nestle_people_new(&g.r);
	g.virals = must_alloc(nestle_streams_count * sizeof(*g.virals));
	for (int32_t m = 0;
	    m < (int32_t)((NESTLE_TO_MS - NESTLE_FROM_MS) / MINUTE_MS); m++) {
		do_minute(&g, m, &text);
		flush_minute(&g, from_ms, to_ms);
	}
	nestle_people_free(g.people);
	free(g.virals);
	free(g.made);
	buf_fini(&g.lines);
	buf_fini(&text);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("gen_nestle: standard output");
		return 1;
	}
	return 0;
}
