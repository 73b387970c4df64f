/*
 * The hourly account: what was read, what was not, which sources were down.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/service_desk.h"
#include "engine/service_parts.h"

#define HOUR_MS INT64_C(3600000)

static bool
is_down(const struct source *s)
{
	return !s->opened || s->closing;
}

struct look {
	struct service_health *health;
	bool paused;
};

static void
see_source(void *self, const struct source *source)
{
	struct look *look = self;
	struct service_health *h = look->health;
	size_t i = 0;

	look->paused |= source->paused;
	while (i < h->sources_count &&
	    strcmp(h->sources[i].name, source->name) != 0)
		i++;
	if (i == h->sources_count) {
		h->sources =
		    must_grow(h->sources, (i + 1) * sizeof(*h->sources));
		h->sources[i] = (struct service_health_source){0};
		snprintf(h->sources[i].name, sizeof(h->sources[i].name), "%s",
		    source->name);
		h->sources_count++;
	}
	h->sources[i].down_s += is_down(source);
}

static uint64_t
more(const struct service *s, enum counter c)
{
	return pipeline_counters(s->pipeline)->values[c] -
	    s->health.before.values[c];
}

struct writing {
	struct buf *out;
	const struct service_health *health;
};

static void
put_source(void *self, const struct source *source)
{
	struct writing *w = self;
	uint32_t down_s = 0;

	for (size_t i = 0; i < w->health->sources_count; i++)
		if (!strcmp(w->health->sources[i].name, source->name))
			down_s = w->health->sources[i].down_s;
	if (w->out->data[w->out->len - 1] == '}')
		buf_char(w->out, ',');
	buf_text(w->out, "{\"name\":");
	buf_json(w->out, slice_of(source->name));
	buf_printf(w->out, ",\"state\":\"%s\",\"down_s\":%" PRIu32 "}",
	    !source->opened	  ? "ended"
		: source->closing ? "closing"
		: source->paused  ? "paused"
				  : "open",
	    down_s);
}

static void
put_sink(void *self, const char *name, uint32_t waiting, bool full)
{
	struct writing *w = self;

	(void)full;
	if (w->out->data[w->out->len - 1] == '}')
		buf_char(w->out, ',');
	buf_text(w->out, "{\"name\":");
	buf_json(w->out, slice_of(name));
	buf_printf(w->out, ",\"waiting\":%" PRIu32 "}", waiting);
}

static void
put_figures(const struct service *s, struct buf *out)
{
	static const struct {
		const char *before, *name;
		enum counter counter;
	} rows[] = {
	    {",", "posts", COUNTER_posts_total},
	    {",", "matched", COUNTER_posts_matched_total},
	    {",", "harmful", COUNTER_posts_harm_total},
	    {",\"bad_lines\":{", "json", COUNTER_lines_bad_json_total},
	    {",", "utf8", COUNTER_lines_bad_utf8_total},
	    {",", "depth", COUNTER_lines_bad_depth_total},
	    {",", "field", COUNTER_lines_bad_field_total},
	    {",", "empty", COUNTER_lines_bad_empty_total},
	    {",", "too_long", COUNTER_lines_bad_too_long_total},
	    {"},\"uncounted\":{", "late", COUNTER_posts_late_total},
	    {",", "repeated", COUNTER_posts_repeated_total},
	    {",", "future", COUNTER_posts_future_total},
	    {",", "untimed", COUNTER_posts_untimed_total},
	    {",", "own", COUNTER_posts_own_total},
	    {"},", "source_errors", COUNTER_source_errors_total},
	    {",", "sink_errors", COUNTER_sink_errors_total},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		buf_printf(out, "%s\"%s\":%" PRIu64, rows[i].before,
		    rows[i].name, more(s, rows[i].counter));
}

void
service_health_write(struct service *s)
{
	struct service_health *h = &s->health;
	int64_t now_ms = clock_now(&s->o->clock);
	struct buf out = {0};
	struct writing w = {&out, h};

	if (h->from_ms == 0 || now_ms <= h->from_ms)
		return;
	buf_text(&out, "{\"v\":1,\"at\":\"");
	buf_utc(&out, now_ms);
	buf_text(&out, "\",\"from\":\"");
	buf_utc(&out, h->from_ms);
	buf_char(&out, '"');
	put_figures(s, &out);
	buf_printf(&out, ",\"paused_s\":%" PRIu32 ",\"sources\":[",
	    h->paused_s);
	source_set_each(s->sources, put_source, &w);
	buf_text(&out, "],\"sinks\":[");
	dispatch_each(s->dispatch, put_sink, &w);
	buf_text(&out, "]}");
	desk_entry(s->desk, "health", buf_slice(&out));
	buf_fini(&out);
	h->from_ms = now_ms;
	h->before = *pipeline_counters(s->pipeline);
	h->paused_s = 0;
	for (size_t i = 0; i < h->sources_count; i++)
		h->sources[i].down_s = 0;
}

void
service_health_tick(struct service *s)
{
	struct service_health *h = &s->health;
	struct look look = {h, false};
	int64_t now_ms = clock_now(&s->o->clock);

	if (h->from_ms == 0)
		h->from_ms = s->started_ms;
	source_set_each(s->sources, see_source, &look);
	h->paused_s += look.paused;
	if (now_ms / HOUR_MS > h->from_ms / HOUR_MS)
		service_health_write(s);
}
