/*
 * What cannot be true: a part beside its own exclusion, two fields of which a
 * post has one, a rule for a brand or topic that takes back what it asks for.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "rules/check.h"

/* Who asks for a part, or excludes it. */
enum claimant { OF_ENTRY, OF_TOPIC, OF_BRAND };

struct claim {
	const struct node *node;
	enum claimant who;
};

struct claims {
	struct claim *items;
	uint32_t count, room;
};

/* All that has to hold for one entry. */
struct case_of {
	struct claims wanted, excluded;
	const struct decl *topic, *brand; /* or NULL */
	struct node topic_label, brand_label;
};

static void
push(struct claims *claims, const struct node *node, enum claimant who)
{
	if (claims->count == claims->room) {
		claims->room = claims->room * 2 + 8;
		claims->items = must_grow(
		    claims->items, claims->room * sizeof(*claims->items));
	}
	claims->items[claims->count++] = (struct claim){node, who};
}

static void
push_query(struct case_of *of, const struct node *query, enum claimant who)
{
	if (query == NULL)
		return;
	if (query->kind == NODE_AND) {
		for (uint32_t i = 0; i < query->group.count; i++)
			push_query(of, query->group.items[i], who);
	} else if (query->kind == NODE_NOT) {
		push(&of->excluded, query->group.items[0], who);
	} else {
		push(&of->wanted, query, who);
	}
}

static void
push_decl(struct case_of *of, const struct decl *d, enum claimant who)
{
	push_query(of, d->match, who);
	if (d->not != NULL)
		push(&of->excluded, d->not, who);
}

/* The parts of what is excluded, which many rules share. */
static const struct check_parts *
parts_of(struct check *c, const struct node *node)
{
	uint64_t at = check_key_bytes(&node, sizeof(node), 0);
	struct check_parts *parts =
	    (struct check_parts *)(uintptr_t)check_set_find(&c->nots, at);

	if (parts == NULL) {
		parts = must_alloc(sizeof(*parts));
		check_parts(c, node, NODE_OR, parts);
		check_set_add(&c->nots, at, parts);
	}
	return parts;
}

/* ---- two fields ------------------------------------------------------- */

static bool
lang_fits(struct slice a, struct slice b)
{
	size_t least = a.len < b.len ? a.len : b.len;

	return !memcmp(a.data, b.data, least) &&
	       (a.len == b.len ||
		   (a.len < b.len ? b.data[least] : a.data[least]) == '-');
}

static bool
values_meet(const struct field *a, const struct field *b)
{
	if (a->plain != a->count || b->plain != b->count)
		return true; /* a '*' may be anything */
	for (uint32_t i = 0; i < a->count; i++)
		for (uint32_t k = 0; k < b->count; k++)
			if (field_type(a->id) == FIELD_TYPE_LANG
				? lang_fits(a->values[i], b->values[k])
				: slice_equal(a->values[i], b->values[k]))
				return true;
	return false;
}

/* So many values of each at most are compared. */
#define VALUES_MAX 64u

/* Whether one post can have both.  An account has a handle and an id, a post
 * several links: only what it has one of is judged. */
static bool
fields_meet(const struct field *a, const struct field *b)
{
	if (a->id != b->id || a->count > VALUES_MAX || b->count > VALUES_MAX)
		return true;
	switch (field_type(a->id)) {
	case FIELD_TYPE_NUMBER:
		return a->low <= b->high && b->low <= a->high;
	case FIELD_TYPE_KIND:
		return (a->low & b->low) != 0;
	case FIELD_TYPE_LANG:
	case FIELD_TYPE_COUNTRY:
	case FIELD_TYPE_TEXT:
		return values_meet(a, b);
	default:
		return true;
	}
}

/* ---- one case --------------------------------------------------------- */

struct clash {
	const struct claim *wanted, *other;
	bool fields; /* two that no post has both of; else it is excluded */
};

static bool
find_clash(struct check *c, const struct case_of *of, struct clash *out)
{
	for (uint32_t i = 0; i < of->excluded.count; i++) {
		const struct claim *no = &of->excluded.items[i];
		const struct check_parts *any = parts_of(c, no->node);

		for (uint32_t k = 0; k < of->wanted.count; k++) {
			const struct claim *yes = &of->wanted.items[k];

			/* A topic's or brand's own is told there. */
			if (yes->who == no->who && yes->who != OF_ENTRY)
				continue;
			if (!check_implies(c, yes->node, any))
				continue;
			*out = (struct clash){yes, no, false};
			return true;
		}
	}
	for (uint32_t i = 0; i < of->wanted.count; i++) {
		const struct claim *a = &of->wanted.items[i];

		for (uint32_t k = i + 1;
		     a->node->kind == NODE_FIELD && k < of->wanted.count;
		     k++) {
			const struct claim *b = &of->wanted.items[k];

			if (b->node->kind != NODE_FIELD ||
			    (a->who == b->who && a->who != OF_ENTRY) ||
			    fields_meet(a->node->field, b->node->field))
				continue;
			*out = (struct clash){a, b, true};
			return true;
		}
	}
	return false;
}

static void
case_fini(struct case_of *of)
{
	free(of->wanted.items);
	free(of->excluded.items);
}

