/*
 * Labels in queries: each names an entry, and none hangs on itself.
 *
 * An entry hangs on what its labels name, a rule also on its topic and on the
 * brands that it is for.  Brands, topics, rules and sectors are numbered
 * through as nodes of one graph.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/buf.h"
#include "engine/base/limits.h"
#include "engine/base/suggest.h"
#include "rules/condition.h"
#include "rules/cycle.h"
#include "rules/files.h"

static const char *const kinds[] = {
    [LABEL_BRAND] = "brand",
    [LABEL_SECTOR] = "sector",
    [LABEL_TOPIC] = "topic",
    [LABEL_RULE] = "rule",
};

struct labels {
	struct files *f;
	struct cycle graph;
	uint32_t owner; /* node of the entry that is walked */
};

static uint32_t
node_of(const struct decls *d, enum label_kind what, uint32_t index)
{
	switch (what) {
	case LABEL_BRAND:
		return index;
	case LABEL_TOPIC:
		return d->brands_count + index;
	case LABEL_RULE:
		return d->brands_count + d->topics_count + index;
	default:
		return d->brands_count + d->topics_count + d->rules_count +
		       index;
	}
}

/* The kind and index of node ${node}. */
static enum label_kind
kind_of(const struct decls *d, uint32_t node, uint32_t *index)
{
	const uint32_t counts[] = {
	    d->brands_count, d->topics_count, d->rules_count};
	static const enum label_kind order[] = {
	    LABEL_BRAND, LABEL_TOPIC, LABEL_RULE, LABEL_SECTOR};
	unsigned k = 0;

	while (k < 3 && node >= counts[k])
		node -= counts[k++];
	*index = node;
	return order[k];
}

static struct slice
id_of(const struct decls *d, enum label_kind what, uint32_t i)
{
	return what == LABEL_BRAND   ? d->brands[i].d.id
	       : what == LABEL_TOPIC ? d->topics[i].d.id
	       : what == LABEL_RULE  ? d->rules[i].d.id
				     : d->sectors[i].id;
}

static uint32_t
count_of(const struct decls *d, enum label_kind what)
{
	return what == LABEL_BRAND   ? d->brands_count
	       : what == LABEL_TOPIC ? d->topics_count
	       : what == LABEL_RULE  ? d->rules_count
				     : d->sectors_count;
}

static void
unknown(struct labels *l, const struct node *node)
{
	const struct decls *d = l->f->decls;
	enum label_kind what = node->label.what;
	struct suggest s;
	struct buf help = {0};
	static const char *const codes[] = {
	    [LABEL_BRAND] = "unknown-brand",
	    [LABEL_SECTOR] = "unknown-sector",
	    [LABEL_TOPIC] = "unknown-topic",
	    [LABEL_RULE] = "unknown-rule",
	};
	char known[16];

	suggest_start(&s, node->label.id);
	for (uint32_t i = 0; i < count_of(d, what); i++)
		suggest_offer(&s, id_of(d, what, i));
	snprintf(known, sizeof(known), "%ss", kinds[what]);
	suggest_say(&s, known, &help);
	diag_add(l->f->diag, DIAG_ERROR, node->place, codes[what], help.data,
	    "unknown %s '%.*s'", kinds[what], SLICE_ARG(node->label.id));
	buf_fini(&help);
}

/* A condition fires on no post, so no post can be asked about it. */
static void
lasting(struct labels *l, const struct node *node)
{
	diag_add(l->f->diag, DIAG_ERROR, node->place, "condition-label",
	    "put the query that it counts into a rule of its own, and name "
	    "that one here and in count()",
	    "'%.*s' is a condition over time: it is not true of a post",
	    SLICE_ARG(node->label.id));
}

static void
walk(struct labels *l, struct node *node)
{
	const struct files *f = l->f;
	const struct files_id *id;
	bool lasts;

	if (node == NULL)
		return;
	if (node->kind == NODE_LABEL) {
		id = files_ids_find(
		    node->label.what == LABEL_BRAND    ? &f->brands
		    : node->label.what == LABEL_SECTOR ? &f->sectors
		    : node->label.what == LABEL_TOPIC  ? &f->topics
						       : &f->rules,
		    node->label.id);
		lasts = id != NULL && node->label.what == LABEL_RULE &&
			f->decls->rules[id->index].is_term;
		if (id == NULL && !node->label.told)
			unknown(l, node);
		else if (lasts && !node->label.told)
			lasting(l, node);
		node->label.told = id == NULL || lasts; /* macros are shared */
		if (!node->label.told)
			cycle_add(&l->graph, l->owner,
			    node_of(f->decls, node->label.what, id->index));
		return;
	}
	if (ast_is_group(node) && node->group.list.len == 0 &&
	    (node->kind != NODE_MACRO || node->group.macro->labels))
		for (uint32_t i = 0; i < node->group.count; i++)
			walk(l, node->group.items[i]);
}

