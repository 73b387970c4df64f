/*
 * Marks of authors in Redis, beside the sink of alerts:
 *
 *	<desk_name>:nomarketing:<hash>   text, JSON, with a TTL
 *
 * by SET key json EX seconds, and DEL when the post was deleted.
 * Thread: the loop.  Owns: a link of its own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_REDIS_NOMARKETING_H
#define CONNECTORS_REDIS_NOMARKETING_H

#include "engine/lifecycle/nomarketing_port.h"

extern const struct nomarketing_type redis_nomarketing_type;

#endif