void
check_never(struct check *c, const struct check_parts *parts)
{
	struct case_of of = {0};
	struct clash clash;

	for (uint32_t i = 0; i < parts->count; i++)
		push_query(&of, parts->items[i], OF_ENTRY);
	if (of.excluded.count + of.wanted.count > 1 &&
	    find_clash(c, &of, &clash))
		check_tell(c, clash.wanted->node, "never",
		    "these parts exclude each other: take one out, or write "
		    "OR between alternatives",
		    "this can never be true: ", clash.wanted->node,
		    clash.fields ? " and " : " is excluded beside it",
		    clash.fields ? clash.other->node : NULL);
	case_fini(&of);
}

/* ---- entries ------------------------------------------------------- */

static const char *
say_who(enum claimant who, const struct decl **d, const struct case_of *of)
{
	*d = who == OF_TOPIC ? of->topic : of->brand;
	return who == OF_TOPIC ? "topic" : "brand";
}

static void
tell_entry(struct check *c, const struct case_of *of, const struct decl *d,
    const char *what, const struct clash *clash)
{
	const struct claim *yes = clash->wanted, *no = clash->other;
	const struct claim *far = yes->who != OF_ENTRY ? yes : no;
	struct place place =
	    yes->who == OF_ENTRY ? yes->node->place : d->place;
	const struct decl *by;
	const char *kind;

	if (check_set_add(&c->told,
		check_key_bytes(&d, sizeof(d), 0), d) != NULL)
		return;
	if (far->who == OF_ENTRY) {
		diag_add(c->diag, DIAG_WARNING, place, "never",
		    "narrow not:, or take words out of it",
		    "the %s '%.*s' can never match: its not: takes back all "
		    "that it asks for",
		    what, SLICE_ARG(d->id));
		return;
	}
	kind = say_who(far->who, &by, of);
	diag_add(c->diag, DIAG_WARNING, place, "never",
	    "a rule needs all of it: its words, its topic: and its brand:",
	    "the %s '%.*s' can never match: it and its %s '%.*s' exclude "
	    "each other",
	    what, SLICE_ARG(d->id), kind, SLICE_ARG(by->id));
}

static void
check_entry(struct check *c, const struct decl *d, const char *what)
{
	struct case_of of = {0};
	struct clash clash;

	if (d->disabled || d->not == NULL || d->match == NULL)
		return;
	push(&of.excluded, d->not, OF_ENTRY);
	/* What stands within match: is told there. */
	if (d->match->kind == NODE_AND) {
		for (uint32_t i = 0; i < d->match->group.count; i++)
			if (d->match->group.items[i]->kind != NODE_NOT)
				push(&of.wanted, d->match->group.items[i],
				    OF_ENTRY);
	} else {
		push(&of.wanted, d->match, OF_ENTRY);
	}
	/* Fields of one query are told of with it. */
	for (uint32_t i = 0; i < of.wanted.count; i++)
		if (check_implies(c, of.wanted.items[i].node,
			parts_of(c, d->not))) {
			clash = (struct clash){&of.wanted.items[i],
			    &of.excluded.items[0], false};
			tell_entry(c, &of, d, what, &clash);
			break;
		}
	case_fini(&of);
}

static void
push_label(struct case_of *of, struct node *label, enum label_kind what,
    const struct decl *d, enum claimant who)
{
	*label = (struct node){.kind = NODE_LABEL,
	    .place = d->place,
	    .label = {what, d->id}};
	push(&of->wanted, label, who);
}

/* With its topic, and with one of its brands. */
static void
check_rule(
    struct check *c, const struct rule_decl *r, const struct decl *brand)
{
	struct case_of of = {.brand = brand};
	struct clash clash;

	push_decl(&of, &r->d, OF_ENTRY);
	if (r->topic != RULES_NONE) {
		of.topic = &c->decls->topics[r->topic].d;
		push_decl(&of, of.topic, OF_TOPIC);
		push_label(
		    &of, &of.topic_label, LABEL_TOPIC, of.topic, OF_TOPIC);
	}
	if (brand != NULL) {
		push_decl(&of, brand, OF_BRAND);
		push_label(&of, &of.brand_label, LABEL_BRAND, brand, OF_BRAND);
	}
	if (find_clash(c, &of, &clash) &&
	    (clash.wanted->who != OF_ENTRY || clash.other->who != OF_ENTRY))
		tell_entry(c, &of, &r->d, "rule", &clash);
	case_fini(&of);
}

void
check_never_entries(struct check *c)
{
	const struct decls *d = c->decls;

	for (uint32_t i = 0; i < d->brands_count; i++)
		check_entry(c, &d->brands[i].d, "brand");
	for (uint32_t i = 0; i < d->topics_count; i++)
		check_entry(c, &d->topics[i].d, "topic");
	for (uint32_t i = 0; i < d->rules_count; i++) {
		const struct rule_decl *r = &d->rules[i];

		if (r->d.disabled)
			continue;
		check_entry(c, &r->d, "rule");
		/* One that has others left still has a use. */
		if (r->brands_count == 1 &&
		    !d->brands[r->brands[0]].d.disabled)
			check_rule(c, r, &d->brands[r->brands[0]].d);
		else if (r->topic != RULES_NONE &&
			 !d->topics[r->topic].d.disabled)
			check_rule(c, r, NULL);
	}
}
