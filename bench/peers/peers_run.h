/*
 * One peer over texts: which rules fire, whether they are Vigie's, how long
 * it takes.
 *
 * Thread: one.  Owns: nothing of what it is given.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_PEERS_PEERS_RUN_H
#define BENCH_PEERS_PEERS_RUN_H

#include "bench/peers/peers.h"
#include "bench/peers/peers_texts.h"

#define PEERS_RUNS 5u

struct ruleset;

/* What Vigie finds: brands and rules, as numbers of the patterns' arrays. */
struct peers_truth {
	uint32_t *brands, *rules; /* of all texts, one after the other */
	uint32_t *brands_at, *rules_at; /* of text i: from at[i] to at[i + 1] */
};

struct peers_result {
	double ns[PEERS_RUNS]; /* a text, sorted */
	double open_s;         /* to be ready; CPU */
	uint32_t checked, timed; /* texts */
	uint32_t brands, brands_missing, brands_more;
	uint32_t rules, rules_missing, rules_more;
};

/** peers_truth_new(rs, p, texts): by rules_match. */
struct peers_truth *peers_truth_new(const struct ruleset *rs,
    const struct peers_patterns *p, const struct peers_texts *texts);
void peers_truth_free(struct peers_truth *t);

/** peers_run_vigie(rs, texts, out): the time of rules_match alone. */
void peers_run_vigie(const struct ruleset *rs,
    const struct peers_texts *texts, struct peers_result *out);

/** peers_run(kind, p, texts, truth, out, why, room): 0, or -1 when it cannot
 * and ${why} says so. */
int peers_run(const struct peers_kind *kind, const struct peers_patterns *p,
    const struct peers_texts *texts, const struct peers_truth *truth,
    struct peers_result *out, char *why, size_t room);

#endif
