/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/import_parts.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/base/utf8.h"
#include "rules/query.h"

bool
import_dialect_of(const char *name, enum import_dialect *out)
{
	static const char *const names[] = {
	    [IMPORT_BRANDWATCH] = "brandwatch",
	    [IMPORT_MELTWATER] = "meltwater",
	    [IMPORT_X] = "x",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(names[i], name)) {
			*out = (enum import_dialect)i;
			return true;
		}
	return false;
}

/* Line and column of a byte of the input, by counting: reports are short. */
static struct place
place_at(const struct import_source *s, size_t from, size_t to)
{
	struct place place = {.path = s->path, .line = 1, .column = 1};
	size_t at = s->at != NULL
	    ? s->at[from]
	    : (size_t)(s->text.data - s->input.data) + from;
	size_t end = s->at == NULL ? at + (to - from) : s->at[to];

	for (size_t i = 0; i < at && i < s->input.len;
	     i += utf8_step(s->input.data + i, s->input.len - i)) {
		place.column++;
		if (s->input.data[i] == '\n') {
			place.line++;
			place.column = 1;
		}
	}
	for (; at < end && s->input.data[at] != '\n';
	     at += utf8_step(s->input.data + at, s->input.len - at))
		place.width++;
	return place;
}

void
import_note(struct import_parser *p, enum diag_level level, size_t from,
    size_t to, const char *code, const char *help, const char *text)
{
	diag_add(p->diag, level, place_at(&p->entry->source, from, to), code,
	    help, "%s", text);
}

/* What Vigie's own parser says of the result: nothing is let through that
 * vigie check would refuse. */
static bool
is_good(struct arena *arena, struct slice query, struct buf *why)
{
	struct diag *diag = diag_new();
	struct query_scope *scope = scope_new(arena, diag);
	struct yaml node = {.kind = YAML_SCALAR, .text = query, .raw = query};
	bool good;

	node.place = (struct place){diag_file(diag, "query", query), 1, 1, 0};
	scope->brand_help = "";
	good = query_parse(arena, &node, scope, diag) != NULL;
	if (!good) {
		char *text = NULL;
		size_t len = 0;
		FILE *out = open_memstream(&text, &len);

		REQUIRE(out != NULL);
		diag_print(diag, out, false);
		fclose(out);
		/* the first line, behind its place */
		buf_put(why, text, strcspn(text, "\n"));
		buf_char(why, '\0');
		free(text);
	}
	scope_free(scope);
	diag_free(diag);
	return good;
}

static bool
finish(struct import_parser *p, struct import_node *node, struct buf *out,
    struct buf *comments)
{
	struct buf query = {0}, why = {0};
	bool good = false;

	node = import_prune(p, node, comments, true);
	if (node == NULL) {
		import_note(p, DIAG_ERROR, 0, p->text.len, "not-carried", NULL,
		    "nothing of this query carries over");
		return false;
	}
	import_write(node, &query);
	good = is_good(
	    p->arena, arena_text(p->arena, buf_slice(&query)), &why);
	if (good)
		buf_slice_put(out, buf_slice(&query));
	else
		import_note(p, DIAG_ERROR, 0, p->text.len, "not-carried",
		    why.data,
		    "what is left of this query cannot stand alone");
	buf_fini(&query);
	buf_fini(&why);
	return good;
}

bool
import_query(const struct import_entry *entry, enum import_dialect dialect,
    struct arena *arena, struct diag *diag, struct buf *out,
    struct buf *comments)
{
	struct import_parser p = {.entry = entry,
	    .dialect = dialect,
	    .arena = arena,
	    .diag = diag,
	    .text = entry->source.text};
	struct import_node *node = import_parse(&p);

	return node != NULL && finish(&p, node, out, comments);
}
