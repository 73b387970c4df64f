/*
 * Queries: text to tree.  The parts of the parser and what they share.
 *
 *	lex.c     words, quotes, operators, regexes of one query
 *	phrase.c  a word or phrase to its folded tokens
 *	query.c   the grammar; query_parts.h: what its parts share
 *	query_macro.c  @macro(name): a query that has a name
 *	query_term.c   which "name:" and "NAME(" there are, from terms.def
 *	query_word.c   warnings of words that nearly mean something
 *	near.c    NEAR over AND groups; what a query needs to be positive
 *	scope.c   what is shared by all queries of a set: tokens, lists
 *
 * Grammar (keywords in capitals only):
 *	query  = near { (AND | OR | NOT) near }   AND and OR never mixed
 *	near   = unary { (NEAR/n | ONEAR/n) unary }
 *	unary  = NOT unary | "(" query ")" | term
 *	term   = word | "phrase" | 'phrase' | /regex/flags | @list(name) | brand
 *	       | @macro(name)
 *	       | name: ... | name>=n ... | NAME( ... ) | NAME/n( ... )
 * "a NOT b" is "a AND NOT b".
 * Thread: one at a time.  Owns: see scope_new.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_QUERY_H
#define RULES_QUERY_H

#include "engine/base/text.h"
#include "engine/base/yaml.h"
#include "rules/ast.h"

struct query_list {
	struct slice name;
	uint32_t file;
	struct place place;
	struct node *node; /* NULL: its declaration was wrong, already told */
	const struct slice *texts; /* its entries as written, for fields */
	uint32_t texts_count;
	struct macro_decl *macro; /* of a macro; no node, no texts */
};

struct query_scope {
	struct arena *arena;
	struct diag *diag;
	struct text text;         /* scratch for folding */
	struct scope_words *words; /* interned tokens */
	struct scope_lists *lists, *macros;
	struct macro_decl *macro; /* whose query is read, or NULL */
	uint32_t macro_depth;     /* and how many that name it */
	uint32_t file;      /* of the query: whose lists count */
	uint32_t file_also; /* and whose after them: of what it overrides */
	bool file_common;
	bool brand_allowed; /* the word brand has a meaning */
	const char *brand_help; /* why not */
	size_t from; /* byte at which the next query begins */
	bool labels; /* some query has a label */
	uint32_t nodes_left; /* of this query, for NEAR over AND */
	struct node *regexes; /* the last one read, and so on by regex.next */
};

/* ---- scope.c ---------------------------------------------------------- */

/** scope_new(arena, diag): a scope whose results live in ${arena}. */
struct query_scope *scope_new(struct arena *arena, struct diag *diag);
void scope_free(struct query_scope *scope);

/** scope_word(scope, word): the one lasting copy of ${word}. */
struct slice scope_word(struct query_scope *scope, struct slice word);

/** scope_add_list(scope, list, common): declare; returns the earlier one of
 * this file and name, or NULL. */
const struct query_list *scope_add_list(struct query_scope *scope,
    const struct query_list *list, bool common);

/** scope_find_list(scope, name): of this file, else of a common file. */
const struct query_list *scope_find_list(struct query_scope *scope,
    struct slice name);

/** scope_all_lists(scope, &count): all of them, in no order. */
struct query_list *scope_all_lists(
    struct query_scope *scope, uint32_t *count);

/** scope_add_macro, _find_macro, _all_macros, _unknown_macro: the same for
 * macros, which have names of their own. */
const struct query_list *scope_add_macro(struct query_scope *scope,
    const struct query_list *macro, bool common);
const struct query_list *scope_find_macro(
    struct query_scope *scope, struct slice name);
struct query_list *scope_all_macros(
    struct query_scope *scope, uint32_t *count);
void scope_unknown_macro(
    struct query_scope *scope, struct place place, struct slice name);

/** scope_unknown_list(scope, place, name): the error with its hints. */
void scope_unknown_list(struct query_scope *scope, struct place place,
    struct slice name);

/* ---- lex.c ------------------------------------------------------------ */

enum lex_kind {
	LEX_END,
	LEX_OPEN,
	LEX_CLOSE,
	LEX_AND,
	LEX_OR,
	LEX_NOT,
	LEX_NEAR,
	LEX_WORD,   /* text: the word */
	LEX_PHRASE, /* text: between the quotes */
	LEX_REGEX,  /* text: between the slashes */
	LEX_LIST,   /* text: the name */
	LEX_MACRO,  /* text: the name */
	LEX_BRAND,
	LEX_PREFIX, /* "name:", "name>=": text: the name, sign: the rest */
	LEX_CALL,   /* "NAME(", "NAME/n(": text: the name */
	LEX_BAD,    /* already told */
};

