/*
 * The desk of a running engine: opened before the sinks, told of the journal
 * at the start, of the clock, of own statements; and the hourly account of how
 * complete the watch was.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/service_desk.h"

#include <inttypes.h>
#include <stdlib.h>

#include "engine/base/log.h"
#include "engine/base/must.h"
#include "engine/organisation/organisation_plan.h"
#include "engine/service_parts.h"

static void
on_change(void *self)
{
	struct service *s = self;

	if (s->dispatch != NULL)
		dispatch_changed(s->dispatch);
}

void
service_desk_open(struct service *s, struct dispatch_setup *dispatch)
{
	const struct nomarketing_settings *settings =
	    &s->o->setup->config->nomarketing;
	struct desk_setup setup = {
	    .loop = &s->loop,
	    .clock = s->o->clock,
	    .counters = dispatch->counters,
	    .journal = dispatch->journal,
	    .organisation = dispatch->organisation,
	    .posts_time = s->o->posts_time,
	    .on_change = on_change,
	    .on_statement = service_statement,
	    .self = s,
	};

	if (settings->on)
		s->nomarketing = nomarketing_new(&(struct nomarketing_setup){
		    .settings = settings, .clock = &s->o->clock,
		    .counters = dispatch->counters, .on_change = on_change,
		    .self = s});
	dispatch->nomarketing = s->nomarketing;
	s->desk = desk_new(&setup);
	dispatch->desk = s->desk;
	dispatch->organised = dispatch->organisation->plan->path != NULL;
}

struct ids {
	char (*ids)[33];
	size_t count;
};

static void
see_pending(void *self, const struct alert *alert)
{
	struct ids *list = self;

	list->ids =
	    must_grow(list->ids, (list->count + 1) * sizeof(*list->ids));
	memcpy(list->ids[list->count++], alert->id, sizeof(*list->ids));
}

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(a, b);
}

int
service_desk_resume(struct service *s, struct err *err)
{
	struct ids pending = {NULL, 0};
	int rc = 0;

	if (s->nomarketing != NULL && !nomarketing_is_open(s->nomarketing))
		return err_set(err, -1, "nomarketing: wants a sink of type "
					"redis, where authors are marked");

	if (s->state.state != NULL)
		rc = state_desk(s->state.state, s->desk, err);
	if (rc != 0)
		return rc;
	desk_replayed(s->desk);
	dispatch_pending(s->dispatch, see_pending, &pending);
	if (pending.count > 0)
		qsort(pending.ids, pending.count, sizeof(*pending.ids),
		    by_bytes);
	lifecycle_told_rest(desk_lifecycle(s->desk),
	    (const char(*)[33])pending.ids, pending.count,
	    clock_now(&s->o->clock));
	free(pending.ids);
	if (s->state.state != NULL)
		state_keep(s->state.state, s->desk);
	return 0;
}

void
service_desk_tick(struct service *s)
{
	if (s->desk == NULL || s->stopping)
		return;
	desk_tick(s->desk);
	service_statements_tick(s);
	service_health_tick(s);
}

void
service_desk_leave(struct service *s)
{
	if (s->desk == NULL)
		return;
	service_health_write(s);
}

/* It goes with the dispatch; what it knows was saved before. */
void
service_desk_close(struct service *s)
{
	if (s->state.resumed) {
		state_batch(s->state.state, s->judge, true);
		state_keep(s->state.state, NULL);
	}
	s->desk = NULL;
}
