/*
 * What the files of recount share: the members that were read, and the rows
 * that were made of them.  Not for others.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_RECOUNT_PARTS_H
#define ENGINE_RECOUNT_PARTS_H

#include "engine/diff/recount.h"

#define RECOUNT_PARTS 16u
#define RECOUNT_ROWS 64u

/* Numbers are in millionths, as exact as they were written. */
struct recount_part {
	struct buf id; /* of a rule or a topic; a brand, empty: none */
	int64_t density, harm, voices, expected, excess, share;
};

struct recount_row {
	struct buf member; /* its path in the alert */
	struct buf how;    /* arithmetic, in no language */
	struct buf said, made;
	bool agrees;
};

struct recount {
	struct buf id, kind, subject, sector, brand, topic, minute, first;
	struct buf from, to, because, level_fr, level_en, rare_fr, rare_en;
	struct buf item, sentence_fr, sentence_en;
	int64_t version, rev, level, previous, density, harm, voices, expected;
	int64_t excess, alpha, falls, z, s, authors, authors_near, posts;
	int64_t harmful, independence, concentration, breadth;
	int64_t theta[4];
	unsigned theta_count;
	bool coordinated, learning;
	bool has_falls, has_breadth, is_signal;
	struct recount_part parts[RECOUNT_PARTS], rules[RECOUNT_PARTS];
	unsigned parts_count, rules_count;
	struct recount_row rows[RECOUNT_ROWS];
	unsigned rows_count, differs;
};

/** recount_members(r, json, err): fill the members; negative: no alert. */
int recount_members(struct recount *r, struct slice json, struct err *err);

/** recount_sums(r): fill the rows from the members. */
void recount_sums(struct recount *r);

#endif
