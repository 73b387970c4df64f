/*
 * Whose a regex is: the first unit that has it, where it stands; the code of
 * those that nobody has any more is given back.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "rules/patch.h"

/* The entry that ${line} of the file before belongs to. */
static uint32_t
entry_of(const struct patch_file *f, uint32_t line)
{
	uint32_t low = 0, high = f->entries_count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (f->entries[mid].line <= line)
			low = mid + 1;
		else
			high = mid;
	}
	return low - 1;
}

/* Places of what has not changed, which may have moved. */
static void
move(const struct patch *p, struct patch_use *use)
{
	const struct patch_file *f = &p->base->files[use->file];
	uint32_t i;

	if (p->entries[use->file] == NULL)
		return;
	i = entry_of(f, use->line);
	use->line += p->entries[use->file][i].line - f->entries[i].line;
}

/* The file of a changed unit. */
static uint32_t
file_of(const struct patch *p, uint32_t unit)
{
	for (uint32_t i = 0;; i++) {
		const struct patch_change *c;

		REQUIRE(i < p->changes_count);
		c = &p->changes[i];
		if (p->base->files[c->file].entries[c->entry].unit == unit)
			return c->file;
	}
}

static int
by_unit(const void *a, const void *b)
{
	const struct patch_use *x = *(const struct patch_use *const *)a;
	const struct patch_use *y = *(const struct patch_use *const *)b;

	if (x->unit != y->unit)
		return x->unit < y->unit ? -1 : 1;
	return (x > y) - (x < y); /* both of one array */
}

/* All uses by unit: the kept ones, and ${fresh} in between. */
static void
merge(struct patch *p, const struct grow *fresh, const uint8_t *changed)
{
	const struct rules_base *base = p->base;
	const struct patch_use **add =
	    must_alloc(sizeof(struct patch_use *) * (fresh->count + 1ul));
	struct patch_use *out = must_alloc(
	    sizeof(*out) * (base->uses_count + fresh->count + 1ul));
	uint32_t n = 0, k = 0;

	for (uint32_t i = 0; i < fresh->count; i++)
		add[i] = grow_at(fresh, struct patch_use, i);
	qsort(add, fresh->count, sizeof(*add), by_unit);
	for (uint32_t i = 0; i <= base->uses_count; i++) {
		uint32_t unit = i < base->uses_count ? base->uses[i].unit
						     : UINT32_MAX;

		for (; k < fresh->count && add[k]->unit <= unit; k++) {
			out[n] = *add[k];
			out[n].file = file_of(p, out[n].unit);
			n++;
		}
		if (i == base->uses_count || changed[unit])
			continue;
		out[n] = base->uses[i];
		move(p, &out[n++]);
	}
	free(add);
	p->next.uses = out;
	p->next.uses_count = n;
}

static void
set_owner(const struct patch *p, struct ruleset *rs,
    const struct patch_use *use)
{
	struct regex *r = &rs->regexes[use->regex];
	struct slice path = slice_of(p->base->files[use->file].path);

	r->unit = use->unit;
	r->line = use->line;
	if (!slice_equal(r->path, path))
		r->path = arena_text(rs->shared->arena, path);
}

void
patch_owners(struct patch *p, struct ruleset *rs, const struct grow *fresh,
    const uint8_t *changed)
{
	uint32_t *moved = must_alloc(
	    sizeof(*moved) * (rs->regexes_count + 1ul));
	uint32_t left = 0;

	merge(p, fresh, changed);
	for (uint32_t i = 0; i < p->next.uses_count; i++) {
		const struct patch_use *use = &p->next.uses[i];

		if (moved[use->regex]++ == 0)
			set_owner(p, rs, use);
	}
	for (uint32_t i = 0; i < rs->regexes_count; i++) {
		if (moved[i] == 0) {
			regex_free(&rs->regexes[i]);
			rs->regexes_shared -= i < p->old->regexes_count;
			moved[i] = RULES_NONE;
			continue;
		}
		moved[i] = left;
		rs->regexes[left++] = rs->regexes[i];
	}
	rs->regexes_count = left;
	for (uint32_t i = 0; i < rs->nodes_count; i++) {
		struct flat_node *node = &rs->nodes[i];

		if (node->kind != NODE_REGEX)
			continue;
		node->first = moved[node->first];
		if (node->first == RULES_NONE) /* of no query any more */
			*node = (struct flat_node){.kind = NODE_BRAND};
	}
	for (uint32_t i = 0; i < p->next.uses_count; i++)
		p->next.uses[i].regex = moved[p->next.uses[i].regex];
	free(moved);
}
