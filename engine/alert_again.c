/*
 * An alert that was told of before a restart, as far as sinks need it.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "engine/alert.h"
#include "engine/base/must.h"
#include "engine/base/pack.h"

#define TEAMS_MAX 100000u

/* What matching goes by (organisation_match); "" is none. */
static const size_t facts[] = {offsetof(struct alert, sector),
    offsetof(struct alert, brand), offsetof(struct alert, topic),
    offsetof(struct alert, lang), offsetof(struct alert, country),
    offsetof(struct alert, source), offsetof(struct alert, main_topic),
    offsetof(struct alert, department)};

#define FACTS (sizeof(facts) / sizeof(*facts))

static char *const *
fact(const struct alert *a, unsigned i)
{
	return (char *const *)((const char *)a + facts[i]);
}

void
alert_note(const struct alert *a, struct buf *out)
{
	pack_uint(out, a->seq);
	pack_uint(out, a->channels_count);
	for (uint32_t i = 0; i < a->channels_count; i++)
		pack_text(out, slice_of(a->channels[i]));
	pack_text(out, slice_of(a->id));
	pack_uint(out, a->rev);
	pack_uint(out, a->kind);
	pack_uint(out, a->subject);
	pack_uint(out, a->level);
	pack_uint(out, a->previous_level);
	pack_int(out, a->minute_ms);
	pack_uint(out, a->teams_count);
	for (uint32_t i = 0; i < a->teams_count; i++)
		pack_text(out, slice_of(a->teams[i]));
	for (unsigned i = 0; i < FACTS; i++) {
		const char *text = *fact(a, i);

		pack_text(out, slice_of(text != NULL ? text : ""));
	}
}

/* Notes of before had only seq and channels: then rev stays at its most. */
static void
take_facts(struct alert *a, struct unpack *in, char *text)
{
	struct slice id;
	uint64_t teams;

	a->rev = UINT32_MAX;
	if (in->bad || in->at == in->end)
		return;
	id = unpack_text(in);
	if (id.len < sizeof(a->id))
		memcpy(a->id, id.data, id.len);
	a->rev = (uint32_t)unpack_uint(in);
	a->kind = (enum alert_kind)unpack_most(in, ALERT_SILENCE);
	a->subject = (enum alert_subject)unpack_most(in, ALERT_PAIR);
	a->level = (uint8_t)unpack_most(in, 4);
	a->previous_level = (uint8_t)unpack_most(in, 4);
	a->minute_ms = unpack_int(in);
	teams = unpack_most(in, a->channels_count);
	a->teams_count = (uint32_t)teams;
	for (uint64_t i = 0; i < teams && !in->bad; i++) {
		struct slice name = unpack_text(in);

		memcpy(text, name.data, name.len);
		a->teams[i] = text;
		text += name.len + 1;
	}
	for (unsigned i = 0; i < FACTS && !in->bad; i++) {
		struct slice name = unpack_text(in);

		if (name.len > 0)
			*(char **)((char *)a + facts[i]) =
			    strndup(name.data, name.len);
	}
}

/* All in one block, as route_owner makes it: the names go last.  The texts
 * that follow the channels in the note are at least as long as its teams. */
static void
take_names(struct alert *a, struct unpack *in)
{
	uint64_t count = unpack_most(in, TEAMS_MAX);
	size_t bytes = (size_t)(in->end - in->at) + 2 * count;
	char *text;

	if (in->bad)
		return;
	a->teams = must_alloc(2 * count * sizeof(char *) + bytes);
	a->channels = a->teams + count;
	text = (char *)(a->channels + count);
	for (uint64_t i = 0; i < count && !in->bad; i++) {
		struct slice name = unpack_text(in);

		memcpy(text, name.data, name.len);
		a->channels[i] = a->teams[i] = text;
		text += name.len + 1;
	}
	a->teams_count = a->channels_count = (uint32_t)count;
	take_facts(a, in, text);
}

/* Its place is always the same: the second member. */
static void
take_id(struct alert *a, struct slice json)
{
	static const char head[] = "{\"v\":1,\"id\":\"";
	size_t at = sizeof(head) - 1, len = sizeof(a->id) - 1;

	if (json.len > at + len && memcmp(json.data, head, at) == 0)
		memcpy(a->id, json.data + at, len);
}

struct alert *
alert_again(struct slice json, struct slice note)
{
	struct alert *a = must_alloc(sizeof(*a));
	struct unpack in = unpack_of(note);

	a->refs = 1;
	a->seq = unpack_uint(&in);
	take_names(a, &in);
	buf_slice_put(&a->json, json);
	take_id(a, json);
	if (unpack_over(&in))
		return a;
	alert_unref(a);
	return NULL;
}

struct alert *
alert_unrouted(const struct alert *from)
{
	struct alert *a = must_alloc(sizeof(*a));

	a->refs = 1;
	a->kind = from->kind;
	a->subject = from->subject;
	memcpy(a->id, from->id, sizeof(a->id));
	a->rev = from->rev;
	a->seq = from->seq;
	a->level = from->level;
	a->previous_level = from->previous_level;
	a->minute_ms = from->minute_ms;
	for (unsigned i = 0; i < FACTS; i++)
		if (*fact(from, i) != NULL)
			*(char **)((char *)a + facts[i]) =
			    strdup(*fact(from, i));
	return a;
}
