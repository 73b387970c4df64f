/*
 * A detector of which nobody asks, small: of its histogram only the bins that
 * are not empty, most often five of 64.  What comes back is bit by bit what
 * was put away.
 *
 * Thread: one at a time.  Owns: nothing; who asked for one frees it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_DETECTOR_ASLEEP_H
#define ENGINE_DETECTOR_ASLEEP_H

#include "engine/density/detector.h"

struct detector_asleep;

/** detector_asleep(old, d): ${d} put away, in the memory of ${old} or in other;
 * ${old} may be NULL. */
struct detector_asleep *detector_asleep(struct detector_asleep *old,
    const struct detector *d);

/** detector_awake(d, asleep): ${d} as it was; a new one when there is none. */
void detector_awake(struct detector *d, const struct detector_asleep *asleep);

#endif
