/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/mathx.h"

#include <math.h>
#include <string.h>

#include "engine/base/must.h"

/* ln 2 in two parts: the high one has 32 zero bits at its end, so that its
 * product with a small integer is exact. */
#define LN2_HIGH 0x1.62e42feep-1
#define LN2_LOW 0x1.a39ef35793c76p-33
#define LN2_INVERSE 0x1.71547652b82fep+0
#define LN10_INVERSE 0x1.bcb7b1526e50ep-2
#define LOG10_2 0x1.34413509f79ffp-2
#define EXP_MAX 700.0
#define ROOT_BITS UINT64_C(0x3fe6a09e667f3bcd) /* of sqrt(1/2) */
#define EXPONENT_BIAS UINT64_C(1024)

static double
from_bits(uint64_t bits)
{
	double x;

	memcpy(&x, &bits, sizeof(x));
	return x;
}

/*
 * x = 2^k m with m in [sqrt(1/2), sqrt(2)); ln m = 2 atanh((m-1)/(m+1)) by
 * its series, whose terms shrink by 0.0295 or more.
 */
double
mathx_ln(double x)
{
	uint64_t bits, biased;
	double m, s, s2, sum = 0.0, k;

	REQUIRE(x >= 0x1p-1022 && x <= 0x1.fffffffffffffp1023);
	/* Which half m is in is not to be guessed: no branch. */
	memcpy(&bits, &x, sizeof(bits));
	biased = (bits + (EXPONENT_BIAS << 52) - ROOT_BITS) >> 52;
	m = from_bits(bits - ((biased - EXPONENT_BIAS) << 52));
	s = (m - 1.0) / (m + 1.0);
	s2 = s * s;
	for (int i = 23; i >= 3; i -= 2)
		sum = (sum + 1.0 / i) * s2;
	k = (int)biased - (int)EXPONENT_BIAS;
	return k * LN2_HIGH + (2.0 * (s + s * sum) + k * LN2_LOW);
}

double
mathx_log10(double x)
{
	return mathx_ln(x) * LN10_INVERSE;
}

/* x = k ln 2 + r with |r| <= 0.35; exp r by Taylor's series. */
double
mathx_exp(double x)
{
	double k, r, sum = 1.0;

	if (x < -EXP_MAX)
		return 0.0;
	if (x > EXP_MAX)
		x = EXP_MAX;
	k = floor(x * LN2_INVERSE + 0.5);
	r = (x - k * LN2_HIGH) - k * LN2_LOW;
	for (int i = 15; i >= 1; i--)
		sum = 1.0 + sum * r / i;
	return sum * from_bits((uint64_t)(1023 + (int)k) << 52);
}

int64_t
mathx_micro(double x)
{
	double scaled = x * 1e6;

	if (scaled >= 9e18)
		return INT64_C(9000000000000000000);
	if (scaled <= -9e18)
		return INT64_C(-9000000000000000000);
	return (int64_t)(scaled < 0 ? ceil(scaled - 0.5) : floor(scaled + 0.5));
}

int64_t
mathx_ratio_wide(int64_t a, int64_t b, int64_t c)
{
	unsigned __int128 product;

	REQUIRE(a >= 0 && b >= 0 && c > 0);
	product = (unsigned __int128)a * (uint64_t)b;
	return (int64_t)((product + (uint64_t)c / 2) / (uint64_t)c);
}

/* v = sqrt(10^12 / (k^2 j)).  Division and square root are exactly rounded
 * by IEEE 754, so that no table is needed. */
uint32_t
mathx_independence(uint32_t k, uint32_t j)
{
	REQUIRE(k >= 1 && j >= 1);
	if (k == 1 && j == 1)
		return MATHX_MICRO; /* as nearly always */
	return (uint32_t)mathx_micro(1.0 / (k * sqrt((double)j)));
}

/*
 * log10(n / 1000) of 1000 <= n < 99000 + 1000, in millionths: mathx_ln with a
 * shorter series, which is enough for all of these numbers, and its terms
 * beside each other.
 */
static uint32_t
log10_micro(uint32_t n)
{
	double x = n, m, s, y, y2, sum;
	uint64_t bits, exponent;

	/* Which half m is in is not to be guessed. */
	memcpy(&bits, &x, sizeof(bits));
	exponent = (bits - ROOT_BITS) >> 52;
	m = from_bits(bits - (exponent << 52));
	s = (m - 1.0) / (m + 1.0);
	y = s * s;
	y2 = y * y;
	sum = (1.0 + y * (1.0 / 3)) + y2 * (1.0 / 5 + y * (1.0 / 7)) +
	    y2 * y2 * ((1.0 / 9 + y * (1.0 / 11)) +
		y2 * (1.0 / 13 + y * (1.0 / 15)));
	return (uint32_t)(1e6 * ((double)(int)exponent * LOG10_2 +
	    s * sum * (2.0 * LN10_INVERSE) - 3.0) + 0.5);
}

uint32_t
mathx_reach(uint64_t followers)
{
	if (followers == UINT64_MAX) /* POST_UNKNOWN */
		return MATHX_MICRO;
	if (followers >= 99000)
		return 3 * MATHX_MICRO;
	return MATHX_MICRO + log10_micro((uint32_t)followers + 1000);
}

static uint32_t
harm(int32_t weight_milli, int32_t offset_milli, int32_t scale_milli)
{
	int64_t micro = (int64_t)offset_milli * 1000 +
	    (int64_t)scale_milli * weight_milli;

	return (uint32_t)mathx_micro(
	    1.0 / (1.0 + mathx_exp(-(double)micro / 1e6)));
}

/* Rules have few different weights: the last results are kept, so that a post
 * seldom needs fifteen divisions. */
#define HARMS_KEPT 64u

uint32_t
mathx_harm(int32_t weight_milli, int32_t offset_milli, int32_t scale_milli)
{
	static _Thread_local struct {
		int32_t weight, offset, scale;
		uint32_t harm; /* 0: free; never so small */
	} kept[HARMS_KEPT];
	uint32_t i = (uint32_t)weight_milli / 125u % HARMS_KEPT;

	if (kept[i].harm == 0 || kept[i].weight != weight_milli ||
	    kept[i].offset != offset_milli || kept[i].scale != scale_milli) {
		kept[i].weight = weight_milli;
		kept[i].offset = offset_milli;
		kept[i].scale = scale_milli;
		kept[i].harm = harm(weight_milli, offset_milli, scale_milli);
	}
	return kept[i].harm;
}
