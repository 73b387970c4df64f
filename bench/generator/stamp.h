/*
 * Times as the posts of X v1.1 say them.
 *
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_GENERATOR_STAMP_H
#define BENCH_GENERATOR_STAMP_H

#include "engine/base/buf.h"

/** stamp_put(out, ms): "Wed Mar 17 09:05:00 +0000 2010". */
void stamp_put(struct buf *out, int64_t ms);

#endif
