/*
 * An alert that was told of before a restart, as far as sinks need it.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/alert.h"
#include "engine/base/must.h"
#include "engine/base/pack.h"

#define TEAMS_MAX 100000u

void
alert_note(const struct alert *a, struct buf *out)
{
	pack_uint(out, a->seq);
	pack_uint(out, a->channels_count);
	for (uint32_t i = 0; i < a->channels_count; i++)
		pack_text(out, slice_of(a->channels[i]));
}

/* All in one block, as route_owner makes it: the names go last. */
static void
take_channels(struct alert *a, struct unpack *in)
{
	uint64_t count = unpack_most(in, TEAMS_MAX);
	size_t bytes = (size_t)(in->end - in->at) + count;
	char *text;

	if (in->bad || count == 0)
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
}

struct alert *
alert_again(struct slice json, struct slice note)
{
	struct alert *a = must_alloc(sizeof(*a));
	struct unpack in = unpack_of(note);

	a->refs = 1;
	a->seq = unpack_uint(&in);
	take_channels(a, &in);
	buf_slice_put(&a->json, json);
	if (unpack_over(&in))
		return a;
	alert_unref(a);
	return NULL;
}
