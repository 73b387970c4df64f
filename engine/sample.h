/*
 * What a post costs under a set of rules, measured here and now.
 *
 * Folding and matching by one thread, without reading and decoding.
 * Thread: main.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SAMPLE_H
#define ENGINE_SAMPLE_H

#include "rules/rules.h"

struct sample_cost {
	int64_t ns; /* of one post */
	uint64_t posts; /* of the file; 0: the sample of ours */
};

/** sample_own(rs): on the sample of ours. */
struct sample_cost sample_own(struct ruleset *rs);

/** sample_new(rs), sample_post(...), sample_end(sample): on posts that are
 * handed over; the last one frees it. */
struct sample *sample_new(struct ruleset *rs);
void sample_post(
    struct sample *sample, const struct post *post, struct text *text);
struct sample_cost sample_end(struct sample *sample);

#endif