static void
walk_decl(struct labels *l, const struct decl *d, uint32_t node)
{
	l->owner = node;
	walk(l, d->match);
	walk(l, d->not);
}

static void
walk_rule(struct labels *l, uint32_t i)
{
	const struct decls *d = l->f->decls;
	const struct rule_decl *r = &d->rules[i];
	uint32_t node = node_of(d, LABEL_RULE, i);

	walk_decl(l, &r->d, node);
	if (r->topic != RULES_NONE)
		cycle_add(&l->graph, node, node_of(d, LABEL_TOPIC, r->topic));
	for (uint32_t k = 0; k < r->brands_count; k++)
		cycle_add(
		    &l->graph, node, node_of(d, LABEL_BRAND, r->brands[k]));
	for (uint32_t s = 0; r->every_brand && s < d->sectors_count; s++)
		if (r->d.sector == RULES_NONE || r->d.sector == s)
			cycle_add(
			    &l->graph, node, node_of(d, LABEL_SECTOR, s));
}

/* The queries of a condition, which are rules of their own later. */
static void
walk_terms(struct labels *l, const struct condition_decl *c)
{
	l->owner = node_of(l->f->decls, LABEL_RULE, c->rule);
	for (uint32_t i = 0; i < c->terms_count; i++)
		walk(l, c->terms[i].query);
}

static const struct decl *
decl_of(const struct decls *d, enum label_kind what, uint32_t i)
{
	return what == LABEL_BRAND   ? &d->brands[i].d
	       : what == LABEL_TOPIC ? &d->topics[i].d
				     : &d->rules[i].d;
}

/* The path as "rule a > topic b > rule a", at its first entry. */
static void
tell(struct labels *l, const char *code, const char *help, const char *what)
{
	const struct decls *d = l->f->decls;
	struct buf text = {0};
	struct place place = {0};
	uint32_t index;

	for (uint32_t i = 0; i < l->graph.path_count; i++) {
		enum label_kind kind = kind_of(d, l->graph.path[i], &index);

		if (i == 12) {
			buf_text(&text, " > ...");
			break;
		}
		if (place.line == 0 && kind != LABEL_SECTOR)
			place = decl_of(d, kind, index)->place;
		buf_printf(&text, "%s%s %.*s", i > 0 ? " > " : "", kinds[kind],
		    SLICE_ARG(id_of(d, kind, index)));
	}
	diag_add(l->f->diag, DIAG_ERROR, place, code, help, "%s: %.*s", what,
	    SLICE_ARG(buf_slice(&text)));
	buf_fini(&text);
}

void
files_label_check(struct files *f)
{
	const struct decls *d = f->decls;
	struct labels l = {.f = f};

	if (!f->scope->labels)
		return;
	l.graph.nodes = node_of(d, LABEL_SECTOR, d->sectors_count);
	for (uint32_t i = 0; i < d->brands_count; i++) {
		walk_decl(&l, &d->brands[i].d, node_of(d, LABEL_BRAND, i));
		cycle_add(&l.graph,
		    node_of(d, LABEL_SECTOR, d->brands[i].d.sector),
		    node_of(d, LABEL_BRAND, i));
	}
	for (uint32_t i = 0; i < d->topics_count; i++)
		walk_decl(&l, &d->topics[i].d, node_of(d, LABEL_TOPIC, i));
	for (uint32_t i = 0; i < d->rules_count; i++)
		walk_rule(&l, i);
	for (uint32_t i = 0; i < d->conditions_count; i++)
		walk_terms(&l, &d->conditions[i]);
	if (cycle_find(&l.graph))
		tell(&l, "cycle", "take a label out of one of them",
		    "entries that hang on themselves");
	else if (l.graph.path_count > LABEL_DEPTH_MAX)
		tell(&l, "label-depth", "name the last ones directly",
		    "too many entries hang on each other");
	cycle_fini(&l.graph);
}
