/*
 * Which instructions the paths made of vectors may use.
 *
 * Every such path has a plain one beside it that gives the same bytes; the
 * best that the processor has is taken, unless a lower one is asked for.
 * Thread: any may ask; cpu_limit before the first worker.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_CPU_H
#define ENGINE_BASE_CPU_H

#include <stdbool.h>

enum cpu_level {
	CPU_PLAIN,
	CPU_AVX2,   /* with BMI, BMI2, POPCNT and PCLMUL */
	CPU_AVX512, /* F, BW, DQ, VL, VBMI, VBMI2 and BITALG as well */
};

/** cpu_level(): the highest that may be used. */
enum cpu_level cpu_level(void);

/** cpu_limit(name): use no more than "plain", "avx2" or "avx512", or with
 * "auto" all there is; false when there is no such level here. */
bool cpu_limit(const char *name);

#endif
