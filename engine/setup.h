/*
 * What the commands have in common at their start: the configuration, the
 * rules, the organisation; everything that is wrong with them told at once.
 *
 * Thread: main.  Owns: all three until setup_free.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SETUP_H
#define ENGINE_SETUP_H

#include "engine/config.h"
#include "engine/density/density.h"
#include "engine/density/evidence.h"
#include "engine/options.h"
#include "engine/organisation/organisation.h"
#include "engine/reload/reload_files.h"
#include "rules/rules.h"

struct setup {
	struct config *config; /* defaults when there is no file */
	struct ruleset *rules;
	struct rules_base *base; /* for `run`, which reloads; else NULL */
	struct organisation *organisation; /* everyone when there is no file */
	struct reload_files *files; /* of run: that all this came from */
	unsigned workers; /* option, else config, else the processor quota */
};

/**
 * setup_load(s, o, types): fill ${s}.  Returns 0, or the exit code after the
 * problems were printed on stderr: EXIT_FOUND when a file is refused,
 * EXIT_MISUSE when there are no rules at all.  Call setup_free either way.
 */
int setup_load(struct setup *s, const struct options *o,
    const struct config_types *types);

/** setup_load_covered(s, o, types, coverage): likewise; what the rules declare
 * goes to ${coverage} as well, unless that is NULL. */
int setup_load_covered(struct setup *s, const struct options *o,
    const struct config_types *types, struct rules_coverage *coverage);

void setup_free(struct setup *s);

/**
 * setup_rules(o, config, options, files, diag): the set that the command line
 * and ${config} name, or NULL after errors in ${diag}; what it is made of goes
 * to ${files}.  ${options} without reading and self.  Thread: any.
 */
struct ruleset *setup_rules(const struct options *o,
    const struct config *config, const struct rules_options *options,
    struct reload_files *files, struct diag *diag);

/** setup_organisation(o, config, files, diag): likewise; never NULL, but no
 * good after an error. */
struct organisation *setup_organisation(const struct options *o,
    const struct config *config, struct reload_files *files,
    struct diag *diag);

/** setup_playbooks(o, config, files, diag): read the playbooks that ${o} and
 * ${config} name into ${o}; ${config} and ${files} may be NULL.  Called by
 * setup_organisation. */
void setup_playbooks(struct organisation *o, const struct config *config,
    struct reload_files *files, struct diag *diag);

/** setup_density(s, d): thresholds of the configuration. */
void setup_density(const struct setup *s, struct density_settings *d);

/**
 * setup_author_key(s, live, key): SHA-256 of the configuration's key.  Without
 * one: zeros, so that a replay gives the same bytes anywhere, or a key made by
 * chance when ${live}, so that nobody can compute an author's pseudonym.
 */
void setup_author_key(const struct setup *s, bool live,
    unsigned char key[EVIDENCE_KEY_BYTES]);

#endif
