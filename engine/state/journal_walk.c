/*
 * The journal of a state_dir, read from the outside: an engine may be writing
 * there, files are only read.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/state/frames_file.h"
#include "engine/state/journal.h"

/* The folder after the longest of a state_dir leaves room for a file. */
#define FOLDER_BYTES 3900

struct walk {
	journal_visit visit;
	void *self;
	bool over;
};

static bool
on_frame(void *self, uint64_t number, struct slice payload)
{
	struct walk *w = self;
	struct journal_entry entry;

	if (journal_parse(number, payload, &entry))
		w->over |= !w->visit(w->self, &entry);
	return true;
}

static int
list(const char *state, char *folder, struct frames_file **files,
    uint32_t *count, struct err *err)
{
	snprintf(folder, FOLDER_BYTES, "%s/" JOURNAL_KIND, state);
	return frames_file_list(folder, files, count, err);
}

static int
read_file(const char *folder, struct frames_file *file, struct walk *w,
    struct err *err)
{
	char path[4096];
	int rc;

	frames_file_path(folder, file->first, path);
	rc = frames_file_walk(path, JOURNAL_KIND, JOURNAL_VERSION, file,
	    on_frame, w, err);
	/* Trimmed just now, or being made. */
	return rc == -ENOENT || rc == -EBADMSG ? 0 : rc;
}

int
journal_walk(const char *state, int64_t from_ms, journal_visit visit,
    void *self, struct err *err)
{
	struct walk w = {visit, self, false};
	struct frames_file *files = NULL;
	char folder[FOLDER_BYTES];
	uint32_t count = 0;
	int rc = list(state, folder, &files, &count, err);

	for (uint32_t i = 0; rc == 0 && !w.over && i < count; i++)
		if (i + 1 == count ||
		    !frames_file_is_older(folder, JOURNAL_KIND,
			JOURNAL_VERSION, &files[i + 1], from_ms))
			rc = read_file(folder, &files[i], &w, err);
	free(files);
	return rc;
}

int
journal_walk_back(const char *state, journal_visit visit, void *self,
    struct err *err)
{
	struct walk w = {visit, self, false};
	struct frames_file *files = NULL;
	char folder[FOLDER_BYTES];
	uint32_t count = 0;
	int rc = list(state, folder, &files, &count, err);

	for (uint32_t i = count; rc == 0 && !w.over && i-- > 0;)
		rc = read_file(folder, &files[i], &w, err);
	free(files);
	return rc;
}
