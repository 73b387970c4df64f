/*
 * The inside of a running engine, for service.c and for the commands of its
 * control socket (control_*.c with a line in control.def).
 *
 * Thread: the loop.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SERVICE_PARTS_H
#define ENGINE_SERVICE_PARTS_H

#include "engine/control.h"
#include "engine/dispatch.h"
#include "engine/judge.h"
#include "engine/service.h"
#include "engine/source_set.h"

struct service {
	const struct service_options *o;
	uv_loop_t loop;
	uv_timer_t tick, ending, deadline;
	uv_signal_t on_term, on_int, on_usr1;
	struct pipeline *pipeline;
	struct judge *judge;
	struct dispatch *dispatch;
	struct journal *journal;
	struct source_set *sources;
	struct control *control; /* NULL: no socket */
	int64_t started_ms;
	int64_t arrival_ms; /* of the batch being judged; TIME_NONE */
	int64_t matched_ms; /* when it came back */
	bool stopping;
	int exit_code;
};

/** service_stop(s, why): close the sources, judge, deliver, end.  Again: no
 * harm. */
void service_stop(struct service *s, const char *why);

#define CONTROL(name, argument, help)                                          \
	void control_do_##name(void *service, struct control_call *call);
#include "engine/control.def"
#undef CONTROL

#endif
