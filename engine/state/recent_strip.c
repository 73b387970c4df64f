/*
 * A deleted post keeps its numbers, which windows were made of, and loses its
 * words.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/state/recent.h"
#include "engine/state/recent_parts.h"
#include "engine/state/record_pack.h"

struct strip {
	bool (*has)(void *self, uint64_t id_key);
	void *self;
	struct unpack in;
	struct buf *out, text;
	bool found;
};

static uint64_t
copy_uint(struct strip *s)
{
	uint64_t v = unpack_uint(&s->in);

	pack_uint(s->out, v);
	return v;
}

/* Texts as they are, or empty. */
static void
copy_text(struct strip *s, bool empty)
{
	struct slice text = unpack_text(&s->in);

	pack_text(s->out, empty ? SLICE("") : text);
}

static void
copy_share(struct strip *s, bool empty)
{
	uint64_t count;

	for (unsigned i = 0; i < 5; i++) /* sector .. gravity */
		copy_uint(s);
	for (unsigned i = 0; i < 3; i++) /* severity, roles, own */
		pack_u8(s->out, unpack_u8(&s->in));
	count = copy_uint(s);
	for (uint64_t i = 0; i < count && !s->in.bad; i++)
		copy_uint(s);
	count = copy_uint(s);
	for (uint64_t i = 0; i < count && !s->in.bad; i++) {
		pack_u8(s->out, unpack_u8(&s->in));
		copy_uint(s);
		copy_uint(s);
		copy_text(s, empty);
	}
}

static void
copy_post(struct strip *s)
{
	struct record r;
	uint64_t count;
	bool empty;

	copy_uint(s);
	copy_uint(s);
	pack_u8(s->out, unpack_u8(&s->in));
	buf_clear(&s->text);
	record_unpack(&r, &s->text, &s->in);
	empty = s->has(s->self, r.id_key) && !(r.flags & RECORD_DELETED);
	s->found |= empty;
	record_pack(&r, empty ? NULL : s->text.data, r.author_key, NULL,
	    s->out);
	count = copy_uint(s);
	for (uint64_t i = 0; i < count && !s->in.bad; i++)
		copy_share(s, empty);
	count = copy_uint(s);
	for (uint64_t i = 0; i < count && !s->in.bad; i++)
		copy_text(s, empty);
	count = copy_uint(s);
	for (uint64_t i = 0; i < count && !s->in.bad; i++) {
		copy_uint(s);
		copy_uint(s);
	}
}

bool
recent_strip(struct slice payload, bool (*has)(void *self, uint64_t id_key),
    void *self, struct buf *out)
{
	struct strip s = {has, self, unpack_of(payload), out, {0}, false};

	copy_text(&s, false); /* names */
	copy_uint(&s);        /* W */
	while (s.in.at < s.in.end && !s.in.bad) {
		uint8_t event = unpack_u8(&s.in);

		pack_u8(out, event);
		if (event == RECENT_POST)
			copy_post(&s);
		else
			copy_uint(&s);
	}
	buf_fini(&s.text);
	return s.found && !s.in.bad;
}
