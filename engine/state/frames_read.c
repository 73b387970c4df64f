/*
 * Of frames.h: the way back, and what is written anew on the way.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <string.h>

#include "engine/state/frames_parts.h"

int
frames_read(struct frames *f, uint64_t from, frames_visit visit, void *self,
    struct err *err)
{
	for (uint32_t i = 0; i < f->count; i++) {
		struct frames_file file = f->files[i];
		char path[4096];
		int rc;

		if (i + 1 < f->count && f->files[i + 1].first <= from)
			continue;
		frames_file_path(f->folder, file.first, path);
		rc = frames_file_walk(path, f->kind, f->version, &file, visit,
		    self, err);
		if (rc == 0)
			frames_file_tell_damage(path, &file, &f->files[i],
			    f->counters);
		/* Without its header: told when the folder was opened. */
		if (rc != 0 && rc != -EBADMSG)
			return rc;
	}
	return 0;
}

bool
frames_begins(const struct frames *f, uint64_t number)
{
	for (uint32_t i = 0; i < f->count; i++)
		if (f->files[i].first == number)
			return true;
	return false;
}

struct rewriter {
	bool (*change)(void *self, struct slice payload, struct buf *out);
	void *self;
	struct buf file, payload;
	bool changed;
};

static bool
rewrite_frame(void *arg, uint64_t number, struct slice payload)
{
	struct rewriter *r = arg;

	buf_clear(&r->payload);
	if (r->change(r->self, payload, &r->payload)) {
		payload = buf_slice(&r->payload);
		r->changed = true;
	}
	frames_file_frame(&r->file, number, payload);
	return true;
}

/* What is kept aside may hold what is to go from the others. */
int
frames_rewrite(struct frames *f,
    bool (*change)(void *self, struct slice payload, struct buf *out),
    void *self, struct err *err)
{
	struct rewriter r = {.change = change, .self = self};
	int rc = 0;

	frames_forget_aside(f, INT64_MAX);

	for (uint32_t i = 0; rc == 0 && i + 1 < f->count; i++) {
		struct frames_file *file = &f->files[i];
		char path[4096];

		frames_file_path(f->folder, file->first, path);
		buf_clear(&r.file);
		r.changed = false;
		frames_file_head(&r.file, f->kind, f->version, file);
		rc = frames_file_walk(path, f->kind, f->version, file,
		    rewrite_frame, &r, err);
		if (rc == -EBADMSG) {
			rc = 0;
			continue;
		}
		if (rc == 0 && r.changed)
			rc = disk_replace(&f->disk, f->folder,
			    strrchr(path, '/') + 1, buf_slice(&r.file), err);
	}
	buf_fini(&r.file);
	buf_fini(&r.payload);
	return rc;
}
