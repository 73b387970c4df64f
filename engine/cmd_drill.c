/*
 * vigie drill: a documented crisis, made from its plan and judged as it was
 * told, at the speed one wants to watch it.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "connectors/connectors.h"
#include "engine/base/mathx.h"
#include "engine/base/must.h"
#include "engine/base/suggest.h"
#include "engine/cmd_judge.h"
#include "engine/scenario/drill.h"
#include "engine/organisation/rehearsal.h"
#include "engine/scenario/scenario.h"
#include "engine/settings_value.h"

struct run {
	struct options *o;
	struct scenario *scenario;
	struct scenario_maker *maker;
	struct drill drill;
	struct rehearsal *rehearsal; /* with --organisation, else NULL */
	uint64_t seed;
	int64_t wave_micro, speed_micro; /* speed 0: as fast as it goes */
	struct buf made; /* posts that were not read yet */
	size_t read;
	bool over;
	int timer;       /* -1: as fast as it goes */
	int64_t start_ns;
	struct clock clock;
};

static int
misuse(const char *what)
{
	fprintf(stderr, "vigie drill: %s\nhelp: vigie help drill\n", what);
	return EXIT_MISUSE;
}

/* ---- posts, when they are due -------------------------------------------- */

/* The next minutes until there is a post; false: no more. */
static bool
make_some(struct run *run)
{
	buf_clear(&run->made);
	run->read = 0;
	while (run->made.len == 0 && !run->over)
		run->over = !scenario_minute(run->maker, &run->made);
	return run->made.len > 0;
}

/* The timer rings when the minute that was made is over. */
static void
wait_for_it(struct run *run)
{
	int64_t age_ms = scenario_minute_ms(run->maker) -
	    scenario_from_ms(run->scenario);
	int64_t due_ns = run->start_ns +
	    mathx_ratio(age_ms * 1000000, MATHX_MICRO, run->speed_micro);
	int64_t wait_ns = due_ns - run->clock.tick_ns(run->clock.self);
	struct itimerspec at = {0};

	wait_ns = wait_ns > 0 ? wait_ns : 1;
	at.it_value.tv_sec = (time_t)(wait_ns / 1000000000);
	at.it_value.tv_nsec = (long)(wait_ns % 1000000000);
	REQUIRE(timerfd_settime(run->timer, 0, &at, NULL) == 0);
}

static ssize_t
on_read(void *self, char *to, size_t room, struct err *err)
{
	struct run *run = self;
	uint64_t rung;
	size_t n;

	(void)err;
	if (run->read == run->made.len) {
		if (!make_some(run))
			return 0;
		if (run->timer >= 0) {
			wait_for_it(run);
			while (read(run->timer, &rung, sizeof(rung)) < 0)
				continue; /* a signal */
		}
	}
	n = run->made.len - run->read;
	n = n < room ? n : room;
	memcpy(to, run->made.data + run->read, n);
	run->read += n;
	return (ssize_t)n;
}

static int
print_posts(struct run *run)
{
	while (make_some(run)) {
		if (run->timer >= 0) {
			uint64_t rung;

			wait_for_it(run);
			while (read(run->timer, &rung, sizeof(rung)) < 0)
				continue;
		}
		fwrite(run->made.data, 1, run->made.len, stdout);
		if (run->timer >= 0 && fflush(stdout) != 0)
			break;
		if (ferror(stdout))
			break;
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		if (errno == EPIPE) { /* `head` has seen enough */
			clearerr(stdout);
			return EXIT_DONE;
		}
		perror("vigie drill: cannot write the posts");
		return EXIT_FOUND;
	}
	return EXIT_DONE;
}

/* ---- the drill ----------------------------------------------------------- */

static void
on_alert(void *self, const struct alert *alert)
{
	struct run *run = self;

	drill_alert(&run->drill, alert);
	if (run->rehearsal != NULL)
		rehearsal_take(run->rehearsal, alert);
}

