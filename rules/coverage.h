/*
 * Which entries, alternatives and list entries some post has hit.
 *
 * Alternatives are judged in the whole of a post that their entry matches,
 * also those that stand in title: or SENTENCE.
 * Thread: one at a time.  Owns: copies of all that it tells.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_COVERAGE_H
#define RULES_COVERAGE_H

#include "rules/builder.h"

/** coverage_take(c, b): note every part of the queries of ${b}, all of whose
 * nodes are made. */
void coverage_take(struct rules_coverage *c, struct builder *b);

/** coverage_examples(c, rs, decls): the set is made; hit what its examples
 * hit. */
void coverage_examples(struct rules_coverage *c, const struct ruleset *rs,
    const struct decls *decls);

#endif
