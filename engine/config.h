/*
 * vigie.yaml as a struct: what to read, what to watch with, where to say it.
 *
 *	rules: [rules/packs/food, local.d]
 *	organisation: organisation.yaml
 *	workers: 3
 *	sources: [{type: tcp, listen: 127.0.0.1:7777}]
 *	sinks: [{type: redis, url: redis://127.0.0.1:6379}]
 *	control: {socket: /run/vigie/control.sock}
 *	watch: true
 *	density: {theta: [5, 10, 20, 35], alpha: 20}
 *	signals: {creeping: {history: 21}}
 *	nomarketing: {key: 00112233...eeff, ttl: 90d}
 *
 * Paths are as seen from the folder of the file.  All problems are located
 * and told at once.  The engine does not know the connectors: the caller
 * hands their tables in.
 * Thread: start only.  Owns: all texts, and the memory of its sources and
 * sinks, so that it outlives them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_CONFIG_H
#define ENGINE_CONFIG_H

#include "engine/lifecycle/nomarketing.h"
#include "engine/sink.h"
#include "engine/source.h"

#define CONFIG_LEVELS 4

struct signals_settings;

/* The i-th connector, or NULL past the last: those of connectors.h. */
struct config_types {
	const struct source_type *(*source_at)(size_t i);
	const struct sink_type *(*sink_at)(size_t i);
};

struct config {
	struct arena *arena;
	const char **rules;
	size_t rules_count;
	const char **playbooks; /* paths */
	size_t playbooks_count;
	const char *organisation, *state_dir, *key; /* or NULL */
	const char *cache; /* folder of compiled sets, or NULL */
	bool no_cache;     /* cache: none */
	const char *control_socket; /* control: {socket:}, or NULL */
	bool watch;      /* reload when a rule file changes */
	int64_t workers; /* 0: not given */
	int64_t theta_micro[CONFIG_LEVELS], alpha_micro;
	int64_t budget; /* alerts per brand and week; 0: not given */
	struct signals_settings *signals;
	struct nomarketing_settings nomarketing;
	/* allocated, their settings in place, not open */
	struct source **sources;
	size_t sources_count;
	struct sink **sinks;
	size_t sinks_count;
};

/** config_new(): the defaults, no source, no sink, no rules. */
struct config *config_new(void);

/**
 * config_load(config, path, types, diag): fill a new ${config} from a file;
 * false when ${diag} got an error.
 */
bool config_load(struct config *config, const char *path,
    const struct config_types *types, struct diag *diag);

/** config_find(option): ${option}, else $VIGIE_CONFIG, else NULL. */
const char *config_find(const char *option);

/** config_control(config): where the control socket is: as configured, else
 * control.sock in the state_dir, else NULL: there is none. */
const char *config_control(const struct config *config);

/** config_add_source/sink(config, type): one more, with its defaults. */
struct source *config_add_source(struct config *config,
    const struct source_type *type);
struct sink *config_add_sink(struct config *config,
    const struct sink_type *type);

/** config_free(config): after its sources and sinks were closed; or NULL. */
void config_free(struct config *config);

#endif
