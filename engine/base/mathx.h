/*
 * The mathematics that decides, the same on every machine.
 *
 * The C library may round ln and exp differently from one version to the
 * next; an alert that is replayed months later must not.  So these are our
 * own, in plain IEEE double without contraction, within 1e-12 (relative) of
 * the true value.  Amounts that are summed are integers in millionths.
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_MATHX_H
#define ENGINE_BASE_MATHX_H

#include <stdint.h>

#define MATHX_MICRO INT64_C(1000000)

/** mathx_ln(x): natural logarithm; ${x} must be positive, finite, normal. */
double mathx_ln(double x);

/** mathx_log10(x): as mathx_ln, base 10. */
double mathx_log10(double x);

/** mathx_exp(x): 0 below -700, stays at exp(700) above. */
double mathx_exp(double x);

/**
 * mathx_micro(x): ${x} in millionths, half away from zero; how a double is
 * rounded before it is compared or printed.  Saturates at +-9e18.
 */
int64_t mathx_micro(double x);

/** mathx_ratio(a, b, c): a * b / c in 128 bits, half up; a, b >= 0, c > 0. */
int64_t mathx_ratio_wide(int64_t a, int64_t b, int64_t c);
static inline int64_t
mathx_ratio(int64_t a, int64_t b, int64_t c)
{
	/* As nearly always, 64 bits are enough: where c is a constant, no
	 * division is left. */
	if (((uint64_t)a | (uint64_t)b) >> 31 == 0 && c > 0)
		return (int64_t)(((uint64_t)a * (uint64_t)b +
		    (uint64_t)c / 2) / (uint64_t)c);
	return mathx_ratio_wide(a, b, c);
}

/** mathx_independence(k, j): v = 1 / (k sqrt(j)) in millionths; k, j >= 1. */
uint32_t mathx_independence(uint32_t k, uint32_t j);

/** mathx_reach(followers): a = 1 + min(2, log10(1 + followers/1000)). */
uint32_t mathx_reach(uint64_t followers);

/**
 * mathx_harm(weight_milli, offset_milli, scale_milli): p in millionths,
 * 1 / (1 + exp(-(offset + scale w))).
 */
uint32_t mathx_harm(int32_t weight_milli, int32_t offset_milli,
    int32_t scale_milli);

#endif
