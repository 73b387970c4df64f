/*
 * A slow evaluator that is right by inspection, to hold the fast one against.
 *
 * It walks the trees of the declarations over a list of tokens: no prefilter,
 * no shared nodes, no caches, no order of evaluation.  Only the folding, the
 * regex library and the declarations are the same as the engine's.
 * Lists of places are not bounded here, so posts for it are short.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_RULES_REFERENCE_H
#define TESTS_RULES_REFERENCE_H

#include "tests/unit/rules/reference_field.h"
#include "tests/unit/rules/reference_score.h"
#include "tests/unit/rules/reference_text.h"

/* a before b with at most n tokens between. */
static bool
ref_before(struct ref_place a, struct ref_place b, uint32_t n)
{
	return a.end <= b.first && b.first - a.end <= n;
}

static struct ref_places
ref_near(const struct ref *r, const struct node *node, uint32_t brand)
{
	struct ref_places a = ref_where(r, node->group.items[0], brand);
	struct ref_places b = ref_where(r, node->group.items[1], brand);
	struct ref_places out = {NULL, 0};

	for (uint32_t i = 0; i < a.count; i++) {
		for (uint32_t k = 0; k < b.count; k++) {
			struct ref_place x = a.items[i], y = b.items[k];

			if (ref_before(x, y, node->near))
				ref_add(&out,
				    (struct ref_place){
					x.first, y.end, x.from, y.to});
			if (!node->ordered && ref_before(y, x, node->near))
				ref_add(&out,
				    (struct ref_place){
					y.first, x.end, y.from, x.to});
		}
	}
	free(a.items);
	free(b.items);
	return out;
}

/* Where a true node stands; a false one stands nowhere. */
static struct ref_places
ref_where(const struct ref *r, const struct node *node, uint32_t brand)
{
	struct ref_places out = {NULL, 0};

	if (!ref_node(r, node, brand))
		return out;
	switch (node->kind) {
	case NODE_DISGUISED:
	case NODE_PHRASE:
		if (node->kind == NODE_DISGUISED)
			ref_disguised(r, node, &out); /* and as it is */
		for (uint32_t t = 0; t < r->text->tokens; t++)
			if (ref_phrase_at(r, node, t) > 0)
				ref_add(&out, ref_at(r, node, t));
		return out;
	case NODE_EXACT:
		ref_exact(r, node, &out);
		return out;
	case NODE_WITHIN:
		ref_within(r, node, &out);
		return out;
	case NODE_PART:
	case NODE_SENTENCE:
		ref_narrow(r, node, brand, &out);
		return out;
	case NODE_REGEX:
		ref_regex(r, node, &out);
		return out;
	case NODE_NEAR:
		return ref_near(r, node, brand);
	case NODE_BRAND:
		return ref_where(
		    r, r->decls->brands[brand].d.match, RULES_NONE);
	case NODE_AND:
	case NODE_OR:
	case NODE_ATLEAST:
	case NODE_MACRO:
		for (uint32_t i = 0; i < node->group.count; i++) {
			struct ref_places one =
			    ref_where(r, node->group.items[i], brand);

			for (uint32_t k = 0; k < one.count; k++)
				ref_add(&out, one.items[k]);
			free(one.items);
		}
		return out;
	default:
		return out;
	}
}

static bool ref_decl(
    const struct ref *r, const struct decl *d, uint32_t brand);
static bool ref_rule(
    const struct ref *r, const struct rule_decl *rule, uint32_t brand);
static bool ref_hangs(
    const struct ref *r, const struct rule_decl *rule, uint32_t b);

static bool
ref_named(const struct ref *r, uint32_t b)
{
	return ref_decl(r, &r->decls->brands[b].d, RULES_NONE);
}

static bool
ref_label_rule(
    const struct ref *r, const struct rule_decl *rule, uint32_t brand)
{
	if (!rule->every_brand && rule->brands_count == 0)
		return ref_rule(r, rule, RULES_NONE);
	for (uint32_t b = 0; b < r->decls->brands_count; b++)
		if ((brand == RULES_NONE || b == brand) &&
		    ref_hangs(r, rule, b) && ref_named(r, b) &&
		    ref_rule(r, rule, b))
			return true;
	return false;
}

/* By comparing ids with all there are. */
static bool
ref_label(const struct ref *r, const struct node *node, uint32_t brand)
{
	struct ref whole = *r;
	const struct decls *d = r->decls;
	struct slice id = node->label.id;

	whole.lo = whole.from = 0;
	whole.hi = r->text->tokens;
	whole.to = r->text->len;
	whole.narrow = false;
	r = &whole;

	for (uint32_t i = 0; i < d->brands_count; i++) {
		const struct decl *b = &d->brands[i].d;

		if (node->label.what == LABEL_BRAND && slice_equal(b->id, id))
			return ref_named(r, i);
		if (node->label.what == LABEL_SECTOR &&
		    slice_equal(d->sectors[b->sector].id, id) &&
		    ref_named(r, i))
			return true;
	}
	for (uint32_t i = 0; i < d->topics_count; i++)
		if (node->label.what == LABEL_TOPIC &&
		    slice_equal(d->topics[i].d.id, id))
			return ref_decl(r, &d->topics[i].d, RULES_NONE);
	for (uint32_t i = 0; i < d->rules_count; i++)
		if (node->label.what == LABEL_RULE &&
		    slice_equal(d->rules[i].d.id, id))
			return ref_label_rule(r, &d->rules[i], brand);
	return false;
}

