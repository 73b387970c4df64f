/*
 * What the parts of the parser share: query.c, query_term.c and the files
 * that parse the terms of terms.def.
 *
 * To add "name:" or "NAME(": a function here and in its own query_*.c, a line
 * in terms.def.  Functions begin with their token current, and leave the first
 * token that is not theirs.
 * Thread: one at a time.  Owns: nothing; nodes go to the scope's arena.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_QUERY_PARTS_H
#define RULES_QUERY_PARTS_H

#include "rules/query.h"

struct parser {
	struct lex lex;
	struct query_scope *scope;
	struct node **stack; /* operands of the open groups */
	size_t count, room;
	unsigned depth, deepest;
	uint32_t terms, macros_below; /* also those of its macros */
	bool exact; /* inside exact:( ): words as written */
	bool disguised; /* inside disguised:( ) */
};

/** query_error(p, from, to, code, help, text): an error at these bytes of the
 * query; returns NULL. */
struct node *query_error(struct parser *p, size_t from, size_t to,
    const char *code, const char *help, const char *text);

/** query_node(p, kind, place): an empty node. */
struct node *query_node(
    struct parser *p, enum node_kind kind, struct place place);

/** query_operand(p): a term, a group in parentheses or a NOT. */
struct node *query_operand(struct parser *p);

/** query_inside(p, open, list): from an open parenthesis to behind its end;
 * ${open}: where an error about it is shown; ${list}: terms side by side are
 * joined by AND. */
struct node *query_inside(
    struct parser *p, const struct lex_token *open, bool list);

/** query_phrase(p, token): a word, or a "phrase" with or without its ~n, under
 * the prefixes around it.  Does not move on. */
struct node *query_phrase(struct parser *p, const struct lex_token *token);

/** query_entries(p, token, list): the entries of @list under the prefixes
 * around it; ${list} may be NULL. */
struct node *query_entries(
    struct parser *p, const struct lex_token *token, struct node *list);

/** query_word_warn(p, token): warn when ${token} is nearly an operator, or
 * the name of a list. */
void query_word_warn(struct parser *p, const struct lex_token *token);

/** query_macro(p, token): the query that @macro names; NULL after an
 * error. */
struct node *query_macro(struct parser *p, const struct lex_token *token);

/** query_whole(p): the query that ${p}'s lexer has started, to its end. */
struct node *query_whole(struct parser *p);

/** query_near_far(p, token): warn of a distance that joins what has nothing
 * to do with each other. */
void query_near_far(struct parser *p, const struct lex_token *token);

/** query_term(p): the LEX_PREFIX or LEX_CALL that is current, by terms.def. */
struct node *query_term(struct parser *p);

#define PREFIX(name, function)                                                 \
	struct node *function(                                                 \
	    struct parser *p, const struct lex_token *token);
#define CALL(name, function)                                                   \
	struct node *function(                                                 \
	    struct parser *p, const struct lex_token *token);
#include "rules/terms.def"
#undef PREFIX
#undef CALL

#endif
