/*
 * The regexes of sets that are loaded, to be looked up by pattern and options
 * while another set is compiled: what did not change keeps its code.
 *
 * Thread: the one that compiles; the sets are read by workers meanwhile, and
 * whoever asked for the compilation holds them.
 * Owns: its table; borrows the sets.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_REGEX_KNOWN_H
#define RULES_REGEX_KNOWN_H

#include "rules/regex.h"
#include "rules/rules.h"

struct regex_known;

/** regex_known_new(sets, count): NULL when they have no regex. */
struct regex_known *regex_known_new(
    const struct ruleset *const *sets, size_t count);
void regex_known_free(struct regex_known *known);

/** regex_known_take(known, r): give ${r} the code of one that has the same
 * pattern and options; false: there is none.  ${known} may be NULL. */
bool regex_known_take(const struct regex_known *known, struct regex *r);

#endif
