/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/must.h"
#include "engine/base/pack.h"
#include "engine/density/window.h"

/* A member that is added is to be saved here. */
_Static_assert(sizeof(struct sums) ==
	5 * sizeof(int64_t) + 2 * sizeof(uint32_t), "all of it is saved");

static void
save_sums(const struct sums *s, struct buf *out)
{
	pack_int(out, s->harm);
	pack_int(out, s->mass);
	pack_int(out, s->voices);
	pack_int(out, s->singles);
	pack_int(out, s->unshared);
	pack_uint(out, s->posts);
	pack_uint(out, s->harmful);
}

static void
load_sums(struct sums *s, struct unpack *in)
{
	s->harm = unpack_int(in);
	s->mass = unpack_int(in);
	s->voices = unpack_int(in);
	s->singles = unpack_int(in);
	s->unshared = unpack_int(in);
	s->posts = (uint32_t)unpack_most(in, UINT32_MAX);
	s->harmful = (uint32_t)unpack_most(in, UINT32_MAX);
}

void
window_save(const struct window *w, struct buf *out)
{
	pack_int(out, w->minute);
	save_sums(&w->total, out);
	for (uint32_t i = 0; i < WINDOW_MINUTES; i++) {
		if (w->minutes[i].posts == 0)
			continue;
		pack_uint(out, i + 1);
		save_sums(&w->minutes[i], out);
	}
	pack_uint(out, 0);
}

void
window_load(struct window *w, struct unpack *in)
{
	uint64_t i;

	window_init(w, unpack_int(in));
	load_sums(&w->total, in);
	while ((i = unpack_most(in, WINDOW_MINUTES)) != 0) {
		load_sums(&w->minutes[i - 1], in);
		w->said |= UINT64_C(1) << (i - 1);
	}
	w->recent = window_recent(w, WINDOW_RECENT);
}

void
window_day_save(const struct day *d, struct buf *out)
{
	pack_uint(out, d->count);
	for (uint32_t i = 0; i < d->count; i++) {
		pack_int(out, d->hours[i].hour);
		save_sums(&d->hours[i].sums, out);
	}
}

void
window_day_load(struct day *d, struct unpack *in)
{
	/* Late posts may stand beside a day of hours. */
	uint64_t count = unpack_most(in, 2 * DAY_HOURS);

	memset(d, 0, sizeof(*d));
	if (count == 0)
		return;
	d->hours = must_alloc(count * sizeof(*d->hours));
	d->count = d->room = (uint32_t)count;
	for (uint64_t i = 0; i < count; i++) {
		d->hours[i].hour = unpack_int(in);
		load_sums(&d->hours[i].sums, in);
	}
}
