/*
 * status, counters, stop: what runs, how well, and its end.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <inttypes.h>
#include <unistd.h>

#include "engine/service_parts.h"

/* Those that are not zero: {"posts_total":12}. */
static void
put_counters(struct buf *out, const struct counters *c)
{
	const char *comma = "";

	buf_text(out, ",\"counters\":{");
	for (unsigned i = 0; i < COUNTERS_COUNT; i++) {
		if (c->values[i] == 0)
			continue;
		buf_printf(out, "%s\"%s\":%" PRIu64, comma,
		    counters_info(i)->name, c->values[i]);
		comma = ",";
	}
	buf_char(out, '}');
}

static void
put_source(void *self, const struct source *s)
{
	struct buf *out = self;

	if (out->data[out->len - 1] == '}')
		buf_char(out, ',');
	buf_text(out, "{\"name\":");
	buf_json(out, slice_of(s->name));
	buf_printf(out, ",\"state\":\"%s\"}",
	    !s->opened	     ? "ended"
		: s->closing ? "closing"
		: s->paused  ? "paused"
			     : "open");
}

static void
put_sink(void *self, const char *name, uint32_t waiting, bool full)
{
	struct buf *out = self;

	if (out->data[out->len - 1] == '}')
		buf_char(out, ',');
	buf_text(out, "{\"name\":");
	buf_json(out, slice_of(name));
	buf_printf(out, ",\"waiting\":%" PRIu32 ",\"full\":%s}", waiting,
	    full ? "true" : "false");
}

static void
put_rules(struct buf *out, const struct service *s)
{
	const struct ruleset *rules = service_rules(s);
	size_t kept = 0;

	while (reload_kept(s->reload, kept) != NULL)
		kept++;
	buf_printf(out, ",\"ruleset\":\"%016" PRIx64 "\"", ruleset_id(rules));
	buf_member_time(out, "ruleset_since", s->rules_since_ms);
	buf_printf(out,
	    ",\"brands\":%u,\"topics\":%u,\"rules\":%u,\"sets_kept\":%zu,"
	    "\"loading\":%s,\"watch\":%s",
	    ruleset_brands(rules), ruleset_topics(rules),
	    ruleset_rules(rules), kept,
	    reload_busy(s->reload) ? "true" : "false",
	    s->watch != NULL ? "true" : "false");
}

/* A disk that takes nothing is why sources are paused. */
static void
put_state(struct buf *out, const struct service *s)
{
	const struct service_state *st = &s->state;

	buf_text(out, ",\"state_dir\":");
	if (st->state == NULL) {
		buf_text(out, "null");
		return;
	}
	buf_text(out, "{\"path\":");
	buf_json(out, slice_of(s->o->setup->config->state_dir));
	buf_printf(out, ",\"writable\":%s,\"holds_sources\":%s,\"why\":",
	    st->why[0] != '\0' ? "false" : "true", st->held ? "true" : "false");
	if (st->why[0] != '\0')
		buf_json(out, slice_of(st->why));
	else
		buf_text(out, "null");
	buf_char(out, '}');
}

void
control_do_status(void *service, struct control_call *call)
{
	struct service *s = service;
	struct buf *out = control_out(call);
	int64_t now = clock_now(&s->o->clock);

	buf_printf(out, ",\"pid\":%ld,\"state\":\"%s\"", (long)getpid(),
	    s->stopping ? "stopping" : "running");
	buf_member_time(out, "started", s->started_ms);
	buf_printf(out, ",\"uptime_s\":%" PRId64,
	    now > s->started_ms ? (now - s->started_ms) / 1000 : 0);
	put_rules(out, s);
	buf_printf(out, ",\"workers\":%u,\"batches_in_flight\":%u",
	    s->o->setup->workers, pipeline_in_flight(s->pipeline));
	buf_printf(out, ",\"posts\":%" PRIu64 ",\"alerts\":%" PRIu64,
	    pipeline_counters(s->pipeline)->values[COUNTER_posts_total],
	    pipeline_counters(s->pipeline)->values[COUNTER_alerts_total]);
	buf_printf(out, ",\"alerts_over_budget\":%" PRIu64,
	    pipeline_counters(s->pipeline)
		->values[COUNTER_alerts_over_budget_total]);
	buf_text(out, ",\"sources\":[");
	source_set_each(s->sources, put_source, out);
	buf_text(out, "],\"sinks\":[");
	dispatch_each(s->dispatch, put_sink, out);
	buf_char(out, ']');
	put_state(out, s);
	buf_printf(out, ",\"clients\":%u", control_clients(s->control));
	put_counters(out, pipeline_counters(s->pipeline));
	control_answer(call);
}

void
control_do_counters(void *service, struct control_call *call)
{
	struct service *s = service;

	put_counters(control_out(call), pipeline_counters(s->pipeline));
	control_answer(call);
}

void
control_do_stop(void *service, struct control_call *call)
{
	control_answer(call);
	service_stop(service, "asked by vigie ctl");
}
