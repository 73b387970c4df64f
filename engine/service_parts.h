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

#include "engine/control/control.h"
#include "engine/dispatch.h"
#include "engine/density/judge.h"
#include "engine/reload/reload.h"
#include "engine/reload/reload_thread.h"
#include "engine/service.h"
#include "engine/service_desk.h"
#include "engine/service_state.h"
#include "engine/source_set.h"
#include "engine/reload/watch.h"

struct service {
	const struct service_options *o;
	uv_loop_t loop;
	uv_timer_t tick, ending, deadline;
	uv_signal_t on_term, on_int, on_usr1, on_hup;
	struct pipeline *pipeline;
	struct judge *judge;
	struct dispatch *dispatch;
	struct journal *journal;
	struct desk *desk; /* the dispatch's */
	struct nomarketing *nomarketing; /* same; NULL: off */
	struct service_health health;
	struct buf statements; /* lines that found no room yet */
	struct source_set *sources;
	struct service_state state;
	struct control *control; /* NULL: no socket */
	struct reload *reload;   /* has the rules and the organisation */
	struct reload_thread *loader;
	struct watch *watch;     /* NULL: no file is watched */
	int64_t started_ms;
	int64_t rules_since_ms; /* the swap to the set that runs */
	int64_t arrival_ms; /* of the batch being judged; TIME_NONE */
	int64_t matched_ms; /* when it came back */
	bool stopping;
	bool leaving; /* all is over but a load that is under way */
	int exit_code;
};

/** service_stop(s, why): close the sources, judge, deliver, end.  Again: no
 * harm. */
void service_stop(struct service *s, const char *why);

/** service_leave(s): close what is left, so that the loop ends. */
void service_leave(struct service *s);

/** service_reload_open(s): the rules and the organisation of the setup become
 * those that run, and SIGHUP and changed files bring others.  After the
 * pipeline.  service_reload_close(s): with no load under way. */
void service_reload_open(struct service *s);
void service_reload_close(struct service *s);

/** service_rules(s): those that run. */
static inline struct ruleset *
service_rules(const struct service *s)
{
	return reload_kept(s->reload, reload_running(s->reload))->rules;
}

#define CONTROL(name, argument, help)                                          \
	void control_do_##name(void *service, struct control_call *call);
#include "engine/control/control.def"
#undef CONTROL

#endif
