/*
 * The words that entries hang on, read back from the prefilter's tables, and
 * the time that one look takes.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/cost.h"

#include <stdlib.h>

#include "engine/base/buf.h"
#include "engine/base/clock.h"
#include "rules/op.h"

/* Rounds over the sample, when each entry of a set is measured. */
#define ROUNDS 2u

struct rules_costs {
	const struct ruleset *rs;
	struct matcher *m;
	struct ranges anchors; /* unit: tokens */
	uint8_t *always;       /* unit */
};

static const char *const sample[] = {
    "Bonjour, trois jours que mon colis est annoncé « en livraison » et "
    "toujours rien. Merci d'avance #patience https://example.org/a/b?c=d",
    "Does anybody from customer service read this? My order was cancelled "
    "twice and nobody answers the phone.",
    "Quelle belle journée à Lyon, on a fini au bord du Rhône avec une glace.",
    "New video is up! We tried every breakfast in town, link below "
    "https://example.org/v/42 #food #sunday",
    "Franchement déçue : produit périmé, service client injoignable, je ne "
    "rachèterai plus jamais chez eux.",
    "just landed, flight was late again but the crew was lovely",
    "RT @voisine : quelqu'un sait si le marché est ouvert lundi ?",
    "Breaking: the company says it will answer the report tomorrow. Unions "
    "call for a strike on Friday.",
    "Mon fils adore, on en rachète toutes les semaines. 😋 Merci !",
    "Why is everything so expensive now, 4.80 for a coffee and a croissant",
    "Offre de stage : communication numérique, Paris, six mois à partir de "
    "septembre. Envoyez CV et lettre.",
    "They removed my comment from their page. Twice. What are they hiding?",
};

struct slice
rules_sample(size_t i)
{
	return i < sizeof(sample) / sizeof(*sample) ? slice_of(sample[i])
						    : SLICE_NONE;
}

int64_t
cost_unit_ns(struct matcher *m, uint32_t unit, unsigned rounds)
{
	struct clock clock = clock_wall();
	struct post post;
	struct text text;
	int64_t spent = 0, looks = 0, now = 0;

	text_init(&text);
	for (size_t i = 0; rules_sample(i).data != NULL; i++) {
		post_clear(&post);
		post.text = rules_sample(i);
		text_fold(&text, post.title, post.text, TEXT_POST);
		/* The first look compiles what it needs, and does not count. */
		for (unsigned k = 0; k <= rounds; k++) {
			int64_t start = clock.tick_ns(clock.self), clocked;

			/* what reading the clock takes is not the unit's */
			clocked = clock.tick_ns(clock.self) - start;
			matcher_begin(m, &post, &text, 0);
			prefilter_keys(m);
			start = clock.tick_ns(clock.self);
			rule_eval(m, unit,
			    unit < m->rs->brands_count ? unit : RULES_NONE);
			now = clock.tick_ns(clock.self);
			if (k == 0)
				continue;
			spent += now - start - clocked;
			looks++;
		}
	}
	text_fini(&text);
	return spent > 0 ? spent / looks : 0;
}

/* ---- anchors ------------------------------------------------------------- */

/* So many of a unit's words at most are looked through for a twin: one word
 * may be the anchor of several phrases. */
#define TWINS_MAX 64u

static bool
same(const struct ruleset *rs, uint32_t a, uint32_t b)
{
	const struct flat_token *x = &rs->tokens[a], *y = &rs->tokens[b];

	return a == b || (x->len == y->len && x->form == y->form &&
			     x->sign == y->sign &&
			     !memcmp(rs->bytes + x->text, rs->bytes + y->text,
				 x->len));
}

static void
note(struct rules_costs *c, uint32_t unit, uint32_t token, bool count)
{
	if (count)
		c->anchors.first[unit]++;
	else
		c->anchors.items[c->anchors.first[unit]++] = token;
}