/* The same people and hours under the model of the file, or under all. */
static void
rehearse(const struct run *run, struct organisation *o, bool json,
    bool french, struct buf *out)
{
	struct rehearsal_result results[MODELS_COUNT];
	enum model own = o->model;
	size_t count = 0;

	if (!run->o->compare) {
		rehearsal_run(run->rehearsal, o, run->seed, &results[count++]);
	} else {
		for (int m = MODEL_ORGANIC; m < MODELS_COUNT; m++) {
			o->model = (enum model)m;
			rehearsal_run(run->rehearsal, o, run->seed,
			    &results[count++]);
		}
		o->model = own;
	}
	if (json)
		rehearsal_json(results, count, run->seed, out);
	else
		rehearsal_text(results, count, run->seed, french, out);
}

static int
judge_all(struct run *run, const struct setup *setup, struct cmd_judge *judge)
{
	const struct pull_input input = {scenario_name(run->scenario), on_read,
	    run, run->timer};
	struct buf end = {0};
	bool french = judge->view != NULL && view_detect(stdout,
						 run->o->lang).french;
	bool json = judge->view == NULL;
	uint64_t posts;
	int rc;

	judge->setup = setup;
	judge->watch = on_alert;
	judge->watch_self = run;
	drill_start(&run->drill, run->scenario);
	if (!json)
		printf("\n%s\n\n", scenario_title(run->scenario, french));
	fflush(stdout);
	rc = cmd_judge_open(judge) ? cmd_inputs_pull(&judge->in, &input) : -1;
	posts = pipeline_counters(judge->in.pipeline)
		    ->values[COUNTER_posts_total];
	rc = cmd_judge_close(judge, rc);
	if (json)
		drill_json(&run->drill, posts, run->seed, &end);
	else
		drill_text(&run->drill, french, &end);
	if (run->rehearsal != NULL)
		rehearse(run, setup->organisation, json, french, &end);
	fwrite(end.data, 1, end.len, stdout);
	fflush(stdout);
	buf_fini(&end);
	return rc;
}

/* The rules of the plan, unless the person named others. */
static int
judge_scenario(struct run *run)
{
	const struct config_types types = {
	    connectors_source_at, connectors_sink_at};
	struct cmd_judge judge = {0};
	struct setup setup;
	const char *const *rules;
	size_t count;
	int rc;

	rules = scenario_rules(run->scenario, &count);
	if (run->o->rules_count == 0) {
		if (count > OPTIONS_RULES_MAX)
			count = OPTIONS_RULES_MAX;
		memcpy(run->o->rules, rules, count * sizeof(*rules));
		run->o->rules_count = count;
	}
	cmd_inputs_start(&judge.in, run->o);
	rc = setup_load(&setup, run->o, &types);
	if (rc == 0 && !cmd_judge_view(&judge, run->o->view != NULL ?
				run->o->view : "terminal", run->o->lang))
		rc = EXIT_MISUSE;
	if (rc == 0)
		rc = judge_all(run, &setup, &judge);
	setup_free(&setup);
	return rc;
}

static int
read_numbers(struct run *run)
{
	const struct options *o = run->o;
	char speed[32];
	char *end;

	run->seed = 1;
	run->wave_micro = MATHX_MICRO;
	if (o->seed != NULL) {
		errno = 0;
		run->seed = strtoull(o->seed, &end, 10);
		/* strtoull() takes -1 for the greatest number, and blanks. */
		if (*end != '\0' || o->seed[0] < '0' || o->seed[0] > '9' ||
		    errno != 0)
			return misuse("--seed wants a whole number from 0 to "
				      "18446744073709551615");
	}
	if (o->wave != NULL &&
	    (!settings_value_micro(slice_of(o->wave), &run->wave_micro) ||
		run->wave_micro < 0 || run->wave_micro > 100 * MATHX_MICRO))
		return misuse("--wave wants a number from 0 to 100");
	if (o->speed == NULL || !strcmp(o->speed, "max"))
		return 0;
	snprintf(speed, sizeof(speed), "%s", o->speed);
	if (speed[0] != '\0' && speed[strlen(speed) - 1] == 'x')
		speed[strlen(speed) - 1] = '\0';
	if (!settings_value_micro(slice_of(speed), &run->speed_micro) ||
	    run->speed_micro < MATHX_MICRO / 10 ||
	    run->speed_micro > 10000000 * MATHX_MICRO)
		return misuse("--speed wants max, or a number such as 60x");
	return 0;
}

