/*
 * Words on a terminal: columns, lines that are broken between words, dates,
 * numbers and colours.
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_VIEW_WORDS_H
#define ENGINE_VIEW_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/buf.h"

enum view_ink {
	INK_PLAIN,
	INK_STRONG,
	INK_FAINT,
	INK_LEVEL_0, /* and so on up to level 4 */
	INK_LEVEL_4 = INK_LEVEL_0 + 4,
	INKS
};

/** view_ink(out, ink, colour): switch; INK_PLAIN ends the one before. */
void view_ink(struct buf *out, enum view_ink ink, bool colour);

/** view_columns(text): code points, which is what a terminal counts here. */
uint32_t view_columns(struct slice text);

/**
 * view_wrap(out, text, indent, width, lines): ${text} in lines of at most
 * ${width} columns, each after ${indent} blanks and ended by a newline; what
 * does not fit in ${lines} ends in an ellipsis.
 */
void view_wrap(struct buf *out, struct slice text, uint32_t indent,
    uint32_t width, uint32_t lines);

/** view_day(out, ms, french): "mer. 17 mars", "Wed 17 Mar". */
void view_day(struct buf *out, int64_t ms, bool french);

/** view_moment(out, ms, french): the same and "14:05". */
void view_moment(struct buf *out, int64_t ms, bool french);

/** view_number(out, n, french): 33 408 or 33,408. */
void view_number(struct buf *out, uint64_t n, bool french);

/** view_form(n, french, one, many): the form that goes with ${n}; English has
 * a plural for all but 1, French from 2 on. */
static inline const char *
view_form(uint64_t n, bool french, const char *one, const char *many)
{
	return n == 1 || (french && n == 0) ? one : many;
}

/** view_decimal(out, v, scale_digits, french): v / 10^scale_digits with one
 * decimal, 0,8 or 0.8. */
void view_decimal(struct buf *out, int64_t v, unsigned scale_digits,
    bool french);

#endif
