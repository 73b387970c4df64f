/*
 * Which teams get a message, which one of them owns it, and who stands in.
 *
 * By event time, never by the clock: the same alert has the same owner in a
 * replay months later.
 * Thread: the loop.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_ROUTE_H
#define ENGINE_ROUTE_H

#include "engine/alert.h"
#include "engine/organisation/organisation.h"

/**
 * route_owner(o, alert): set teams, channels and owner of ${alert}, and with
 * a model its route.  Everything is copied: ${o} may go before ${alert} does.
 *
 * Without a model a team gets it if its brands or sectors hold it and
 * max(level, previous_level) is at least its min_level; the owner is the
 * first of them, by id, that names the brand; else that names the sector;
 * else the first.
 *
 * With a model the owner is the first of the chain (route_chain.h) that is on
 * duty at minute_ms; when nobody is, the first that is promised; NULL only
 * when nobody may own it at all.  Teams in shadow get it on the channel
 * "shadow:" and their own.
 */
void route_owner(const struct organisation *o, struct alert *alert);

#endif
