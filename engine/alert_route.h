/*
 * The members of an alert that only an organisation with a model has.
 *
 * Thread: the loop.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_ALERT_ROUTE_H
#define ENGINE_ALERT_ROUTE_H

#include "engine/alert.h"

/** alert_route_encode(a, out): append ",\"deputy\":..." to "department"; and
 * nothing when a->route is NULL. */
void alert_route_encode(const struct alert *a, struct buf *out);

#endif