static int
list(const struct options *o)
{
	struct buf out = {0};
	bool there = scenario_list(o->scenarios, o->rules, o->rules_count,
	    view_detect(stdout, o->lang).french, &out);

	if (there)
		fwrite(out.data, 1, out.len, stdout);
	buf_fini(&out);
	if (!there)
		fprintf(stderr, "vigie drill: no scenarios here\n"
				"help: --scenarios DIR says where they are\n");
	return there ? EXIT_DONE : EXIT_FOUND;
}

/* The names are the first words of the list's lines. */
static void
say_unknown(const struct options *o, const char *name)
{
	struct buf lines = {0};
	size_t n = strlen(name);
	struct suggest s;

	scenario_list(
	    o->scenarios, o->rules, o->rules_count, false, &lines);
	suggest_start(&s, slice_of(name));
	for (size_t i = 0; i < lines.len; i++) {
		size_t from = i;

		while (i < lines.len && lines.data[i] > ' ')
			i++;
		suggest_offer(&s, (struct slice){lines.data + from, i - from});
		/* "nestle" is enough of "nestle-2010" */
		if (i - from > n && lines.data[from + n] == '-' &&
		    memcmp(lines.data + from, name, n) == 0)
			s.best = (struct slice){lines.data + from, i - from};
		while (i < lines.len && lines.data[i] != '\n')
			i++;
	}
	fprintf(stderr, "vigie drill: no scenario '%s'\nhelp: ", name);
	if (s.best.data != NULL)
		fprintf(stderr, "did you mean '%.*s'? ", SLICE_ARG(s.best));
	fprintf(stderr, "vigie drill --list names them\n");
	buf_fini(&lines);
}

static int
load(struct run *run, const char *name)
{
	struct arena *arena = arena_new();
	struct diag *diag = diag_new();
	const char *path = scenario_find(run->o->scenarios, run->o->rules,
	    run->o->rules_count, name, arena);
	int rc = 0;

	if (path == NULL) {
		say_unknown(run->o, name);
		rc = EXIT_FOUND;
	} else {
		run->scenario = scenario_load(path, diag);
		rc = run->scenario != NULL ? 0 : EXIT_FOUND;
	}
	diag_print(diag, stderr, false);
	diag_free(diag);
	arena_free(arena);
	return rc;
}

int
cmd_drill(struct options *o)
{
	struct run run = {.o = o, .timer = -1, .clock = clock_wall()};
	int rc;

	if (o->list)
		return list(o);
	if (o->args_count != 1)
		return misuse("one scenario, please; --list names them");
	if (o->compare && o->organisation == NULL)
		return misuse("--compare wants --organisation FILE, whose "
			      "teams it puts under each model");
	rc = read_numbers(&run);
	if (rc == 0)
		rc = load(&run, o->args[0]);
	if (rc != 0)
		return rc;
	o->args_count = 0;
	if (run.speed_micro > 0) {
		run.timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
		REQUIRE(run.timer >= 0);
	}
	run.start_ns = run.clock.tick_ns(run.clock.self);
	if (o->organisation != NULL)
		run.rehearsal = rehearsal_new();
	run.maker = scenario_maker_new(run.scenario, run.seed,
	    (double)run.wave_micro / 1e6);
	rc = o->view != NULL && !strcmp(o->view, "posts") ?
	    print_posts(&run) : judge_scenario(&run);
	rehearsal_free(run.rehearsal);
	scenario_maker_free(run.maker);
	scenario_free(run.scenario);
	buf_fini(&run.made);
	if (run.timer >= 0)
		close(run.timer);
	return rc;
}
