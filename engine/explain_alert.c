/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/explain_alert.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/state/frames_file.h"
#include "engine/state/journal.h"
#include "engine/diff/recount.h"
#include "engine/view.h"

struct explaining {
	const struct options *o;
	const char *path; /* as people know it */
	const char *id;   /* beginning of the wanted id, or NULL: all */
	bool french;
	unsigned long line, found;
	int rc;
	struct buf out;
};

static void
explain_line(struct explaining *e, struct slice json)
{
	struct err err;
	struct recount *r = recount_read(json, &err);
	const char *id = e->id != NULL ? e->id : "";
	size_t n = strlen(id);

	if (r == NULL) {
		fprintf(stderr, "%s:%lu:1: error: %s\n"
		    "help: one alert a line, as vigie writes it\n",
		    e->path, e->line, err.text);
		e->rc = EXIT_FOUND;
		return;
	}
	if (recount_id(r).len >= n && !memcmp(recount_id(r).data, id, n)) {
		if (e->o->json)
			recount_json(r, &e->out);
		else
			recount_people(r, e->french, &e->out);
		e->found++;
		if (recount_differs(r) > 0)
			e->rc = EXIT_FOUND;
		fwrite(e->out.data, 1, e->out.len, stdout);
		buf_clear(&e->out);
	}
	recount_free(r);
}

static void
explain_file(struct explaining *e, FILE *in)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	while ((n = getline(&line, &room, in)) > 0) {
		e->line++;
		while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
			n--;
		if (n > 0)
			explain_line(e, (struct slice){line, (size_t)n});
	}
	if (ferror(in)) {
		fprintf(stderr, "vigie explain: %s: %s\n", e->path,
		    strerror(errno));
		e->rc = EXIT_FOUND;
	}
	free(line);
}

/* One entry of the journal; "line" is then its number. */
static bool
on_entry(void *self, uint64_t number, struct slice payload)
{
	struct explaining *e = self;
	struct journal_entry entry;

	e->line = (unsigned long)number;
	if (journal_parse(number, payload, &entry) &&
	    slice_is(entry.kind, "alert"))
		explain_line(e, entry.json);
	return true;
}

/* The journal of a state_dir is only read: an engine may be writing it. */
static void
explain_journal(struct explaining *e)
{
	char folder[3900], path[4096];
	struct frames_file *files = NULL;
	uint32_t count = 0;
	struct err err = {0};
	int rc;

	snprintf(folder, sizeof(folder), "%s/" JOURNAL_KIND, e->path);
	rc = frames_file_list(folder, &files, &count, &err);
	for (uint32_t i = 0; rc == 0 && i < count; i++) {
		frames_file_path(folder, files[i].first, path);
		rc = frames_file_walk(path, JOURNAL_KIND, JOURNAL_VERSION,
		    &files[i], on_entry, e, &err);
	}
	free(files);
	if (rc < 0) {
		fprintf(stderr, "vigie explain: %s\n", err.text);
		e->rc = EXIT_FOUND;
	}
}

/* The file, and the id that is wanted of it; NULL: refused, and it was said. */
static FILE *
open_alerts(struct explaining *e)
{
	FILE *in;

	e->path = e->o->alert;
	if (e->o->alerts != NULL) {
		e->id = e->o->alert;
		e->path = e->o->alerts;
	}
	if (!strcmp(e->path, "-")) {
		e->path = "<stdin>";
		return stdin;
	}
	in = fopen(e->path, "re");
	if (in == NULL)
		fprintf(stderr, "vigie explain: %s: %s\n%s", e->path,
		    strerror(errno), e->id != NULL ? "" :
		    "help: an id is looked for in a file or a state_dir: "
		    "--alert ID --alerts FILE, --alert ID --state DIR\n");
	return in;
}

int
explain_alert(const struct options *o)
{
	struct explaining e = {.o = o};
	FILE *in;

	if (o->alert == NULL || o->args_count > 0) {
		fprintf(stderr, "vigie explain: %s\n", o->alert == NULL ?
		    "--alerts and --state need the id: --alert ID" :
		    "either a text or --alert");
		return EXIT_MISUSE;
	}
	e.french = view_detect(stdout, o->lang).french;
	if (o->state != NULL) {
		e.id = o->alert;
		e.path = o->state;
		explain_journal(&e);
	} else {
		in = open_alerts(&e);
		if (in == NULL)
			return EXIT_FOUND;
		explain_file(&e, in);
		if (in != stdin)
			fclose(in);
	}
	if (e.found == 0 && e.rc == EXIT_DONE) {
		fprintf(stderr, "vigie explain: %s: no alert%s%s\n", e.path,
		    e.id != NULL ? " " : "", e.id != NULL ? e.id : "");
		e.rc = EXIT_FOUND;
	}
	buf_fini(&e.out);
	return e.rc;
}
