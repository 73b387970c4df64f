/*
 * Places of plain text without a map.
 *
 * Plain are ASCII, the letters of Latin-1 that are a base letter and a mark,
 * curly quotes and some other signs, and what stays as it is when folded and
 * is never joined to what stands before it.  A blank behind a blank is
 * dropped.  Anything else shows as bytes that differ, and ends the walk;
 * whoever walked asks text_map then.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/text_walk.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* U+00C0 to U+00DF by base letter; U+00E0 on are the same. */
static const char bases[32] = "aaaaaa.ceeeeiiii.nooooo..uuuuy..";

static inline bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* A character: its bytes as posted and as folded; 0: none that is plain. */
struct step {
	uint32_t posted, folded;
};

static const struct step no_step;

static inline struct step
step_if(bool is, uint32_t posted, uint32_t folded)
{
	return is ? (struct step){posted, folded} : no_step;
}

/* ${bytes} that stay as they are. */
static inline struct step
same(const char *p, const char *folded, size_t left, uint32_t bytes)
{
	return step_if(
	    left >= bytes && memcmp(p, folded, bytes) == 0, bytes, bytes);
}

static struct step
step_ascii(const char *p, size_t left, const char *folded)
{
	char c = *p;

	if (c == '&')
		return step_if(*folded == '&' && left >= 5 &&
			memcmp(p, "&amp;", 5) == 0, 5, 1);
	if (c >= 'A' && c <= 'Z')
		c |= 0x20;
	return step_if((is_blank(c) ? ' ' : c) == *folded, 1, 1);
}

/* Latin-1, Greek and Cyrillic, where nothing joins the letter before it. */
static struct step
step_two(const unsigned char *u, size_t left, const char *folded)
{
	const unsigned char *f = (const unsigned char *)folded;

	if (left < 2)
		return no_step;
	if (*u == 0xc2 && u[1] == 0xa0)
		return step_if(*f == ' ', 2, 1);
	if (*u == 0xc2 && (u[1] == 0xab || u[1] == 0xbb))
		return step_if(*f == '"', 2, 1);
	if (*u == 0xc3 && *f < 0x80)
		return step_if(*f != '.' && bases[u[1] & 31] == *folded, 2, 1);
	if (*u == 0xd0 && u[1] >= 0x90 && u[1] < 0xb0) /* capitals */
		return step_if(*f == 0xd0 + (u[1] >= 0xa0) &&
			f[1] == (u[1] ^ 0x20), 2, 2);
	return same((const char *)u, folded, left, 2);
}

/* What may be joined to the character before it, or joins the next. */
static inline bool
joins(const unsigned char *u)
{
	switch (*u) {
	case 0xe2: /* format characters, marks for symbols */
		return (u[1] == 0x80 && (u[2] < 0x90 || u[2] > 0xa7)) ||
		       u[1] == 0x81 || u[1] == 0x83;
	case 0xe3: /* tone and voice marks */
		return (u[1] == 0x80 && u[2] >= 0xaa && u[2] <= 0xaf) ||
		       (u[1] == 0x82 && u[2] >= 0x99 && u[2] <= 0x9c);
	default:
		return false;
	}
}

static struct step
step_three(const unsigned char *u, size_t left, const char *folded)
{
	if (left < 3)
		return no_step;
	if (*u == 0xe2 && u[1] == 0x80) {
		if (u[2] == 0x98 || u[2] == 0x99)
			return step_if(*folded == '\'', 3, 1);
		if (u[2] >= 0x9c && u[2] <= 0x9e)
			return step_if(*folded == '"', 3, 1);
		if (u[2] == 0xa6)
			return step_if(memcmp(folded, "...", 3) == 0, 3, 3);
		if (u[2] == 0xaf)
			return step_if(*folded == ' ', 3, 1);
	}
	return joins(u) ? no_step : same((const char *)u, folded, left, 3);
}

/* The plain character at ${p}, which folds to what is at ${folded}. */
static struct step
plain_step(const char *p, size_t left, const char *folded)
{
	const unsigned char *u = (const unsigned char *)p;

	if (left == 0)
		return no_step;
	if (*u < 0x80)
		return step_ascii(p, left, folded);
	if (*u == 0xc2 || *u == 0xc3 || (*u >= 0xce && *u <= 0xd1))
		return step_two(u, left, folded);
	if (*u >= 0xe2 && *u <= 0xe9)
		return step_three(u, left, folded);
	/* emoji, but parts of flags and tones of skin */
	if (*u == 0xf0 && left >= 4 && u[1] == 0x9f && u[2] != 0x87 &&
	    !(u[2] == 0x8f && u[3] >= 0xbb))
		return same(p, folded, left, 4);
	return no_step;
}

