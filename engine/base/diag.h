/*
 * What is wrong in a person's file: where, the line itself, a caret, a hint.
 *
 *	food.yaml:12:18: error: unknown list 'boycot'
 *	   12 |     when: brand AND @list(boycot)
 *	      |                     ^~~~~~~~~~~~~
 *	help: did you mean 'boycott'? lists of this file: boycott, recall
 *
 * All problems of a run are gathered and printed together, sorted by file,
 * line, column.  Columns count code points from 1; the caret line copies
 * tabs.  At most DIAGS_MAX are printed, errors before warnings, and of many
 * warnings of one code the first few; all are counted in the last line.  A
 * very long line is shown around its caret.
 * Thread: one at a time.  Owns: copies of all texts, until diag_free.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_DIAG_H
#define ENGINE_BASE_DIAG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "engine/base/slice.h"

/* Where: the path as the person gave it, 1-based line and column, and how
 * many code points to underline (0 = one caret).  Small; copied freely. */
struct place {
	const char *path; /* lives as long as the diag's registered file */
	uint32_t line, column, width;
};

enum diag_level { DIAG_ERROR, DIAG_WARNING };

struct diag;

struct diag *diag_new(void);
void diag_free(struct diag *diag);

/**
 * diag_file(diag, path, bytes): register a file so that its lines can be
 * shown; returns the path's lasting copy, to be used in places.  The diag
 * keeps a copy of ${bytes} too.
 */
const char *diag_file(struct diag *diag, const char *path, struct slice bytes);

/**
 * diag_add(diag, level, place, code, help, format, ...): gather one problem.
 * ${code} is a short stable word ("unknown-list") for --json; ${help} is a
 * sentence or NULL.  A place without path or line is legal: the problem is
 * then of the whole run or of the whole file.
 */
void diag_add(struct diag *diag, enum diag_level level, struct place place,
    const char *code, const char *help, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

unsigned diag_errors(const struct diag *diag);
unsigned diag_warnings(const struct diag *diag);

/** diag_print(diag, out, colour): for people; nothing when there is nothing. */
void diag_print(struct diag *diag, FILE *out, bool colour);

/** diag_print_all(diag, out, colour): the same with nothing left out. */
void diag_print_all(struct diag *diag, FILE *out, bool colour);

/** diag_print_json(diag, out): one JSON object per problem and line, all of
 * them: {"path","line","column","width","level","code","text","help"}. */
void diag_print_json(struct diag *diag, FILE *out);

#endif
