/*
 * Large pages for a heap that has much to hold.
 *
 * A page of 4 KiB that is touched for the first time costs a microsecond and
 * more, one of 2 MiB a tenth of that per byte; but of the large one all is
 * resident at once.  So a small process is served with small pages, and one
 * that is known to grow is not.  Only the allocator of the release can be told
 * (jemalloc); with any other, and where the kernel refuses, nothing changes.
 * Thread: any.  Owns: nothing: memory goes back as it always does.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_PAGES_H
#define ENGINE_PAGES_H

#include <stdbool.h>

/* Bytes in large pages: what an engine of a thousand brands grows by.  No
 * counter: nothing is refused. */
#define PAGES_LARGE_MAX (64u << 20)

/** pages_grow_large(): the heap of the calling thread grows in large pages
 * from now on, by PAGES_LARGE_MAX bytes; after those in small ones, which can
 * be given back one by one.  Of no effect but for the first call in a process;
 * returns whether it had one. */
bool pages_grow_large(void);

#endif