/* A letter of kana that folds to a base letter and a mark. */
static struct step
step_kana(const unsigned char *u, const char *folded)
{
	const unsigned char *f = (const unsigned char *)folded;
	bool voiced = f[5] == 0x99 && (unsigned char)(u[2] - 1) == f[2];
	bool half = f[5] == 0x9a && (unsigned char)(u[2] - 2) == f[2];

	return step_if(*f == 0xe3 && f[1] == u[1] && f[3] == 0xe3 &&
		f[4] == 0x82 && (voiced || half), 3, 6);
}

/* Besides, what stands before a place may be of characters that belong
 * together, which stay as they are or, selectors and joiners, are dropped. */
static struct step
passed_step(const char *p, size_t left, const char *folded)
{
	const unsigned char *u = (const unsigned char *)p;

	if (left >= 4 && *u == 0xf0 && u[1] == 0x9f)
		return same(p, folded, left, 4);
	if (left < 3)
		return no_step;
	if ((*u == 0xef && u[1] == 0xb8 && u[2] == 0x8f) ||
	    (*u == 0xe2 && u[1] == 0x80 && u[2] == 0x8d))
		return (struct step){3, memcmp(p, folded, 3) == 0 ? 3 : 0};
	if (*u == 0xe3 && (u[1] == 0x81 || u[1] == 0x82 || u[1] == 0x83))
		return step_kana(u, folded);
	return no_step;
}

#ifdef __SSE2__
/* How many of the 16 bytes at ${p} are plain ASCII that folds to ${folded},
 * before the first that is not. */
static inline uint32_t
plain_run(const char *p, const char *folded)
{
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i f = _mm_loadu_si128((const __m128i *)(const void *)folded);
	__m128i from_a = _mm_sub_epi8(v, _mm_set1_epi8('A'));
	__m128i upper = _mm_cmpeq_epi8(
	    _mm_min_epu8(from_a, _mm_set1_epi8('Z' - 'A')), from_a);
	__m128i lower =
	    _mm_or_si128(v, _mm_and_si128(upper, _mm_set1_epi8(' ')));
	__m128i odd = _mm_or_si128(v, _mm_cmpeq_epi8(v, _mm_set1_epi8('&')));
	uint32_t same = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(lower, f));

	same &= ~(uint32_t)_mm_movemask_epi8(odd);
	return (uint32_t)__builtin_ctz(~same);
}

/* From ${p} on what is plain and folds to ${folded}, ${most} bytes of that. */
static struct step
run_plain(const char *p, size_t left, const char *folded, uint32_t most)
{
	uint32_t same = left < 16 ? 0 : plain_run(p, folded);

	same = same < most ? same : most;
	return (struct step){same, same};
}
#else
static struct step
run_plain(const char *p, size_t left, const char *folded, uint32_t most)
{
	(void)p, (void)left, (void)folded, (void)most;
	return no_step;
}
#endif

#if defined(__x86_64__)

#include <immintrin.h>

/* The number of the bit of ${bits} below which ${n} others are set. */
__attribute__((target("bmi,bmi2"))) static inline uint32_t
bit_behind(uint64_t bits, uint32_t n)
{
	return (uint32_t)_tzcnt_u64(_pdep_u64(UINT64_C(1) << n, bits));
}

#define WITH_BITS __attribute__((target("bmi,bmi2")))

#else

static inline uint32_t
bit_behind(uint64_t bits, uint32_t n)
{
	while (n-- > 0)
		bits &= bits - 1;
	return (uint32_t)__builtin_ctzll(bits);
}

#define WITH_BITS

#endif

/* Over the blanks behind a blank. */
static inline void
skip_blanks(struct text_walk *w, const struct text *t, struct slice text)
{
	if (t->bytes[(int64_t)w->folded - 1] != ' ')
		return;
	while (w->posted < text.len && is_blank(text.data[w->posted]))
		w->posted++;
}

/* On to folded byte ${to}; ${pass}: a place begins there. */
static bool
walk_to(struct text_walk *w, const struct text *t, struct slice text,
    uint32_t to, bool pass)
{
	while (w->folded < to) {
		const char *p, *folded;
		size_t left;
		uint32_t most;
		struct step step;

		p = text.data + w->posted;
		folded = t->bytes + w->folded;
		left = text.len - w->posted;
		most = to - w->folded;
		step = run_plain(p, left, folded, most);
		if (step.posted == 0)
			step = plain_step(p, left, folded);
		if (step.posted == 0 && pass)
			step = passed_step(p, left, folded);
		if (step.posted == 0 || step.folded > most)
			return false;
		w->folded += step.folded;
		w->posted += step.posted;
		skip_blanks(w, t, text);
	}
	return true;
}

