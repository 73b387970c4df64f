/*
 * Escapes undone with AVX-512: 64 bytes at a time.
 *
 * What stands behind a backslash is looked up, and the backslashes are squeezed
 * out, however many there are.  From the first \\u on it is done byte by byte.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "connectors/json_unescape.h"

#if defined(__x86_64__)

#include "connectors/json_avx512.h"

/* What stands for what behind a backslash; 0: nothing does. */
static const _Alignas(64) unsigned char values[128] = {
    ['"'] = '"', ['\\'] = '\\', ['/'] = '/', ['b'] = '\b', ['f'] = '\f',
    ['n'] = '\n', ['r'] = '\r', ['t'] = '\t',
};

/*
 * The backslashes that begin an escape; ${escaped}: what stands behind them,
 * of the block before by ${behind}.  Subtracting the first of a run borrows
 * along it: of those at even places every second one is hit, and where runs
 * begin at odd places the odd bits turn that round.
 */
INLINE uint64_t
escapes(uint64_t slash, uint64_t behind, uint64_t *escaped)
{
	const uint64_t odd = UINT64_C(0xaaaaaaaaaaaaaaaa);
	uint64_t first = slash & ~behind;
	uint64_t either = ((first << 1 | odd) - first) ^ odd;

	*escaped = either ^ (slash | behind);
	return either & slash;
}

AVX512 char *
json_unescape_avx512(char *to, struct slice from)
{
	const __m512i low = _mm512_load_si512(values);
	const __m512i high = _mm512_load_si512(values + 64);
	const char *p = from.data, *end = p + from.len;
	uint64_t before = 0; /* 1: the block before ends in such a backslash */

	for (; p < end; p += 64) {
		unsigned n = end - p >= 64 ? 64 : (unsigned)(end - p);
		uint64_t have = _bzhi_u64(~UINT64_C(0), n);
		__m512i v = _mm512_maskz_loadu_epi8(have, p);
		uint64_t slash = is(v, '\\');
		uint64_t behind, first = escapes(slash, before, &behind);
		__m512i value;

		if (__builtin_expect((behind & is(v, 'u')) != 0, 0))
			return json_unescape_plain(to,
			    (struct slice){p - before,
				(size_t)(end - p) + before});
		/* Of a byte beyond ASCII the lower bits are looked up. */
		behind &= have;
		value = _mm512_permutex2var_epi8(low, v, high);
		if ((behind & (_mm512_testn_epi8_mask(value, value) |
			_mm512_movepi8_mask(v))) != 0)
			return NULL;
		_mm512_storeu_si512(to, _mm512_maskz_compress_epi8(
		    have & ~first, _mm512_mask_mov_epi8(v, behind, value)));
		to += _mm_popcnt_u64(have & ~first);
		before = first >> (n - 1);
	}
	return before == 0 ? to : NULL;
}

#else

char *
json_unescape_avx512(char *to, struct slice from)
{
	return json_unescape_plain(to, from);
}

#endif
