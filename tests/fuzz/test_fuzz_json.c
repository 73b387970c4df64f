/*
 * Goal: the index of JSON reads nothing outside its bytes and is that of
 * simdjson on every path: the same verdict, the same places.
 * Method: the input alone in memory of its size, then again from its second
 * byte on, so that blocks begin elsewhere.
 * SPDX-License-Identifier: Apache-2.0
 */
#define FUZZ_NAME "decode"
#include "tests/fuzz/fuzz_main.h"

#include "bench/json_peer.h"
#include "connectors/json_index.h"

#define INPUT_BYTES_MAX (64u << 10)

static struct json_index *own;
static struct json_peer *peer;

static void
check(const char *bytes, size_t len)
{
	static const char *const paths[] = {"avx512", "avx2", "plain"};
	const struct json_places *p = json_index_places(own);
	enum json_index_result want;
	const uint32_t *at;
	uint32_t count, n;

	want = json_peer_index(peer, bytes, len, &at, &count);
	for (unsigned i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (!json_index_path(paths[i]))
			continue;
		REQUIRE(json_index_run(own, bytes, len) == want);
		if (want != JSON_INDEX_OK)
			continue;
		n = 0;
		for (uint32_t k = 0; k < p->count; k++) {
			if (bytes[p->at[k]] == '\n')
				REQUIRE(p->kind[k] == JSON_END);
			else
				REQUIRE(n < count && at[n++] == p->at[k]);
		}
		REQUIRE(n == count);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;

	if (size > INPUT_BYTES_MAX)
		return 0;
	if (own == NULL) {
		own = json_index_open(INPUT_BYTES_MAX);
		peer = json_peer_open(INPUT_BYTES_MAX);
	}
	check(bytes, size);
	if (size > 0)
		check(bytes + 1, size - 1);
	return 0;
}
