/*
 * Which units may match a post, at about one probe per token.
 *
 * Every unit has anchors: literals without which it cannot match.  An anchor
 * that begins a token is looked up by the first 15, 6, 4 or 2 bytes at each
 * token start, one of several words also by two tokens in a row: small maps
 * of bits say no, then a short bucket is read.  An anchor that may lie inside a
 * token is looked up by the bytes at every offset, and only when a set has
 * such anchors.  The same tables serve lists of phrases (ruleset.h, struct
 * phrase_set).
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
	HOOK_WORD = 8,   /* the phrase is one word, and its key all of it */
	HOOK_PLACES = 16, /* the unit is nothing but such phrases: where they
			   * stand is all there is to say of its places */
	HOOK_ALONE = 32, /* the phrase is one word, the anchor's */
	HOOK_SURE = 64,  /* of a pair without a phrase: it was looked up */
};

struct anchor {
	uint32_t token;
	struct hook hook;
	uint32_t pair; /* the token beside it, whole as it is, or NODE_NONE */
};

/* A word that may stand in disguise, and who asks. */
#define DISGUISED_OTHER 26u
struct disguised {
	uint32_t token, unit;
};

struct probe_entry {
	uint64_t key; /* of a shorter prefix: as much of it as there is */
	uint32_t token;
	uint32_t hooks; /* first; those of the next entry follow */
};

/* At token starts: whole tokens and long prefixes, then shorter prefixes. */
enum probe_width { WIDE, SIX, FOUR, TWO, PROBE_WIDTHS };

/* Where an anchor goes: at any token's start by enum probe_width, the same
 * behind a sign, two whole tokens in a row, or at any byte. */
enum probe_home {
	PROBE_SIGNED = PROBE_WIDTHS,
	PROBE_PAIR = 2 * PROBE_WIDTHS,
	PROBE_INNER_FOUR,
	PROBE_INNER_TWO,
	PROBE_HOMES,
};

struct probe {
	const uint32_t *slots; /* entries of a slot: [slots[h], slots[h+1]) */
	const struct probe_entry *entries;
	uint32_t count;
	uint8_t slots_shift;
};

/* Bits of hashes, in one word: two for each key; in large tables, whose maps
 * are fuller, four. */
struct probe_map {
	const uint64_t *words;
	uint8_t shift;
};

/* What a token may be, of one word for each or of two; see sieve.h. */
struct probe_sieve {
	const uint64_t *words;       /* NULL in the table of a phrase set */
	const uint64_t *short_words; /* of a fine one: for all but WIDE */
	uint64_t salt;
	uint32_t mask, short_mask;   /* of numbers of words */
	uint8_t shift, short_shift;
	bool shorts; /* there is any FOUR or TWO */
	bool fine;
};

