/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/outline.h"

#include <endian.h>
#include <string.h>

#include "engine/base/cpu.h"
#include "engine/density/outline_read.h"

/* The call would cost as much as the hash. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#if defined(__SSE2__)

#include <emmintrin.h>

/* Which of 64 bytes are ${c}, and which are more. */
static uint64_t
bytes_that_are(const unsigned char *bytes, char c)
{
	const __m128i want = _mm_set1_epi8(c);
	uint64_t found = 0;

	for (unsigned i = 0; i < OUTLINE_TOKENS_MAX; i += 16) {
		__m128i x = _mm_loadu_si128(
		    (const __m128i *)(const void *)(bytes + i));

		found |= (uint64_t)(uint32_t)_mm_movemask_epi8(
			     _mm_cmpeq_epi8(x, want)) << i;
	}
	return found;
}

static uint64_t
bytes_above(const unsigned char *bytes, char c)
{
	const __m128i least = _mm_set1_epi8(c);
	uint64_t found = 0;

	for (unsigned i = 0; i < OUTLINE_TOKENS_MAX; i += 16) {
		__m128i x = _mm_loadu_si128(
		    (const __m128i *)(const void *)(bytes + i));

		found |= (uint64_t)(uint32_t)_mm_movemask_epi8(
			     _mm_cmpgt_epi8(x, least)) << i;
	}
	return found;
}

#else

static uint64_t
bytes_that_are(const unsigned char *bytes, char c)
{
	uint64_t found = 0;

	for (unsigned i = 0; i < OUTLINE_TOKENS_MAX; i++)
		found |= (uint64_t)(bytes[i] == (unsigned char)c) << i;
	return found;
}

static uint64_t
bytes_above(const unsigned char *bytes, char c)
{
	uint64_t found = 0;

	for (unsigned i = 0; i < OUTLINE_TOKENS_MAX; i++)
		found |= (uint64_t)(bytes[i] > (unsigned char)c) << i;
	return found;
}

#endif

static uint64_t
load(const char *at)
{
	uint64_t x;

	memcpy(&x, at, sizeof(x));
	return le64toh(x);
}

#define LOW(bytes) (~UINT64_C(0) >> (64 - 8 * (bytes)))
#define HEAD(bytes) (LOW((bytes) + 1) & ~UINT64_C(0xff))
#define BOTH {HEAD(7), OUTLINE_TAIL_BITS}

/* What of the two loads belongs to a token, by its length. */
static const struct {
	uint64_t head, tail;
} theirs[] = {{0, 0}, {HEAD(1), 0}, {HEAD(2), 0}, {HEAD(3), 0}, {HEAD(4), 0},
    {HEAD(5), 0}, {HEAD(6), 0}, {HEAD(7), 0}, BOTH, BOTH, BOTH, BOTH, BOTH,
    BOTH};

void
outline_read_plain(struct outline *o, const struct text *t, uint64_t *colons,
    uint64_t *longer)
{
	const uint32_t *at = t->at + o->first, *end = t->end + o->first;
	unsigned char signs[OUTLINE_TOKENS_MAX] = {0};
	unsigned char lens[OUTLINE_TOKENS_MAX] = {0};
	uint64_t found = 0;

	for (uint32_t i = 0; i < o->count; i++) {
		const char *token = t->bytes + at[i];
		uint32_t len = end[i] - at[i];
		uint64_t head = load(token - 1);
		uint64_t tail = load(token + len - OUTLINE_TAIL);
		uint64_t h;

		if (len > OUTLINE_SHORT)
			len = OUTLINE_SHORT + 1;
		signs[i] = (unsigned char)head;
		lens[i] = (unsigned char)len;
		if (__builtin_expect(
			tail >> 8 * OUTLINE_TAIL == OUTLINE_COLON, 0))
			found |= UINT64_C(1) << i;
		h = (head & theirs[len].head) + len +
		    (tail & theirs[len].tail) * OUTLINE_FACTOR_TAIL;
		h = (h ^ h >> 32) * OUTLINE_FACTOR;
		o->hashes[i] = (uint32_t)(h >> 32);
	}
	o->names = bytes_that_are(signs, '@') & o->tokens;
	o->tags = bytes_that_are(signs, '#') & o->tokens;
	o->words = bytes_above(lens, OUTLINE_WORD_BYTES - 1) & o->tokens;
	o->letters = 0;
	*colons = found;
	*longer = bytes_above(lens, OUTLINE_SHORT) & o->tokens;
}

/* Between two tokens, of which blanks are no part. */
static bool
any_blank(const char *at, const char *end)
{
	for (; at < end; at++)
		if (*at == ' ' || *at == '\n')
			return true;
	return false;
}

/* The first token behind the link that begins at ${i}. */
static uint32_t
link_end(const struct text *t, uint32_t i)
{
	do
		i++;
	while (i < t->tokens &&
	    !any_blank(t->bytes + t->end[i - 1], t->bytes + t->at[i]));
	return i;
}

static bool
is_web(const struct text *t, uint32_t i)
{
	const char *scheme = t->bytes + t->at[i];
	uint32_t len = t->end[i] - t->at[i];

	return (len == 4 && memcmp(scheme, "http", 4) == 0) ||
	    (len == 5 && memcmp(scheme, "https", 5) == 0);
}

/* Bits ${from} up to token ${end}, which may be of a later outline. */
static uint64_t
bits(const struct outline *o, uint32_t from, uint32_t end)
{
	uint64_t up_to = end <= o->first ? 0 :
	    end - o->first >= OUTLINE_TOKENS_MAX ? ~UINT64_C(0) :
	    (UINT64_C(1) << (end - o->first)) - 1;

	return o->tokens & up_to & ~UINT64_C(0) << from;
}

static void
add_links(struct outline *o, const struct text *t, uint64_t colons)
{
	o->links = bits(o, 0, o->link_end);
	o->web = bits(o, 0, o->web_end);
	for (; colons != 0; colons &= colons - 1) {
		uint32_t i = (uint32_t)__builtin_ctzll(colons);

		o->link_end = link_end(t, o->first + i);
		o->links |= bits(o, i, o->link_end);
		if (is_web(t, o->first + i)) {
			o->web_end = o->link_end;
			o->web |= bits(o, i, o->web_end);
		}
	}
}

static void
read_from(struct outline *o, const struct text *t, uint32_t first)
{
	uint64_t colons, longer;

	o->first = first;
	o->count = t->tokens - first < OUTLINE_TOKENS_MAX ?
	    t->tokens - first : OUTLINE_TOKENS_MAX;
	o->tokens = o->count == 0 ? 0 :
	    ~UINT64_C(0) >> (OUTLINE_TOKENS_MAX - o->count);
	if (cpu_level() >= CPU_AVX512)
		outline_read_avx512(o, t, &colons, &longer);
	else
		outline_read_plain(o, t, &colons, &longer);
	add_links(o, t, colons);
	for (; longer != 0; longer &= longer - 1) {
		uint32_t i = (uint32_t)__builtin_ctzll(longer);
		uint32_t at = t->at[first + i];

		o->hashes[i] = (uint32_t)XXH3_64bits(
		    t->bytes + at, t->end[first + i] - at);
	}
}

void
outline_of(struct outline *o, const struct text *t)
{
	o->web_end = o->link_end = 0;
	read_from(o, t, 0);
}

bool
outline_next(struct outline *o, const struct text *t)
{
	if (o->first + o->count == t->tokens)
		return false;
	read_from(o, t, o->first + o->count);
	return true;
}
