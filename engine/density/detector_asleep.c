/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/detector_asleep.h"

#include <stddef.h>
#include <string.h>

#include "engine/base/must.h"

struct detector_asleep {
	struct detector_scale scales[DETECTOR_SCALES];
	double maximum;
	uint32_t ticks, rest;
	uint64_t which; /* bins: those that are not empty */
	float bins[];   /* by number */
};

_Static_assert(DETECTOR_BINS == 64, "a bit a bin");
_Static_assert(sizeof(struct detector) ==
	offsetof(struct detector_asleep, which) +
	    DETECTOR_BINS * sizeof(float),
    "all of it is put away");

struct detector_asleep *
detector_asleep(struct detector_asleep *old, const struct detector *d)
{
	struct detector_asleep *a;
	uint64_t which = 0;
	unsigned count = 0;

	for (unsigned i = 0; i < DETECTOR_BINS; i++)
		if (d->bins[i] != 0.0f)
			which |= UINT64_C(1) << i;
	a = must_grow(old, sizeof(*a) +
	    (unsigned)__builtin_popcountll(which) * sizeof(a->bins[0]));
	memcpy(a->scales, d->scales, sizeof(a->scales));
	a->maximum = d->maximum;
	a->ticks = d->ticks;
	a->rest = d->rest;
	a->which = which;
	for (; which != 0; which &= which - 1)
		a->bins[count++] = d->bins[__builtin_ctzll(which)];
	return a;
}

void
detector_awake(struct detector *d, const struct detector_asleep *asleep)
{
	unsigned count = 0;

	memset(d, 0, sizeof(*d));
	if (asleep == NULL)
		return;
	memcpy(d->scales, asleep->scales, sizeof(d->scales));
	d->maximum = asleep->maximum;
	d->ticks = asleep->ticks;
	d->rest = asleep->rest;
	for (uint64_t which = asleep->which; which != 0; which &= which - 1)
		d->bins[__builtin_ctzll(which)] = asleep->bins[count++];
}
