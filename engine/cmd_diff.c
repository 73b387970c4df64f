/*
 * vigie diff: what a change of rules would alter on recorded posts.  The
 * posts are read once by both sets for the matches and the old set's alerts,
 * and once more by the new set for its alerts.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/connectors.h"
#include "engine/base/must.h"
#include "engine/cmd_inputs.h"
#include "engine/diff/diff.h"
#include "engine/density/judge.h"
#include "engine/quota.h"
#include "engine/record_job.h"
#include "engine/setup.h"
#include "engine/view.h"

#define EXAMPLES_DEFAULT 3
#define EXAMPLES_MAX 100

struct diff_run {
	struct options o; /* its args are the posts */
	struct setup setup;
	struct ruleset *rules[DIFF_SIDES];
	struct diff diff;
	/* the pass that is running */
	struct cmd_inputs in;
	struct judge *judge; /* or NULL */
	enum diff_side side;
	bool both;
	char **spooled; /* copies of what can be read but once */
	size_t spooled_count;
};

static void
on_alert(void *self, struct alert *alert, uint64_t ruleset)
{
	struct diff_run *run = self;

	(void)ruleset;
	diff_alert_add(&run->diff, run->side, alert);
	alert_unref(alert);
}

static void
on_batch(void *self, struct batch *batch)
{
	struct diff_run *run = self;

	if (run->both)
		diff_posts_batch(&run->diff, batch);
	if (run->judge != NULL)
		judge_batch(run->judge, batch);
}

static void
on_end(void *self)
{
	struct diff_run *run = self;

	if (run->judge != NULL)
		judge_end(run->judge);
}

static struct judge *
open_judge(struct diff_run *run)
{
	struct judge_options options = {
	    .counters = pipeline_counters(run->in.pipeline),
	    .signals = run->setup.config->signals,
	    .on_alert = on_alert,
	    .self = run,
	};
	struct judge *judge;

	setup_density(&run->setup, &options.density);
	setup_author_key(&run->setup, false, options.author_key);
	judge = judge_new(&options);
	judge_rules(judge, run->rules[run->side]);
	return judge;
}

/* The posts once, judged by ${side}, or by both for the matches. */
static int
pass(struct diff_run *run, enum diff_side side, bool both)
{
	int rc;

	run->side = side;
	run->both = both;
	run->in = (struct cmd_inputs){0};
	cmd_inputs_start(&run->in, &run->o);
	cmd_inputs_open(&run->in, run->rules[side], run->setup.workers,
	    both ? diff_job(&run->diff) : record_job(),
	    (struct consumer){
		.on_batch = on_batch, .on_end = on_end, .self = run});
	if (side == DIFF_NEW) /* bad lines were told the first time */
		pipeline_complaints(run->in.pipeline)->out = NULL;
	run->judge = run->diff.with_alerts ? open_judge(run) : NULL;
	rc = cmd_inputs_read(&run->in);
	run->diff.posts =
	    pipeline_counters(run->in.pipeline)->values[COUNTER_posts_total];
	rc = cmd_inputs_close(
	    &run->in, run->setup.workers, run->rules[side], rc);
	judge_free(run->judge);
	return rc;
}

/* ---- what can be read only once ----------------------------------------- */

static bool
copy_all(int from, int to)
{
	char bytes[1 << 16];
	ssize_t n;

	while ((n = read(from, bytes, sizeof(bytes))) > 0)
		for (ssize_t at = 0, put; at < n; at += put) {
			put = write(to, bytes + at, (size_t)(n - at));
			if (put < 0)
				return false;
		}
	return n == 0;
}

/* A copy of standard input or a pipe, for the second pass. */
static bool
spool(struct diff_run *run, size_t i)
{
	const char *dir = getenv("TMPDIR"), *path = run->o.args[i];
	char name[256];
	struct stat st;
	int from = STDIN_FILENO, to;
	bool good;

	if (strcmp(path, "-") && (stat(path, &st) != 0 || S_ISREG(st.st_mode)))
		return true; /* a file, or told when it is opened */
	snprintf(name, sizeof(name), "%s/vigie-diff-XXXXXX",
	    dir != NULL && *dir != '\0' ? dir : "/tmp");
	to = mkstemp(name);
	if (to >= 0 && strcmp(path, "-"))
		from = open(path, O_RDONLY | O_CLOEXEC);
	good = to >= 0 && from >= 0 && copy_all(from, to);
	if (!good)
		fprintf(stderr, "vigie diff: cannot copy %s to %s: %s\n", path,
		    name, strerror(errno));
	if (from > STDIN_FILENO)
		close(from);
	if (to >= 0) {
		close(to);
		run->o.args[i] = strdup(name);
		REQUIRE(run->o.args[i] != NULL);
		run->spooled[run->spooled_count++] = run->o.args[i];
	}
	return good;
}

