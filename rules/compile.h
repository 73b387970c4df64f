/*
 * Declarations to what a set holds: the parts that a patch uses as well.
 *
 * Thread: one at a time.  Owns: nothing; texts go to what sets share.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_COMPILE_H
#define RULES_COMPILE_H

#include "rules/ast.h"
#include "rules/builder.h"

/** compile_brand, _topic, _rule(rs, to, decl): what people see of one. */
void compile_brand(struct ruleset *rs, struct rules_brand *to,
    const struct brand_decl *from);
void compile_topic(
    struct ruleset *rs, struct rules_topic *to, const struct topic_decl *t);
void compile_rule(
    struct ruleset *rs, struct rules_rule *to, const struct rule_decl *r);

/** compile_names(rs, decls): all of them, sectors, groups, conditions and
 * relays. */
void compile_names(struct ruleset *rs, const struct decls *decls);

/** compile_program(b, rs, from): nodes, tokens, fields and regexes of ${b}
 * into ${rs}; the texts of what ${from}, or NULL, has are shared already. */
void compile_program(
    struct builder *b, struct ruleset *rs, const struct ruleset *from);

#endif
