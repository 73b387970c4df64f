/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/must.h"
#include "engine/base/pack.h"
#include "engine/batch.h"
#include "engine/state/frames_file.h"
#include "engine/state/series.h"

struct series_name {
	enum alert_subject subject;
	const char *text;
};

struct scan {
	const char *key;
	int64_t from_ms, to_ms;
	bool (*visit)(void *self, const struct series_row *row);
	void *self;
	struct arena *arena;
	struct vec names; /* of this file */
	bool over;
};

static void
read_names(struct scan *s, struct slice names)
{
	struct unpack in = unpack_of(names);

	while (in.at < in.end && !in.bad) {
		struct series_name *name =
		    vec_push(&s->names, struct series_name);

		name->subject = (enum alert_subject)unpack_u8(&in);
		name->text = arena_text(s->arena, unpack_text(&in)).data;
	}
}

static void
read_row(struct scan *s, int64_t end_ms, struct unpack *in)
{
	struct series_row row = {.end_ms = end_ms};
	uint64_t number = unpack_uint(in);
	const struct series_name *name;

	row.harm = (int64_t)unpack_uint(in);
	row.mass = (int64_t)unpack_uint(in);
	row.norm = (int64_t)unpack_uint(in);
	row.density = (int64_t)unpack_uint(in);
	row.level = unpack_u8(in);
	row.accounts = (uint32_t)unpack_most(in, UINT32_MAX);
	if (in->bad || number >= s->names.count) {
		in->bad = true;
		return;
	}
	name = vec_at(&s->names, struct series_name, number);
	row.subject = name->subject;
	row.key = name->text;
	if (s->key == NULL || !strcmp(s->key, row.key))
		s->over |= !s->visit(s->self, &row);
}

static bool
read_tick(void *self, uint64_t number, struct slice payload)
{
	struct scan *s = self;
	struct unpack in = unpack_of(payload);
	int64_t end_ms;

	(void)number;
	read_names(s, unpack_text(&in));
	end_ms = unpack_int(&in);
	if (end_ms < s->from_ms || end_ms >= s->to_ms)
		return end_ms < s->to_ms;
	while (in.at < in.end && !in.bad && !s->over)
		read_row(s, end_ms, &in);
	return !in.bad && !s->over;
}

int
series_read(const char *folder, const char *key, int64_t from_ms,
    int64_t to_ms, bool (*visit)(void *self, const struct series_row *row),
    void *self, struct err *err)
{
	struct scan s = {.key = key, .from_ms = from_ms, .to_ms = to_ms,
	    .visit = visit, .self = self, .arena = arena_new()};
	struct frames_file *files;
	uint32_t count;
	int rc = frames_file_list(folder, &files, &count, err);

	for (uint32_t i = 0; rc == 0 && i < count; i++) {
		char path[4096];

		/* A file whose next one begins before the range is over. */
		if (i + 1 < count &&
		    frames_file_is_older(folder, SERIES_KIND, SERIES_VERSION,
			&files[i + 1], from_ms))
			continue;
		s.names.count = 0;
		frames_file_path(folder, files[i].first, path);
		rc = frames_file_walk(path, SERIES_KIND, SERIES_VERSION,
		    &files[i], read_tick, &s, err);
		if (rc == -EBADMSG || rc == -ENOENT)
			rc = 0; /* being made, or trimmed just now */
		if (s.over || files[i].stamp >= to_ms)
			break;
	}
	free(files);
	free(s.names.items);
	arena_free(s.arena);
	return rc;
}
