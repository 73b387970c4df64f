/*
 * What `vigie match` prints of a post: one JSON line, keys in a fixed order.
 *
 * Thread: any; a worker calls it.  Allocates only when ${out} grows.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_EMIT_H
#define ENGINE_EMIT_H

#include "engine/base/buf.h"
#include "rules/rules.h"

/** emit_match(out, rs, post, verdict): {"id","score","matches":[..]} and a
 * newline; hits in the verdict's order. */
void emit_match(struct buf *out, const struct ruleset *rs,
    const struct post *post, const struct verdict *verdict);

/** emit_milli(out, v): v / 1000 with no more decimals than it needs. */
void emit_milli(struct buf *out, int64_t v);

/** emit_id(out, post): the id as a JSON string; of a post without one, 16 hex
 * digits made of its source, author, time and text. */
void emit_id(struct buf *out, const struct post *post);

#endif
