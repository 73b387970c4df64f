/*
 * PCRE2 behind three verbs: check, test, find.
 *
 * Patterns run on the folded text with UTF and UCP (flag r: on the text as
 * posted); limits bound each run.  A load sees that they can be compiled; what
 * runs is compiled when the first post asks for it, by the worker that has the
 * post, and published once for all of them; JIT-ed in the same way when enough
 * posts have asked.
 * A code may serve several sets, so that a reload keeps those that did not
 * change; the last of them frees it, on whatever thread that is.
 * Thread: check, share: one per struct regex; test, find: the matcher's;
 * ready: any.
 * Owns: its share of the code, until regex_free.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_REGEX_H
#define RULES_REGEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/diag.h"
#include "engine/base/slice.h"

struct matcher;

struct regex {
	_Atomic(struct regex_code *) held; /* NULL: nobody has asked yet */
	struct slice pattern;
	struct slice path; /* of the file, and the line in it */
	uint32_t line;
	uint32_t options; /* of PCRE2, as the query's flags asked */
	uint32_t unit;    /* first owner */
	bool raw;
};

struct regex_error {
	char text[160];
	size_t offset; /* bytes into the pattern */
};

/** regex_check(r, error): whether r->pattern with its options is one. */
bool regex_check(const struct regex *r, struct regex_error *error);

/** regex_check_told(r, place, diag): the same; what is wrong with it goes to
 * ${diag}, found at ${place}. */
bool regex_check_told(
    const struct regex *r, struct place place, struct diag *diag);

/** regex_ready(r): have its code, JIT-ed. */
const struct regex_code *regex_ready(struct regex *r);

/** regex_share(r, from): the code of ${from}, if it has one; ${from} has the
 * same pattern and options and does not go away meanwhile. */
void regex_share(struct regex *r, const struct regex *from);

/** regex_free(r): give the code back. */
void regex_free(struct regex *r);

/** regex_bytes(r): of the code as far as there is one, JIT included. */
size_t regex_bytes(const struct regex *r);

/** regex_test(m, i): whether regex ${i} is in the post; once per post. */
bool regex_test(struct matcher *m, uint32_t i);

/**
 * regex_find(m, i, subject, from, &start, &end): the first match at or after
 * ${from}.  False when there is none, or when a limit was hit (counted).
 */
bool regex_find(struct matcher *m, uint32_t i, struct slice subject,
    size_t from, size_t *start, size_t *end);

/* What a regex reads in one go: the folded post; of raw ones first the title,
 * then the text; less inside title: and SENTENCE. */
#define REGEX_PARTS 2u
struct regex_subject {
	struct slice text;
	uint32_t base; /* where it begins in the folded bytes or the part */
};

/** regex_subject(m, i, part, out): the subject of regex ${i}, if there is
 * one: ${part} 0 the title, 1 the text or all. */
bool regex_subject(struct matcher *m, uint32_t i, uint32_t part,
    struct regex_subject *out);

struct regex_scratch *regex_scratch_new(void);
void regex_scratch_free(struct regex_scratch *s);

/** regex_scratch_patience(s, bytes): after how many a pattern is JIT-ed, for
 * tests; else REGEX_PATIENCE_BYTES.  What is found does not depend on it. */
void regex_scratch_patience(struct regex_scratch *s, uint32_t bytes);

#endif
