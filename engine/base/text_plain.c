/*
 * Folding character by character, or in vectors that each processor of a kind
 * has: queries, processors without AVX2, and the form with a map.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/text_step.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* One ASCII character but '&'. */
static inline void
put_ascii(struct fold *f, char c)
{
	uint32_t word = unicode_word[(unsigned char)c];
	uint64_t token = (word & UNICODE_UNEASY) == 0 &&
	    (word & UNICODE_WORD_BIT) != 0;

	if (is_blank(c)) {
		f->bytes[f->out] = ' ';
		f->out += f->bytes[(ptrdiff_t)f->out - 1] != ' ';
		return;
	}
	if (f->query)
		token |= c == '*' || c == '?';
	f->bytes[f->out] = (char)UNICODE_BYTES(word);
	f->in[f->out >> 6] |= token << (f->out & 63);
	f->out++;
}

static bool
put_characters(struct fold *f, struct slice part)
{
	const char *p = part.data, *end = part.data + part.len;

	while (p < end) {
		if ((unsigned char)*p < 0x80 && *p != '&') {
			put_ascii(f, *p++);
			continue;
		}
		p = step_one(f, p, end);
		if (p == NULL)
			return false;
	}
	return true;
}

#if defined(__SSE2__)

/* Bytes of ${v} from ${first} to ${last}. */
static inline __m128i
within(__m128i v, char first, char last)
{
	__m128i from_0 = _mm_sub_epi8(v, _mm_set1_epi8(first));
	__m128i most = _mm_set1_epi8((char)(last - first));

	return _mm_cmpeq_epi8(_mm_min_epu8(from_0, most), from_0);
}

static inline uint32_t
mask_of(__m128i v)
{
	return (uint32_t)_mm_movemask_epi8(v);
}

static inline void
store(void *to, __m128i v)
{
	_mm_storeu_si128(to, v);
}

struct block {
	uint32_t stop, token;
};

/* Fold 16 bytes from ${p} to ${out}, as if all were ASCII; a byte that is not,
 * an '&' and a blank behind a blank are stops. */
static inline struct block
fold_block(const char *p, char *out)
{
	const __m128i space = _mm_set1_epi8(' ');
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i blank = _mm_or_si128(
	    _mm_cmpeq_epi8(v, space), within(v, '\t', '\r'));
	__m128i lower = _mm_or_si128(
	    v, _mm_and_si128(within(v, 'A', 'Z'), space));
	__m128i token = _mm_or_si128(
	    _mm_or_si128(within(lower, 'a', 'z'), within(v, '0', '9')),
	    _mm_cmpeq_epi8(v, _mm_set1_epi8('_')));
	uint32_t blanks = mask_of(blank);
	uint32_t stop = mask_of(_mm_or_si128(
			    v, _mm_cmpeq_epi8(v, _mm_set1_epi8('&')))) |
	    (blanks & (blanks << 1 | (out[-1] == ' ')));

	store(out, _mm_or_si128(_mm_and_si128(blank, space),
		       _mm_andnot_si128(blank, lower)));
	return (struct block){stop, mask_of(token)};
}

/* What stands before ${stop}, of 16 bytes at ${p} or what is left of them. */
static inline uint32_t
put_block(struct fold *f, const char *p, uint32_t left)
{
	struct block b = fold_block(p, f->bytes + f->out);
	uint32_t n = (uint32_t)__builtin_ctz(b.stop | 1u << left);

	step_bits(f->in, f->out, b.token & ((1u << n) - 1));
	f->out += n;
	return n;
}

/* In vectors that each processor of the kind has. */
static bool
put_blocks(struct fold *f, struct slice part)
{
	const char *p = part.data, *end = part.data + part.len;
	char rest[48] = {0};

	while (p != NULL && end - p >= 16) {
		uint32_t n = put_block(f, p, 16);

		p = n == 16 ? p + n : step_stop(f, p + n, end);
	}
	if (p == NULL)
		return false;
	/* The last bytes are folded where reading past them is legal. */
	memcpy(rest, p, (size_t)(end - p));
	end = rest + (end - p);
	for (p = rest; p != NULL && p < end;) {
		uint32_t left = (uint32_t)(end - p), n = put_block(f, p, left);

		p = n == left ? end : step_stop(f, p + n, end);
	}
	return p != NULL;
}

#else

static bool
put_blocks(struct fold *f, struct slice part)
{
	return put_characters(f, part);
}

