/*
 * The layout of rule files: a stable order of keys, two blanks a level,
 * quotes that YAML and people agree on, long queries folded at AND and OR.
 *
 *	format.c        the file: quotes, layout, and the proof that nothing
 *	                but the layout changed
 *	format_lines.c  maps, line by line, comments with what is below them
 *	format_value.c  a query as the value of a key
 *	format_query.c  a query folded into lines
 *
 * Comments stay; what is written in a way that cannot be laid out safely
 * stays byte for byte.
 * Thread: one at a time.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_FORMAT_H
#define RULES_FORMAT_H

#include "engine/base/buf.h"
#include "rules/query.h"

#define FORMAT_COLUMNS 80u

enum format_result {
	FORMAT_DONE, /* ${out} is the layout, maybe the same bytes */
	FORMAT_LEFT, /* no rule file, or none that is safe: ${out} as it was */
	FORMAT_BROKEN, /* not YAML: told in ${diag}, ${out} is empty */
};

/** format_text(path, bytes, out, diag): append the layout of a file. */
enum format_result format_text(const char *path, struct slice bytes,
    struct buf *out, struct diag *diag);

/* ---- parts -------------------------------------------------------------- */

/* What the parts know of the file. */
struct format {
	struct arena *arena;
	struct slice bytes;
	const struct yaml *root;
	struct slice *lines; /* without their ends */
	bool *inside;        /* line goes on with a value from above */
	size_t lines_count;
	struct query_scope *scope; /* to take queries apart */
};

/** format_lines(f, out): the file laid out. */
void format_lines(const struct format *f, struct buf *out);

/** format_value(f, node, indent, out): "match: ..." of the query ${node} with
 * its newline, in lines of their own where it is long; false: leave it. */
bool format_value(const struct format *f, const struct yaml *node,
    size_t indent, struct buf *out);

/** format_query(scope, node, out): the query in one line, tokens one blank
 * apart; false: it cannot be read. */
bool format_query(
    struct query_scope *scope, const struct yaml *node, struct buf *out);

/** format_fold(scope, node, indent, out): in lines of FORMAT_COLUMNS at most
 * behind ${indent} blanks, where its words allow; each with its newline. */
void format_fold(struct query_scope *scope, const struct yaml *node,
    size_t indent, struct buf *out);

/** format_is_query(key): match, not, when. */
bool format_is_query(struct slice key);

/** format_quoted(text, out): as a scalar of YAML: plain where that is safe,
 * else in single quotes. */
void format_quoted(struct slice text, struct buf *out);

#endif
