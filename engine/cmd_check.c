/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connectors/connectors.h"
#include "engine/base/buf.h"
#include "engine/base/clock.h"
#include "engine/base/must.h"
#include "engine/config.h"
#include "engine/options.h"
#include "engine/organisation.h"
#include "rules/rules.h"

static void
check_organisation(const char *path, struct diag *diag)
{
	struct organisation *o = organisation_new();

	organisation_load(o, path, diag);
	organisation_free(o);
}

static void
check_config(const char *path, struct diag *diag)
{
	const struct config_types types = {
	    connectors_source_at, connectors_sink_at};
	struct config *config = config_new();

	config_load(config, path, &types, diag);
	config_free(config);
}

/* Files that are no rule files, by kind: who reads them. */
static const struct {
	const char *kind;
	void (*check)(const char *path, struct diag *diag);
} readers[] = {
    {"organisation", check_organisation},
    {"config", check_config},
};

struct check {
	struct diag *diag;
	struct other {
		char *path;
		const char *kind;
	} *others; /* read after the rules, so that both tell all they know */
	size_t others_count;
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
				readers[k].check(other->path, c->diag);
		free(other->path);
	}
}

/* "1,204 rules" */
static void
put_count(struct buf *out, unsigned n, const char *what)
{
	char digits[16];
	int len = snprintf(digits, sizeof(digits), "%u", n);

	if (out->len > 0)
		buf_text(out, ", ");
	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			buf_char(out, ',');
		buf_char(out, digits[i]);
	}
	buf_printf(out, " %s%s", what, n == 1 ? "" : "s");
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

/* A condition is a rule; its terms are not. */
static uint32_t
rules_written(const struct ruleset *rs)
{
	uint32_t n = ruleset_rules(rs);

	for (uint32_t i = 0; i < ruleset_conditions(rs); i++)
		n -= ruleset_condition(rs, i)->terms_count - 1;
	return n;
}

static void
say_summary(const struct ruleset *rs, const struct check *c, int64_t took_ns,
    bool json)
{
	unsigned warnings = diag_warnings(c->diag);
	struct buf out = {0};

	if (json) {
		buf_printf(&out,
		    "{\"rules\":%u,\"brands\":%u,\"topics\":%u,"
		    "\"warnings\":%u,\"ruleset\":\"%016llx\",\"took_ms\":",
		    rules_written(rs), ruleset_brands(rs), ruleset_topics(rs),
		    warnings, (unsigned long long)ruleset_id(rs));
		buf_int(&out, took_ns / 1000000);
		buf_text(&out, "}\n");
	} else {
		if (has_rules(rs) || c->others_count == 0) {
			put_count(&out, rules_written(rs), "rule");
			put_count(&out, ruleset_brands(rs), "brand");
			put_count(&out, ruleset_topics(rs), "topic");
			if (ruleset_conditions(rs) > 0)
				put_count(&out, ruleset_conditions(rs),
				    "condition");
		}
		if (count_others(c, "organisation") > 0)
			put_count(&out, count_others(c, "organisation"),
			    "organisation");
		if (count_others(c, "config") > 0)
			put_count(&out, count_others(c, "config"),
			    "configuration");
		if (warnings > 0)
			put_count(&out, warnings, "warning");
		buf_text(&out, ", read and understood in ");
		buf_fixed(&out, took_ns / 1000000, 3, 1);
		buf_text(&out, " s\n");
	}
	fwrite(out.data, 1, out.len, stdout);
	buf_fini(&out);
}

int
cmd_check(struct options *o)
{
	struct check c = {.diag = diag_new()};
	struct rules_options options = {
	    .selftest = true, .pedantic = true, .other = on_other, .self = &c};
	struct clock clock = clock_wall();
	int64_t start_ns = clock.tick_ns(clock.self);
	const char **paths;
	struct ruleset *rs;
	int rc = EXIT_DONE;

	if (o->args_count == 0) {
		fprintf(stderr, "vigie check: which files?\n"
				"help: vigie check rules/packs\n");
		diag_free(c.diag);
		return EXIT_MISUSE;
	}
	paths = must_alloc(o->args_count * sizeof(*paths));
	for (size_t i = 0; i < o->args_count; i++)
		paths[i] = o->args[i];
	options.now_ms = clock_now(&clock);
	rs = ruleset_load(paths, o->args_count, &options, c.diag);
	check_others(&c);
	if (o->json)
		diag_print_json(c.diag, stdout);
	else
		diag_print(c.diag, stderr,
		    isatty(STDERR_FILENO) && getenv("NO_COLOR") == NULL);
	if (diag_errors(c.diag) > 0)
		rc = EXIT_FOUND;
	else if (rs != NULL && (!o->json || has_rules(rs)))
		say_summary(rs, &c, clock.tick_ns(clock.self) - start_ns,
		    o->json);
	if (rs != NULL)
		ruleset_unref(rs);
	free(c.others);
	free(paths);
	diag_free(c.diag);
	return rc;
}
