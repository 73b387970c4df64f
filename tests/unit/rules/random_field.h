/*
 * Fields by chance, of a query and of a post, from so few values that they
 * often meet.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_RULES_RANDOM_FIELD_H
#define TESTS_RULES_RANDOM_FIELD_H

#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/buf.h"
#include "engine/base/rand.h"
#include "rules/field.h"

static const char *const random_langs[] = {"fr", "fr-ca", "en", "und"};
static const char *const random_names[] = {"ann", "bob", "ann*", "*b", "*n*"};
static const char *const random_sites[] = {"a.fr", "b.a.fr", "fr", "c.org"};
static const char *const random_hosts[] = {"https://a.fr/x", "b.a.fr",
    "http://me@c.org:80", "https://xa.fr?a.fr", "//c.org", "https://"};

#define RANDOM_OF(r, list) list[rand_below(r, sizeof(list) / sizeof(*list))]

/* NULL one time in four: the post does not say. */
static struct slice
random_value(struct rand *r, const char *value)
{
	return rand_below(r, 4) == 0 ? SLICE_NONE : slice_of(value);
}

static void
random_post(struct rand *r, struct post *p)
{
	static const char *const langs[] = {"fr", "FR-CA", "en", "und", ""};
	static const char *const names[] = {"Ann", "@bob", "annb", "c"};

	p->lang = random_value(r, RANDOM_OF(r, langs));
	p->source = random_value(r, RANDOM_OF(r, names));
	p->author_id = random_value(r, RANDOM_OF(r, names));
	p->author_handle = random_value(r, RANDOM_OF(r, names));
	p->url = random_value(r, RANDOM_OF(r, random_hosts));
	if (rand_below(r, 2) == 0)
		p->links.items[p->links.count++] =
		    slice_of(RANDOM_OF(r, random_hosts));
	if (rand_below(r, 2) == 0)
		p->ts_ms = (int64_t)rand_below(r, 200) * 1800000;
	if (rand_below(r, 2) == 0)
		p->followers = rand_below(r, 20);
	if (rand_below(r, 3) == 0)
		p->reach = rand_below(r, 20);
	p->kind = (enum post_kind)rand_below(r, 7);
	p->parent_id = random_value(r, "1");
	p->repost_of = rand_below(r, 3) == 0 ? SLICE("1") : SLICE_NONE;
	p->verified = rand_below(r, 2) == 0;
	p->media = rand_below(r, 2) == 0;
}

static int
random_order(const void *a, const void *b)
{
	const struct slice *x = a, *y = b;
	bool wild_x = memchr(x->data, '*', x->len) != NULL;
	bool wild_y = memchr(y->data, '*', y->len) != NULL;

	return wild_x != wild_y ? wild_x - wild_y : slice_order(*x, *y);
}

static void
random_values(struct rand *r, struct arena *arena, struct field *f,
    const char *const *from, uint32_t count)
{
	struct slice *values = arena_alloc(arena, 2 * sizeof(*values));

	f->count = 1 + rand_below(r, 2);
	for (uint32_t i = 0; i < f->count; i++)
		values[i] = slice_of(from[rand_below(r, count)]);
	qsort(values, f->count, sizeof(*values), random_order);
	f->values = values;
	while (f->plain < f->count &&
	       memchr(values[f->plain].data, '*', values[f->plain].len) == NULL)
		f->plain++;
}

static struct field *
random_field(struct rand *r, struct arena *arena, struct buf *shown)
{
	static const enum field_id ids[] = {FIELD_LANG, FIELD_SOURCE,
	    FIELD_AUTHOR, FIELD_SITE, FIELD_HOUR, FIELD_FOLLOWERS, FIELD_REACH,
	    FIELD_KIND, FIELD_HAS, FIELD_IS};
	struct field *f = arena_alloc(arena, sizeof(*f));

	f->id = RANDOM_OF(r, ids);
	f->text = slice_of(field_name(f->id));
	f->low = rand_below(r, 20);
	f->high = f->low + rand_below(r, 10);
	if (f->id == FIELD_LANG)
		random_values(r, arena, f, random_langs, 4);
	else if (f->id == FIELD_SITE)
		random_values(r, arena, f, random_sites, 4);
	else if (f->id == FIELD_SOURCE || f->id == FIELD_AUTHOR)
		random_values(r, arena, f, random_names, 5);
	else if (f->id == FIELD_HOUR)
		f->zone_min = (int32_t)rand_below(r, 28) * 30;
	else if (f->id != FIELD_FOLLOWERS && f->id != FIELD_REACH)
		f->low = 1 + rand_below(r, 127);
	if (f->id == FIELD_HOUR)
		f->high %= 24;
	buf_printf(shown, "%s:%llu..%llu", field_name(f->id),
	    (unsigned long long)f->low, (unsigned long long)f->high);
	for (uint32_t i = 0; i < f->count; i++)
		buf_printf(shown, ",%.*s", SLICE_ARG(f->values[i]));
	return f;
}

#endif
