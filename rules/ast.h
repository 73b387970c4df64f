/*
 * A parsed query, and the declarations of the rule files.
 *
 * Made by query.c (queries) and files.c (YAML), read by compile.c, then
 * thrown away with its arena.  Nodes of one @list are shared: every mention
 * points to the same NODE_OR, so that compile.c makes one set of it.
 * Thread: one at a time.  Owns: nothing; all in the arena of struct decls.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_AST_H
#define RULES_AST_H

#include "engine/base/arena.h"
#include "engine/base/diag.h"
#include "rules/field.h"
#include "rules/rules.h"

enum node_kind {
	NODE_AND,
	NODE_OR,
	NODE_NOT,
	NODE_NEAR,   /* ordered: ONEAR */
	NODE_PHRASE, /* one token or several in a row */
	NODE_REGEX,
	NODE_BRAND,  /* the word brand: occurrences of the rule's brand */
	NODE_FIELD,  /* of the post: lang:fr */
	NODE_WITHIN, /* "a b c"~n: all, in any order */
	NODE_SENTENCE,
	NODE_ATLEAST,
	NODE_PART,   /* ordered: the title, else the text */
	NODE_LABEL,  /* what another entry says of the post */
	NODE_MACRO,  /* a query that has a name */
	NODE_EXACT,  /* phrase, and how it must be written */
	NODE_DISGUISED, /* phrase, by looks */
	NODE_KINDS,
};

enum label_kind { LABEL_BRAND, LABEL_SECTOR, LABEL_TOPIC, LABEL_RULE };

/* One token of a phrase.  A sign ('#', '@', '$') binds to the first only. */
struct token {
	struct slice text; /* folded; wild: with its '*' and '?' */
	bool wild;
	char sign; /* 0: none asked for */
};

struct node {
	enum node_kind kind;
	struct place place;
	union {
		struct {
			struct node **items;
			uint32_t count;
			struct slice list; /* name, when it came from @list() */
			bool dated; /* a list that has lost entries, or
				     * would with a clock */
			struct macro_decl *macro; /* MACRO: which */
		} group; /* AND, OR (>= 1), NEAR (2), WITHIN (>= 3), the
			  * others that are no leaf (1) */
		struct {
			struct token *tokens;
			uint32_t count;
			/* EXACT: as written; its tokens are bytes
			 * [core, core + core_len) of it */
			struct slice exact;
			uint32_t core, core_len;
		} phrase;
		struct {
			struct slice pattern; /* as between the slashes */
			bool raw; /* flag r: read the unfolded text */
			uint32_t pcre2_options;
			struct node *next; /* read before it */
		} regex;
		struct field *field;
		struct {
			enum label_kind what;
			struct slice id;
			bool told; /* that it names nothing */
		} label;
	};
	uint32_t near; /* NEAR, WITHIN: at most so many tokens between;
			* ATLEAST: so many places */
	bool ordered;
};

/** ast_is_group(node): whether it has group.items; the others are leaves. */
static inline bool
ast_is_group(const struct node *node)
{
	switch (node->kind) {
	case NODE_AND:
	case NODE_OR:
	case NODE_NOT:
	case NODE_NEAR:
	case NODE_WITHIN:
	case NODE_SENTENCE:
	case NODE_ATLEAST:
	case NODE_PART:
	case NODE_MACRO:
		return true;
	default:
		return false;
	}
}

struct example {
	struct slice text;
	const struct post *post; /* NULL: the text alone */
	struct place place;
	bool hit; /* else miss */
};

/** example_post(x, out): the whole of the example. */
static inline void
example_post(const struct example *x, struct post *out)
{
	if (x->post != NULL) {
		*out = *x->post;
		return;
	}
	post_clear(out);
	out->text = x->text;
}

/* What brands, topics and rules have in common. */
struct decl {
	struct slice id;
	struct place place;
	uint32_t file;
	uint32_t sector; /* index into decls.sectors, RULES_NONE if common */
	uint32_t over;   /* file of local.d that changes it, or RULES_NONE */
	bool disabled;   /* by one of local.d: it matches nothing */
	struct node *match; /* brand, topic: match; rule: when (may be NULL) */
	struct node *not;   /* or NULL */
	struct example *examples;
	uint32_t examples_count;
};

struct brand_decl {
	struct decl d;
	struct slice name, company;
	struct slice *own; /* accounts, folded, without the '@' */
	uint32_t own_count;
};

struct group_decl {
	struct slice id;
	int32_t min_milli, max_milli;
	struct place place;
};

/* A part of a composite, whose weight it replaces. */
struct replaced {
	uint32_t index; /* into decls.rules, or decls.topics */
	bool topic;
	struct place place;
};

