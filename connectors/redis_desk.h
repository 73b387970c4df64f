/*
 * The desk in Redis, beside the sink of alerts: commands from a stream, the
 * journal's copy, notices and answers to streams, owners in a hash.
 *
 *	<name>:commands         stream in, field command
 *	<name>:answers          stream and channel out; ids of the commands
 *	<name>:journal          stream out, field entry; ids <born>-<number>
 *	<name>:notices:<channel> stream and channel out, field notice
 *	<name>:owners           hash: alert, team
 *
 * What goes out goes by one script, some items at a time: it stops at the
 * first that the server refuses, and an id that is there already is passed
 * over, so that repeats after a fault change nothing.  Commands are awaited
 * on a connection of their own.
 * Thread: the loop.  Owns: two links.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_REDIS_DESK_H
#define CONNECTORS_REDIS_DESK_H

#include "connectors/redis_url.h"
#include "engine/lifecycle/desk_port.h"

/* What the settings of the sink say about it. */
struct redis_desk_settings {
	const char *desk; /* auto, true, false */
	const char *name; /* "vigie" */
	int64_t maxlen;   /* of each stream, about */
	uint64_t timeout_ms;
	const struct redis_url *url;
};

extern const struct desk_type redis_desk_type;

/** redis_desk_check(text, err): a value of desk:. */
int redis_desk_check(const char *text, struct err *err);

/** sink_redis_desk(sink, out): those of a redis sink, which must be open. */
void sink_redis_desk(
    const struct sink *sink, struct redis_desk_settings *out);

#endif
