/*
 * One playbook or statement from its YAML.  For playbooks.c alone.
 *
 * Thread: start and reload.  Owns: nothing; texts go to the arena.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_PLAYBOOKS_READ_H
#define ENGINE_PLAYBOOKS_READ_H

#include "engine/organisation/playbooks.h"

/** playbooks_read_one(arena, p, node, diag): fill ${p}; what is wrong is in
 * ${diag}, and ${p} can be used for further checks. */
void playbooks_read_one(struct arena *arena, struct playbook *p,
    const struct yaml *node, struct diag *diag);

/** playbooks_read_statement(arena, s, node, diag): likewise; its id stays NULL
 * when there is none to know it by. */
void playbooks_read_statement(struct arena *arena,
    struct playbook_statement *s, const struct yaml *node, struct diag *diag);

/** playbooks_read_common(p, node, diag): what holds for all playbooks, added
 * to that of other files. */
void playbooks_read_common(struct playbooks *p, const struct yaml *node,
    struct diag *diag);

#endif
