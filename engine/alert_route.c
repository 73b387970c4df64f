/*
 * What a model adds to an alert, as JSON.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/alert_route.h"

static void
named(struct buf *out, const char *name)
{
	buf_text(out, ",\"");
	buf_text(out, name);
	buf_text(out, "\":");
}

static void
text_member(struct buf *out, const char *name, const char *text)
{
	named(out, name);
	if (text == NULL)
		buf_text(out, "null");
	else
		buf_json(out, slice_of(text));
}

static void
list_member(
    struct buf *out, const char *name, const char *const *items, uint32_t count)
{
	named(out, name);
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
	text_member(out, "deputy", r->deputy);
	text_member(out, "deputy_person", r->deputy_person);
	list_member(out, "informed", r->informed, r->informed_count);
	list_member(
	    out, "interlocutors", r->interlocutors, r->interlocutors_count);
	list_member(out, "shadow", r->shadow, r->shadow_count);
	buf_text(out, ",\"owner_why\":{\"code\":");
	buf_json(out, slice_of(r->why));
	buf_text(out, ",\"fr\":");
	buf_json(out, slice_of(r->why_fr));
	buf_text(out, ",\"en\":");
	buf_json(out, slice_of(r->why_en));
	buf_printf(out,
	    "},\"on_duty\":%s,\"answer_by\":", r->on_duty ? "true" : "false");
	if (r->answer_by_ms == 0) {
		buf_text(out, "null");
	} else {
		buf_char(out, '"');
		buf_utc(out, r->answer_by_ms);
		buf_char(out, '"');
	}
	text_member(out, "lang", a->lang);
	text_member(out, "country", a->country);
	text_member(out, "main_topic", a->main_topic);
	text_member(out, "department", a->department);
}
