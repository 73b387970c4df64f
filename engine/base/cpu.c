/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/cpu.h"

#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

/* Linux with glibc knows it since the start; to ask the processor again costs
 * a virtual machine nine traps of 4 us at each start. */
#if defined(__x86_64__) && defined(__GLIBC__)
#if __GLIBC_PREREQ(2, 34)
#include <sys/platform/x86.h>
#define HAS(builtin, glibc) is_active(x86_cpu_##glibc)

/* As CPU_FEATURE_ACTIVE, which shifts an int into its sign. */
static bool
is_active(unsigned feature)
{
	const struct cpuid_feature *leaf =
	    __x86_get_cpuid_feature_leaf(feature / 128);

	return leaf->active_array[feature % 128 / 32] >> feature % 32 & 1;
}
#endif
#endif
#ifndef HAS
#define HAS(builtin, glibc) __builtin_cpu_supports(builtin)
#endif

static enum cpu_level
cpu_best(void)
{
#if defined(__x86_64__)
	if (!HAS("avx2", AVX2) || !HAS("bmi", BMI1) || !HAS("bmi2", BMI2) ||
	    !HAS("popcnt", POPCNT) || !HAS("pclmul", PCLMULQDQ))
		return CPU_PLAIN;
	return HAS("avx512f", AVX512F) && HAS("avx512bw", AVX512BW) &&
		    HAS("avx512dq", AVX512DQ) && HAS("avx512vl", AVX512VL) &&
		    HAS("avx512vbmi", AVX512_VBMI) &&
		    HAS("avx512vbmi2", AVX512_VBMI2) &&
		    HAS("avx512bitalg", AVX512_BITALG)
	    ? CPU_AVX512 : CPU_AVX2;
#else
	return CPU_PLAIN;
#endif
}

/* The level plus one; 0 until somebody asks.  Workers may ask at once, with
 * the same result. */
static _Atomic unsigned char known;

enum cpu_level
cpu_level(void)
{
	unsigned char level =
	    atomic_load_explicit(&known, memory_order_relaxed);

	if (level == 0) {
		level = (unsigned char)(cpu_best() + 1);
		atomic_store_explicit(&known, level, memory_order_relaxed);
	}
	return (enum cpu_level)(level - 1);
}

bool
cpu_limit(const char *name)
{
	static const char *const names[] = {"plain", "avx2", "avx512"};
	enum cpu_level best = cpu_best(), level = best;

	if (strcmp(name, "auto") != 0)
		for (level = CPU_PLAIN; strcmp(name, names[level]) != 0;)
			if (++level > CPU_AVX512)
				return false;
	if (level > best)
		return false;
	atomic_store_explicit(&known, (unsigned char)(level + 1),
	    memory_order_relaxed);
	return true;
}