#endif

bool
text_plain_part(struct fold *f, struct slice part)
{
	return f->query ? put_characters(f, part) : put_blocks(f, part);
}

/* Does a character that left no byte belong to the one before it?  Marks,
 * selectors and further blanks do, format characters do not. */
static bool
belongs(const char *p, const char *end)
{
	unsigned n;
	uint32_t c;

	if (*p != '&' || text_entity_read(p, end, &c) == 0)
		c = step_decode((const unsigned char *)p, &n);
	return !(c == 0xad || (c >= 0x200b && c <= 0x200d) || c == 0x2060 ||
	    c == 0xfeff);
}

/* The last character, whose bytes go back to ${first} at most, goes on. */
static void
extend(struct fold *f, uint32_t first, uint32_t until)
{
	uint32_t out = f->out, from = f->map[out - 1];

	for (unsigned i = 0; i < STEP_CLUSTER_MAX && out > first &&
	    f->map[out - 1] == from; i++)
		f->until[--out] = until;
}

/* A run of ASCII that is neither blank nor '&': each a byte of its own. */
static const char *
map_run(struct fold *f, const char *p, const char *end, uint32_t from)
{
	uint32_t out = f->out;

	for (; p < end; p++, out++, from++) {
		unsigned char c = (unsigned char)*p;
		uint32_t word = unicode_word[c];
		uint64_t token = (word & UNICODE_UNEASY) == 0 &&
		    (word & UNICODE_WORD_BIT) != 0;

		if (c <= ' ' || c >= 0x80 || c == '&')
			break;
		f->bytes[out] = (char)UNICODE_BYTES(word);
		f->in[out >> 6] |= token << (out & 63);
		f->map[out] = from;
		f->until[out] = from + 1;
	}
	f->out = out;
	return p;
}

#if defined(__SSE2__)

/* Map 16 bytes, of which those before a byte that is not ASCII, an '&' or a
 * blank behind a blank count; returns how many. */
static uint32_t
map_block(struct fold *f, const char *p, uint32_t from)
{
	struct block b = fold_block(p, f->bytes + f->out);
	uint32_t n = (uint32_t)__builtin_ctz(b.stop | 1u << 16), at = f->out;

	step_bits(f->in, at, b.token & ((1u << n) - 1));
	for (uint32_t i = 0; i < 16; i += 4) {
		__m128i places = _mm_add_epi32(_mm_set1_epi32((int)(from + i)),
		    _mm_setr_epi32(0, 1, 2, 3));

		store(f->map + at + i, places);
		store(f->until + at + i,
		    _mm_add_epi32(places, _mm_set1_epi32(1)));
	}
	f->out += n;
	return n;
}

#endif

/* As much ASCII as there is in a row. */
static const char *
map_ascii(struct fold *f, const char *p, const char *end, uint32_t from)
{
#if defined(__SSE2__)
	uint32_t n;

	while (end - p >= 16) {
		n = map_block(f, p, from);
		p += n;
		from += n;
		if (n < 16)
			return p;
	}
#endif
	return map_run(f, p, end, from);
}

bool
text_plain_map(struct fold *f, struct slice part, bool mapped)
{
	const char *p = part.data, *end = part.data + part.len;
	uint32_t first = f->out;

	while (p < end) {
		uint32_t out, from, until;
		const char *at;

		if (mapped && !f->query) {
			p = map_ascii(f, p, end, (uint32_t)(p - part.data));
			if (p == end)
				break;
		}
		out = f->out;
		from = (uint32_t)(p - part.data);
		at = p;
		if ((unsigned char)*p < 0x80 && *p != '&')
			put_ascii(f, *p++);
		else
			p = step_one(f, p, end);
		if (p == NULL)
			return false;
		until = (uint32_t)(p - part.data);
		if (!mapped)
			from = until = UINT32_MAX;
		else if (out == f->out && out > first && belongs(at, end))
			extend(f, first, until);
		for (; out < f->out; out++) {
			f->map[out] = from;
			f->until[out] = until;
		}
	}
	return true;
}

static inline uint32_t
take(uint64_t bits, uint32_t base, uint32_t *to)
{
	uint32_t count = 0;

	for (; bits != 0; bits &= bits - 1)
		to[count++] = base + (uint32_t)__builtin_ctzll(bits);
	return count;
}

void
text_plain_tokens(struct text *t, struct fold *f)
{
	step_take_tokens(t, f, take);
}