/* Whether each byte is one folded byte: of ASCII without entities nothing
 * grows, and blanks that are dropped show in the length. */
static bool
is_even(const struct text *t, struct slice text)
{
	uint32_t odd = 0;
	size_t i = 0;

	if (t->len != text.len)
		return false;
#ifdef __SSE2__
	for (; text.len - i >= 16; i += 16) {
		__m128i v = _mm_loadu_si128(
		    (const __m128i *)(const void *)(text.data + i));

		odd |= (uint32_t)_mm_movemask_epi8(_mm_or_si128(
		    v, _mm_cmpeq_epi8(v, _mm_set1_epi8('&'))));
	}
#endif
	for (; i < text.len; i++)
		odd |= (unsigned char)text.data[i] >= 0x80 ||
		       text.data[i] == '&';
	return odd == 0;
}

/* Whether folded byte ${at} is of a plain character at ${posted}, or both are
 * the end. */
static bool
is_plain_at(
    const struct text *t, struct slice text, uint32_t at, uint32_t posted)
{
	return posted == text.len
	    ? t->len == at
	    : at < t->len &&
		plain_step(text.data + posted, text.len - posted,
		    t->bytes + at).posted > 0;
}

/* The block with folded byte ${at}: mostly as many bytes went before it as
 * there were. */
static inline const struct text_trail *
block_of(const struct text *t, uint32_t at)
{
	uint32_t last = t->trail_count - 1, i = at / 64;

	i = i < last ? i : last;
	while (i < last && t->trail[i + 1].folded <= at)
		i++;
	while (t->trail[i].folded > at)
		i--;
	return &t->trail[i];
}

/* Whether byte ${at} is of a character that began before it. */
static inline bool
is_inside(struct slice text, uint32_t at)
{
	return at < text.len && ((unsigned char)text.data[at] & 0xc0) == 0x80;
}

static struct text_walk
walk_from(
    const struct text_trail *block, const struct text *t, struct slice text)
{
	struct text_walk w = {.folded = block->folded,
	    .posted = block->posted};

	skip_blanks(&w, t, text);
	return w;
}

/* What is known of a block says where its bytes are from, whatever stands
 * around it; of another there is the walk, from its beginning on. */
WITH_BITS static bool
trail_span(const struct text *t, struct slice text, uint32_t at, uint32_t end,
    uint32_t *start, uint32_t *stop)
{
	const struct text_trail *a = block_of(t, at), *b = block_of(t, end - 1);
	struct text_walk w;

	if (a->keep != 0) {
		*start = a->posted + bit_behind(a->keep, at - a->folded);
		while (is_inside(text, *start))
			--*start;
	} else {
		w = walk_from(a, t, text);
		if (!walk_to(&w, t, text, at, true) ||
		    !is_plain_at(t, text, at, w.posted))
			return false;
		*start = w.posted;
	}
	if (b->keep != 0) {
		at = bit_behind(b->keep, end - 1 - b->folded) + 1;
		while (is_inside(text, b->posted + at))
			at++;
		*stop = b->posted + at;
		/* what leaves no byte may belong to what was before */
		return (at < 64 && (b->keep >> at & 1) != 0) ||
		    is_plain_at(t, text, end, *stop);
	}
	if (a != b)
		w = walk_from(b, t, text);
	if (!walk_to(&w, t, text, end, false))
		return false;
	*stop = w.posted;
	return is_plain_at(t, text, end, *stop);
}

bool
text_walk_span(struct text_walk *w, const struct text *t, struct slice text,
    uint32_t at, uint32_t end, uint32_t *start, uint32_t *stop)
{
	if (t->trail_count > 0)
		return t->bytes[end - 1] != ' ' &&
		    trail_span(t, text, at, end, start, stop);
	if (w->even == WALK_UNKNOWN)
		w->even = is_even(t, text) ? WALK_EVEN : WALK_ODD;
	if (w->even == WALK_EVEN) {
		*start = at;
		*stop = end;
		return true;
	}
	if (at < w->folded) {
		bool behind = at >= w->last_folded;

		w->folded = behind ? w->last_folded : 0;
		w->posted = behind ? w->last_posted : 0;
	}
	if (w->folded < at && !walk_to(w, t, text, at, true))
		return false;
	w->last_folded = w->folded;
	*start = w->last_posted = w->posted;
	/* what follows must not belong to it: a mark, a blank dropped */
	if (t->bytes[end - 1] == ' ')
		return false;
	if (!walk_to(w, t, text, end, false))
		return false;
	*stop = w->posted;
	return is_plain_at(t, text, end, w->posted);
}
