/*
 * What a model adds to an alert, as JSON.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/alert_route.h"

static void
list_member(
    struct buf *out, const char *name, const char *const *items, uint32_t count)
{
	buf_member(out, name);
	buf_char(out, '[');
	for (uint32_t i = 0; i < count; i++) {
		if (i > 0)
			buf_char(out, ',');
		buf_json(out, slice_of(items[i]));
	}
	buf_char(out, ']');
}

void
alert_route_encode(const struct alert *a, struct buf *out)
{
	const struct alert_route *r = a->route;

	if (r == NULL)
		return;
	buf_member_text(out, "deputy", r->deputy);
	buf_member_text(out, "deputy_person", r->deputy_person);
	list_member(out, "informed", r->informed, r->informed_count);
	list_member(
	    out, "interlocutors", r->interlocutors, r->interlocutors_count);
	list_member(out, "shadow", r->shadow, r->shadow_count);
	buf_text(out, ",\"owner_why\":{\"code\":");
	buf_json(out, slice_of(r->why));
	buf_member_text(out, "fr", r->why_fr);
	buf_member_text(out, "en", r->why_en);
	buf_printf(out, "},\"on_duty\":%s", r->on_duty ? "true" : "false");
	buf_member_time(out, "answer_by",
	    r->answer_by_ms == 0 ? TIME_NONE : r->answer_by_ms);
	buf_member_text(out, "lang", a->lang);
	buf_member_text(out, "country", a->country);
	buf_member_text(out, "main_topic", a->main_topic);
	buf_member_text(out, "department", a->department);
}
