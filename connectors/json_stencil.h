/*
 * Lines that are known byte for byte but for their values.
 *
 * A shape (json_shape.h) still needs the index of its line.  In most streams
 * hardly a value but the text differs in length from line to line: names,
 * times and keys of records have one.  A stencil is a line with holes: runs
 * of bytes that are given, or are a value of a given length, and between them
 * values of any length.  Where it fits, the line is neither indexed nor
 * walked over; where it does not, nothing was lost but a look at its first
 * bytes.
 *
 * A stencil is cut from a line that was read by its shape, and fits only
 * lines that the index and the walk would accept with the same fields: each
 * given byte is the same, a value of a given length is printable ASCII
 * without quote and backslash, or digits; any other string is valid UTF-8
 * without control characters up to its quote.
 *
 * Such a line can be read in two goes, what is early first, where nothing can
 * fail in the second.
 *
 * Thread: one at a time.  Owns: the stencils.  Never: allocates after
 * json_stencil_open, reads more than 64 bytes behind the end of the bytes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_JSON_STENCIL_H
#define CONNECTORS_JSON_STENCIL_H

#include "connectors/json_shape.h"

/* Runs of a stencil: one more than it has values of any length. */
#define STENCIL_RUNS_MAX 10u

struct json_stencil;
struct json_stencils;

/* Of a format: what is read of each line, while the rest waits until somebody
 * asks.  All end with {0}; of the keys only own and to are looked at. */
struct json_glance {
	const struct json_shape_key *early;
	/* Words that decide what the line is: a stencil is for those that
	 * have the same. */
	const struct json_shape_key *fixed;
	/* What the id is made of. */
	const struct json_shape_key *name;
};

/* What json_stencil_read reads of a line. */
enum json_part { LAID_ALL, LAID_EARLY, LAID_NAME, LAID_PARTS };

/* A line on which a stencil lies. */
struct json_laid {
	const struct json_stencil *stencil;
	const char *end;                      /* behind its line feed */
	const char *base[STENCIL_RUNS_MAX];   /* where each run begins */
	struct slice open[STENCIL_RUNS_MAX];  /* the value behind each run */
	bool escaped[STENCIL_RUNS_MAX];       /* it has a backslash */
	enum json_part part;                  /* to be read */
};

struct json_stencils *json_stencil_open(void);
void json_stencil_close(struct json_stencils *stencils);

/**
 * json_stencil_lay(stencils, line, end, asked, laid): lay a stencil on the
 * line that begins at ${line}, as known for ${asked}; false: none fits.
 */
bool json_stencil_lay(struct json_stencils *stencils, const char *line,
    const char *end, const void *asked, struct json_laid *laid);

/**
 * json_stencil_learn(stencils, shape, w, at, from, glance, post): the line of
 * ${shape} at place ${at}, which begins at byte ${from}, was read, and no
 * stencil fitted.  ${glance}: of its format, or NULL; ${post}: the line is a
 * post that is there, none of its lists was cut.
 */
void json_stencil_learn(struct json_stencils *stencils,
    const struct json_shape *shape, const struct json_walk *w, uint32_t at,
    uint32_t from, const struct json_glance *glance, bool post);

/** json_stencil_glance(laid): whether the line is such a post and all of it
 * can be read later; laid->part is LAID_EARLY then. */
bool json_stencil_glance(struct json_laid *laid);

/** json_stencil_name(laid): whether something of the line is of its id;
 * laid->part is LAID_NAME then. */
bool json_stencil_name(struct json_laid *laid);

/** json_stencil_format(laid): as json_shape_format. */
const void *json_stencil_format(const struct json_laid *laid);

/** json_stencil_read(laid, w, post, own, cut): as json_shape_read; of the walk
 * nothing but the scratch, the times and the result is used. */
bool json_stencil_read(const struct json_laid *laid, struct json_walk *w,
    struct post *post, void *own, bool *cut);

#endif
