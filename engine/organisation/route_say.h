/*
 * Why a team owns an alert: a short code and a sentence in two languages.
 *
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_ROUTE_SAY_H
#define ENGINE_ROUTE_SAY_H

#include "engine/base/buf.h"
#include "engine/organisation/route_chain.h"

/**
 * route_say(o, chain, owner, ms, code, fr, en): append why ${owner}, a choice
 * of ${chain}, has it at ${ms}: "brand", "hub-level", "route:2", or
 * "off-duty:kitkat" when the first of the chain is not there, "nobody:kitkat"
 * when nobody is and it waits for that team.
 */
void route_say(const struct organisation *o, const struct route_chain *chain,
    const struct route_choice *owner, int64_t ms, struct buf *code,
    struct buf *fr, struct buf *en);

#endif
