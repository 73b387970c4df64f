/*
 * Which units may match a post, at about one probe per token.
 *
 * Every unit has anchors: literals without which it cannot match.  An anchor
 * that begins a token is looked up by the first 16, 8, 4 or 2 bytes at each
 * token start (bitmap, then a short bucket); one that may lie inside a token by
 * the bytes at every offset, and only when a set has such anchors.  The same
 * table serves lists of phrases (ruleset.h, struct phrase_set).
 * A hook says what hangs on an anchor.  If it names a phrase, the unit is
 * queued only where the phrase stands, and may be proven by it.
 * Thread: any may read.  Owns: nothing; arrays live in the set's arena.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_PREFILTER_H
#define RULES_PREFILTER_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "engine/base/arena.h"

enum token_form {
	TOKEN_EXACT,
	TOKEN_PREFIX, /* "deforest*" */
	TOKEN_GLOB,   /* '*' or '?' elsewhere */
	TOKEN_INNER,  /* anchors only: anywhere in the folded bytes */
};

struct flat_token {
	uint64_t key;  /* first bytes, zeros behind them */
	uint32_t text; /* into ruleset.bytes */
	uint32_t len;  /* of the text: PREFIX without its '*', GLOB with all */
	uint8_t head;  /* so many bytes of key must agree; 8: all of them */
	uint8_t form;  /* enum token_form */
	char sign;     /* '#', '@', '$' or 0 */
};

/* What hangs on an anchor.  The neighbour is a cheap no: four bytes of the
 * token beside it, before anything else is read. */
struct hook {
	uint32_t unit;   /* tables of a set of phrases: unused */
	uint32_t phrase; /* node that has to stand there, or NODE_NONE */
	uint32_t near; /* bytes of the neighbour, zeros behind (TAIL: first) */
	uint16_t offset;    /* of the anchor's token in the phrase */
	uint8_t near_bytes; /* 0: any neighbour will do, or none */
	uint8_t flags;      /* enum hook_flags */
};

enum hook_flags {
	HOOK_PROVES = 1, /* the phrase alone makes the unit's match true */
	HOOK_BEFORE = 2, /* the neighbour is the token before, not after */
	HOOK_TAIL = 4,   /* and its last bytes count, not its first */
};

struct anchor {
	uint32_t token;
	struct hook hook;
};

/* A word that may stand in disguise, and who asks. */
#define DISGUISED_OTHER 26u
struct disguised {
	uint32_t token, unit;
};

struct probe_entry {
	uint64_t key;
	uint32_t token;
	uint32_t hooks; /* first; those of the next entry follow */
};

/* At token starts: whole tokens and long prefixes, then shorter prefixes. */
enum probe_width { WIDE, EIGHT, FOUR, TWO, PROBE_WIDTHS };

/* Where an anchor goes: at any token's start by enum probe_width, the same
 * behind a sign, or at any byte. */
enum probe_home {
	PROBE_SIGNED = PROBE_WIDTHS,
	PROBE_INNER_FOUR = 2 * PROBE_WIDTHS,
	PROBE_INNER_TWO,
	PROBE_HOMES,
};

struct probe {
	const uint32_t *slots; /* entries of a slot: [slots[h], slots[h+1]) */
	const struct probe_entry *entries;
	uint32_t count;
	uint8_t slots_shift;
};

struct prefilter {
	/* one map for all homes: keys are salted by their home */
	const uint64_t *map;
	uint8_t map_shift;
	struct probe probes[PROBE_HOMES];
	const struct hook *hooks;
	const uint32_t *always; /* units without any anchor */
	uint32_t always_count;
	const struct disguised *disguised;
	uint32_t disguised_count;
	/* by first letter, a to z, then all others */
	uint32_t disguised_first[DISGUISED_OTHER + 2];
	uint32_t anchors_count;
	bool narrow; /* there are plain ones beside WIDE */
	bool signs;  /* some want a sign */
	bool inner;
	bool soft; /* regexes may begin at an ASCII letter inside a token */
};

