/*
 * route_owner under a model: the chain, the hour, who else hears of it.
 *
 * Thread: the loop.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_ROUTE_MODEL_H
#define ENGINE_ROUTE_MODEL_H

#include "engine/organisation/route_chain.h"

/** route_model(o, alert): as route_owner. */
void route_model(const struct organisation *o, struct alert *alert);

/** route_on_duty(o, chain, ms): the choice that owns it at ${ms}; the first
 * when nobody is on duty, NULL when there is none. */
const struct route_choice *route_on_duty(const struct organisation *o,
    const struct route_chain *chain, int64_t ms);

/** route_deputy(o, chain, owner, s, ms): the team that stands in for
 * ${owner}: its deputies, else the next of the chain on duty; or NULL. */
const struct team *route_deputy(const struct organisation *o,
    const struct route_chain *chain, const struct route_choice *owner,
    const struct route_subject *s, int64_t ms);

#endif
