/*
 * Which words of the text as posted decided.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/text_walk.h"
#include "rules/op.h"
#include "rules/regex.h"

static void collect(struct matcher *m, uint32_t index, struct occ_list *out);
static void collect_brand(struct matcher *m, struct occ_list *out);

/* ${node} is true, and so are all parts of an AND.  Of others a phrase that is
 * not there has no places: one look is enough. */
static void
collect_group(
    struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	const uint32_t *children = op_children(m, node);
	uint32_t first = 0;

	if (node->kind == NODE_OR) {
		first = op_or_places(m, node, out);
	} else if (node->kind == NODE_AND && op_and_pairs(m, node)) {
		collect_brand(m, out);
		op_set_places(m, node->extra - 1, out);
		first = 2;
	}
	for (uint32_t i = first; i < node->count; i++)
		if (node->kind == NODE_AND ||
		    m->rs->nodes[children[i]].kind == NODE_PHRASE ||
		    op_eval(m, children[i]))
			collect(m, children[i], out);
}

/* Whether atoms and places are the same: of a phrase, and of any of some. */
static bool
is_words(const struct matcher *m, const struct flat_node *node)
{
	const uint32_t *children = op_children(m, node);

	if (node->kind != NODE_OR)
		return node->kind == NODE_PHRASE;
	for (uint32_t i = 0; i < node->count; i++)
		if (m->rs->nodes[children[i]].kind != NODE_PHRASE)
			return false;
	return true;
}

/* The atoms of all operands that lie within a near pair or window. */
static void
collect_near(
    struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	const uint32_t *children = op_children(m, node);
	uint32_t frames = m->frames_used;
	struct occ_list pairs = matcher_occs(m);

	ops_table[node->kind]->occurrences(m, node, &pairs);
	matcher_occ_sort(&pairs);
	for (uint32_t side = 0; side < node->count && pairs.count > 0; side++) {
		uint32_t inner = m->frames_used;
		struct occ_list atoms;

		if (is_words(m, &m->rs->nodes[children[side]])) {
			atoms = ops_occurrences(m, children[side]);
		} else {
			atoms = matcher_occs(m);
			collect(m, children[side], &atoms);
			matcher_occ_sort(&atoms);
		}
		for (uint32_t i = 0; i < atoms.count; i++) {
			const struct occ *a = &atoms.items[i];
			bool decided = false;

			for (uint32_t k = 0; k < pairs.count && !decided; k++) {
				const struct occ *p = &pairs.items[k];

				/* An atom in the middle of a pair was not
				 * part of it, unless pairs are nested. */
				decided = a->from >= p->from && a->to <= p->to;
			}
			if (decided)
				matcher_occ_push(out, *a);
		}
		m->frames_used = inner;
	}
	m->frames_used = frames;
}

/* The atoms in the title, the text or the sentences that have it. */
static void
collect_narrow(
    struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	uint32_t count = 1;
	struct scope scope = m->scope;

	if (node->kind == NODE_SENTENCE) {
		matcher_sentences(m);
		count = m->sentences_count;
	}
	for (uint32_t i = 0; i < count; i++) {
		if (node->kind == NODE_SENTENCE
			? matcher_enter_sentence(m, i)
			: matcher_enter_part(m, node->ordered))
			collect_group(m, node, out);
		m->scope = scope;
	}
}

/* The brand that rule ${rule} fires for, as a label asks for it: of several
 * the first of the set, in whatever order they were found. */
static uint32_t
fired_for(struct matcher *m, uint32_t rule)
{
	uint32_t first = RULES_NONE;

	if (!m->rs->rules[rule].for_brands)
		return RULES_NONE;
	if (m->brand != RULES_NONE)
		return m->brand;
	for (uint32_t i = 0; i < m->named_count; i++)
		if (m->named[i] < first && rule_fires(m, rule, m->named[i]))
			first = m->named[i];
	return first;
}

