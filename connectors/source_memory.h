/*
 * Posts from memory: the reference for those who write a source, and what
 * tests use; no row of connectors.def, as nobody could fill it from a file.
 * Thread: the loop.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_SOURCE_MEMORY_H
#define CONNECTORS_SOURCE_MEMORY_H

#include "engine/base/slice.h"
#include "engine/source.h"

extern const struct source_type source_memory_type;

/** source_memory_fill(s, bytes, piece): what it will say, ${piece} bytes a
 * turn; ${bytes} must stay.  Before it is opened. */
void source_memory_fill(struct source *s, struct slice bytes, size_t piece);

#endif
