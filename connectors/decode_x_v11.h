/*
 * What the two readers of X v1.1 share: by the walk, and by known shapes.
 *
 * Thread: one at a time.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_DECODE_X_V11_H
#define CONNECTORS_DECODE_X_V11_H

#include "connectors/decode_field.h"
#include "connectors/decode_format.h"

struct x_v11_status {
	struct json_mark number; /* id, read only where id_str is missing */
	bool numbered;
	struct slice created;       /* created_at as written */
	struct slice full, longest; /* full_text; extended_tweet's */
	bool extended; /* the entities are those of extended_tweet */
	bool *cut;
	/* of known shapes */
	struct json_mark user; /* id of the account, as ${number} */
	struct json_shape_link link;
};

/** decode_x_v11_number(w, at, &out): an id where id_str is missing. */
void decode_x_v11_number(
    struct json_walk *w, struct json_mark at, struct slice *out);

/** decode_x_v11_finish(w, p, s): what follows from all of it. */
enum decode_result decode_x_v11_finish(
    struct json_walk *w, struct post *p, const struct x_v11_status *s);

/** decode_x_v11_post: the walk's way (struct decode_format). */
enum decode_result decode_x_v11_post(
    struct json_walk *w, struct post *p, bool *cut);

#endif
