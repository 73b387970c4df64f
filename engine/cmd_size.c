/*
 * vigie size: how many people each team needs, from what was recorded.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/must.h"
#include "engine/options.h"
#include "engine/settings_value.h"
#include "engine/organisation/size_say.h"
#include "engine/view.h"

#define HANDLE_MS (6 * MINUTE_MS)
#define SHARE 0.8
#define DAY_MS (INT64_C(24) * 60 * MINUTE_MS)
#define HANDLE_MAX_MS (365 * DAY_MS) /* no contact takes longer */
#define SINCE_MAX_MS (36500 * DAY_MS)

struct size_run {
	struct size *size;
	int64_t newest_ms;
	uint64_t rows;
};

static bool
on_newest(void *self, const struct series_row *row)
{
	struct size_run *run = self;

	run->newest_ms = row->end_ms;
	run->rows++;
	return true;
}

static bool
on_row(void *self, const struct series_row *row)
{
	struct size_run *run = self;

	size_row(run->size, row);
	return true;
}

static int
read_all(const struct options *o, const struct size_options *size,
    int64_t since_ms, struct size_run *run)
{
	char folder[4096];
	struct err err;
	int64_t from_ms = INT64_MIN;

	snprintf(folder, sizeof(folder), "%s/%s", o->state, SERIES_KIND);
	run->size = size_new(size);
	if (series_read(folder, NULL, INT64_MIN, INT64_MAX, on_newest, run,
		&err) != 0) {
		fprintf(stderr, "vigie size: %s\n", err.text);
		return EXIT_FOUND;
	}
	if (run->rows == 0) {
		fprintf(stderr, "vigie size: nothing is recorded in %s\nhelp: "
		    "vigie learn --state %s POSTS makes a record from posts\n",
		    folder, o->state);
		return EXIT_FOUND;
	}
	if (since_ms > 0)
		from_ms = run->newest_ms - since_ms + 1;
	if (series_read(folder, NULL, from_ms, INT64_MAX, on_row, run, &err)) {
		fprintf(stderr, "vigie size: %s\n", err.text);
		return EXIT_FOUND;
	}
	size_end(run->size);
	return EXIT_DONE;
}

static int
size_all(const struct options *o, const struct size_options *size,
    int64_t since_ms)
{
	bool french = view_detect(stdout, o->lang).french;
	struct size_run run = {0};
	struct buf out = {0};
	int rc = read_all(o, size, since_ms, &run);

	if (rc == EXIT_DONE) {
		if (o->json)
			size_json(run.size, size, &out);
		else
			size_text(run.size, size, french, &out);
		fwrite(out.data, 1, out.len, stdout);
		if (fflush(stdout) != 0 && errno != EPIPE)
			rc = EXIT_FOUND;
	}
	buf_fini(&out);
	size_free(run.size);
	return rc;
}

static bool
take_time(const char *name, const char *text, int64_t most_ms, int64_t *ms)
{
	if (text == NULL ||
	    (settings_value_number(SETTING_DURATION, slice_of(text), ms) &&
		*ms >= MINUTE_MS && *ms <= most_ms))
		return true;
	fprintf(stderr, "vigie size: --%s %s: a duration of a minute or more, "
	    "at most %d days, such as 6m, 28d\n", name, text,
	    (int)(most_ms / DAY_MS));
	return false;
}

static bool
take_share(const char *text, double *share)
{
	int64_t micro = 0;

	if (text == NULL)
		return true;
	if (settings_value_micro(slice_of(text), &micro) &&
	    micro >= 1000000 && micro <= 99900000) {
		*share = (double)micro / 1e8;
		return true;
	}
	fprintf(stderr, "vigie size: --share %s: percent, from 1 to 99.9\n",
	    text);
	return false;
}

int
cmd_size(struct options *o)
{
	struct organisation *organisation = organisation_new();
	struct diag *diag = diag_new();
	struct size_options size = {.organisation = organisation,
	    .handle_ms = HANDLE_MS, .share = SHARE};
	int64_t since_ms = 0;
	int rc = EXIT_MISUSE;

	if (!take_time("handle", o->handle, HANDLE_MAX_MS, &size.handle_ms) ||
	    !take_time("since", o->since, SINCE_MAX_MS, &since_ms) ||
	    !take_share(o->share, &size.share) || o->args_count > 0) {
		if (o->args_count > 0)
			fprintf(stderr, "vigie size: takes no argument\n");
	} else if (o->state == NULL || o->organisation == NULL) {
		fprintf(stderr, "vigie size: wants --state DIR, what was "
		    "recorded, and --organisation FILE\n");
	} else if (!organisation_load(organisation, o->organisation, diag)) {
		diag_print(diag, stderr, false);
		rc = EXIT_FOUND;
	} else {
		rc = size_all(o, &size, since_ms);
	}
	diag_free(diag);
	organisation_free(organisation);
	return rc;
}
