/*
 * Where the entries come from: the journal of a state_dir, or lines.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/state/journal.h"
#include "engine/report/report.h"

static bool
on_entry(void *self, const struct journal_entry *entry)
{
	if (!slice_is(entry->kind, "signal"))
		report_take(self, entry->json);
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
	return journal_walk(state, oldest_ms(r), on_entry, r, err);
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
