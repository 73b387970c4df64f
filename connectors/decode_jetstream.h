/*
 * What the two readers of Jetstream share: by the walk, and by known shapes.
 *
 * Thread: one at a time.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_DECODE_JETSTREAM_H
#define CONNECTORS_DECODE_JETSTREAM_H

#include "connectors/decode_field.h"
#include "connectors/decode_format.h"

struct jetstream_event {
	struct slice did, kind, operation, collection, rkey;
	struct slice created, link; /* of known shapes */
	uint64_t time_us;
	struct json_mark record; /* the place of the last one */
	bool recorded;           /* there is one */
	bool record_read;        /* false: it came before its collection */
	bool commit;
};

void decode_jetstream_clear(struct jetstream_event *e);

/** decode_jetstream_is_post(e): by its collection. */
static inline bool
decode_jetstream_is_post(const struct jetstream_event *e)
{
	return decode_field_is(e->collection, "app.bsky.feed.post");
}

/** decode_jetstream_skips(e): the event is that of no post. */
static inline bool
decode_jetstream_skips(const struct jetstream_event *e)
{
	return !e->commit || !decode_jetstream_is_post(e) ||
	    (e->kind.data != NULL && !decode_field_is(e->kind, "commit"));
}

/** decode_jetstream_finish(w, e, p): what follows from all of it. */
enum decode_result decode_jetstream_finish(
    struct json_walk *w, const struct jetstream_event *e, struct post *p);

/** decode_jetstream_post: the walk's way (struct decode_format). */
enum decode_result decode_jetstream_post(
    struct json_walk *w, struct post *p, bool *cut);

#endif
