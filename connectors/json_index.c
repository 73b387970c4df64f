/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/json_index.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "connectors/json_index_step.h"
#include "engine/base/cpu.h"
#include "engine/base/must.h"

const unsigned char json_index_kinds[256] = {
    ['\t'] = STEP_BLANK,
    ['\r'] = STEP_BLANK,
    [' '] = STEP_BLANK,
    ['\n'] = JSON_END,
    ['\f'] = JSON_STRAY,
    [0x1a] = JSON_STRAY,
    ['{'] = JSON_OBJECT,
    ['['] = JSON_ARRAY,
    ['}'] = JSON_CLOSE_OBJECT,
    [']'] = JSON_CLOSE_ARRAY,
    [','] = JSON_COMMA,
    [':'] = JSON_COLON,
    ['"'] = JSON_STRING,
    ['-'] = JSON_NUMBER,
    ['0'] = JSON_NUMBER,
    ['1'] = JSON_NUMBER,
    ['2'] = JSON_NUMBER,
    ['3'] = JSON_NUMBER,
    ['4'] = JSON_NUMBER,
    ['5'] = JSON_NUMBER,
    ['6'] = JSON_NUMBER,
    ['7'] = JSON_NUMBER,
    ['8'] = JSON_NUMBER,
    ['9'] = JSON_NUMBER,
    ['t'] = JSON_TRUE,
    ['f'] = JSON_FALSE,
    ['n'] = JSON_NULL,
};

#define ALWAYS (STEP_SHORT | STEP_LONG | STEP_SECOND)
#define ABOVE (ALWAYS | STEP_F4 | STEP_F0)
#define NEXT (STEP_LONG | STEP_C0 | STEP_SECOND)

const unsigned char json_index_utf8[3][16] = {
    {STEP_LONG, STEP_LONG, STEP_LONG, STEP_LONG, STEP_LONG, STEP_LONG,
	STEP_LONG, STEP_LONG, STEP_SECOND, STEP_SECOND, STEP_SECOND,
	STEP_SECOND, STEP_SHORT | STEP_C0, STEP_SHORT,
	STEP_SHORT | STEP_E0 | STEP_ED, STEP_SHORT | STEP_F4 | STEP_F0},
    {ALWAYS | STEP_E0 | STEP_C0 | STEP_F0, ALWAYS | STEP_C0, ALWAYS, ALWAYS,
	ALWAYS | STEP_F4, ABOVE, ABOVE, ABOVE, ABOVE, ABOVE, ABOVE, ABOVE,
	ABOVE, ABOVE | STEP_ED, ABOVE, ABOVE},
    {STEP_SHORT, STEP_SHORT, STEP_SHORT, STEP_SHORT, STEP_SHORT, STEP_SHORT,
	STEP_SHORT, STEP_SHORT, NEXT | STEP_E0 | STEP_F0,
	NEXT | STEP_E0 | STEP_F4, NEXT | STEP_ED | STEP_F4,
	NEXT | STEP_ED | STEP_F4, STEP_SHORT, STEP_SHORT, STEP_SHORT,
	STEP_SHORT},
};

struct path {
	const char *name;
	enum cpu_level needs;
	json_index_pass *pass;
};

/* The best first. */
static const struct path paths[] = {
	{"avx512", CPU_AVX512, json_index_avx512_pass},
	{"avx2", CPU_AVX2, json_index_avx2_pass},
	{"plain", CPU_PLAIN, json_index_plain_pass},
};

/* NULL until the first json_index_open or json_index_path: then the best
 * there is.  Workers may begin at once, with the same result. */
static _Atomic(const struct path *) chosen;

static const struct path *
path_now(void)
{
	return atomic_load_explicit(&chosen, memory_order_relaxed);
}

bool
json_index_path(const char *name)
{
	bool any = !strcmp(name, "auto");

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const struct path *path = &paths[i];

		if ((!any && strcmp(name, path->name) != 0) ||
		    path->needs > cpu_level())
			continue;
		atomic_store_explicit(&chosen, path, memory_order_relaxed);
		return true;
	}
	return false;
}

const char *
json_index_path_name(void)
{
	if (path_now() == NULL)
		json_index_path("auto");
	return path_now()->name;
}

static void
fill_packs(struct step_packs *packs)
{
	for (unsigned i = 0; i < 8; i++)
		packs->eight[i] = 8;
	for (uint64_t bits = 0; bits < 256; bits++) {
		unsigned shift = 0;

		packs->places[bits] = 0;
		for (uint64_t i = 0; i < 8; i++) {
			if ((bits >> i & 1) == 0)
				continue;
			packs->places[bits] |= i << shift;
			shift += 8;
		}
	}
}

struct json_index *
json_index_open(size_t bytes_max)
{
	struct json_index *index = must_alloc(sizeof(*index));
	size_t room = bytes_max + STEP_SLACK + JSON_INDEX_SENTINELS;

	REQUIRE(bytes_max > 0 && bytes_max <= UINT32_MAX / 2);
	if (path_now() == NULL)
		json_index_path("auto");
	/* Much of this is never touched, so it takes no memory. */
	index->at = must_alloc(room * sizeof(*index->at));
	index->kind = must_alloc(room);
	index->slash =
	    must_alloc((bytes_max / 64 + 2) * sizeof(*index->slash));
	fill_packs(&index->packs);
	index->bytes_max = bytes_max;
	index->places = (struct json_places){
	    .at = index->at, .kind = index->kind, .slash = index->slash};
	return index;
}

void
json_index_close(struct json_index *index)
{
	if (index == NULL)
		return;
	free(index->at);
	free(index->kind);
	free(index->slash);
	free(index);
}

enum json_index_result
json_index_run(struct json_index *index, const char *bytes, size_t len)
{
	struct step_faults faults;
	uint32_t count;

	REQUIRE(len <= index->bytes_max);
	count = path_now()->pass(index, bytes, (uint32_t)len, &faults);
	for (uint32_t i = 0; i < JSON_INDEX_SENTINELS; i++) {
		index->at[count + i] = (uint32_t)len;
		index->kind[count + i] = JSON_END;
	}
	index->places.count = count;
	index->places.len = (uint32_t)len;
	if (faults.unclosed)
		return JSON_INDEX_UNCLOSED;
	if (faults.control)
		return JSON_INDEX_CONTROL;
	return faults.utf8 ? JSON_INDEX_BAD_UTF8 : JSON_INDEX_OK;
}

const struct json_places *
json_index_places(const struct json_index *index)
{
	return &index->places;
}
