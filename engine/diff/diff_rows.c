/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/must.h"
#include "engine/diff/diff.h"

/* An entry of one set, before both are sorted into one table. */
struct entry {
	const char *name;
	enum hit_kind kind;
	enum diff_side side;
	uint32_t index;
};

static uint32_t
count_of(const struct ruleset *rs, enum hit_kind kind)
{
	if (kind == HIT_RULE)
		return ruleset_rules(rs);
	return kind == HIT_BRAND ? ruleset_brands(rs) : ruleset_topics(rs);
}

static int
by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = (int)x->kind - (int)y->kind;

	if (order == 0)
		order = strcmp(x->name, y->name);
	return order != 0 ? order : (int)x->side - (int)y->side;
}

static void
free_examples(struct diff_example *examples, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		buf_fini(&examples[i].id);
		buf_fini(&examples[i].text);
		free(examples[i].spans);
	}
	free(examples);
}

static void
add_all(struct diff_rows *r, struct entry *entries, size_t *n,
    const struct ruleset *rs, enum diff_side side)
{
	struct buf name = {0};

	for (int kind = HIT_RULE; kind <= HIT_TOPIC; kind++) {
		uint32_t count = count_of(rs, (enum hit_kind)kind);

		r->of[side][kind] = arena_alloc(
		    r->arena, (count + 1) * sizeof(*r->of[side][kind]));
		for (uint32_t i = 0; i < count; i++) {
			struct hit hit = {.kind = (enum hit_kind)kind,
			    .index = i};

			buf_clear(&name);
			rules_name(rs, &hit, &name);
			entries[(*n)++] = (struct entry){
			    arena_text(r->arena, buf_slice(&name)).data,
			    hit.kind, side, i};
		}
	}
	buf_fini(&name);
}

void
diff_rows_start(
    struct diff_rows *r, const struct ruleset *const rules[DIFF_SIDES])
{
	struct entry *entries;
	size_t n = 0, total = 0;

	for (int side = 0; side < DIFF_SIDES; side++)
		for (int kind = HIT_RULE; kind <= HIT_TOPIC; kind++)
			total += count_of(rules[side], (enum hit_kind)kind);
	r->arena = arena_new();
	entries = must_alloc((total + 1) * sizeof(*entries));
	for (int side = 0; side < DIFF_SIDES; side++)
		add_all(r, entries, &n, rules[side], (enum diff_side)side);
	qsort(entries, n, sizeof(*entries), by_name);
	r->rows = must_alloc((total + 1) * sizeof(*r->rows));
	for (size_t i = 0; i < n; i++) {
		const struct entry *e = &entries[i];
		struct diff_row *row;

		if (i == 0 || e->kind != entries[i - 1].kind ||
		    strcmp(e->name, entries[i - 1].name))
			r->count++;
		row = &r->rows[r->count - 1];
		row->name = e->name;
		row->kind = e->kind;
		row->in[e->side] = true;
		r->of[e->side][e->kind][e->index] = r->count - 1;
	}
	free(entries);
}

void
diff_rows_free(struct diff_rows *r)
{
	for (uint32_t i = 0; i < r->count; i++)
		for (int side = 0; side < DIFF_SIDES; side++)
			free_examples(r->rows[i].examples[side],
			    r->rows[i].examples_count[side]);
	free(r->rows);
	arena_free(r->arena);
}

void
diff_start(struct diff *d)
{
	diff_rows_start(&d->rows, d->rules);
	diff_posts_new(d);
	d->alerts.arena = arena_new();
}

void
diff_free(struct diff *d)
{
	diff_rows_free(&d->rows);
	diff_posts_free(d);
	diff_alerts_free(d);
}

bool
diff_differs(const struct diff *d)
{
	if (d->changed[DIFF_OLD] + d->changed[DIFF_NEW] + d->score_up +
		d->score_down + d->alerts.changes_count > 0)
		return true;
	for (uint32_t i = 0; i < d->rows.count; i++)
		for (int side = 0; side < DIFF_SIDES; side++)
			if (d->rows.rows[i].changed[side] > 0)
				return true;
	return false;
}
