/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/feed.h"

#include <stdlib.h>

#include "engine/base/must.h"

void
feed_init(struct feed *f, struct intake *in)
{
	*f = (struct feed){
	    .in = in, .z = inflate_open(), .bytes = must_alloc(FEED_BYTES)};
}

void
feed_fini(struct feed *f)
{
	inflate_close(f->z);
	free(f->bytes);
	f->z = NULL;
	f->bytes = NULL;
}

int
feed_push(struct feed *f, struct err *err)
{
	for (;;) {
		size_t room, used, made;
		char *to = intake_room(f->in, &room);
		int rc;

		if (to == NULL)
			return FEED_WAIT;
		rc = inflate_feed(f->z, f->bytes + f->at, f->len - f->at,
		    f->last, &used, to, room, &made, err);
		f->at += used;
		intake_bytes(f->in, made);
		if (rc < 0)
			return rc;
		if (rc == INFLATE_END)
			return FEED_END;
		if (rc == INFLATE_MORE) {
			f->at = f->len = 0;
			return FEED_MORE;
		}
	}
}