struct topic_decl {
	struct decl d;
	struct slice name_fr, name_en, department;
	uint32_t group; /* or RULES_NONE */
	uint8_t family; /* enum rules_family */
	int32_t weight_milli;
	uint8_t severity;
	uint8_t roles;
};

struct relay_decl {
	struct slice text; /* folded, without its sign */
	bool site;         /* else an account */
	uint8_t class;     /* enum rules_relay */
	struct place place;
};

struct rule_decl {
	struct decl d;
	bool every_brand;  /* brand: "*" */
	uint32_t *brands;  /* indices into decls.brands, sorted */
	uint32_t brands_count;
	uint32_t topic;    /* or RULES_NONE */
	uint32_t group;    /* or RULES_NONE */
	uint8_t family;    /* enum rules_family */
	struct slice department;
	struct replaced *replaces;
	uint32_t replaces_count;
	bool is_term;       /* hidden: term ${term} of ${condition} */
	uint32_t condition, term;
	int32_t weight_milli;
	uint8_t severity;
};

struct condition_decl;

/* How the words of a macro are read: by where it is named. */
enum macro_mode { MACRO_PLAIN, MACRO_EXACT, MACRO_DISGUISED, MACRO_MODES };

/* A query with a name, read once for each mode in which it is named; all
 * who name it share its tree. */
struct macro_decl {
	struct decl d; /* match: its plain form */
	const struct yaml *yaml, *query; /* while files are read; query NULL:
					  * it is wrong, already told */
	uint32_t from; /* file of its query: d.file, or one of local.d */
	struct macro_form {
		struct node *node;
		uint32_t size, depth, below; /* terms, nesting, of macros */
		bool done;
	} forms[MACRO_MODES];
	struct place brand; /* of the word brand in it; line 0: it has none */
	struct macro_decl *within; /* while it is read: which one names it */
	bool open, used, labels; /* labels: it has some */
	uint8_t told; /* enum macro_told: users are named once */
};

struct decls {
	struct arena *arena;
	struct rules_sector *sectors; /* all arrays sorted by id */
	struct brand_decl *brands;
	struct topic_decl *topics;
	struct rule_decl *rules;
	uint32_t sectors_count, brands_count, topics_count, rules_count;
	struct group_decl groups[RULE_GROUPS_MAX]; /* as declared */
	uint32_t groups_count;
	struct condition_decl *conditions; /* condition.h; sorted by id */
	uint32_t conditions_count;
	struct macro_decl **macros; /* in the order of the files */
	uint32_t macros_count;
	bool dated; /* some list is */
	struct relay_decl *relays; /* by text, each once */
	uint32_t relays_count;
	uint64_t relay_reach;
	uint64_t id; /* XXH3-64 of the contents, order of paths irrelevant */
};

/**
 * query_parse(arena, at, scope, diag): the query in the scalar ${at} as a
 * tree, or NULL after at least one located error.  NEAR has stood over AND
 * only on paper: its sides are phrases, regexes, brand, NEAR, or an OR of
 * these.  Sides may be shared between nodes.
 */
struct yaml;
struct query_scope; /* which lists and labels may be named; see query.h */
struct node *query_parse(struct arena *arena, const struct yaml *at,
    struct query_scope *scope, struct diag *diag);

/**
 * files_read(paths, count, diag): all declarations, or NULL after at least
 * one error.  decls_free gives them back.  files_read_with also tells
 * ${options}->other of the files that are no rule files.
 */
struct decls *files_read(const char *const *paths, size_t count,
    struct diag *diag);
struct decls *files_read_with(const char *const *paths, size_t count,
    const struct rules_options *options, struct diag *diag);
void decls_free(struct decls *decls);

/** decls_sort(decls): all arrays by id, all indices to match. */
void decls_sort(struct decls *decls);

/**
 * ruleset_compile(decls, diag): the immutable set (not self-tested), or NULL
 * after at least one error (a regex that PCRE2 refuses, a regex too large).
 * Copies what it needs: ${decls} may be freed afterwards.
 */
struct ruleset *ruleset_compile(const struct decls *decls, struct diag *diag);
/* with ${options}->known; ${options} may be NULL */
struct ruleset *ruleset_compile_with(const struct decls *decls,
    const struct rules_options *options, struct diag *diag);

/**
 * selftest_run(rs, decls, diag): every hit and miss of every entry; failing
 * ones are errors at the example's place.  With ${pedantic} a missing one is
 * a warning.
 */
void selftest_run(const struct ruleset *rs, const struct decls *decls,
    bool pedantic, struct diag *diag);

/** selftest_some(rs, decls, index, diag): likewise of the entries of ${decls},
 * of which ${index}[hit kind][i] is the number in ${rs}. */
void selftest_some(const struct ruleset *rs, const struct decls *decls,
    uint32_t *const *index, struct diag *diag);

#endif