struct prefilter {
	/* keys are salted by their home; signed ones have their own map */
	struct probe_map map, signed_map;
	struct probe_sieve sieve;
	struct probe probes[PROBE_HOMES];
	const struct hook *hooks;
	const uint32_t *always; /* units without any anchor */
	uint32_t always_count;
	const struct disguised *disguised;
	uint32_t disguised_count;
	/* by first letter, a to z, then all others */
	uint32_t disguised_first[DISGUISED_OTHER + 2];
	uint32_t anchors_count;
	bool large;  /* pairs are asked for at each token */
	bool turns;  /* so large that candidates are gone through in turns */
	bool narrow; /* there are plain ones beside WIDE */
	bool signs;  /* some want a sign */
	bool inner;
	bool soft; /* words of regexes may begin and end inside a token */
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

/* So many bytes of a token are its wide key: with the one before the token
 * they are what a vector holds. */
#define PROBE_BYTES 15u

/* The first bytes in one word; up to 8 bytes are themselves.  Only whole
 * tokens and first bytes of longer ones are looked up so, and compared. */
static inline uint64_t
probe_wide(uint64_t first, uint64_t second)
{
	return first ^ (second * UINT64_C(0xD6E8FEB86659FD93));
}

/* Two tokens in a row, by what probe_wide makes of each. */
static inline uint64_t
probe_pair(uint64_t first, uint64_t second)
{
	return (first << 23 | first >> 41) + second;
}

static inline uint64_t
probe_hash(uint64_t key, unsigned home)
{
	return (key ^ (home * UINT64_C(0x2c9277b5))) * PROBE_FACTOR;
}

/** probe_hit(map, hash): whether two bits of ${hash} are set; in bit 0. */
static inline uint64_t
probe_hit(const struct probe_map *map, uint64_t hash)
{
	uint64_t word = map->words[hash >> map->shift];

	return word >> ((hash >> 42) & 63) & word >> ((hash >> 36) & 63) & 1;
}

/** probe_hit_all(map, hash): whether all four are; in bit 0. */
static inline uint64_t
probe_hit_all(const struct probe_map *map, uint64_t hash)
{
	uint64_t word = map->words[hash >> map->shift];

	return word >> ((hash >> 42) & 63) & word >> ((hash >> 36) & 63) &
	       word >> ((hash >> 39) & 63) & word >> ((hash >> 33) & 63) & 1;
}

static inline const struct probe_map *
probe_map_of(const struct prefilter *table, unsigned home)
{
	return home >= PROBE_SIGNED && home < PROBE_PAIR ? &table->signed_map
							 : &table->map;
}

/* What is hashed of the first bytes of a token. */
static inline uint64_t
probe_cut(unsigned home, uint64_t key)
{
	static const uint64_t masks[PROBE_HOMES] = {
	    [WIDE] = UINT64_MAX,
	    [SIX] = 0xffffffffffff,
	    [FOUR] = UINT32_MAX,
	    [TWO] = 0xffff,
	    [PROBE_SIGNED + WIDE] = UINT64_MAX,
	    [PROBE_SIGNED + SIX] = 0xffffffffffff,
	    [PROBE_SIGNED + FOUR] = UINT32_MAX,
	    [PROBE_SIGNED + TWO] = 0xffff,
	    [PROBE_PAIR] = UINT64_MAX,
	    [PROBE_INNER_FOUR] = UINT32_MAX,
	    [PROBE_INNER_TWO] = 0xffff};

	return key & masks[home];
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
	uint64_t hash = probe_hash(probe_cut(home, key), home), slot;

	*last = NULL;
	if (p->count == 0 || !probe_hit(probe_map_of(table, home), hash))
		return NULL;
	slot = hash >> p->slots_shift;
	*last = p->entries + p->slots[slot + 1];
	return p->entries + p->slots[slot];
}

/** probe_same(e, key): whether ${key}, under which ${e} was found, agrees with
 * all of it.  Words hold no zero bytes: those on top are behind the prefix. */
static inline bool
probe_same(const struct probe_entry *e, unsigned home, uint64_t key)
{
	static const bool whole[PROBE_HOMES] = {[WIDE] = true,
	    [PROBE_SIGNED + WIDE] = true,
	    [PROBE_PAIR] = true};

	if (whole[home])
		return e->key == key;
	return (e->key ^ key) << (__builtin_clzll(e->key) & ~7) == 0;
}

static inline bool
probe_is_sign(char c)
{
	return c == '#' || c == '@' || c == '$';
}

/** prefilter_keyable(token): whether a token may be an anchor at all. */
bool prefilter_keyable(const struct flat_token *token);

/**
 * prefilter_build(out, arena, tokens, bytes, anchors, count, scan): make the
 * tables of ${count} anchors in ${arena}; ${scan}: such that prefilter_scan
 * can read.  The caller fills always and soft.
 */
void prefilter_build(struct prefilter *out, struct arena *arena,
    const struct flat_token *tokens, const char *bytes,
    const struct anchor *anchors, uint32_t count, bool scan);

/** prefilter_large_beyond(count): for tests: a table of more anchors is a
 * large one. */
void prefilter_large_beyond(uint32_t count);

struct matcher;

/* What prefilter_find() says of a token, below its number: vectors find the
 * bits of eight tokens in the bytes of one word. */
enum suspect {
	SUSPECT_SHORT = 1, /* a FOUR or TWO */
	SUSPECT_PAIR = 2,  /* with the token before it: a pair */
	SUSPECT_SIGN = 4,  /* behind a sign, and maybe wanted so; a point */
	SUSPECT_LONG = 16, /* a SIX */
	SUSPECT_WORD = 64, /* a WIDE */
	SUSPECT_SHIFT = 8,
	SUSPECTS_SIFTED =
	    SUSPECT_SHORT | SUSPECT_SIGN | SUSPECT_LONG | SUSPECT_WORD,
};

/**
 * prefilter_find(m, table, fresh): tokens that may be an anchor of ${table}
 * to m->suspects, with what they may be; returns how many.  ${fresh}: makes
 * the keys of all tokens on the way.
 */
uint32_t prefilter_find(
    struct matcher *m, const struct prefilter *table, bool fresh);

/** prefilter_find_avx512: the same, eight tokens at a time. */
uint32_t prefilter_find_avx512(
    struct matcher *m, const struct prefilter *table, bool fresh);

/** prefilter_wide(p, len, &key): what the keys of a token at ${p} are; 16 bytes
 * are readable there. */
uint64_t prefilter_wide(const char *p, uint32_t len, uint64_t *key);

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

/** prefilter_take(m, table, entry): the same for what hangs on an anchor
 * whose bytes are there, whatever the tokens. */
void prefilter_take(struct matcher *m, const struct prefilter *table,
    const struct probe_entry *entry);

/** prefilter_scan_inner(m, table): anchors at any byte; prefilter_scan_soft:
 * starts and ends of regexes' words inside what is one token. */
void prefilter_scan_inner(struct matcher *m, const struct prefilter *table);
void prefilter_scan_soft(struct matcher *m, const struct prefilter *table);

/** prefilter_queue(m, unit): queue it, not proven. */
void prefilter_queue(struct matcher *m, uint32_t unit);

/** prefilter_keys(m): the first bytes of each token into m->keys and
 * m->wides, for where nothing is scanned. */
void prefilter_keys(struct matcher *m);

#endif
