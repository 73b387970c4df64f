/*
 * Goal: no bytes make the YAML reader crash, read out of bounds or fail
 * without saying so; every place lies in the file.
 * Method: parse the input; walk the tree; ask for places.
 * SPDX-License-Identifier: Apache-2.0
 */
#define FUZZ_NAME "yaml"
#include "tests/fuzz/fuzz_main.h"

#include "engine/base/yaml.h"

static void
walk(const struct yaml *node)
{
	struct place p;

	if (node->kind == YAML_SCALAR && !node->broken) {
		REQUIRE(node->text.data[node->text.len] == '\0');
		for (size_t i = 0; i <= node->text.len; i += 3) {
			p = yaml_place(node, i, 2);
			REQUIRE(p.line >= node->place.line && p.column > 0);
		}
		p = yaml_place(node, node->text.len, node->text.len);
		REQUIRE(p.line >= node->place.line);
	}
	for (const struct yaml *v = node->first; v != NULL; v = v->next)
		walk(v);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = {(const char *)data, size};
	struct arena *arena = arena_new();
	struct diag *diag = diag_new();
	const struct yaml *root = yaml_parse_most(
	    arena, diag_file(diag, "f", bytes), bytes, diag);
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	REQUIRE(root != NULL || diag_errors(diag) > 0);
	if (root != NULL)
		walk(root);
	diag_print(diag, out, false);
	diag_print_json(diag, out);
	fclose(out);
	free(text);
	diag_free(diag);
	arena_free(arena);
	return 0;
}