/* The words by which the entry that a label names was found. */
static void
collect_label(
    struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	struct scope scope = m->scope;
	uint32_t brand = m->brand, match;

	if (node->extra == LABEL_SECTOR)
		return; /* by whichever brand */
	match = m->rs->units[node->first].match;
	m->scope = matcher_scope_all(m);
	m->brand = node->extra == LABEL_RULE
		       ? fired_for(m, node->first - unit_of_rule(m->rs, 0))
		       : RULES_NONE;
	if (match != NODE_NONE && op_eval(m, match))
		collect(m, match, out);
	m->scope = scope;
	m->brand = brand;
}

/* Each rule of a brand asks for the brand's places: a few are kept. */
static void
keep_brand(struct matcher *m, uint32_t brand, const struct occ_list *list)
{
	struct kept_brand *kept = &m->kept[m->kept_count];

	if (m->kept_count == KEPT_BRANDS || list->count > KEPT_OCCS)
		return;
	m->kept_count++;
	kept->brand = brand;
	kept->count = list->count;
	/* one by one: gcc makes of a memcpy a slow rep */
	for (uint32_t i = 0; i < list->count; i++)
		kept->items[i] = list->items[i];
}

static bool
take_brand(struct matcher *m, uint32_t brand, struct occ_list *out)
{
	for (uint32_t i = 0; i < m->kept_count; i++) {
		const struct kept_brand *kept = &m->kept[i];

		if (kept->brand != brand)
			continue;
		for (uint32_t k = 0; k < kept->count; k++)
			matcher_occ_push(out, kept->items[k]);
		return true;
	}
	return false;
}

static void
collect_brand(struct matcher *m, struct occ_list *out)
{
	uint32_t brand = m->brand;

	if (brand == RULES_NONE || matcher_met(m, brand, out) ||
	    (!m->scope.narrow && take_brand(m, brand, out)))
		return;
	m->brand = RULES_NONE;
	collect(m, m->rs->units[brand].match, out);
	m->brand = brand;
}

static void
collect(struct matcher *m, uint32_t index, struct occ_list *out)
{
	const struct flat_node *node = &m->rs->nodes[index];

	switch ((enum node_kind)node->kind) {
	case NODE_AND:
	case NODE_OR:
	case NODE_ATLEAST:
	case NODE_MACRO:
		collect_group(m, node, out);
		break;
	case NODE_PART:
	case NODE_SENTENCE:
		collect_narrow(m, node, out);
		break;
	case NODE_NEAR:
	case NODE_WITHIN:
		collect_near(m, node, out);
		break;
	case NODE_BRAND:
		collect_brand(m, out);
		break;
	case NODE_LABEL:
		collect_label(m, node, out);
		break;
	case NODE_PHRASE:
	case NODE_EXACT:
	case NODE_DISGUISED:
	case NODE_REGEX:
		ops_table[node->kind]->occurrences(m, node, out);
		break;
	default: /* what is absent has no place */
		break;
	}
}

void
spans_of_node(struct matcher *m, uint32_t node, struct occ_list *out)
{
	if (node != NODE_NONE && op_eval(m, node))
		collect(m, node, out);
	matcher_occ_sort(out);
}

/* By first byte: few, or sorted by token, which is nearly the same.  Those
 * that are there twice are one span. */
static void
sort_by_bytes(struct occ_list *list)
{
	for (uint32_t i = 1; i < list->count; i++) {
		struct occ occ = list->items[i];
		uint32_t k = i;

		for (; k > 0 && list->items[k - 1].from > occ.from; k--)
			list->items[k] = list->items[k - 1];
		list->items[k] = occ;
	}
}

/* Places that were found already: most hits of a post share their words. */
#define KNOWN 4u
struct places {
	struct text_walk walk;
	struct {
		uint32_t from, to;
		struct span span;
	} known[KNOWN];
	uint32_t count;
};

/* Where ${occ} stands in the text as posted; false for the title.  Most text
 * is plain, and needs no map. */