#define PROBE_FACTOR UINT64_C(0x9E3779B97F4A7C15)

static inline uint64_t
probe_load(const char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/* The low ${bytes} bytes of a word, 0..8. */
static inline uint64_t
probe_mask(uint32_t bytes)
{
	static const uint64_t masks[9] = {0, 0xff, 0xffff, 0xffffff, 0xffffffff,
	    0xffffffffff, 0xffffffffffff, 0xffffffffffffff, UINT64_MAX};

	return masks[bytes < 8 ? bytes : 8];
}

/* The first 16 bytes in one word; up to 8 bytes are themselves.  Only whole
 * tokens and 16 bytes of longer ones are looked up so, and compared. */
static inline uint64_t
probe_wide(uint64_t first, uint64_t second)
{
	return first ^ (second * UINT64_C(0xD6E8FEB86659FD93));
}

static inline uint64_t
probe_hash(uint64_t key, unsigned home)
{
	return (key ^ (home * UINT64_C(0x2c9277b5))) * PROBE_FACTOR;
}

/* Which bit of its word a hash has: looked up, for a shift by a variable
 * count is three times as dear where the processor lacks BMI2. */
#define ONE8(n)                                                                \
	UINT64_C(1) << (n), UINT64_C(2) << (n), UINT64_C(4) << (n),            \
	    UINT64_C(8) << (n), UINT64_C(16) << (n), UINT64_C(32) << (n),      \
	    UINT64_C(64) << (n), UINT64_C(128) << (n)
static const uint64_t probe_one[64] = {ONE8(0), ONE8(8), ONE8(16), ONE8(24),
    ONE8(32), ONE8(40), ONE8(48), ONE8(56)};
#undef ONE8

/** probe_mark(hash): the bit of its word in the map, which is word
 * hash >> map_shift. */
static inline uint64_t
probe_mark(uint64_t hash)
{
	return probe_one[(hash >> 40) % 64];
}

/**
 * probe_find(table, home, key, &last): the entries where ${key} would be;
 * none when the map says no.
 */
static inline const struct probe_entry *
probe_find(const struct prefilter *table, unsigned home, uint64_t key,
    const struct probe_entry **last)
{
	const struct probe *p = &table->probes[home];
	uint64_t hash = probe_hash(key, home), slot;

	*last = NULL;
	if (p->count == 0 ||
	    (table->map[hash >> table->map_shift] & probe_mark(hash)) == 0)
		return NULL;
	slot = hash >> p->slots_shift;
	*last = p->entries + p->slots[slot + 1];
	return p->entries + p->slots[slot];
}

static inline bool
probe_is_sign(char c)
{
	return c == '#' || c == '@' || c == '$';
}

/** prefilter_keyable(token): whether a token may be an anchor at all. */
bool prefilter_keyable(const struct flat_token *token);

/**
 * prefilter_build(out, arena, tokens, bytes, anchors, count): make the
 * tables of ${count} anchors in ${arena}.  The caller fills always and soft.
 */
void prefilter_build(struct prefilter *out, struct arena *arena,
    const struct flat_token *tokens, const char *bytes,
    const struct anchor *anchors, uint32_t count);

struct matcher;

/** prefilter_neighbour(m, hook, t): whether the neighbour of token ${t} is
 * what a hook with near_bytes > 0 asks for. */
bool prefilter_neighbour(
    const struct matcher *m, const struct hook *hook, uint32_t t);

/**
 * prefilter_scan(m, table, fresh): queue the units of ${table} that may match
 * the post of ${m}, prove those that a phrase proves.  ${fresh}: nothing has
 * made the keys of this post yet.
 */
void prefilter_scan(
    struct matcher *m, const struct prefilter *table, bool fresh);

/** prefilter_queue(m, unit): queue it, not proven. */
void prefilter_queue(struct matcher *m, uint32_t unit);

/** prefilter_keys(m): the first bytes of each token into m->keys and
 * m->wides, for where nothing is scanned. */
void prefilter_keys(struct matcher *m);

#endif