static bool
ref_node(const struct ref *r, const struct node *node, uint32_t brand)
{
	struct ref_places places;
	uint32_t holds = 0;

	switch (node->kind) {
	case NODE_DISGUISED:
	case NODE_PHRASE:
		if (node->kind == NODE_DISGUISED)
			holds = ref_disguised(r, node, NULL);
		for (uint32_t t = 0; t < r->text->tokens; t++)
			holds += ref_phrase_at(r, node, t) > 0;
		return holds > 0;
	case NODE_REGEX:
		return ref_regex(r, node, NULL);
	case NODE_LABEL:
		return ref_label(r, node, brand);
	case NODE_FIELD:
		return ref_field(node->field, r->post);
	case NODE_BRAND:
		return brand != RULES_NONE &&
		       (!r->narrow || ref_node(r,
					  r->decls->brands[brand].d.match,
					  RULES_NONE));
	case NODE_NEAR:
		places = ref_near(r, node, brand);
		free(places.items);
		return places.count > 0;
	case NODE_EXACT:
		return ref_exact(r, node, NULL);
	case NODE_WITHIN:
		return ref_within(r, node, NULL);
	case NODE_PART:
	case NODE_SENTENCE:
		return ref_narrow(r, node, brand, NULL);
	case NODE_ATLEAST:
		places = ref_where(r, node->group.items[0], brand);
		holds = ref_disjoint(&places);
		free(places.items);
		return holds >= node->near;
	default:
		break;
	}
	for (uint32_t i = 0; i < node->group.count; i++)
		holds += ref_node(r, node->group.items[i], brand);
	if (node->kind == NODE_NOT)
		return holds == 0;
	return node->kind == NODE_AND ? holds == node->group.count : holds > 0;
}

/* match AND NOT not */
static bool
ref_decl(const struct ref *r, const struct decl *d, uint32_t brand)
{
	return (d->match == NULL || ref_node(r, d->match, brand)) &&
	       (d->not == NULL || !ref_node(r, d->not, brand));
}

static bool
ref_rule(const struct ref *r, const struct rule_decl *rule, uint32_t brand)
{
	return ref_decl(r, &rule->d, brand) &&
	       (rule->topic == RULES_NONE ||
		   ref_decl(r, &r->decls->topics[rule->topic].d, RULES_NONE));
}

/* Whether rule ${rule} hangs on brand ${b}. */
static bool
ref_hangs(const struct ref *r, const struct rule_decl *rule, uint32_t b)
{
	if (rule->every_brand)
		return rule->d.sector == RULES_NONE ||
		       rule->d.sector == r->decls->brands[b].d.sector;
	for (uint32_t i = 0; i < rule->brands_count; i++)
		if (rule->brands[i] == b)
			return true;
	return false;
}

struct ref_line {
	char text[200];
};

/* What is gathered of one post. */
struct ref_hits {
	struct ref_line lines[256];
	uint32_t count;
	struct ref_fired fired;
	struct buf terms;
	bool matched;
};

static void
ref_note(struct ref_hits *h, bool topic, uint32_t index, uint32_t brand)
{
	h->fired.items[h->fired.count++] =
	    (struct ref_hit){topic, index, brand};
}

static void
ref_hit(struct ref_hits *h, const char *prefix, const struct decl *decl,
    uint32_t brand, uint32_t topic, int32_t weight_milli)
{
	REQUIRE(h->count < 256);
	snprintf(h->lines[h->count++].text, sizeof(h->lines->text),
	    "%d %s%.*s %d %d %d", (int)(decl->sector + 1), prefix,
	    SLICE_ARG(decl->id), (int)brand, (int)topic, (int)weight_milli);
}

/* A term of a condition is told of by itself, and is no hit. */
static bool
ref_term(struct ref_hits *h, const struct rule_decl *rule, uint32_t brand)
{
	if (rule->is_term)
		buf_printf(&h->terms, "term %.*s %d\n",
		    SLICE_ARG(rule->d.id), (int)brand);
	return rule->is_term;
}

