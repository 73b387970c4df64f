/*
 * Folding: the one form in which posts and queries are compared, and the
 * tokens in it (CONTRACT 3).
 *
 * Fold: HTML entities once; NFKC; full case folding; NFD without U+0300-036F;
 * œ to oe, æ to ae; quotes to ' and "; blanks to one space; U+00AD,
 * U+200B-200D, U+2060, U+FEFF and variation selectors dropped except inside
 * emoji sequences.  Token: a run of letters, digits, marks and _; each CJK
 * character and each emoji sequence is one token.
 *
 * What CONTRACT leaves open: entities need their semicolon; what is dropped
 * goes before NFD orders the marks that are left, so folding twice changes
 * nothing; the signs of trade marks and rights are blanks, before NFKC makes
 * letters of some; numbers of all kinds are digits; a mark belongs to the token
 * before it.  CJK is Han, Hiragana, Katakana and U+30FC; Hangul is letters,
 * and stays in the jamo that NFD makes of it.  An emoji is what Unicode calls
 * Emoji outside ASCII; a selector at the end of an emoji sequence is not
 * inside it and is dropped, so a heart is a heart with or without U+FE0F.
 *
 * text_fold is the fast form (vectors for ASCII, tables for the rest) and is
 * on the path of every post; text_map says afterwards, for the few posts that
 * match, where each folded byte came from.  Both give the same bytes.
 * Thread: one struct text per worker.  Owns: its buffers until text_fini.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_TEXT_H
#define ENGINE_BASE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/limits.h"
#include "engine/base/slice.h"

/* Folded bytes that are readable before the first and after the last one
 * (they are 0): a token's sign is bytes[at - 1], and 64-byte loads are safe. */
#define TEXT_PADDING 64u

/* Where a block of at most 64 bytes went when it was folded.  ${keep}: which
 * of them became a folded byte, each in the place of one that its character
 * had; 0: that is not known. */
struct text_trail {
	uint32_t folded, posted;
	uint64_t keep;
};

struct text {
	char *bytes; /* folded title, '\n' if there is one, folded text */
	uint32_t len;
	uint32_t *at, *end; /* of tokens: first byte, one past the last */
	uint32_t tokens;
	uint32_t title_tokens; /* of the title; a phrase does not cross */
	/* of the part that is the text, block by block, after text_fold with
	 * AVX-512; else none */
	struct text_trail *trail;
	uint32_t trail_count;
	bool cut;           /* longer than TEXT_BYTES_MAX, the rest not read */
	/* after text_map: for byte i of the part that is the text, map[i] is
	 * the offset in the unfolded text; UINT32_MAX for bytes of the title.
	 * map[len] is the length of the text that was read. */
	uint32_t *map;
	uint32_t *until;    /* and one past the last byte of its character */
	uint32_t room;      /* bytes that the arrays above can hold */
	struct text_scratch *scratch;
};

enum text_mode {
	TEXT_POST,
	TEXT_QUERY, /* '*' and '?' are token characters too */
};

void text_init(struct text *t);
void text_fini(struct text *t);

/**
 * text_fold(t, title, text, mode): fill bytes, tokens; ${title} may have data
 * NULL.  Both must be valid UTF-8.  Does not allocate once the buffers have
 * grown to TEXT_BYTES_MAX; they start at that size.
 */
void text_fold(struct text *t, struct slice title, struct slice text,
    enum text_mode mode);

/** text_map(t, title, text, mode): as text_fold, and fill map as well. */
void text_map(struct text *t, struct slice title, struct slice text,
    enum text_mode mode);

/** text_map_title(t, title, text, mode): as text_map, but map is of the
 * title, and UINT32_MAX for the bytes of the text and the '\n'. */
void text_map_title(struct text *t, struct slice title, struct slice text,
    enum text_mode mode);

/**
 * text_span(t, at, end, &start, &stop): after text_map, where the folded
 * bytes [${at}, ${end}) came from: whole characters [start, stop) of the
 * text, without the format characters around them.  False for the title.
 */
bool text_span(const struct text *t, uint32_t at, uint32_t end,
    uint32_t *start, uint32_t *stop);

/**
 * text_written(text, start, stop, want, core, core_len): whether [${start},
 * ${stop}) of ${text} is bytes [core, core + core_len) of ${want}, and the
 * rest of ${want} stands around it, letter for letter but for entities and
 * runs of blanks.
 */
bool text_written(struct slice text, uint32_t start, uint32_t stop,
    struct slice want, uint32_t core, uint32_t core_len);

/**
 * text_path(name): choose the code path for tests and benches: "plain",
 * "avx2", "avx512", "exact" (the slow one that the others fall back to) or
 * "auto" (the best that cpu_level() allows; the start).  False when there is
 * no such path or it is not allowed.  Not thread-safe.
 */
bool text_path(const char *name);

#endif