static void
walk(struct rules_costs *c, const struct prefilter *table, bool count)
{
	for (unsigned home = 0; home < PROBE_HOMES; home++) {
		const struct probe *p = &table->probes[home];

		for (uint32_t i = 0; i < p->count; i++) {
			const struct probe_entry *e = &p->entries[i];

			for (uint32_t h = e[0].hooks; h < e[1].hooks; h++)
				note(c, table->hooks[h].unit, e->token, count);
		}
	}
	for (uint32_t i = 0; i < table->disguised_count; i++)
		note(c, table->disguised[i].unit, table->disguised[i].token,
		    count);
	for (uint32_t i = 0; i < table->always_count; i++)
		c->always[table->always[i]] = 1;
}

/* Moves the twins of a unit's words to nowhere. */
static void
drop_twins(struct rules_costs *c, uint32_t unit)
{
	uint32_t *items = c->anchors.items + c->anchors.first[unit];
	uint32_t count = c->anchors.first[unit + 1] - c->anchors.first[unit];
	uint32_t kept = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t k = 0, most = kept < TWINS_MAX ? kept : TWINS_MAX;

		while (k < most && !same(c->rs, items[k], items[i]))
			k++;
		if (k == most)
			items[kept++] = items[i];
	}
	for (; kept < count; kept++)
		items[kept] = RULES_NONE;
}

struct rules_costs *
rules_costs_new(const struct ruleset *rs)
{
	struct rules_costs *c = must_alloc(sizeof(*c));
	uint32_t units = ruleset_units(rs), sum = 0;

	c->rs = rs;
	c->m = matcher_new();
	matcher_fit(c->m, rs);
	c->always = must_alloc(units + 1ul);
	c->anchors.first = must_alloc(sizeof(uint32_t) * (units + 2ul));
	walk(c, &rs->mains, true);
	walk(c, &rs->topical, true);
	for (uint32_t i = 0; i <= units; i++) {
		uint32_t n = c->anchors.first[i];

		c->anchors.first[i] = sum;
		sum += n;
	}
	c->anchors.items = must_alloc(sizeof(uint32_t) * (sum + 1ul));
	walk(c, &rs->mains, false);
	walk(c, &rs->topical, false);
	memmove(c->anchors.first + 1, c->anchors.first,
	    sizeof(uint32_t) * (units + 1ul));
	c->anchors.first[0] = 0;
	for (uint32_t i = 0; i < units; i++)
		drop_twins(c, i);
	return c;
}

void
rules_costs_free(struct rules_costs *c)
{
	if (c == NULL)
		return;
	matcher_free(c->m);
	free(c->always);
	free(c->anchors.first);
	free(c->anchors.items);
	free(c);
}

bool
rules_costs_anchor(const struct rules_costs *c, enum hit_kind kind, uint32_t i,
    uint32_t from, struct buf *out)
{
	uint32_t unit = cost_kind_unit(c->rs, kind, i);
	uint32_t at = c->anchors.first[unit] + from;
	const struct flat_token *t;

	if (at >= c->anchors.first[unit + 1] ||
	    c->anchors.items[at] == RULES_NONE)
		return false;
	t = &c->rs->tokens[c->anchors.items[at]];
	if (t->sign != 0)
		buf_char(out, t->sign);
	if (t->form == TOKEN_INNER)
		buf_char(out, '*');
	buf_put(out, c->rs->bytes + t->text, t->len);
	if (t->form == TOKEN_INNER || t->form == TOKEN_PREFIX)
		buf_char(out, '*');
	return true;
}

enum rules_hangs
rules_costs_hangs(const struct rules_costs *c, enum hit_kind kind, uint32_t i)
{
	uint32_t unit = cost_kind_unit(c->rs, kind, i);

	if (c->always[unit])
		return HANGS_ON_NOTHING;
	return kind == HIT_RULE && c->rs->rules[i].for_brands ? HANGS_ON_BRAND
							      : HANGS_ON_WORDS;
}

int64_t
rules_costs_ns(struct rules_costs *c, enum hit_kind kind, uint32_t i)
{
	return cost_unit_ns(c->m, cost_kind_unit(c->rs, kind, i), ROUNDS);
}
