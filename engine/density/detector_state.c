/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/pack.h"
#include "engine/density/detector.h"

/* A member that is added is to be saved here; raise STATE_NORMS_VERSION. */
_Static_assert(sizeof(struct detector) == 10 * sizeof(double) +
	    2 * sizeof(uint32_t) + DETECTOR_BINS * sizeof(float),
    "all of it is saved");

void
detector_save(const struct detector *d, struct buf *out)
{
	uint32_t last = DETECTOR_BINS;

	for (unsigned i = 0; i < DETECTOR_SCALES; i++) {
		pack_double(out, d->scales[i].level);
		pack_double(out, d->scales[i].mu);
		pack_double(out, d->scales[i].var);
	}
	pack_double(out, d->maximum);
	pack_uint(out, d->ticks);
	pack_uint(out, d->rest);
	while (last > 0 && d->bins[last - 1] == 0.0f)
		last--;
	pack_uint(out, last);
	for (uint32_t i = 0; i < last; i++)
		pack_float(out, d->bins[i]);
}

void
detector_load(struct detector *d, struct unpack *in)
{
	uint64_t last;

	memset(d, 0, sizeof(*d));
	for (unsigned i = 0; i < DETECTOR_SCALES; i++) {
		d->scales[i].level = unpack_double(in);
		d->scales[i].mu = unpack_double(in);
		d->scales[i].var = unpack_double(in);
	}
	d->maximum = unpack_double(in);
	d->ticks = (uint32_t)unpack_most(in, UINT32_MAX);
	d->rest = (uint32_t)unpack_most(in, UINT32_MAX);
	last = unpack_most(in, DETECTOR_BINS);
	for (uint64_t i = 0; i < last; i++)
		d->bins[i] = unpack_float(in);
}