struct lex_token {
	enum lex_kind kind;
	struct slice text;
	size_t from, to; /* bytes of the query */
	struct place place;
	uint32_t near; /* NEAR, CALL, PHRASE: the number behind / or ~ */
	bool numbered; /* CALL, PHRASE: there is one */
	bool ordered, raw;
	uint32_t pcre2_options;
	struct slice sign; /* PREFIX: ":", "=", "<", "<=", ">", ">=" */
};

struct lex {
	struct query_scope *scope;
	const struct yaml *at;
	struct slice text;
	size_t next;
	struct lex_token token; /* the current one */
	struct yaml_cursor cursor; /* tokens: only moves forward */
	struct yaml_cursor aside;  /* errors and warnings within them */
};

/** lex_start(lex, scope, at): the first token of the query in ${at}. */
void lex_start(struct lex *lex, struct query_scope *scope,
    const struct yaml *at);

/** lex_next(lex): move to the next token. */
void lex_next(struct lex *lex);

/** lex_value(lex): what follows a prefix as it is written becomes the token:
 * LEX_PHRASE in quotes, else LEX_WORD up to a blank or parenthesis, whatever
 * it would mean elsewhere ("url:http://x/y").  Instead of lex_next. */
void lex_value(struct lex *lex);

/** lex_place(lex, from, to): where these bytes of the query stand. */
struct place lex_place(struct lex *lex, size_t from, size_t to);

/** lex_term(lex, from, to): whether the word there begins a prefix or a call,
 * which becomes the token, or a mistake for one, which is told. */
bool lex_term(struct lex *lex, size_t from, size_t to);

/** lex_set(lex, kind, from, to), lex_bad(...): the token; the error, after
 * which no token follows.  ${help} may be NULL. */
void lex_set(struct lex *lex, enum lex_kind kind, size_t from, size_t to);
void __attribute__((format(printf, 6, 7))) lex_bad(struct lex *lex,
    size_t from, size_t to, const char *code, const char *help,
    const char *format, ...);

/** lex_regex(lex, from): the regex that begins there becomes the token. */
void lex_regex(struct lex *lex, size_t from);

/* ---- phrase.c --------------------------------------------------------- */

/**
 * phrase_build(scope, place, text): the phrase node of ${text}, or NULL after
 * an error when there is no token in it.
 */
struct node *phrase_build(struct query_scope *scope, struct place place,
    struct slice text);

/** phrase_exact(scope, place, text): a NODE_EXACT, by the same rules, but '*'
 * and '?' are signs like others. */
struct node *phrase_exact(struct query_scope *scope, struct place place,
    struct slice text);

/* ---- query_macro.c ------------------------------------------------------ */

/* Why a macro's user was told of it: one bit each. */
enum macro_told {
	TOLD_BRAND = 1,
	TOLD_NOT = 2,
	TOLD_PLACE = 4,
	TOLD_MODE = 8,
};

/** query_macro_read(scope, macro): its plain form, also when nobody names it;
 * NULL after an error.  Leaves the scope as it was. */
struct node *query_macro_read(
    struct query_scope *scope, struct macro_decl *macro);

/** query_macro_user(macro, place, bit, help, out): false when a user of
 * ${macro} has been told of ${bit} before; else ${out} becomes ${help} and
 * who names it, at ${place}. */
struct buf;
bool query_macro_user(struct macro_decl *macro, struct place place,
    enum macro_told bit, const char *help, struct buf *out);

/* ---- near.c ----------------------------------------------------------- */

/** near_build(scope, token, place, a, b): A NEAR B, distributed over AND
 * groups; NULL after an error. */
struct node *near_build(struct query_scope *scope,
    const struct lex_token *token, struct place place, struct node *a,
    struct node *b);

/** near_has_and(node): whether an AND group is in ${node}. */
bool near_has_and(const struct node *node);

/** near_not(node): what has no place in the text inside ${node}, a NOT, a
 * field or a label; or NULL. */
const struct node *near_not(const struct node *node);

/** near_refuse(scope, root, node, "NEAR", "(a NEAR/5 b)"): the error about
 * what near_not(root) found within an operator. */
void near_refuse(struct query_scope *scope, const struct node *root,
    const struct node *node, const char *name, const char *example);

/** near_tell(scope, root, node, code, help, text): an error about ${node} in
 * the tree ${root}.  When it stands in a macro its first user is named, and
 * no other. */
void near_tell(struct query_scope *scope, const struct node *root,
    const struct node *node, const char *code, const char *help,
    const char *text);

/** near_negative(node): the NOT by which ${node} can be true of a text with
 * none of the query's words, or NULL when it cannot. */
const struct node *near_negative(const struct node *node);

#endif
