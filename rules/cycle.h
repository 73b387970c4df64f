/*
 * Who hangs on whom, and whether anyone hangs on itself.
 *
 * Edges are added in any order, then asked about once; the answer does not
 * depend on anything but the order of the nodes and of the edges.
 * Thread: one at a time.  Owns: its arrays, until cycle_fini.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_CYCLE_H
#define RULES_CYCLE_H

#include <stdbool.h>
#include <stdint.h>

struct cycle {
	struct cycle_edge {
		uint32_t from, to;
	} *edges;
	uint32_t nodes, edges_count, edges_room;
	/* after cycle_find: the nodes of a cycle, the first one again last;
	 * or of the longest chain */
	uint32_t *path, path_count;
};

/** cycle_add(c, from, to): ${from} hangs on ${to}. */
void cycle_add(struct cycle *c, uint32_t from, uint32_t to);

/** cycle_find(c): true: c->path is a cycle; else the longest chain. */
bool cycle_find(struct cycle *c);

void cycle_fini(struct cycle *c);

#endif
