/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/state/series.h"

#include <stdlib.h>

#include "engine/base/mathx.h"
#include "engine/base/must.h"
#include "engine/base/pack.h"

#define DAY_MS INT64_C(86400000)

struct series {
	struct frames *frames;
	uint32_t *given; /* by serial: number in the file plus one */
	uint32_t room, next_name;
	int64_t day, last_ms;
	struct buf names, rows, payload;
};

static bool
note_last(void *self, uint64_t number, struct slice payload)
{
	struct series *s = self;
	struct unpack in = unpack_of(payload);

	(void)number;
	unpack_text(&in);
	s->last_ms = unpack_int(&in);
	return true;
}

struct series *
series_new(struct frames *frames)
{
	struct series *s = must_alloc(sizeof(*s));
	struct err err;

	s->frames = frames;
	s->day = s->last_ms = INT64_MIN;
	if (frames_next(frames) > 0)
		frames_read(frames, frames_next(frames) - 1, note_last, s,
		    &err);
	return s;
}

void
series_free(struct series *s)
{
	if (s == NULL)
		return;
	free(s->given);
	buf_fini(&s->names);
	buf_fini(&s->rows);
	buf_fini(&s->payload);
	free(s);
}

static void
put_name(struct series *s, const struct key *key)
{
	struct buf *out = &s->names;
	size_t at = out->len, len;

	/* The length is a varint: written behind, moved before. */
	buf_text(out, key->sector);
	if (key->subject != ALERT_SECTOR) {
		buf_char(out, '/');
		buf_text(out, key->brand == NULL ? "-" : key->brand);
	}
	if (key->subject == ALERT_PAIR) {
		buf_char(out, '/');
		buf_text(out, key->topic);
	}
	len = out->len - at;
	buf_clear(&s->payload);
	pack_u8(&s->payload, (uint8_t)key->subject);
	pack_text(&s->payload, (struct slice){out->data + at, len});
	out->len = at;
	buf_slice_put(out, buf_slice(&s->payload));
}

static uint32_t
number_of(struct series *s, const struct key *key)
{
	if (key->serial >= s->room) {
		uint32_t room = s->room == 0 ? 64 : s->room;

		while (room <= key->serial)
			room *= 2;
		s->given = must_grow(s->given, room * sizeof(*s->given));
		memset(s->given + s->room, 0,
		    (room - s->room) * sizeof(*s->given));
		s->room = room;
	}
	if (s->given[key->serial] == 0) {
		put_name(s, key);
		s->given[key->serial] = ++s->next_name;
	}
	return s->given[key->serial] - 1;
}

static uint64_t
milli(int64_t micro)
{
	return micro <= 0 ? 0 : (uint64_t)(micro + 500) / 1000;
}

static void
put_row(struct series *s, const struct key *key,
    const struct voices *voices)
{
	const struct amounts *a = &key->live->amounts;

	pack_uint(&s->rows, number_of(s, key));
	pack_uint(&s->rows, milli(a->harm));
	pack_uint(&s->rows, milli(a->mass));
	pack_uint(&s->rows, milli(a->norm));
	pack_uint(&s->rows, milli(a->density));
	pack_u8(&s->rows, key->density.level);
	pack_uint(&s->rows, voices_accounts(voices, key->serial));
}

void
series_tick(struct series *s, int64_t minute, struct keys *keys,
    const struct voices *voices)
{
	int64_t end_ms = (minute + 1) * MINUTE_MS;
	struct key **active;
	uint32_t count;

	active = keys_active(keys, &count);
	if (end_ms <= s->last_ms || count == 0)
		return;
	s->last_ms = end_ms;
	if (frames_turn(s->frames, end_ms,
		s->day == INT64_MIN || end_ms / DAY_MS != s->day)) {
		s->day = end_ms / DAY_MS;
		s->next_name = 0;
		if (s->room > 0)
			memset(s->given, 0, s->room * sizeof(*s->given));
	}
	buf_clear(&s->names);
	buf_clear(&s->rows);
	for (uint32_t i = 0; i < count; i++)
		put_row(s, active[i], voices);
	buf_clear(&s->payload);
	pack_text(&s->payload, buf_slice(&s->names));
	pack_int(&s->payload, end_ms);
	buf_slice_put(&s->payload, buf_slice(&s->rows));
	frames_put(s->frames, buf_slice(&s->payload));
}
