/*
 * Keeps every message in memory, for tests: not a row of connectors.def.
 *
 * Thread: the loop.  Owns: copies of the messages.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_SINK_MEMORY_H
#define CONNECTORS_SINK_MEMORY_H

#include "engine/sink.h"

extern const struct sink_type sink_memory_type;

struct memory_message {
	char *channel, *json; /* with a NUL behind */
};

/** sink_memory_at(s, i): the i-th message, or NULL. */
const struct memory_message *sink_memory_at(const struct sink *s, size_t i);

/** sink_memory_hold(s, hold): while true, take nothing. */
void sink_memory_hold(struct sink *s, bool hold);

#endif
