/*
 * What the parts of the YAML reader share: yaml.c (events to tree),
 * yaml_scan.c (characters that no YAML file may have), yaml_help.c (syntax
 * errors in the words of people who write queries), yaml_repair.c (taking the
 * broken entry out).  Nobody else includes this.
 * Thread: one at a time.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_YAML_PARTS_H
#define ENGINE_BASE_YAML_PARTS_H

#include "engine/base/yaml.h"

/* A syntax error as libyaml says it; marks are 0-based. */
struct yaml_trouble {
	const char *problem, *context; /* context may be NULL */
	uint32_t line, column;         /* where it was noticed */
	uint32_t context_line, context_column;
	/* the last scalar read, which often is the culprit */
	bool last_quoted;
	uint32_t last_line, last_column, last_end_line, last_end_column;
};

/**
 * yaml_scan(path, bytes, scratch, diag): report broken UTF-8, control
 * characters and odd line ends (the first few of each file), and overwrite
 * them in ${scratch}, a copy of ${bytes} of the same length, so that the rest
 * can be read.  False: it cannot, for keys are indented by what are no blanks.
 */
bool yaml_scan(const char *path, struct slice bytes, char *scratch,
    struct diag *diag);

/** yaml_help(trouble, path, bytes, diag): report; returns the 0-based line
 * to blame. */
uint32_t yaml_help(const struct yaml_trouble *trouble, const char *path,
    struct slice bytes, struct diag *diag);

/**
 * yaml_repair(scratch, bytes, line, &key_line): blank out the smallest entry
 * around ${line}, keeping its key if that is sound; ${key_line} is then the
 * 0-based line of that key, else UINT32_MAX.  False when nothing is left to
 * take out.
 */
bool yaml_repair(char *scratch, size_t bytes, uint32_t line,
    uint32_t *key_line);

/** yaml_repair_line(text, line): that 0-based line without its end. */
struct slice yaml_repair_line(struct slice text, uint32_t line);

#endif
