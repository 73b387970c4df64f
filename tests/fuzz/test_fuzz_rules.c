/*
 * Goal: for any seed, the matcher says of random rules and random posts what
 * the slow evaluator says, in each of its modes.
 * Method: the input is the seed of reference_judge.h; a difference ends it.
 * SPDX-License-Identifier: Apache-2.0
 */
#define FUZZ_NAME "rules"
#define FUZZ_MUTATIONS 50
#include "tests/fuzz/fuzz_main.h"

#include <xxhash.h>

#include "tests/unit/rules/reference_judge.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct matcher *m;
	static struct diag *diag;
	static struct world w;
	static struct text text;
	uint64_t seed = XXH3_64bits(data, size);
	struct ruleset *rs;

	if (m == NULL) {
		m = matcher_new();
		diag = diag_new();
		text_init(&text);
		text_init(&w.scratch);
	}
	world_make(&w, seed);
	rs = ruleset_compile(&w.decls, diag);
	REQUIRE(rs != NULL);
	matcher_fit(m, rs);
	judge_world(&w, seed, m, rs, &text);
	ruleset_unref(rs);
	arena_free(w.arena);
	return 0;
}
