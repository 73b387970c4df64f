/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/cpu.h"

#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

static enum cpu_level
cpu_best(void)
{
#if defined(__x86_64__)
	if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi") ||
	    !__builtin_cpu_supports("bmi2") ||
	    !__builtin_cpu_supports("popcnt") ||
	    !__builtin_cpu_supports("pclmul"))
		return CPU_PLAIN;
	return __builtin_cpu_supports("avx512f") &&
		    __builtin_cpu_supports("avx512bw") &&
		    __builtin_cpu_supports("avx512dq") &&
		    __builtin_cpu_supports("avx512vl") &&
		    __builtin_cpu_supports("avx512vbmi") &&
		    __builtin_cpu_supports("avx512vbmi2") &&
		    __builtin_cpu_supports("avx512bitalg")
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
