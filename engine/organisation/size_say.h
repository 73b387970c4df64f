/*
 * The sizing for people and for programs.
 *
 * Thread: one.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SIZE_SAY_H
#define ENGINE_SIZE_SAY_H

#include "engine/base/buf.h"
#include "engine/organisation/size.h"

/** size_text(s, o, french, out): one page. */
void size_text(const struct size *s, const struct size_options *o, bool french,
    struct buf *out);

/** size_json(s, o, out): one object and its newline. */
void size_json(
    const struct size *s, const struct size_options *o, struct buf *out);

#endif
