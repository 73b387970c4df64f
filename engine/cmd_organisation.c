/*
 * vigie organisation diff: what another file would have meant for alerts of
 * the past.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "engine/options.h"
#include "engine/report/past.h"
#include "engine/organisation/regroup.h"
#include "engine/settings_value.h"
#include "engine/view.h"

#define ROWS_SHOWN 20

struct past_run {
	struct regroup regroup;
	int64_t from_ms, newest_ms;
};

static int
misuse(const char *what)
{
	fprintf(stderr, "vigie organisation: %s\nhelp: vigie organisation diff "
			"OLD.yaml NEW.yaml --state DIR\n", what);
	return EXIT_MISUSE;
}

static void
on_newest(void *self, const struct alert *a)
{
	struct past_run *run = self;

	if (run->newest_ms == TIME_NONE || a->minute_ms > run->newest_ms)
		run->newest_ms = a->minute_ms;
}

static void
on_alert(void *self, const struct alert *a)
{
	struct past_run *run = self;

	if (a->minute_ms >= run->from_ms)
		regroup_take(&run->regroup, a);
}

static int
read_past(const struct options *o, past_visit visit, struct past_run *run)
{
	struct err err;
	uint64_t bad = 0;
	int rc;

	if (o->alerts != NULL)
		rc = past_lines(o->alerts, visit, run, &bad, &err);
	else if (visit == on_newest)
		rc = past_newest(o->state, visit, run, &err);
	else
		rc = past_state(o->state, run->from_ms, visit, run, &err);
	if (rc != 0)
		fprintf(stderr, "vigie organisation: %s\n", err.text);
	else if (bad > 0 && visit == on_alert)
		fprintf(stderr, "vigie organisation: %llu line%s of %s %s\n",
		    (unsigned long long)bad, bad == 1 ? "" : "s", o->alerts,
		    bad == 1 ? "is no alert" : "are no alerts");
	return rc == 0 ? EXIT_DONE : EXIT_FOUND;
}

static int
compare(const struct options *o, const struct organisation *old,
    const struct organisation *new, int64_t since_ms)
{
	struct past_run run = {.from_ms = INT64_MIN, .newest_ms = TIME_NONE};
	struct buf out = {0};
	int rc = EXIT_DONE;

	/* Standard input is read once: then all of it counts. */
	if (since_ms > 0 && (o->alerts == NULL || strcmp(o->alerts, "-"))) {
		rc = read_past(o, on_newest, &run);
		if (run.newest_ms != TIME_NONE)
			run.from_ms = run.newest_ms - since_ms;
	}
	regroup_start(&run.regroup, old, new);
	if (rc == EXIT_DONE)
		rc = read_past(o, on_alert, &run);
	regroup_end(&run.regroup);
	if (rc == EXIT_DONE && o->json)
		regroup_json(&run.regroup, &out);
	else if (rc == EXIT_DONE)
		regroup_text(&run.regroup, view_detect(stdout, o->lang).french,
		    ROWS_SHOWN, &out);
	if (rc == EXIT_DONE)
		fwrite(out.data, 1, out.len, stdout);
	if (fflush(stdout) != 0 && errno != EPIPE)
		rc = EXIT_FOUND;
	buf_fini(&out);
	regroup_fini(&run.regroup);
	return rc;
}

int
cmd_organisation(struct options *o)
{
	struct organisation *sides[2];
	struct diag *diag;
	int64_t since_ms = 0;
	bool good = true;
	int rc = EXIT_FOUND;

	if (o->args_count != 3 || strcmp(o->args[0], "diff") != 0)
		return misuse("diff, and two files");
	if ((o->state == NULL) == (o->alerts == NULL))
		return misuse("--state DIR, or --alerts FILE with lines of "
			      "replay: which alerts?");
	if (o->since != NULL &&
	    !settings_value_number(SETTING_DURATION, slice_of(o->since),
		&since_ms))
		return misuse("--since wants a duration, such as 30d");
	diag = diag_new();
	for (int i = 0; i < 2; i++) {
		sides[i] = organisation_new();
		good &= organisation_load(sides[i], o->args[i + 1], diag);
	}
	if (good)
		rc = compare(o, sides[0], sides[1], since_ms);
	else
		diag_print(diag, stderr, false);
	for (int i = 0; i < 2; i++)
		organisation_free(sides[i]);
	diag_free(diag);
	return rc;
}
