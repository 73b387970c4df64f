/*
 * nomarketing: of vigie.yaml.
 *
 * Thread: start only.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_NOMARKETING_READ_H
#define ENGINE_NOMARKETING_READ_H

#include "engine/lifecycle/nomarketing.h"
#include "engine/settings.h"

/** nomarketing_read(settings, node, pseudonyms, arena, diag): the map ${node};
 * ${pseudonyms} is the value of key:, or NULL.  Errors go to ${diag}. */
void nomarketing_read(struct nomarketing_settings *settings,
    const struct yaml *node, const struct yaml *pseudonyms,
    struct arena *arena, struct diag *diag);

#endif
