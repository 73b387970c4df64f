/*
 * Rules whose when: is a condition over time.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/buf.h"
#include "engine/base/must.h"
#include "rules/condition.h"
#include "rules/files.h"

bool
files_condition_is(const struct yaml *node)
{
	const struct yaml *when = yaml_get(node, "when");

	return when != NULL && !when->broken && when->kind == YAML_SCALAR &&
	    condition_is(when->text);
}

static struct condition_decl *
add(struct decls *d)
{
	uint32_t n = d->conditions_count++;
	struct condition_decl *all;

	if ((n & (n + 1)) == 0) { /* grow at 0, 1, 3, 7, ... */
		all = arena_alloc(d->arena, (n * 2ul + 1) * sizeof(*all));
		if (n > 0)
			memcpy(all, d->conditions, n * sizeof(*all));
		d->conditions = all;
	}
	memset(&d->conditions[n], 0, sizeof(*all));
	return &d->conditions[n];
}

static void
name(struct files *f, struct condition_decl *c, const struct yaml *node)
{
	static const char *const keys[] = {"fr", "en", NULL};

	c->name_fr = c->name_en = c->id;
	if (node == NULL || node->broken)
		return;
	if (node->kind == YAML_SCALAR) {
		if (files_value_text(f, node, &c->name_fr))
			c->name_en = c->name_fr;
	} else if (files_value_keys(f, node, "a name", keys)) {
		const struct yaml *fr = yaml_get(node, "fr");
		const struct yaml *en = yaml_get(node, "en");

		if (en != NULL && files_value_text(f, en, &c->name_en))
			c->name_fr = c->name_en;
		if (fr != NULL && files_value_text(f, fr, &c->name_fr) &&
		    en == NULL)
			c->name_en = c->name_fr;
	}
}

void
files_condition(struct files *f, uint32_t index, const struct yaml *node,
    const char *brand_help)
{
	struct rule_decl *r = &f->decls->rules[index];
	const struct yaml *when = files_value_scalar(f,
	    yaml_get(node, "when"));
	const struct yaml *weight = yaml_get(node, "weight");
	struct condition_decl *c;

	if (weight != NULL)
		files_value_error(f, weight, "condition-weight",
		    "delete it, and put the words into a rule of their own if "
		    "they do harm",
		    "a condition raises an alert and weighs nothing");
	if (r->d.sector == RULES_NONE && brand_help != NULL)
		files_value_error(f, node, "condition-sector",
		    "write brand: '*', or put it into a file with sector:",
		    "whom is this condition about?");
	if (when == NULL)
		return;
	c = add(f->decls);
	c->id = r->d.id;
	c->rule = index;
	r->is_term = true; /* its first, see files_conditions_end */
	name(f, c, yaml_get(node, "name"));
	files_local_scope(f, &r->d, when);
	f->scope->brand_allowed = brand_help == NULL;
	f->scope->brand_help = brand_help;
	condition_parse(c, when, f->scope);
	r->d.not = files_value_query(f, node, "not", brand_help);
}

static int
order(const void *a, const void *b)
{
	const struct condition_decl *x = a, *y = b;

	return slice_order(x->id, y->id);
}

/* Rule ${r} as term ${i} of condition ${index}. */
static void
make_term(struct files *f, struct rule_decl *r, uint32_t index, uint32_t i)
{
	const struct condition_decl *c = &f->decls->conditions[index];
	struct arena *arena = f->decls->arena;
	struct buf id = {0};
	uint32_t *brands;

	buf_printf(&id, "%.*s#%u", SLICE_ARG(c->id), i + 1);
	r->d.id = arena_text(arena, buf_slice(&id));
	buf_fini(&id);
	r->d.match = c->terms[i].query;
	r->condition = index;
	r->term = i;
	if (i == 0)
		return;
	r->d.examples_count = 0; /* the first term has them */
	if (r->brands_count == 0)
		return;
	brands = arena_alloc(arena, r->brands_count * sizeof(*brands));
	memcpy(brands, r->brands, r->brands_count * sizeof(*brands));
	r->brands = brands;
}

void
files_conditions_end(struct files *f)
{
	struct decls *d = f->decls;

	if (d->conditions_count > 1)
		qsort(d->conditions, d->conditions_count,
		    sizeof(*d->conditions), order);
	for (uint32_t i = 0; i < d->conditions_count; i++) {
		const struct condition_decl *c = &d->conditions[i];

		if (c->terms_count > 1)
			d->rules = must_grow(d->rules, (d->rules_count +
			    c->terms_count - 1ul) * sizeof(*d->rules));
		for (uint32_t k = 1; k < c->terms_count; k++) {
			d->rules[d->rules_count] = d->rules[c->rule];
			make_term(f, &d->rules[d->rules_count++], i, k);
		}
		if (c->terms_count > 0)
			make_term(f, &d->rules[c->rule], i, 0);
	}
}
