/*
 * vigie ctl alerts, silences and command: who has what, what is told to
 * nobody, and doing something about it.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "engine/lifecycle/lifecycle_line.h"
#include "engine/organisation/organisation_plan.h"
#include "engine/service_parts.h"

/* Of those that are open. */
static void
put_alert(void *self, const struct transition *t)
{
	struct buf *out = self;

	if (t->to == LIFECYCLE_closed)
		return;
	if (out->data[out->len - 1] == '}')
		buf_char(out, ',');
	buf_printf(out, "{\"alert\":\"%s\",\"level\":%u", t->alert, t->level);
	buf_member_text(out, "sector", t->sector);
	buf_member_text(out, "brand", t->brand);
	buf_member_text(out, "topic", t->topic);
	buf_member_text(out, "state", lifecycle_words_state((int)t->to)->name);
	buf_member_text(out, "owner", t->owner);
	buf_member_text(out, "by", t->by);
	buf_member_text(out, "awaited", t->team);
	buf_member_time(out, "since", t->at_ms);
	buf_member_time(out, "answer_by", t->answer_by_ms);
	buf_member_time(out, "until", t->until_ms);
	buf_char(out, '}');
}

void
control_do_alerts(void *service, struct control_call *call)
{
	struct service *s = service;
	struct buf *out = control_out(call);

	buf_text(out, ",\"alerts\":[");
	if (s->desk != NULL)
		lifecycle_each(desk_lifecycle(s->desk), put_alert, out);
	buf_char(out, ']');
	control_answer(call);
}

static void
put_silence(void *self, const struct hush_item *item)
{
	struct buf *out = self;

	if (out->data[out->len - 1] == '}')
		buf_char(out, ',');
	buf_printf(out, "{\"match\":%s", item->match);
	buf_member_text(out, "team", item->team);
	buf_member_text(out, "by", item->by);
	buf_member_text(out, "reason", item->reason);
	buf_member_time(out, "since", item->at_ms);
	buf_member_time(out, "until", item->until_ms);
	buf_member_text(out, "file", NULL);
	buf_char(out, '}');
}

/* Those of the organisation file have no team, and their match stands there.
 */
static void
put_of_file(const struct service *s, struct buf *out)
{
	const struct organisation_plan *plan =
	    reload_kept(s->reload, reload_running(s->reload))
		->organisation->plan;
	char place[4200];

	for (size_t i = 0; i < plan->silences_count; i++) {
		const struct silence *it = &plan->silences[i];

		if (clock_now(&s->o->clock) >= it->until_ms)
			continue;
		snprintf(place, sizeof(place), "%s:%u", plan->path,
		    it->place.line);
		if (out->data[out->len - 1] == '}')
			buf_char(out, ',');
		buf_text(out, "{\"match\":null,\"team\":null");
		buf_member_text(out, "by", it->author);
		buf_member_text(out, "reason", it->reason);
		buf_member_time(out, "since", TIME_NONE);
		buf_member_time(out, "until", it->until_ms);
		buf_member_text(out, "file", place);
		buf_char(out, '}');
	}
}

void
control_do_silences(void *service, struct control_call *call)
{
	struct service *s = service;
	struct buf *out = control_out(call);

	buf_text(out, ",\"silences\":[");
	put_of_file(s, out);
	if (s->desk != NULL)
		hush_each(desk_hush(s->desk), put_silence, out);
	buf_char(out, ']');
	control_answer(call);
}

void
control_do_command(void *service, struct control_call *call)
{
	struct service *s = service;
	struct slice json = control_argument(call);
	struct buf answer = {0};
	int refusal;

	if (s->desk == NULL || s->stopping) {
		control_refuse(call, "the engine ends");
		return;
	}
	if (json.len == 0) {
		control_refuse(call, "a command is wanted: {\"do\":\"claim\","
				     "\"alert\":ID,\"team\":TEAM}");
		return;
	}
	refusal = desk_command(s->desk, SLICE_NONE, json, &answer);
	buf_text(control_out(call), ",\"answer\":");
	buf_slice_put(control_out(call), buf_slice(&answer));
	buf_fini(&answer);
	if (refusal == LIFECYCLE_NONE)
		control_answer(call);
	else
		control_refuse(call, "%s",
		    lifecycle_words_refusal(refusal)->en);
}
