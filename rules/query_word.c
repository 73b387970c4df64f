/*
 * Words that are searched, though who wrote them may have meant something
 * else.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <strings.h>

#include "rules/query_parts.h"

static void
warn_keyword(struct parser *p, const struct lex_token *t)
{
	static const char *const words[] = {"and", "or", "not", "brand"};
	static const char *const meant[] = {"AND", "OR", "NOT", "brand"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		char help[120];

		if (t->text.len != strlen(words[i]) ||
		    strncasecmp(t->text.data, words[i], t->text.len))
			continue;
		snprintf(help, sizeof(help),
		    "did you mean %s? write \"%s\" in double quotes to search "
		    "the word",
		    meant[i], words[i]);
		diag_add(p->scope->diag, DIAG_WARNING, t->place,
		    "keyword-case", help,
		    "'%.*s' is searched as a word", SLICE_ARG(t->text));
	}
}

/* @journalists is an account; who has a list of that name meant the list. */
static void
warn_account(struct parser *p, const struct lex_token *t)
{
	struct slice name = t->text;
	char help[160];

	if (name.len < 2 || name.data[0] != '@')
		return;
	name.data++;
	name.len--;
	if (scope_find_list(p->scope, name) == NULL)
		return;
	snprintf(help, sizeof(help), "the list is written @list(%.*s)",
	    SLICE_ARG(name));
	diag_add(p->scope->diag, DIAG_WARNING, t->place, "account-or-list",
	    help, "'%.*s' is searched as an account, and there is a list of "
	    "that name", SLICE_ARG(t->text));
}

void
query_word_warn(struct parser *p, const struct lex_token *token)
{
	warn_keyword(p, token);
	warn_account(p, token);
}
