/*
 * What PCRE2 has made of a pattern: its code, which the interpreter runs, and
 * a copy with machine code once it is asked often enough.
 *
 * Both say the same (decision 117), so it does not matter who has which.
 * Neither changes once others can see it.
 * Thread: any.  Owns: both codes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_REGEX_CODE_H
#define RULES_REGEX_CODE_H

#include <pcre2.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "rules/regex.h"

/* Bytes of the machine stack of JIT code: PCRE2's own 32 KiB is too little
 * for an alternative in a loop over a long post. */
#define REGEX_JIT_STACK (512u << 10)

/* Bytes that PCRE2's interpreter reads for a pattern before that gets machine
 * code, which takes as long as reading these; a find counts for so many more.
 * Longer texts it is not given. */
#define REGEX_PATIENCE_BYTES 16384u
#define REGEX_FIND_BYTES 64u
#define REGEX_FEW_BYTES 4096u

struct regex_code {
	_Atomic uint32_t count; /* regexes that have it */
	_Atomic uint32_t read;  /* bytes by the interpreter, about */
	/* Steps from one place, and how deep, that the interpreter may take
	 * where its word counts; 0: it is not for this pattern. */
	uint32_t few_steps, few_deep;
	pcre2_code *code; /* NULL: it cannot be compiled any more */
	_Atomic(pcre2_code *) jit; /* may be the same; NULL: not yet */
	atomic_bool refused;       /* there will be none */
	bool unpacked; /* shares what PCRE2 counts for one thread: no copies */
};

/** regex_code_ready(r, fast): the code of ${r}, with machine code if ${fast}
 * and if it can be.  Whoever comes first makes it; of two at the same time
 * one wins, and nobody waits. */
struct regex_code *regex_code_ready(struct regex *r, bool fast);

/** regex_code_plain(r): compiled, to be kept; NULL if the interpreter is not
 * for it.  The caller's. */
pcre2_code *regex_code_plain(const struct regex *r);

/** regex_code_give(r, code): one that was kept, if ${r} has none; takes it. */
void regex_code_give(struct regex *r, pcre2_code *code);

/** regex_code_options(): with which every pattern is compiled. */
uint32_t regex_code_options(void);

static inline struct regex_code *
regex_code_of(const struct regex *r)
{
	return atomic_load_explicit(&r->held, memory_order_acquire);
}

#endif