static bool
spool_all(struct diff_run *run)
{
	run->spooled =
	    must_alloc((run->o.args_count + 1) * sizeof(*run->spooled));
	for (size_t i = 0; i < run->o.args_count; i++)
		if (!spool(run, i))
			return false;
	return true;
}

static void
spool_end(struct diff_run *run)
{
	for (size_t i = 0; i < run->spooled_count; i++) {
		unlink(run->spooled[i]);
		free(run->spooled[i]);
	}
	free(run->spooled);
}

/* ---- start -------------------------------------------------------------- */

/* Failing examples are what people ask diff about. */
static struct ruleset *
load(const struct options *o, const char *path, struct diag *diag)
{
	const struct rules_options options = {.selftest = false};
	const char *paths[OPTIONS_RULES_MAX + 1];
	size_t n = 0;

	while (n < o->rules_count) {
		paths[n] = o->rules[n];
		n++;
	}
	paths[n++] = path;
	return ruleset_load(paths, n, &options, diag);
}

static int
load_all(struct diff_run *run, const char *old, const char *new)
{
	const struct config_types types = {
	    connectors_source_at, connectors_sink_at};
	const char *config = config_find(run->o.config);
	const char *plain = getenv("NO_COLOR");
	struct diag *diag = diag_new();
	int rc;

	run->setup.config = config_new();
	if (config != NULL)
		config_load(run->setup.config, config, &types, diag);
	run->setup.workers = run->o.workers > 0 ? (unsigned)run->o.workers
						: quota_processors();
	run->rules[DIFF_OLD] = load(&run->o, old, diag);
	if (diag_errors(diag) == 0)
		run->rules[DIFF_NEW] = load(&run->o, new, diag);
	rc = diag_errors(diag) > 0 ? EXIT_FOUND : EXIT_DONE;
	if (rc != EXIT_DONE)
		diag_print(diag, stderr,
		    isatty(STDERR_FILENO) && (plain == NULL || !*plain));
	diag_free(diag);
	return rc;
}

static int
compare(struct diff_run *run)
{
	struct diff *d = &run->diff;
	int rc;

	for (int side = 0; side < DIFF_SIDES; side++)
		d->rules[side] = run->rules[side];
	diff_start(d);
	if (d->with_alerts && !spool_all(run))
		rc = EXIT_FOUND;
	else
		rc = pass(run, DIFF_OLD, d->with_posts);
	if (rc == EXIT_DONE && d->with_alerts)
		rc = pass(run, DIFF_NEW, false);
	if (rc == EXIT_DONE) {
		struct view_options view = view_detect(stdout, run->o.lang);
		struct buf out = {0};

		diff_alerts_end(d);
		if (run->o.json)
			diff_json(d, view.french, &out);
		else
			diff_print(d, view.french, view.colour, &out);
		fwrite(out.data, 1, out.len, stdout);
		buf_fini(&out);
		rc = diff_differs(d) ? EXIT_FOUND : EXIT_DONE;
	}
	spool_end(run);
	diff_free(d);
	return rc;
}

static int
misuse(const char *what)
{
	fprintf(stderr, "vigie diff: %s\n"
	    "help: vigie diff OLD NEW POSTS..., two rule files or folders and "
	    "recorded posts\n", what);
	return EXIT_MISUSE;
}

/* What the options ask for, in ${run}; else what is wrong with them. */
static const char *
understand(struct diff_run *run, const struct options *o)
{
	struct diff *d = &run->diff;
	char *end;
	long n = EXAMPLES_DEFAULT;

	if (o->args_count < 3)
		return o->args_count < 2 ? "which two rule sets?"
					 : "on which posts? - is standard "
					   "input";
	if (o->alerts != NULL && strcmp(o->alerts, "only") &&
	    strcmp(o->alerts, "off"))
		return "--alerts is only or off";
	if (o->examples != NULL) {
		n = strtol(o->examples, &end, 10);
		if (*end != '\0' || end == o->examples || n < 0 ||
		    n > EXAMPLES_MAX)
			return "--examples wants 0 to 100";
	}
	d->examples_max = (uint32_t)n;
	d->with_posts = o->alerts == NULL || strcmp(o->alerts, "only");
	d->with_alerts = o->alerts == NULL || strcmp(o->alerts, "off");
	run->o = *o;
	run->o.args += 2;
	run->o.args_count -= 2;
	return NULL;
}

int
cmd_diff(struct options *o)
{
	struct diff_run run = {.diff = {.rules = {NULL, NULL}}};
	const char *wrong = understand(&run, o);
	int rc;

	if (wrong != NULL)
		return misuse(wrong);
	rc = load_all(&run, o->args[0], o->args[1]);
	if (rc == EXIT_DONE)
		rc = compare(&run);
	for (int side = 0; side < DIFF_SIDES; side++)
		if (run.rules[side] != NULL)
			ruleset_unref(run.rules[side]);
	config_free(run.setup.config);
	return rc;
}