static int
ref_line_order(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Rule ${i} for every brand that it hangs on, or for none. */
static void
ref_rule_hits(const struct ref *r, uint32_t i, const bool *named, bool *asked,
    struct ref_hits *h)
{
	const struct rule_decl *rule = &r->decls->rules[i];
	bool lone = !rule->every_brand && rule->brands_count == 0;
	uint32_t before = h->count;

	for (uint32_t b = 0; b < r->decls->brands_count && !lone; b++)
		if (named[b] && ref_hangs(r, rule, b) && ref_rule(r, rule, b)) {
			if (ref_term(h, rule, b))
				continue;
			ref_hit(h, "", &rule->d, b, rule->topic,
			    rule->weight_milli);
			ref_note(h, false, i, b);
		}
	if (lone && ref_rule(r, rule, RULES_NONE) &&
	    !ref_term(h, rule, RULES_NONE)) {
		ref_hit(h, "", &rule->d, RULES_NONE, rule->topic,
		    rule->weight_milli);
		ref_note(h, false, i, RULES_NONE);
	}
	if (h->count == before)
		return;
	h->matched = true;
	if (rule->topic != RULES_NONE)
		asked[rule->topic] = true;
}

static void
ref_topic_hit(const struct ref *r, uint32_t t, const bool *named, bool wanted,
    struct ref_hits *h)
{
	const struct topic_decl *topic = &r->decls->topics[t];
	bool pairs = false;

	for (uint32_t b = 0; b < r->decls->brands_count; b++)
		pairs |= named[b] &&
			 (topic->d.sector == RULES_NONE ||
			     r->decls->brands[b].d.sector == topic->d.sector);
	if ((!pairs && !wanted) || !ref_decl(r, &topic->d, RULES_NONE))
		return;
	h->matched |= pairs;
	ref_note(h, true, t, RULES_NONE);
	ref_hit(h, "topic:", &topic->d, RULES_NONE, t, topic->weight_milli);
}

/* One line per hit, "sector name brand topic weight", sorted; then the score
 * and whether the post matched.  Ids are short and sort by bytes. */
static void
ref_verdict(const struct ref *r, unsigned flags, struct buf *out)
{
	const struct decls *d = r->decls;
	struct ref_hits *h = must_alloc(sizeof(*h));
	bool *named = must_alloc(d->brands_count + 1ul);
	bool *asked = must_alloc(d->topics_count + 1ul);

	h->fired.decls = d;
	h->fired.named = named;
	for (uint32_t b = 0; b < d->brands_count; b++) {
		named[b] = ref_named(r, b);
		if (named[b])
			ref_hit(h, "brand:", &d->brands[b].d, b, RULES_NONE, 0);
	}
	for (uint32_t i = 0; i < d->rules_count; i++)
		ref_rule_hits(r, i, named, asked, h);
	for (uint32_t t = 0; t < d->topics_count; t++)
		ref_topic_hit(
		    r, t, named, asked[t] || (flags & MATCH_TOPICS), h);
	qsort(h->lines, h->count, sizeof(*h->lines), ref_line_order);
	for (uint32_t i = 0; i < h->count; i++)
		buf_printf(out, "%s\n", h->lines[i].text);
	buf_printf(out, "score %lld matched %d\n",
	    (long long)ref_score(&h->fired, NULL), h->matched);
	for (uint32_t s = 0; s < d->sectors_count; s++)
		buf_printf(out, "sector %lld\n",
		    (long long)ref_score(&h->fired,
			&(struct rules_about){s, RULES_NONE}));
	for (uint32_t b = 0; b < d->brands_count; b++)
		buf_printf(out, "brand %lld\n",
		    (long long)ref_score(&h->fired,
			&(struct rules_about){d->brands[b].d.sector, b}));
	buf_put(out, h->terms.data, h->terms.len);
	buf_fini(&h->terms);
	free(h);
	free(named);
	free(asked);
}

/* The engine's verdict in the same words, but in the order that it gives. */
static void
ref_print(const struct decls *d, const struct ruleset *rs,
    const struct verdict *v, struct buf *out)
{
	for (uint32_t i = 0; i < v->hits_count; i++) {
		const struct hit *h = &v->hits[i];

		buf_printf(out, "%d ", (int)(h->sector + 1));
		rules_name(rs, h, out);
		buf_printf(out, " %d %d %d\n", (int)h->brand, (int)h->topic,
		    (int)h->weight_milli);
	}
	buf_printf(out, "score %lld matched %d\n", (long long)v->score_milli,
	    v->matched);
	for (uint32_t s = 0; s < d->sectors_count; s++)
		buf_printf(out, "sector %lld\n",
		    (long long)rules_weigh(rs, v,
			&(struct rules_about){s, RULES_NONE})
			.milli);
	for (uint32_t b = 0; b < d->brands_count; b++)
		buf_printf(out, "brand %lld\n",
		    (long long)rules_weigh(rs, v,
			&(struct rules_about){d->brands[b].d.sector, b})
			.milli);
	for (int b = -1; b < (int)d->brands_count; b++)
		for (uint32_t i = 0; i < v->terms_count; i++)
			if ((int)v->terms[i].brand == b)
				buf_printf(out, "term %.*s %d\n",
				    SLICE_ARG(
					d->rules[v->terms[i].rule].d.id),
				    b);
}

#endif
