/*
 * Warnings for units that no literal lets the prefilter skip.
 *
 * Thread: one at a time, off the loop.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_SLOW_H
#define RULES_SLOW_H

#include "rules/ast.h"
#include "rules/ruleset.h"

/** slow_warn(rs, decls, diag): one warning, with the cost measured here, for
 * each unit that runs on every post. */
void slow_warn(
    const struct ruleset *rs, const struct decls *decls, struct diag *diag);

#endif
