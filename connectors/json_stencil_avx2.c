/*
 * Laying stencils with AVX2: 32 bytes at a time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "connectors/json_stencil_parts.h"

#if defined(__x86_64__)

#include "connectors/json_avx2.h"

INLINE __m256i
load(const char *p)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

INLINE uint32_t
is(__m256i v, char c)
{
	return (uint32_t)_mm256_movemask_epi8(
	    _mm256_cmpeq_epi8(v, _mm256_set1_epi8(c)));
}

INLINE bool
fits(const struct json_stencil *s, const struct stencil_run *run,
    const char *p)
{
	const __m256i quotes = _mm256_set1_epi8('"');
	const __m256i slashes = _mm256_set1_epi8('\\');
	const __m256i texts = _mm256_set1_epi8(SPAN_TEXT);
	const char *b = (const void *)&s->blocks[run->block];
	__m256i other = _mm256_setzero_si256();

	for (unsigned at = 0; at < run->bytes; at += 32) {
		__m256i v = load(p + at), span = load(b + 64);
		__m256i above = _mm256_sub_epi8(v, load(b));
		__m256i ends = _mm256_or_si256(_mm256_cmpeq_epi8(v, quotes),
		    _mm256_cmpeq_epi8(v, slashes));

		/* what is left above the span, and ends within text */
		other = _mm256_or_si256(other, _mm256_or_si256(
		    _mm256_subs_epu8(above, span), _mm256_and_si256(
			ends, _mm256_cmpeq_epi8(span, texts))));
		/* the other half of the block, or the next block */
		b += (at & 32) == 0 ? 32 : 96;
	}
	return _mm256_testz_si256(other, other);
}

/* Of ${len} bytes that a quote stands behind. */
INLINE bool
good_utf8(const char *p, size_t len)
{
	const __m256i blanks = _mm256_set1_epi8(' ');
	struct utf8 u = {blanks, _mm256_setzero_si256()};
	__m256i first_bytes, v;
	size_t at = 0;

	for (; at + 32 <= len; at += 32)
		check_utf8(&u, load(p + at));
	/* Of the rest what is left; behind it blanks. */
	first_bytes = _mm256_cmpgt_epi8(
	    _mm256_set1_epi8((char)(len - at)),
	    _mm256_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
		15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
		31));
	v = _mm256_blendv_epi8(blanks, load(p + at), first_bytes);
	check_utf8(&u, v);
	check_utf8(&u, blanks);
	return _mm256_testz_si256(u.faults, u.faults);
}

INLINE const char *
string(const char *p, const char *end, bool *escaped)
{
	const char *first = p;
	const __m256i last_control = _mm256_set1_epi8(0x1f);
	uint32_t high = 0;
	struct step s = {0};

	for (; p < end; p += 32) {
		__m256i v = load(p);
		uint32_t quote = is(v, '"'), slash = is(v, '\\'), within;
		uint32_t control = (uint32_t)_mm256_movemask_epi8(
		    _mm256_cmpeq_epi8(_mm256_min_epu8(v, last_control), v));

		if (__builtin_expect((slash | s.escaped) != 0, 0)) {
			uint64_t behind = step_escaped(&s, slash);

			/* What stands behind the last byte is no bit of 64. */
			s.escaped = behind >> 32 & 1;
			quote &= ~(uint32_t)behind;
		}
		within = _blsmsk_u32(quote);
		*escaped |= (slash & within) != 0;
		if ((control & within) != 0)
			return NULL;
		high |= (uint32_t)_mm256_movemask_epi8(v) & within;
		if (quote == 0)
			continue;
		p += _tzcnt_u32(quote);
		if (high != 0 && !good_utf8(first, (size_t)(p - first)))
			return NULL;
		return p;
	}
	return NULL;
}

AVX2 bool
json_stencil_lay_avx2(const struct json_stencil *s, const char *line,
    const char *end, struct json_laid *laid)
{
	return stencil_lay_by(
	    s, line, end, laid,
	    (struct stencil_eye){fits, string, stencil_digits});
}

#else

bool
json_stencil_lay_avx2(const struct json_stencil *s, const char *line,
    const char *end, struct json_laid *laid)
{
	return json_stencil_lay_plain(s, line, end, laid);
}

#endif
