/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/pack.h"
#include "engine/density/density.h"

/* A member that is added is to be saved here. */
_Static_assert(sizeof(struct density) == 7 * sizeof(int64_t),
    "all of it is saved");

void
density_save(const struct density *d, struct buf *out)
{
	pack_u8(out, d->level);
	pack_u8(out, d->because);
	pack_u8(out, d->rare_run);
	pack_u8(out, (uint8_t)(d->under | d->frozen << 1));
	pack_int(out, d->under_since);
	pack_int(out, d->frozen_at);
	pack_int(out, d->frozen_norm);
	pack_int(out, d->message_at);
	pack_int(out, d->message_density);
	pack_int(out, d->message_excess);
}

void
density_load(struct density *d, struct unpack *in)
{
	uint8_t flags;

	memset(d, 0, sizeof(*d));
	d->level = unpack_u8(in);
	d->because = unpack_u8(in);
	d->rare_run = unpack_u8(in);
	flags = unpack_u8(in);
	d->under = flags & 1;
	d->frozen = flags >> 1 & 1;
	d->under_since = unpack_int(in);
	d->frozen_at = unpack_int(in);
	d->frozen_norm = unpack_int(in);
	d->message_at = unpack_int(in);
	d->message_density = unpack_int(in);
	d->message_excess = unpack_int(in);
	if (d->level > DENSITY_LEVELS)
		in->bad = true;
}
