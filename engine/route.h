/*
 * Which teams get a message, and which one of them owns it (CONTRACT 9).
 *
 * Thread: the loop.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_ROUTE_H
#define ENGINE_ROUTE_H

#include "engine/alert.h"
#include "engine/organisation.h"

/**
 * route_owner(o, alert): set teams, channels and owner of ${alert}.  A team
 * gets it if its brands or sectors hold it and max(level, previous_level) is
 * at least its min_level.  The owner is the first of them, by id, that names
 * the brand; else that names the sector; else the first.  Everything is
 * copied: ${o} may go before ${alert} does.
 */
void route_owner(const struct organisation *o, struct alert *alert);

#endif
