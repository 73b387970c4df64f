/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/setup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/log.h"
#include "engine/base/must.h"
#include "engine/cache_place.h"
#include "engine/organisation/organisation_plan.h"
#include "engine/organisation/playbooks.h"
#include "engine/pseudonym.h"
#include "engine/quota.h"

static void
load_config(struct setup *s, const struct options *o,
    const struct config_types *types, struct diag *diag)
{
	const char *path = config_find(o->config);

	s->config = config_new();
	if (path == NULL)
		return;
	if (s->files != NULL)
		reload_files_add(s->files, path);
	config_load(s->config, path, types, diag);
}

struct organisation *
setup_organisation(const struct options *o, const struct config *config,
    struct reload_files *files, struct diag *diag)
{
	struct organisation *organisation = organisation_new();
	const char *path =
	    o->organisation != NULL ? o->organisation : config->organisation;

	if (path == NULL) {
		organisation_everyone(organisation);
	} else {
		if (files != NULL)
			reload_files_add(files, path);
		organisation_load(organisation, path, diag);
	}
	setup_playbooks(organisation, config, files, diag);
	return organisation;
}

static void
load_playbooks(struct organisation *o, const char *const *paths,
    size_t count, struct reload_files *files, struct diag *diag)
{
	for (size_t i = 0; i < count; i++) {
		if (o->playbooks == NULL)
			o->playbooks = playbooks_new();
		if (files != NULL)
			reload_files_add(files, paths[i]);
		playbooks_load(o->playbooks, paths[i], diag);
	}
}

void
setup_playbooks(struct organisation *o, const struct config *config,
    struct reload_files *files, struct diag *diag)
{
	load_playbooks(o, o->plan->playbooks, o->plan->playbooks_count, files,
	    diag);
	if (config != NULL)
		load_playbooks(o, config->playbooks, config->playbooks_count,
		    files, diag);
	if (o->playbooks != NULL)
		playbooks_check(o->playbooks, diag);
}

static void
on_reading(void *files, const char *path)
{
	reload_files_add(files, path);
}

/* The option's paths first, then those of the configuration. */
struct ruleset *
setup_rules(const struct options *o, const struct config *config,
    const struct rules_options *options, struct reload_files *files,
    struct diag *diag)
{
	size_t count = o->rules_count + config->rules_count;
	const char **paths = must_alloc((count + 1) * sizeof(*paths));
	struct rules_options mine = *options;
	char *place = cache_place_set(o, config, &mine);
	struct ruleset *rules;

	for (size_t i = 0; i < count; i++) {
		paths[i] = i < o->rules_count ?
		    o->rules[i] : config->rules[i - o->rules_count];
		if (files != NULL)
			reload_files_root(files, paths[i]);
	}
	if (files != NULL) {
		/* Before the first is read: what changes from now on is
		 * news. */
		reload_files_mark(files);
		mine.reading = on_reading;
		mine.self = files;
	}
	rules = ruleset_load(paths, count, &mine, diag);
	free(place);
	free(paths);
	return rules;
}

static int
load_rules(struct setup *s, const struct options *o,
    struct rules_coverage *coverage, struct diag *diag)
{
	/* Failing examples are what people ask explain about. */
	const bool explain = !strcmp(o->command, "explain");
	const struct clock clock = clock_wall();
	struct rules_options options = {
	    .selftest = !explain && coverage == NULL &&
			strcmp(o->command, "profile") != 0,
	    .coverage = coverage,
	    /* what is recorded is judged alike on any day */
	    .now_ms = explain || !strcmp(o->command, "run")
			  ? clock_now(&clock)
			  : 0};

	if (o->rules_count + s->config->rules_count == 0) {
		fprintf(stderr,
		    "vigie %s: no rules\nhelp: --rules PATH, or rules: in the "
		    "configuration; rules/packs has some to start with\n",
		    o->command);
		return EXIT_MISUSE;
	}
	if (!strcmp(o->command, "run"))
		options.base = s->base = rules_base_new();
	s->rules = setup_rules(o, s->config, &options, s->files, diag);
	return 0;
}

int
setup_load(struct setup *s, const struct options *o,
    const struct config_types *types)
{
	return setup_load_covered(s, o, types, NULL);
}

int
setup_load_covered(struct setup *s, const struct options *o,
    const struct config_types *types, struct rules_coverage *coverage)
{
	struct diag *diag = diag_new();
	int rc = 0;

	memset(s, 0, sizeof(*s));
	if (!strcmp(o->command, "run")) /* the others read them once */
		s->files = reload_files_new();
	load_config(s, o, types, diag);
	s->organisation = setup_organisation(o, s->config, s->files, diag);
	if (diag_errors(diag) == 0 || o->rules_count > 0)
		rc = load_rules(s, o, coverage, diag);
	if (diag_errors(diag) > 0) {
		const char *plain = getenv("NO_COLOR");

		diag_print(diag, stderr,
		    isatty(STDERR_FILENO) && (plain == NULL || !*plain));
		rc = rc != 0 ? rc : EXIT_FOUND;
	}
	diag_free(diag);
	if (rc != 0)
		return rc;
	REQUIRE(s->rules != NULL);
	if (o->workers > 0)
		s->workers = (unsigned)o->workers;
	else if (s->config->workers > 0)
		s->workers = (unsigned)s->config->workers;
	else if (!strcmp(o->command, "run"))
		s->workers = quota_workers();
	else /* the main thread is one of the workers */
		s->workers = quota_processors();
	return 0;
}

void
setup_free(struct setup *s)
{
	if (s->rules != NULL)
		ruleset_unref(s->rules);
	rules_base_free(s->base);
	organisation_free(s->organisation);
	config_free(s->config);
	reload_files_free(s->files);
	memset(s, 0, sizeof(*s));
}

void
setup_density(const struct setup *s, struct density_settings *d)
{
	_Static_assert(CONFIG_LEVELS == DENSITY_LEVELS, "one threshold each");

	density_defaults(d);
	memcpy(d->theta_micro, s->config->theta_micro, sizeof(d->theta_micro));
	d->alpha_micro = s->config->alpha_micro;
	if (s->config->budget > 0)
		d->budget = s->config->budget;
}

void
setup_author_key(const struct setup *s, bool live,
    unsigned char key[EVIDENCE_KEY_BYTES])
{
	const char *text = s->config->key;

	_Static_assert(EVIDENCE_KEY_BYTES == PSEUDONYM_KEY_BYTES, "one key");
	if (text != NULL) {
		pseudonym_key(text, key);
	} else if (live) {
		log_info("engine", "no key: in the configuration, so authors "
				   "get other pseudonyms after each start");
		pseudonym_key_random(key);
	} else {
		memset(key, 0, EVIDENCE_KEY_BYTES);
	}
}
