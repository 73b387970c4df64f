/*
 * vigie series: what a key was worth, every five minutes, as CSV or JSON.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "connectors/connectors.h"
#include "engine/base/buf.h"
#include "engine/options.h"
#include "engine/state/series.h"
#include "engine/config.h"

struct series_run {
	struct buf line;
	bool json;
	uint64_t rows;
};

static void
put_milli(struct buf *out, const char *before, int64_t v)
{
	buf_text(out, before);
	buf_fixed(out, v, 3, 3);
}

static bool
on_row(void *self, const struct series_row *row)
{
	struct series_run *run = self;
	struct buf *out = &run->line;
	bool json = run->json;

	buf_clear(out);
	if (json)
		buf_text(out, "{\"timestamp\":\"");
	buf_utc(out, row->end_ms);
	buf_text(out, json ? "\",\"key\":" : ",");
	if (json)
		buf_json(out, slice_of(row->key));
	else
		buf_text(out, row->key);
	put_milli(out, json ? ",\"harm\":" : ",", row->harm);
	put_milli(out, json ? ",\"voices\":" : ",", row->mass);
	put_milli(out, json ? ",\"expected\":" : ",", row->norm);
	put_milli(out, json ? ",\"density\":" : ",", row->density);
	buf_printf(out, json ? ",\"level\":%u,\"accounts\":%u}" : ",%u,%u",
	    row->level, row->accounts);
	buf_char(out, '\n');
	run->rows++;
	return fwrite(out->data, 1, out->len, stdout) == out->len;
}

static const char *
find_folder(struct config *config, const struct options *o,
    const struct config_types *types)
{
	const char *path = config_find(o->config);
	struct diag *diag;
	bool good = true;

	if (o->state != NULL || path == NULL)
		return o->state;
	diag = diag_new();
	good = config_load(config, path, types, diag);
	if (!good)
		diag_print(diag, stderr, false);
	diag_free(diag);
	return good ? config->state_dir : NULL;
}

static int
print(const char *state, const struct options *o)
{
	struct series_run run = {.json = o->json};
	char folder[4096];
	struct err err;
	int rc;

	snprintf(folder, sizeof(folder), "%s/%s", state, SERIES_KIND);
	if (!o->json)
		puts("timestamp,key,harm,voices,expected,density,level,"
		     "accounts");
	rc = series_read(folder, o->args_count > 0 ? o->args[0] : NULL,
	    INT64_MIN, INT64_MAX, on_row, &run, &err);
	buf_fini(&run.line);
	if (fflush(stdout) != 0 && errno != EPIPE) {
		fprintf(stderr, "vigie series: cannot write the results\n");
		return EXIT_FOUND;
	}
	if (rc != 0)
		fprintf(stderr, "vigie series: %s\n", err.text);
	else if (run.rows == 0 && o->args_count > 0)
		fprintf(stderr,
		    "vigie series: no rows of %s\nhelp: a KEY is SECTOR, "
		    "SECTOR/BRAND or SECTOR/BRAND/TOPIC\n", o->args[0]);
	else if (run.rows == 0)
		fprintf(stderr, "vigie series: nothing is recorded yet\n"
		    "help: a row is written every five minutes of the posts' "
		    "time\n");
	return rc == 0 ? EXIT_DONE : EXIT_FOUND;
}

int
cmd_series(struct options *o)
{
	const struct config_types types = {
	    connectors_source_at, connectors_sink_at};
	struct config *config = config_new();
	const char *state = find_folder(config, o, &types);
	int rc = EXIT_MISUSE;

	if (o->args_count > 1)
		fprintf(stderr, "vigie series: one KEY at a time\n");
	else if (state == NULL)
		fprintf(stderr, "vigie series: of which engine?\nhelp: --state "
				"DIR, or --config FILE with state_dir:\n");
	else
		rc = print(state, o);
	config_free(config);
	return rc;
}
