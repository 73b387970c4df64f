/*
 * vigie report: one page for a senior manager.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connectors/connectors.h"
#include "engine/config.h"
#include "engine/options.h"
#include "engine/report/report_page.h"
#include "engine/settings_value.h"
#include "engine/setup.h"
#include "engine/view.h"

#define SINCE_MAX_MS (400 * REPORT_DAY_MS)

struct report_run {
	const struct options *o;
	struct config *config;
	struct organisation *organisation; /* or NULL */
	const char *state;
	int64_t now_ms, since_ms;
};

static int
misuse(const char *what, const char *help)
{
	fprintf(stderr, "vigie report: %s\nhelp: %s\n", what, help);
	return EXIT_MISUSE;
}

static bool
is_one_of(const char *text, const char *a, const char *b, const char *c)
{
	return text == NULL || !strcmp(text, a) || !strcmp(text, b) ||
	    !strcmp(text, c);
}

static int
read_options(struct report_run *run)
{
	const struct options *o = run->o;
	struct clock clock = clock_wall();

	run->now_ms = clock_now(&clock);
	run->since_ms = REPORT_DAY_MS;
	if (!is_one_of(o->format, "md", "html", "json"))
		return misuse("--format is md, html or json",
		    "vigie help report");
	if (o->args_count > 0)
		return misuse("takes no argument",
		    "--state DIR, or --journal FILE");
	if (o->now != NULL && !clock_parse(slice_of(o->now), &run->now_ms))
		return misuse("--now wants a time", "2010-03-18T12:00:00Z");
	if (o->since != NULL &&
	    (!settings_value_number(SETTING_DURATION, slice_of(o->since),
		 &run->since_ms) || run->since_ms < MINUTE_MS ||
		run->since_ms > SINCE_MAX_MS))
		return misuse("--since wants a duration", "24h, or 7d");
	return EXIT_DONE;
}

/* The configuration gives what the options do not: state and organisation. */
static int
read_files(struct report_run *run)
{
	const struct options *o = run->o;
	const struct config_types types = {
	    connectors_source_at, connectors_sink_at};
	const char *path = config_find(o->config), *teams = o->organisation;
	struct diag *diag = diag_new();
	int rc = EXIT_DONE;

	run->config = config_new();
	if (path != NULL)
		config_load(run->config, path, &types, diag);
	if (teams == NULL)
		teams = run->config->organisation;
	if (teams != NULL) {
		run->organisation = organisation_new();
		organisation_load(run->organisation, teams, diag);
	}
	run->state = o->state;
	if (run->state == NULL && o->journal == NULL)
		run->state = run->config->state_dir;
	if (diag_errors(diag) > 0) {
		diag_print(diag, stderr, isatty(STDERR_FILENO) &&
		    getenv("NO_COLOR") == NULL);
		rc = EXIT_FOUND;
	}
	diag_free(diag);
	if (rc == EXIT_DONE && run->state == NULL && o->journal == NULL)
		rc = misuse("of which engine?", "--state DIR, --config FILE "
		    "with state_dir:, or --journal FILE");
	return rc;
}

static int
say(const struct err *err)
{
	fprintf(stderr, "vigie report: %s\n", err->text);
	return EXIT_FOUND;
}

static int
gather(const struct report_run *run, struct report *r)
{
	struct err err = {0};
	uint64_t bad = 0;

	if (run->o->journal != NULL &&
	    report_read_file(r, run->o->journal, &bad, &err) != 0)
		return say(&err);
	if (run->o->journal == NULL &&
	    report_read_state(r, run->state, &err) != 0)
		return say(&err);
	if (bad > 0)
		fprintf(stderr, "vigie report: %s: %llu %s of a journal\n",
		    run->o->journal, (unsigned long long)bad, bad == 1 ?
		    "line is no entry" : "lines are no entries");
	if (bad > 0 && r->entries == 0)
		return EXIT_FOUND;
	report_sum(r);
	if (report_curves(r, run->state, &err) != 0)
		return say(&err);
	if (r->newest_ms != TIME_NONE && r->heard_ms < r->from_ms) {
		char text[24];

		clock_format(r->newest_ms, text);
		fprintf(stderr, "vigie report: nothing of this time; the "
		    "latest entry is of %s\nhelp: --now TIME\n", text);
	}
	return EXIT_DONE;
}

static void
print(const struct report_run *run, const struct report *r)
{
	const char *format = run->o->format;
	struct buf out = {0};
	struct page *p;

	if (format != NULL && !strcmp(format, "json")) {
		report_json(r, &out);
	} else {
		p = report_page_make(
		    r, view_detect(stdout, run->o->lang).french);
		if (format != NULL && !strcmp(format, "html"))
			report_html(p, &out);
		else
			report_md(p, &out);
		report_page_free(p);
	}
	fwrite(out.data, 1, out.len, stdout);
	buf_fini(&out);
}

int
cmd_report(struct options *o)
{
	struct report_run run = {.o = o};
	struct report *r;
	int rc = read_options(&run);

	if (rc != EXIT_DONE)
		return rc;
	rc = read_files(&run);
	if (rc == EXIT_DONE) {
		r = report_new(run.now_ms, run.since_ms, run.organisation);
		rc = gather(&run, r);
		if (rc == EXIT_DONE)
			print(&run, r);
		report_free(r);
	}
	organisation_free(run.organisation);
	config_free(run.config);
	return rc;
}