static bool
span_of(struct matcher *m, struct places *p, const struct occ *occ,
    struct span *s)
{
	const struct post *post = m->post;

	if (occ->to <= occ->from)
		return false;
	if (m->mapped != MAP_TEXT && post->title.len == 0 && !m->text->cut &&
	    text_walk_span(&p->walk, m->text, post->text, occ->from, occ->to,
		&s->start, &s->end))
		return true;
	matcher_map(m); /* collecting may have left the title's map */
	return text_span(m->text, occ->from, occ->to, &s->start, &s->end);
}

static bool
known_span(struct matcher *m, struct places *p, const struct occ *occ,
    struct span *s)
{
	for (uint32_t i = 0; i < p->count; i++)
		if (p->known[i].from == occ->from &&
		    p->known[i].to == occ->to) {
			*s = p->known[i].span;
			return true;
		}
	if (!span_of(m, p, occ, s))
		return false;
	if (p->count < KNOWN) {
		p->known[p->count].from = occ->from;
		p->known[p->count].to = occ->to;
		p->known[p->count].span.start = s->start;
		p->known[p->count++].span.end = s->end;
	}
	return true;
}

static uint32_t
fill(struct matcher *m, struct places *p, struct occ_list *list,
    struct span *spans)
{
	uint32_t count = 0;

	sort_by_bytes(list);
	for (uint32_t i = 0; i < list->count; i++) {
		struct span s;

		if (!known_span(m, p, &list->items[i], &s))
			continue;
		if (count > 0 && spans[count - 1].end >= s.start) {
			if (s.end > spans[count - 1].end)
				spans[count - 1].end = s.end;
		} else if (count < SPANS_MAX) {
			spans[count].start = s.start;
			spans[count++].end = s.end;
		} else {
			break;
		}
	}
	return count;
}

/* So many are put in order by fill() alone. */
#define FEW_PLACES 16u

/* Of what is known to be true; whether somebody had to look for them. */
static bool
places_of(struct matcher *m, uint32_t unit, struct occ_list *out)
{
	uint32_t match = m->rs->units[unit].match;
	bool met;

	if (match == NODE_NONE)
		return false;
	met = matcher_met(m, unit, out);
	if (!met)
		collect(m, match, out);
	if (out->count > FEW_PLACES)
		matcher_occ_sort(out);
	return !met;
}

/* A rule that only joins a brand and a topic has the places of both. */
static void
places_of_hit(
    struct matcher *m, const struct hit *hit, struct occ_list *out)
{
	uint32_t unit = ruleset_hit_unit(m->rs, hit);

	m->brand = hit->kind == HIT_RULE ? hit->brand : RULES_NONE;
	if (places_of(m, unit, out) && hit->kind == HIT_BRAND)
		keep_brand(m, hit->index, out);
	if (m->rs->units[unit].match != NODE_NONE)
		return;
	m->brand = RULES_NONE;
	if (hit->brand != RULES_NONE)
		places_of(m, hit->brand, out);
	if (hit->topic != RULES_NONE)
		places_of(m, unit_of_topic(m->rs, hit->topic), out);
}

void
spans_fill(struct matcher *m)
{
	struct places p;
	uint32_t need = m->hits.count * SPANS_MAX;

	if (need > m->spans_room) {
		m->spans_room = need + need / 2;
		m->spans =
		    must_grow(m->spans, sizeof(*m->spans) * m->spans_room);
	}
	p.walk = (struct text_walk){0};
	p.count = 0;
	for (uint32_t i = 0; i < m->hits.count; i++) {
		struct hit *hit = &m->hits.items[i];
		struct span *spans = m->spans + (size_t)i * SPANS_MAX;
		struct occ_list list = matcher_occs(m);

		places_of_hit(m, hit, &list);
		hit->spans_count = (uint8_t)fill(m, &p, &list, spans);
		hit->spans = spans;
		m->frames_used = 0;
	}
}
