/*
 * What the parts of the import share.
 *
 * Thread: one at a time.  Owns: nothing; nodes live in the arena.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_IMPORT_PARTS_H
#define RULES_IMPORT_PARTS_H

#include "rules/import.h"

#define IMPORT_DEPTH_MAX 60u

enum import_token {
	TOKEN_END,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_NOT,
	TOKEN_NEAR,    /* number, ordered */
	TOKEN_ATLEAST, /* number */
	TOKEN_WORD,
	TOKEN_PHRASE, /* text without quotes; number: its ~n, or -1 */
	TOKEN_EXACT,  /* {BT} */
	TOKEN_FIELD,  /* name, text: "site:x"; a group follows when open */
	TOKEN_BAD,    /* told */
};

enum import_kind {
	IMPORT_AND,
	IMPORT_OR,
	IMPORT_NOT,
	IMPORT_NEAR,
	IMPORT_ATLEAST,
	IMPORT_TITLE, /* title:(...) */
	IMPORT_TERM,  /* text: as it is written here */
	IMPORT_GONE,  /* does not carry over; why */
};

struct import_node {
	enum import_kind kind;
	size_t from, to; /* of the query */
	bool field;      /* TERM: of the post, not of its words */
	bool ordered;
	long number;
	struct slice text;
	const char *why;
	struct import_node **items;
	uint32_t count;
};

struct import_parser {
	const struct import_entry *entry;
	enum import_dialect dialect;
	struct arena *arena;
	struct diag *diag;
	struct slice text;
	/* the current token */
	enum import_token token;
	size_t from, to, next;
	struct slice name, value;
	long number;
	bool ordered, open, quoted;
	unsigned depth;
	bool failed;
};

/** import_lex(p): the next token. */
void import_lex(struct import_parser *p);

/** import_note(p, level, from, to, code, help, text): at those bytes. */
void import_note(struct import_parser *p, enum diag_level level, size_t from,
    size_t to, const char *code, const char *help, const char *text);

/** import_parse(p): the tree, or NULL after an error. */
struct import_node *import_parse(struct import_parser *p);

/** import_node(p, kind): an empty one at the current token. */
struct import_node *import_node(
    struct import_parser *p, enum import_kind kind);

/** import_gone(p, node, why): it becomes one that does not carry over. */
struct import_node *import_gone(
    struct import_node *node, const char *why);

/** import_term_word, _phrase, _exact, _field(p): the current token. */
struct import_node *import_term_word(struct import_parser *p);
struct import_node *import_term_phrase(struct import_parser *p);
struct import_node *import_term_exact(struct import_parser *p);
struct import_node *import_term_field(struct import_parser *p,
    struct slice name, struct slice value);

/** import_prune(p, node, comments, more): without what does not carry over,
 * each told; ${more}: whether finding more of it finds more posts.  NULL:
 * nothing is left. */
struct import_node *import_prune(struct import_parser *p,
    struct import_node *node, struct buf *comments, bool more);

/** import_write(node, out): as a query of Vigie. */
void import_write(const struct import_node *node, struct buf *out);

#endif
