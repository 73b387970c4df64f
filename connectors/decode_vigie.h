/*
 * What the two readers of flat posts share: by the walk, and by known shapes.
 *
 * Thread: one at a time.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_DECODE_VIGIE_H
#define CONNECTORS_DECODE_VIGIE_H

#include "connectors/decode_field.h"
#include "connectors/decode_format.h"

/** decode_vigie_kind(word): what we cannot name is a post all the same. */
enum post_kind decode_vigie_kind(struct slice word);

/** decode_vigie_bare(handle): it is kept without its sign. */
static inline struct slice
decode_vigie_bare(struct slice handle)
{
	if (handle.len > 1 && *handle.data == '@')
		return (struct slice){handle.data + 1, handle.len - 1};
	return handle;
}

/** decode_vigie_post: the walk's way (struct decode_format). */
enum decode_result decode_vigie_post(
    struct json_walk *w, struct post *p, bool *cut);

#endif
