/*
 * Where the entries come from: the journal of a state_dir, or lines.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/frames_file.h"
#include "engine/journal.h"
#include "engine/report.h"

static bool
on_entry(void *self, uint64_t number, struct slice payload)
{
	struct journal_entry entry;

	if (journal_parse(number, payload, &entry) &&
	    !slice_is(entry.kind, "signal"))
		report_take(self, entry.json);
	return true;
}

/* From when on entries matter: a week, and as long before the report's time
 * as it lasts; twice that, because an alert may have begun earlier. */
static int64_t
oldest_ms(const struct report *r)
{
	int64_t span_ms = 2 * (r->now_ms - r->from_ms);

	if (span_ms < REPORT_WEEK_MS)
		span_ms = REPORT_WEEK_MS;
	return r->now_ms - 2 * span_ms;
}

int
report_read_state(struct report *r, const char *state, struct err *err)
{
	char folder[3900], path[4096];
	struct frames_file *files = NULL;
	uint32_t count = 0;
	int rc;

	snprintf(folder, sizeof(folder), "%s/" JOURNAL_KIND, state);
	rc = frames_file_list(folder, &files, &count, err);
	for (uint32_t i = 0; rc == 0 && i < count; i++) {
		struct frames_file next;

		/* An engine may be writing: files are only read. */
		if (i + 1 < count) {
			frames_file_path(folder, files[i + 1].first, path);
			if (frames_file_peek(path, JOURNAL_KIND,
				JOURNAL_VERSION, &next, err) == 0 &&
			    next.stamp <= oldest_ms(r))
				continue;
		}
		frames_file_path(folder, files[i].first, path);
		rc = frames_file_walk(path, JOURNAL_KIND, JOURNAL_VERSION,
		    &files[i], on_entry, r, err);
		if (rc == -ENOENT || rc == -EBADMSG)
			rc = 0; /* trimmed just now, or being made */
	}
	free(files);
	return rc;
}

int
report_read_file(struct report *r, const char *path, uint64_t *bad,
    struct err *err)
{
	FILE *in = !strcmp(path, "-") ? stdin : fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	int rc = 0;

	*bad = 0;
	if (in == NULL)
		return err_set(err, -errno, "%s: %s", path, strerror(errno));
	while ((n = getline(&line, &room, in)) > 0) {
		while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
			n--;
		if (n > 0 && !report_take(r, (struct slice){line, (size_t)n}))
			++*bad;
	}
	if (ferror(in))
		rc = err_set(err, -errno, "%s: %s", path, strerror(errno));
	if (in != stdin)
		fclose(in);
	free(line);
	return rc;
}
