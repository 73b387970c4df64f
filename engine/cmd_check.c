/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connectors/connectors.h"
#include "engine/base/clock.h"
#include "engine/base/must.h"
#include "engine/base/suggest.h"
#include "engine/base/buf.h"
#include "engine/cmd_check_duty.h"
#include "engine/cmd_check_say.h"
#include "engine/cmd_posts.h"
#include "engine/organisation/playbooks.h"
#include "engine/scenario/scenario.h"
#include "engine/setup.h"
#include "engine/view.h"
#include "rules/rules.h"

struct check {
	struct diag *diag;
	const struct ruleset *rules; /* or NULL */
	int64_t now_ms;
	bool french, json;
	struct buf *duty; /* what was proven of organisations */
	struct other {
		char *path;
		const char *kind;
	} *others; /* read after the rules, so that both tell all they know */
	size_t others_count;
};

/* Is a topic that a playbook names in the rules, or one like it? */
static bool
topic_known(void *self, const char *topic, struct buf *help)
{
	const struct ruleset *rs = self;
	struct suggest s;

	suggest_start(&s, slice_of(topic));
	for (uint32_t i = 0; i < ruleset_topics(rs); i++) {
		if (slice_is(ruleset_topic(rs, i)->id, topic))
			return true;
		suggest_offer(&s, ruleset_topic(rs, i)->id);
	}
	if (s.best.data != NULL)
		buf_printf(help, "did you mean '%.*s'?", SLICE_ARG(s.best));
	return false;
}

static void
check_doubts(const struct check *c, const struct playbooks *p)
{
	if (p != NULL)
		playbooks_doubts(p, c->now_ms,
		    c->rules != NULL ? topic_known : NULL,
		    (void *)(uintptr_t)c->rules, c->diag);
}

static void
check_organisation(const struct check *c, const char *path)
{
	struct organisation *o = organisation_new();

	const struct cmd_check_duty duty = {
	    c->rules, c->now_ms, c->french, c->diag};

	if (organisation_load(o, path, c->diag))
		cmd_check_duty(&duty, o, c->json, c->duty);
	setup_playbooks(o, NULL, NULL, c->diag);
	check_doubts(c, o->playbooks);
	organisation_free(o);
}

static void
check_playbooks(const struct check *c, const char *path)
{
	struct playbooks *p = playbooks_new();

	playbooks_load(p, path, c->diag);
	check_doubts(c, p);
	playbooks_free(p);
}

static void
check_config(const struct check *c, const char *path)
{
	const struct config_types types = {
	    connectors_source_at, connectors_sink_at};
	struct config *config = config_new();
	struct organisation *o = organisation_new();

	config_load(config, path, &types, c->diag);
	setup_playbooks(o, config, NULL, c->diag);
	check_doubts(c, o->playbooks);
	organisation_free(o);
	config_free(config);
}

static void
check_scenario(const struct check *c, const char *path)
{
	const char *slash = strrchr(path, '/');

	/* What several scenarios share is read with each of them. */
	if (!strcmp(slash != NULL ? slash + 1 : path, "plan.yaml"))
		scenario_free(scenario_load(path, c->diag));
}

/* Files that are no rule files, by kind: who reads them. */
static const struct {
	const char *kind;
	void (*check)(const struct check *c, const char *path);
} readers[] = {
    {"organisation", check_organisation},
    {"config", check_config},
    {"playbooks", check_playbooks},
    {"scenario", check_scenario},
};

static void
on_other(void *self, const char *path, const char *kind)
{
	struct check *c = self;
	struct other *other;

	c->others = must_grow(
	    c->others, (c->others_count + 1) * sizeof(*c->others));
	other = &c->others[c->others_count++];
	other->path = strdup(path);
	other->kind = kind;
	REQUIRE(other->path != NULL);
}

static void
check_others(struct check *c)
{
	for (size_t i = 0; i < c->others_count; i++) {
		const struct other *other = &c->others[i];

		for (size_t k = 0; k < sizeof(readers) / sizeof(*readers); k++)
			if (!strcmp(readers[k].kind, other->kind))
				readers[k].check(c, other->path);
		free(other->path);
	}
}

