/*
 * What connectors tell the engine about their messages.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/sink.h"

#include "engine/state/spool.h"

void
sink_done(struct sink *s, uint64_t token)
{
	spool_release(s->spool, token);
}

void
sink_fail(struct sink *s, const char *why)
{
	spool_rewind(s->spool);
	spool_say(s->spool, why);
}

void
sink_stall(struct sink *s, const char *why)
{
	spool_say(s->spool, why);
}

void
sink_unheard(struct sink *s, const char *why)
{
	spool_unheard(s->spool, why);
}

void
sink_ready(struct sink *s)
{
	spool_open(s->spool);
}
