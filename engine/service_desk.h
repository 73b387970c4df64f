/*
 * The desk of a running engine, and its hourly account.
 *
 * Thread: the loop.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SERVICE_DESK_H
#define ENGINE_SERVICE_DESK_H

#include "engine/dispatch.h"
#include "engine/intake.h"

struct service;

/* How complete the watch was since ${from_ms} (docs/ALERTS.md, health). */
struct service_health {
	int64_t from_ms;  /* 0: not begun */
	struct counters before;
	uint32_t paused_s;
	struct service_health_source {
		char name[96];
		uint32_t down_s;
	} *sources;
	size_t sources_count;
};

/** service_desk_open(s, dispatch): before the dispatch, which takes it. */
void service_desk_open(struct service *s, struct dispatch_setup *dispatch);

/** service_desk_resume(s, err): the sinks are open and refilled. */
int service_desk_resume(struct service *s, struct err *err);

/** service_desk_tick(s): once a second. */
void service_desk_tick(struct service *s);

/** service_desk_leave(s): the last words; service_desk_close(s): before the
 * dispatch is closed, which frees it. */
void service_desk_leave(struct service *s);
void service_desk_close(struct service *s);

/** service_health_tick(s), service_health_write(s): an entry of the journal
 * at each full hour, or now. */
void service_health_tick(struct service *s);
void service_health_write(struct service *s);

/** service_statement(s, c, id, at_ms): a post of the brand itself, of then;
 * LIFECYCLE_NONE, or an enum lifecycle_refusal. */
int service_statement(void *service, const struct command *c,
    const char *id, int64_t at_ms);

/** service_statements_tick(s): those that found no room. */
void service_statements_tick(struct service *s);

#endif