static unsigned
count_others(const struct check *c, const char *kind)
{
	unsigned n = 0;

	for (size_t i = 0; i < c->others_count; i++)
		n += !strcmp(c->others[i].kind, kind);
	return n;
}

static bool
has_rules(const struct ruleset *rs)
{
	return ruleset_rules(rs) + ruleset_brands(rs) + ruleset_topics(rs) > 0;
}

static void
on_post(void *self, const struct post *post, struct text *text)
{
	sample_post(self, post, text);
}

/* The exit code. */
static int
measure(const struct options *o, struct ruleset *rs,
    struct cmd_check_summary *s)
{
	struct sample *sample;
	char *path = (char *)(uintptr_t)o->posts;
	int rc;

	if (s->only_others)
		return EXIT_DONE;
	if (o->posts == NULL) {
		s->cost = sample_own(rs);
		return EXIT_DONE;
	}
	sample = sample_new(rs);
	rc = cmd_posts_each(o, &path, 1, rs, on_post, sample);
	s->cost = sample_end(sample);
	return rc;
}

static int
sum_up(const struct options *o, struct ruleset *rs, const struct check *c,
    int64_t took_ns)
{
	struct cmd_check_summary s = {.rules = rs,
	    .diag = c->diag,
	    .organisations = count_others(c, "organisation"),
	    .playbooks = count_others(c, "playbooks"),
	    .configurations = count_others(c, "config"),
	    .scenarios = count_others(c, "scenario"),
	    .took_ns = took_ns,
	    .posts = o->posts};
	int rc = EXIT_FOUND;

	if (rs != NULL) {
		s.only_others = !has_rules(rs) && c->others_count > 0;
		rc = measure(o, rs, &s);
		if (o->costs)
			cmd_check_costs(rs, o->json);
	}
	if (o->json || rs != NULL)
		cmd_check_summary(
		    &s, o->json, view_detect(stdout, o->lang).french);
	return rc;
}

/* What is misuse, said. */
static bool
is_misuse(const struct options *o, int64_t *now_ms)
{
	if (o->args_count == 0)
		fprintf(stderr, "vigie check: which files?\n"
				"help: vigie check rules/packs\n");
	else if (o->now != NULL && !clock_parse(slice_of(o->now), now_ms))
		fprintf(stderr, "vigie check: --now wants a time\n"
				"help: --now 2010-03-18T12:00:00Z\n");
	else
		return false;
	return true;
}

int
cmd_check(struct options *o)
{
	struct buf duty = {0};
	struct check c = {.diag = diag_new(), .duty = &duty};
	struct rules_options options = {
	    .selftest = true, .pedantic = true, .other = on_other, .self = &c};
	struct clock clock = clock_wall();
	int64_t start_ns = clock.tick_ns(clock.self);
	const char **paths;
	struct ruleset *rs;
	int64_t took_ns;
	int rc;

	c.now_ms = options.now_ms = clock_now(&clock);
	if (is_misuse(o, &c.now_ms)) {
		diag_free(c.diag);
		return EXIT_MISUSE;
	}
	paths = must_alloc(o->args_count * sizeof(*paths));
	for (size_t i = 0; i < o->args_count; i++)
		paths[i] = o->args[i];
	rs = ruleset_load(paths, o->args_count, &options, c.diag);
	took_ns = clock.tick_ns(clock.self) - start_ns;
	c.rules = rs;
	c.json = o->json;
	c.french = view_detect(stdout, o->lang).french;
	check_others(&c);
	if (o->json)
		diag_print_json(c.diag, stdout);
	else
		diag_print(c.diag, stderr,
		    isatty(STDERR_FILENO) && getenv("NO_COLOR") == NULL);
	if (diag_errors(c.diag) > 0 && rs != NULL) {
		ruleset_unref(rs); /* another file is broken */
		rs = NULL;
	}
	if (duty.len > 0 && (o->json || diag_errors(c.diag) == 0))
		fwrite(duty.data, 1, duty.len, stdout);
	rc = sum_up(o, rs, &c, took_ns);
	buf_fini(&duty);
	if (rs != NULL)
		ruleset_unref(rs);
	free(c.others);
	free(paths);
	diag_free(c.diag);
	return rc;
}
