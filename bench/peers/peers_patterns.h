/*
 * What the peers are given: each rule of a set taken apart into regexes on
 * folded text and the truth they must add up to.
 *
 * Reads the part of the rule language that the performance set and bench/gen
 * write, and refuses the rest: brands with `match: "a b" OR #x* OR /regex/`,
 * lists of phrases, rules with
 *	brand AND @list(x) [AND NOT @list(y)]
 *	brand ONEAR/n ("a" OR "b"), or the other way round
 * A phrase becomes its words with whatever is no word between them; \w and \b
 * are those of ASCII, as folding leaves few other letters in these texts.
 * Thread: one.  Owns: all it points to, until peers_patterns_free.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_PEERS_PEERS_PATTERNS_H
#define BENCH_PEERS_PEERS_PATTERNS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PEERS_NONE UINT32_MAX

struct peers_pattern {
	char *regex;
	char *superset; /* without what looks around; the same where nothing
	                 * does */
	bool looks;     /* around: hits of superset want confirming */
};

/* Fires where its brand hit and, if it has them, list did, other did not and
 * order matches. */
struct peers_rule {
	char *id;
	uint32_t brand; /* indices of patterns; PEERS_NONE */
	uint32_t list, other, order;
};

struct peers_patterns {
	/* brands first, then lists; the rest are orders, of a brand and
	 * what it stands near to, asked only where the brand hit */
	struct peers_pattern *patterns;
	uint32_t brands, lists, count;
	struct peers_rule *rules; /* by brand */
	uint32_t rules_count;
	char **brand_ids;
	char **brand_raw; /* regexes on text as posted, for programs that do
	                   * not fold; without regard to case */
	uint32_t *rules_of; /* of brand b: from [b] to [b + 1] */
};

/** peers_patterns_read(dir): the set of DIR/ *.yaml; NULL with a word on
 * stderr. */
struct peers_patterns *peers_patterns_read(const char *dir);
void peers_patterns_free(struct peers_patterns *p);

#ifdef __cplusplus
}
#endif

#endif
