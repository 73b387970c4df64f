/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/cycle.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/must.h"

void
cycle_add(struct cycle *c, uint32_t from, uint32_t to)
{
	if (c->edges_count == c->edges_room) {
		c->edges_room = c->edges_room * 2 + 64;
		c->edges = must_grow(
		    c->edges, c->edges_room * sizeof(*c->edges));
	}
	c->edges[c->edges_count++] = (struct cycle_edge){from, to};
}

enum { NEW, OPEN, DONE };

/* Edges by their start, each row in the order in which it was added. */
struct rows {
	uint32_t *first, *to, *next; /* next: where a node's walk stands */
	uint32_t *depth, *deepest;   /* longest chain below, and its way */
	uint8_t *state;
};

static struct rows
rows_of(const struct cycle *c)
{
	uint32_t n = c->nodes;
	struct rows r = {
	    .first = must_alloc(sizeof(uint32_t) * (n + 2ul)),
	    .to = must_alloc(sizeof(uint32_t) * (c->edges_count + 1ul)),
	    .next = must_alloc(sizeof(uint32_t) * (n + 1ul)),
	    .depth = must_alloc(sizeof(uint32_t) * (n + 1ul)),
	    .deepest = must_alloc(sizeof(uint32_t) * (n + 1ul)),
	    .state = must_alloc(n + 1ul)};

	for (uint32_t i = 0; i < c->edges_count; i++)
		r.first[c->edges[i].from + 1]++;
	for (uint32_t i = 0; i < n; i++)
		r.first[i + 1] += r.first[i];
	memcpy(r.next, r.first, sizeof(uint32_t) * n);
	for (uint32_t i = 0; i < c->edges_count; i++)
		r.to[r.next[c->edges[i].from]++] = c->edges[i].to;
	memcpy(r.next, r.first, sizeof(uint32_t) * n);
	for (uint32_t i = 0; i < n; i++)
		r.deepest[i] = UINT32_MAX;
	return r;
}

/* From ${start} on, the path of the walk in c->path; true: a cycle. */
static bool
walk(struct cycle *c, struct rows *r, uint32_t start)
{
	c->path[0] = start;
	c->path_count = 1;
	r->state[start] = OPEN;
	while (c->path_count > 0) {
		uint32_t at = c->path[c->path_count - 1], to;

		if (r->next[at] == r->first[at + 1]) {
			r->state[at] = DONE;
			if (--c->path_count == 0)
				break;
			to = at;
			at = c->path[c->path_count - 1];
		} else {
			to = r->to[r->next[at]++];
			if (r->state[to] != DONE)
				c->path[c->path_count++] = to;
			if (r->state[to] == OPEN)
				return true;
			if (r->state[to] == NEW) {
				r->state[to] = OPEN;
				continue;
			}
		}
		if (r->deepest[at] == UINT32_MAX ||
		    r->depth[to] + 1 > r->depth[at]) {
			r->depth[at] = r->depth[to] + 1;
			r->deepest[at] = to;
		}
	}
	return false;
}

static void
cut_to_cycle(struct cycle *c)
{
	uint32_t from = 0, again = c->path[c->path_count - 1];

	while (c->path[from] != again)
		from++;
	c->path_count -= from;
	memmove(c->path, c->path + from, sizeof(*c->path) * c->path_count);
}

bool
cycle_find(struct cycle *c)
{
	struct rows r = rows_of(c);
	uint32_t top = 0;
	bool found = false;

	c->path = must_alloc(sizeof(*c->path) * (c->nodes + 2ul));
	for (uint32_t i = 0; i < c->nodes && !found; i++)
		if (r.state[i] == NEW)
			found = walk(c, &r, i);
	if (found) {
		cut_to_cycle(c);
	} else if (c->nodes > 0) {
		for (uint32_t i = 0; i < c->nodes; i++)
			if (r.depth[i] > r.depth[top])
				top = i;
		for (c->path_count = 0; top != UINT32_MAX; top = r.deepest[top])
			c->path[c->path_count++] = top;
	}
	free(r.first);
	free(r.to);
	free(r.next);
	free(r.depth);
	free(r.deepest);
	free(r.state);
	return found;
}

void
cycle_fini(struct cycle *c)
{
	free(c->edges);
	free(c->path);
	*c = (struct cycle){0};
}
