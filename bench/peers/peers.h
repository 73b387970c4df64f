/*
 * What a peer is: a library that finds patterns in folded texts in memory.
 *
 * A peer is given all patterns of a set and tells for a text which of them
 * hit; peers_confirm is PCRE2 for whatever it cannot express itself.  The
 * rest, which rules then fire, is the same code for all.
 * Thread: one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_PEERS_PEERS_H
#define BENCH_PEERS_PEERS_H

#include <stddef.h>

#include "bench/peers/peers_patterns.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Patterns that hit a text, each once. */
struct peers_hits {
	uint32_t *patterns;
	uint32_t count;
	uint32_t *stamp; /* of each pattern: the text it last hit */
	uint32_t text;   /* numbered from 1 */
};

static inline void
peers_hit(struct peers_hits *hits, uint32_t pattern)
{
	if (hits->stamp[pattern] == hits->text)
		return;
	hits->stamp[pattern] = hits->text;
	hits->patterns[hits->count++] = pattern;
}

struct peers_kind {
	const char *name;
	/* what it is, in a few words, its version among them */
	void (*about)(char *out, size_t room);
	/* NULL: it cannot; ${why} says so */
	void *(*open)(const struct peers_patterns *p, char *why, size_t room);
	/* the patterns of its kind that hit; lists: whether it looks for
	 * lists itself, else they are confirmed where a brand hit */
	void (*scan)(void *self, const char *text, size_t len,
	    struct peers_hits *hits);
	bool lists;
	void (*close)(void *self);
};

extern const struct peers_kind peers_naive, peers_alternation;
extern const struct peers_kind peers_hyperscan, peers_hyperscan_brands;
extern const struct peers_kind peers_re2;

/* PCRE2 programs, JIT-ed, made when first asked for. */
struct peers_confirm;
struct peers_confirm *peers_confirm_new(const struct peers_patterns *p);
void peers_confirm_free(struct peers_confirm *c);

/** peers_confirm_all(c, from, to): make them now; 0, or -1 with a word on
 * stderr. */
int peers_confirm_all(struct peers_confirm *c, uint32_t from, uint32_t to);

/** peers_confirm_hit(c, pattern, text, len): whether it matches. */
bool peers_confirm_hit(struct peers_confirm *c, uint32_t pattern,
    const char *text, size_t len);

#ifdef __cplusplus
}
#endif

#endif
