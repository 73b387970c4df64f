/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

#include "engine/base/buf.h"
#include "engine/base/must.h"
#include "engine/base/suggest.h"
#include "rules/query.h"

/* Open addressing, at most half full. */
struct scope_words {
	struct slice *slots;
	size_t count, mask;
};

struct scope_lists {
	struct query_list *items; /* file RULES_NONE: of a common file */
	uint32_t *slots; /* index + 1 into items; 0 is free */
	uint32_t count, room;
	size_t mask;
};

struct query_scope *
scope_new(struct arena *arena, struct diag *diag)
{
	struct query_scope *scope = must_alloc(sizeof(*scope));

	scope->arena = arena;
	scope->diag = diag;
	text_init(&scope->text);
	scope->words = must_alloc(sizeof(*scope->words));
	scope->words->mask = 4095;
	scope->words->slots = must_alloc(4096 * sizeof(struct slice));
	scope->lists = must_alloc(sizeof(*scope->lists));
	scope->macros = must_alloc(sizeof(*scope->macros));
	return scope;
}

static void
free_lists(struct scope_lists *lists)
{
	free(lists->items);
	free(lists->slots);
	free(lists);
}

void
scope_free(struct query_scope *scope)
{
	if (scope == NULL)
		return;
	text_fini(&scope->text);
	free(scope->words->slots);
	free(scope->words);
	free_lists(scope->lists);
	free_lists(scope->macros);
	free(scope);
}

static struct slice *
find_word(const struct scope_words *words, struct slice word)
{
	size_t i = XXH3_64bits(word.data, word.len) & words->mask;

	while (words->slots[i].data != NULL &&
	    !slice_equal(words->slots[i], word))
		i = (i + 1) & words->mask;
	return &words->slots[i];
}

static void
grow_words(struct scope_words *words)
{
	struct scope_words old = *words;

	words->mask = old.mask * 2 + 1;
	words->slots = must_alloc((words->mask + 1) * sizeof(*words->slots));
	for (size_t i = 0; i <= old.mask; i++)
		if (old.slots[i].data != NULL)
			*find_word(words, old.slots[i]) = old.slots[i];
	free(old.slots);
}

struct slice
scope_word(struct query_scope *scope, struct slice word)
{
	struct slice *slot = find_word(scope->words, word);

	if (slot->data != NULL)
		return *slot;
	*slot = arena_text(scope->arena, word);
	word = *slot;
	if (++scope->words->count * 2 > scope->words->mask)
		grow_words(scope->words);
	return word;
}

static uint32_t *
find_list(const struct scope_lists *lists, uint32_t file, struct slice name)
{
	size_t i = XXH3_64bits_withSeed(name.data, name.len, file) &
	    lists->mask;

	while (lists->slots[i] != 0 &&
	    (lists->items[lists->slots[i] - 1].file != file ||
		!slice_equal(lists->items[lists->slots[i] - 1].name, name)))
		i = (i + 1) & lists->mask;
	return &lists->slots[i];
}

static void
grow_lists(struct scope_lists *lists)
{
	lists->room = lists->room * 2 + 32;
	lists->items =
	    must_grow(lists->items, lists->room * sizeof(*lists->items));
	free(lists->slots);
	for (lists->mask = 63; lists->mask < lists->room * 2;)
		lists->mask = lists->mask * 2 + 1;
	lists->slots = must_alloc((lists->mask + 1) * sizeof(*lists->slots));
	for (uint32_t i = 0; i < lists->count; i++)
		*find_list(lists, lists->items[i].file, lists->items[i].name) =
		    i + 1;
}

/* What common files declare is filed under RULES_NONE: it serves everybody. */
static const struct query_list *
add_list(struct scope_lists *lists, const struct query_list *list, bool common)
{
	uint32_t *slot;

	if (lists->count == lists->room)
		grow_lists(lists);
	slot = find_list(lists, common ? RULES_NONE : list->file, list->name);
	if (*slot != 0)
		return &lists->items[*slot - 1];
	lists->items[lists->count] = *list;
	if (common)
		lists->items[lists->count].file = RULES_NONE;
	*slot = ++lists->count;
	return NULL;
}

static const struct query_list *
find_named(const struct query_scope *scope, const struct scope_lists *lists,
    struct slice name)
{
	uint32_t slot = 0;

	if (lists->count == 0)
		return NULL;
	if (!scope->file_common)
		slot = *find_list(lists, scope->file, name);
	if (slot == 0 && scope->file_also != scope->file)
		slot = *find_list(lists, scope->file_also, name);
	if (slot == 0)
		slot = *find_list(lists, RULES_NONE, name);
	return slot == 0 ? NULL : &lists->items[slot - 1];
}

/* One of that name, or nearly, which serves another file than the query's. */
static const struct query_list *
elsewhere(const struct scope_lists *lists, struct slice name)
{
	struct suggest s;

	suggest_start(&s, name);
	for (uint32_t i = 0; i < lists->count; i++)
		suggest_offer(&s, lists->items[i].name);
	for (uint32_t i = 0; s.best.data != NULL && i < lists->count; i++)
		if (slice_equal(lists->items[i].name, s.best))
			return &lists->items[i];
	return NULL;
}

static void
unknown(const struct query_scope *scope, const struct scope_lists *lists,
    struct place place, struct slice name, const char *code)
{
	const char *what = strchr(code, '-') + 1;
	const struct query_list *other;
	struct suggest s;
	struct buf help = {0};
	char known[64];

	suggest_start(&s, name);
	for (uint32_t i = 0; i < lists->count; i++)
		if (lists->items[i].file == RULES_NONE ||
		    (!scope->file_common &&
			lists->items[i].file == scope->file))
			suggest_offer(&s, lists->items[i].name);
	snprintf(known, sizeof(known), "%ss of this file and of common files",
	    what);
	other = s.best.data == NULL ? elsewhere(lists, name) : NULL;
	if (other != NULL)
		buf_printf(&help,
		    "%s:%u has a %s '%.*s', but a %s serves its own file: "
		    "put it into a file without sector:, which serves all",
		    other->place.path, other->place.line, what,
		    SLICE_ARG(other->name), what);
	else
		suggest_say(&s, known, &help);
	diag_add(scope->diag, DIAG_ERROR, place, code, help.data,
	    "unknown %s '%.*s'", what, SLICE_ARG(name));
	buf_fini(&help);
}

const struct query_list *
scope_add_list(struct query_scope *scope, const struct query_list *list,
    bool common)
{
	return add_list(scope->lists, list, common);
}

const struct query_list *
scope_find_list(struct query_scope *scope, struct slice name)
{
	return find_named(scope, scope->lists, name);
}

struct query_list *
scope_all_lists(struct query_scope *scope, uint32_t *count)
{
	*count = scope->lists->count;
	return scope->lists->items;
}

void
scope_unknown_list(struct query_scope *scope, struct place place,
    struct slice name)
{
	unknown(scope, scope->lists, place, name, "unknown-list");
}

const struct query_list *
scope_add_macro(struct query_scope *scope, const struct query_list *macro,
    bool common)
{
	return add_list(scope->macros, macro, common);
}

const struct query_list *
scope_find_macro(struct query_scope *scope, struct slice name)
{
	return find_named(scope, scope->macros, name);
}

struct query_list *
scope_all_macros(struct query_scope *scope, uint32_t *count)
{
	*count = scope->macros->count;
	return scope->macros->items;
}

void
scope_unknown_macro(struct query_scope *scope, struct place place,
    struct slice name)
{
	unknown(scope, scope->macros, place, name, "unknown-macro");
}
