/*
 * Goal: no text makes the query parser crash, run away or fail without saying
 * so; a tree that it returns is bounded and has no holes.
 * Method: parse the input as one query, with and without the word brand.
 * SPDX-License-Identifier: Apache-2.0
 */
#define FUZZ_NAME "query"
#include "tests/fuzz/fuzz_main.h"

#include "engine/base/limits.h"
#include "engine/base/utf8.h"
#include "rules/query.h"

static void
walk(const struct node *node, unsigned depth)
{
	REQUIRE(node != NULL && depth < 4 * QUERY_DEPTH_MAX);
	switch (node->kind) {
	case NODE_PHRASE:
		REQUIRE(node->phrase.count > 0);
		for (uint32_t i = 0; i < node->phrase.count; i++)
			REQUIRE(node->phrase.tokens[i].text.len > 0);
		break;
	case NODE_REGEX:
		REQUIRE(node->regex.pattern.len > 0);
		break;
	default:
		if (!ast_is_group(node))
			break;
		REQUIRE(node->group.count > 0);
		REQUIRE(node->kind != NODE_NOT || node->group.count == 1);
		REQUIRE(node->kind != NODE_NEAR || node->group.count == 2);
		for (uint32_t i = 0; i < node->group.count; i++)
			walk(node->group.items[i], depth + 1);
	}
}

/* One scope serves many inputs: its buffers are large. */
#define INPUTS_PER_SCOPE 256

static void
parse(struct slice query, bool brand)
{
	static struct arena *arena;
	static struct diag *diag;
	static struct query_scope *scope;
	static unsigned inputs;
	struct yaml at = {.kind = YAML_SCALAR, .text = query, .raw = query};
	unsigned errors;
	struct node *node;

	if (inputs++ % INPUTS_PER_SCOPE == 0) {
		scope_free(scope);
		diag_free(diag);
		arena_free(arena);
		arena = arena_new();
		diag = diag_new();
		scope = scope_new(arena, diag);
	}
	errors = diag_errors(diag);
	scope->brand_allowed = brand;
	at.place = (struct place){diag_file(diag, "q", query), 1, 1, 0};
	node = query_parse(arena, &at, scope, diag);
	REQUIRE((node != NULL) == (diag_errors(diag) == errors));
	if (node != NULL)
		walk(node, 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice query = {(const char *)data, size};
	char *clean = must_alloc(size + 1);
	uint32_t c;

	/* the YAML reader lets nothing but UTF-8 without NUL through */
	memcpy(clean, query.data, size);
	for (size_t i = 0, n; i < size; i += n == 0 ? 1 : n) {
		n = utf8_decode(query.data + i, size - i, &c);
		if (n == 0 || c == 0)
			clean[i] = '?';
	}
	query.data = clean;
	parse(query, (size & 1) != 0);
	free(clean);
	return 0;
}
