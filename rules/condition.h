/*
 * Conditions over time in a rule's when:
 *
 *	count(brand AND recall*) in 15m >= 3x norm
 *	    AND authors(brand) in 1h >= 20
 *
 * Grammar (condition.c); a query within the parentheses is query.c's:
 *	cond  = one { (AND | OR) one }        AND and OR never mixed
 *	one   = NOT one | "(" cond ")" | term
 *	term  = (count | authors) "(" query ")" in N(m|h) (>= > <= <) value
 *	value = number | number "x norm"      of count alone
 * Each query becomes a hidden rule "id#1", "id#2" ..., matched by workers like
 * all others and told of in verdict.terms.
 * Thread: one at a time.  Owns: nothing; all in the arena of the scope.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_CONDITION_H
#define RULES_CONDITION_H

#include "rules/query.h"

struct condition_term {
	struct node *query;
	struct rules_term term; /* rule: not yet known */
};

struct condition_decl {
	struct slice id;
	uint32_t rule; /* whose when it was */
	struct slice text, name_fr, name_en;
	struct condition_term *terms;
	uint32_t terms_count;
	uint8_t *steps;
	uint32_t steps_count;
};

/** condition_is(text): whether there is a count( or authors( in a query. */
bool condition_is(struct slice text);

/** condition_parse(c, at, scope): fill ${c} from the scalar ${at}; false
 * after at least one located error. */
bool condition_parse(struct condition_decl *c, const struct yaml *at,
    struct query_scope *scope);

#endif
