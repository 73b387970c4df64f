/*
 * Laying stencils with AVX-512: 64 bytes at a time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "connectors/json_stencil_parts.h"

#if defined(__x86_64__)

#include "connectors/json_avx512.h"

INLINE bool
fits(const struct json_stencil *s, const struct stencil_run *run,
    const char *p)
{
	const struct stencil_block *b = s->blocks + run->block;
	const uint64_t *text = s->text + run->block;
	uint64_t other = 0;

	for (unsigned i = 0; i < run->blocks; i++) {
		__m512i v = _mm512_loadu_si512(p + (size_t)64 * i);
		__m512i above =
		    _mm512_sub_epi8(v, _mm512_loadu_si512(b[i].low));

		other |= ((is(v, '"') | is(v, '\\')) & text[i]) |
		    _mm512_cmpgt_epu8_mask(
			above, _mm512_loadu_si512(b[i].span));
	}
	return other == 0;
}

INLINE void
check_upto(struct utf8 *u, const char *p, size_t at, size_t len)
{
	unsigned left = len > at ? (unsigned)(len - at) : 0;

	check_utf8(u, _mm512_mask_loadu_epi8(_mm512_set1_epi8(' '),
	    left >= 64 ? ~UINT64_C(0) : _bzhi_u64(~UINT64_C(0), left),
	    p + at));
}

/* Four blocks for most texts, whatever their length: how many there are would
 * be guessed wrong for most of them. */
static __attribute__((noinline)) AVX512 bool
good_utf8(const char *p, size_t len)
{
	struct utf8 u = {_mm512_set1_epi8(' '), _mm512_setzero_si512()};

	for (unsigned i = 0; i < 4; i++)
		check_upto(&u, p, (size_t)64 * i, len);
	if (__builtin_expect(len > 256 - 4, 0)) {
		for (size_t at = 256; at < len; at += 64)
			check_upto(&u, p, at, len);
		check_utf8(&u, _mm512_set1_epi8(' '));
	}
	return _mm512_test_epi8_mask(u.faults, u.faults) == 0;
}

/* Block by block. */
static __attribute__((noinline)) AVX512 const char *
string_long(const char *p, const char *end, bool *escaped)
{
	const char *first = p;
	struct step s = {0};

	for (; p < end; p += 64) {
		__m512i v = _mm512_loadu_si512(p);
		uint64_t quote = is(v, '"'), slash = is(v, '\\'), within;
		uint64_t control =
		    _mm512_cmplt_epu8_mask(v, _mm512_set1_epi8(0x20));

		quote &= ~step_escaped(&s, slash);
		within = _blsmsk_u64(quote);
		*escaped |= (slash & within) != 0;
		if ((control & within) != 0)
			return NULL;
		if (quote == 0)
			continue;
		p += _tzcnt_u64(quote);
		return good_utf8(first, (size_t)(p - first)) ? p : NULL;
	}
	return NULL;
}

/* Four blocks. */
struct four {
	uint64_t quote[4], slash[4], control[4], high[4];
};

/* Where they first have a byte of ${stop}, and whether a byte beyond ASCII is
 * in the blocks up to there, without a guess which one it is; false: none. */
INLINE bool
find_stop(const struct four *f, const uint64_t stop[static 4], size_t *at,
    uint64_t *high)
{
	uint64_t on = ~UINT64_C(0);

	*at = *high = 0;
	for (unsigned i = 0; i < 4; i++) {
		uint64_t n = _tzcnt_u64(stop[i]);

		*at += n & on;
		*high |= f->high[i] & on;
		on &= 0 - (n >> 6); /* 64: none */
	}
	return on == 0;
}

INLINE bool
find_plain(const struct four *f, size_t *at, uint64_t *high)
{
	uint64_t stop[4];

	for (unsigned i = 0; i < 4; i++)
		stop[i] = f->quote[i] | f->slash[i] | f->control[i];
	return find_stop(f, stop, at, high);
}

INLINE bool
find_behind_escapes(const struct four *f, size_t *at, uint64_t *high)
{
	struct step s = {0};
	uint64_t stop[4];

	for (unsigned i = 0; i < 4; i++)
		stop[i] = f->control[i] |
		    (f->quote[i] & ~step_escaped(&s, f->slash[i]));
	return find_stop(f, stop, at, high);
}

INLINE const char *
string(const char *p, const char *end, bool *escaped)
{
	struct four f;
	uint64_t high;
	size_t at;

	if (end - p < 256)
		return string_long(p, end, escaped);
	for (unsigned i = 0; i < 4; i++) {
		__m512i v = _mm512_loadu_si512(p + (size_t)64 * i);

		f.quote[i] = is(v, '"');
		f.slash[i] = is(v, '\\');
		f.control[i] =
		    _mm512_cmplt_epu8_mask(v, _mm512_set1_epi8(0x20));
		f.high[i] = _mm512_movepi8_mask(v);
	}
	if (!find_plain(&f, &at, &high))
		return string_long(p, end, escaped);
	if (p[at] == '\\') {
		*escaped = true;
		if (!find_behind_escapes(&f, &at, &high))
			return string_long(p, end, escaped);
	}
	if (p[at] != '"' || (high != 0 && !good_utf8(p, at)))
		return NULL;
	return p + at;
}

INLINE const char *
digits(const char *p, const char *end)
{
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
	__mmask16 other = _mm_cmpgt_epu8_mask(
	    _mm_sub_epi8(v, _mm_set1_epi8('0')), _mm_set1_epi8(9));
	unsigned n = _tzcnt_u32(other | 1u << STENCIL_DIGITS_MAX);

	(void)end; /* what follows them is for the next run */
	return n == 0 ? NULL : p + n;
}

AVX512 bool
json_stencil_lay_avx512(const struct json_stencil *s, const char *line,
    const char *end, struct json_laid *laid)
{
	return stencil_lay_by(
	    s, line, end, laid, (struct stencil_eye){fits, string, digits});
}

#else

bool
json_stencil_lay_avx512(const struct json_stencil *s, const char *line,
    const char *end, struct json_laid *laid)
{
	return json_stencil_lay_plain(s, line, end, laid);
}

#endif
