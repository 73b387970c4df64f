/*
 * Typed settings, described by tables: the configuration of the engine and of
 * every connector.  Usage, man pages and docs come from the same rows.
 *
 * Thread: start only.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SETTINGS_H
#define ENGINE_SETTINGS_H

#include <stddef.h>
#include <stdint.h>

#include "engine/base/arena.h"
#include "engine/base/err.h"
#include "engine/base/yaml.h"

enum setting_type {
	SETTING_TEXT,     /* const char *, NULL or the default */
	SETTING_PATH,     /* the same; relative to the folder of the file */
	SETTING_INT,      /* int64_t between min and max */
	SETTING_DURATION, /* int64_t ms; "90s", "5m", "2h" */
	SETTING_SIZE,     /* int64_t bytes; "64KiB" */
	SETTING_BOOL,     /* bool */
};

struct setting {
	const char *name;
	enum setting_type type;
	const char *fallback; /* default, as it would be written; NULL: none */
	bool required;
	int64_t min, max; /* numbers */
	size_t offset;    /* of the field in the struct that it fills */
	const char *help;
	/* of a text, or NULL: 0, or what is wrong with it */
	int (*check)(const char *text, struct err *err);
};

/**
 * settings_read(rows, map, skip, into, arena, diag): fill ${into} from the
 * keys of ${map} by ${rows}; unknown keys (but for ${skip}, e.g. "type"),
 * wrong types and missing ones are located errors.  True when none.
 * ${map} NULL: the defaults alone, and a required row is misuse.
 */
bool settings_read(const struct setting *rows, const struct yaml *map,
    const char *skip, void *into, struct arena *arena, struct diag *diag);

/**
 * settings_path(arena, file, path): ${path} as seen from the folder of
 * ${file}, the place of which is that of the person who wrote it.
 */
const char *settings_path(struct arena *arena, const char *file,
    const char *path);

/**
 * settings_unknown(diag, place, code, what, name, names, count): the error
 * "unknown ${what} '${name}'", with the nearest of ${names} as help.
 */
void settings_unknown(struct diag *diag, struct place place, const char *code,
    const char *what, struct slice name, const char *const *names,
    size_t count);

/**
 * settings_wants(diag, node, want): the error "${key} wants ${want}", at the
 * value ${node}.  Returns false.
 */
bool settings_wants(struct diag *diag, const struct yaml *node,
    const char *want);

/**
 * settings_load(arena, path, diag): read and parse one YAML file of at most
 * SETTINGS_BYTES_MAX; what can be read of it, so that all errors are told at
 * once, or NULL.  ${diag} has an error then.
 */
const struct yaml *settings_load(struct arena *arena, const char *path,
    struct diag *diag);

#endif
