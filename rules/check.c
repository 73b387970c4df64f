/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/check.h"

#include <stdlib.h>

#include "engine/base/buf.h"

static void
say_tokens(const struct node *node, struct buf *out)
{
	for (uint32_t i = 0; i < node->phrase.count; i++) {
		const struct token *t = &node->phrase.tokens[i];

		if (i > 0)
			buf_char(out, ' ');
		if (t->sign != 0)
			buf_char(out, t->sign);
		buf_slice_put(out, t->text);
	}
}

void
check_say(const struct node *node, struct buf *out)
{
	switch (node->kind) {
	case NODE_PHRASE:
		buf_char(out, '\'');
		say_tokens(node, out);
		buf_char(out, '\'');
		break;
	case NODE_DISGUISED:
		buf_text(out, "disguised:'");
		say_tokens(node, out);
		buf_char(out, '\'');
		break;
	case NODE_EXACT:
		buf_printf(out, "exact:'%.*s'", SLICE_ARG(node->phrase.exact));
		break;
	case NODE_REGEX:
		buf_printf(out, "/%.*s/", SLICE_ARG(node->regex.pattern));
		break;
	case NODE_FIELD:
		buf_slice_put(out, node->field->text);
		break;
	case NODE_LABEL:
		buf_printf(out, "'%.*s'", SLICE_ARG(node->label.id));
		break;
	case NODE_BRAND:
		buf_text(out, "brand");
		break;
	default:
		if (node->kind == NODE_OR && node->group.list.len > 0)
			buf_printf(out, "@list(%.*s)",
			    SLICE_ARG(node->group.list));
		else
			buf_text(out, "this part");
		break;
	}
}

void
check_tell(struct check *c, const struct node *at, const char *code,
    const char *help, const char *before, const struct node *about,
    const char *between, const struct node *than)
{
	struct buf text = {0};

	buf_text(&text, before);
	check_say(about, &text);
	buf_text(&text, between);
	if (than != NULL)
		check_say(than, &text);
	diag_add(c->diag, DIAG_WARNING, at->place, code, help, "%.*s",
	    (int)text.len, text.data);
	buf_fini(&text);
}

static void
check_decl(struct check *c, const struct decl *d)
{
	if (d->disabled)
		return;
	check_query(c, d->match);
	check_query(c, d->not );
}

static void
free_all(struct check *c)
{
	for (uint32_t i = 0; c->lists.slots != NULL && i <= c->lists.mask; i++)
		if (c->lists.slots[i].what != NULL) {
			struct check_set *set =
			    (struct check_set *)(uintptr_t)
				c->lists.slots[i].what;

			check_set_fini(set);
			free(set);
		}
	for (uint32_t i = 0; c->nots.slots != NULL && i <= c->nots.mask; i++)
		if (c->nots.slots[i].what != NULL) {
			struct check_parts *parts =
			    (struct check_parts *)(uintptr_t)
				c->nots.slots[i].what;

			check_parts_fini(parts);
			free(parts);
		}
	check_set_fini(&c->lists);
	check_set_fini(&c->nots);
	check_set_fini(&c->seen);
	check_set_fini(&c->told);
	check_set_fini(&c->memo.lists);
	arena_free(c->memo.arena);
}

void
check_warn(const struct decls *decls, struct diag *diag)
{
	struct check c = {.decls = decls, .diag = diag};

	c.memo.arena = arena_new();
	for (uint32_t i = 0; i < decls->brands_count; i++)
		check_decl(&c, &decls->brands[i].d);
	for (uint32_t i = 0; i < decls->topics_count; i++)
		check_decl(&c, &decls->topics[i].d);
	for (uint32_t i = 0; i < decls->rules_count; i++)
		check_decl(&c, &decls->rules[i].d);
	check_never_entries(&c);
	check_twins(&c);
	free_all(&c);
}
