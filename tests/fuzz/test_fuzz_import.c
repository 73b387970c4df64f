/*
 * Goal: no query of another tool makes the import crash, and what it writes
 * is a rule file that loads as YAML with as many queries as it says.
 * Method: the first byte chooses the dialect or a table; the result is laid
 * out again, which parses it.
 * SPDX-License-Identifier: Apache-2.0
 */
#define FUZZ_NAME "import"
#include "tests/fuzz/fuzz_main.h"

#include "engine/base/utf8.h"
#include "rules/format.h"
#include "rules/import.h"

static struct slice
clean(const uint8_t *data, size_t size)
{
	char *text = must_alloc(size + 1);
	uint32_t c;

	if (size > 0)
		memcpy(text, data, size);
	for (size_t i = 0, n; i < size; i += n == 0 ? 1 : n) {
		n = utf8_decode((const char *)data + i, size - i, &c);
		if (n == 0 || c == 0)
			text[i] = '?';
	}
	return (struct slice){text, size};
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice input = clean(data, size);
	unsigned way = size > 0 ? data[0] % 6 : 0;
	enum import_dialect dialect = (enum import_dialect)(way % 3);
	struct arena *arena = arena_new();
	struct diag *diag = diag_new();
	const char *path = diag_file(diag, "q", input);
	struct import_entry *entries = NULL;
	struct buf out = {0}, again = {0};
	size_t count, written;

	count = way >= 3 ? import_csv(path, input, arena, diag, &entries)
			 : import_lines(path, input, dialect, arena, diag,
			       &entries);
	written =
	    import_file(entries, count, dialect, "s", arena, diag, &out);
	REQUIRE(written <= count);
	REQUIRE(written == count || diag_errors(diag) > 0);
	REQUIRE(format_text("r", buf_slice(&out), &again, diag) !=
	    FORMAT_BROKEN);
	buf_fini(&out);
	buf_fini(&again);
	free(entries);
	diag_free(diag);
	arena_free(arena);
	free((void *)(uintptr_t)input.data);
	return 0;
}
