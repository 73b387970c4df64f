/*
 * Queries of other tools turned into those of rule files.
 *
 *	import.c        one query: read, written, proved by Vigie's own parser
 *	import_lex.c    words, phrases, operators of the three dialects
 *	import_parse.c  precedence made explicit
 *	import_term.c   one term: which field it is here
 *	import_write.c  the tree as a query; what could not be kept falls out
 *	import_file.c   the rule file around them
 *	import_csv.c    a table of queries; import_lines.c one of other kinds
 *
 * What does not carry over is a located warning (code not-carried), what
 * means a little else here is one with code differs; a query of which nothing
 * is left is an error.  Meaning never changes in silence.
 * Thread: one at a time.  Owns: nothing; results live in the caller's arena.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_IMPORT_H
#define RULES_IMPORT_H

#include "engine/base/arena.h"
#include "engine/base/buf.h"
#include "engine/base/diag.h"

enum import_dialect { IMPORT_BRANDWATCH, IMPORT_MELTWATER, IMPORT_X };

/** import_dialect_of(name, out): "brandwatch", "meltwater", "x". */
bool import_dialect_of(const char *name, enum import_dialect *out);

/* Where the bytes of a query stand in the input. */
struct import_source {
	const char *path;  /* of the diag */
	struct slice input;
	struct slice text; /* of the query */
	const uint32_t *at; /* offset of each byte in input, and of the end */
};

/* A query and the entry that it becomes. */
struct import_entry {
	struct import_source source;
	struct slice name, brand, topic, weight, severity;
	struct slice hit, miss; /* an example a line */
	uint32_t line;          /* for names that are missing */
};

/** import_query(entry, dialect, arena, diag, out): the query here, appended
 * to ${out}; ${comments} gets a line per part that was left out.  False:
 * nothing is left of it, told. */
bool import_query(const struct import_entry *entry,
    enum import_dialect dialect, struct arena *arena, struct diag *diag,
    struct buf *out, struct buf *comments);

/** import_csv(path, input, arena, diag, entries): the rows of a table; their
 * count. */
size_t import_csv(const char *path, struct slice input, struct arena *arena,
    struct diag *diag, struct import_entry **entries);

/** import_lines(path, input, dialect, arena, entries): X: a rule a line, or
 * the JSON of its API; else the whole input is one query. */
size_t import_lines(const char *path, struct slice input,
    enum import_dialect dialect, struct arena *arena, struct diag *diag,
    struct import_entry **entries);

/** import_file(entries, count, dialect, sector, arena, diag, out): the rule
 * file; ${sector} may be NULL.  How many queries are in it. */
size_t import_file(const struct import_entry *entries, size_t count,
    enum import_dialect dialect, const char *sector, struct arena *arena,
    struct diag *diag, struct buf *out);

#endif
