/*
 * The hit and miss examples of every entry, run against the compiled set.
 * An entry without them is never known to work: check warns of it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/condition.h"
#include "rules/op.h"

struct bench {
	struct matcher *matcher;
	const struct ruleset *rules;
	struct text text;
	const struct verdict *verdict; /* of the last example */
	struct diag *diag;
	bool pedantic;
	bool dated; /* some list has entries that end */
};

/* What the entry is called in `match`, for the messages. */
struct entry {
	enum hit_kind kind;
	uint32_t index;
	const char *what;
	const struct decl *d;
	uint32_t topic; /* of a rule, or RULES_NONE */
	bool for_brands;
	bool is_term; /* of a condition: any of its terms will do */
	uint32_t condition;
};

static bool
fires(struct bench *b, const struct entry *e, const struct example *x)
{
	const struct verdict *v;
	struct post post;

	example_post(x, &post);
	text_fold(&b->text, post.title, post.text, TEXT_POST);
	v = b->verdict = rules_match(b->matcher, &post, &b->text, MATCH_TOPICS);
	for (uint32_t i = 0; i < v->hits_count; i++)
		if (v->hits[i].kind == e->kind && v->hits[i].index == e->index)
			return true;
	for (uint32_t i = 0; i < v->terms_count && e->is_term; i++)
		if (ruleset_rule(b->rules, v->terms[i].rule)->condition ==
		    e->condition)
			return true;
	return false;
}

/* Why a rule may not fire though its words are there: judged by the verdict
 * that is still in the matcher's hands. */
static const char *
hit_help(const struct bench *b, const struct entry *e)
{
	const struct verdict *v = b->verdict;
	bool brand = false, topic = false;

	for (uint32_t i = 0; i < v->hits_count; i++) {
		brand |= v->hits[i].kind == HIT_BRAND;
		topic |= v->hits[i].kind == HIT_TOPIC &&
			 v->hits[i].index == e->topic;
	}
	if (e->kind == HIT_RULE && e->for_brands && !brand)
		return "no brand is named in it, and the rule has brand:; "
		       "vigie explain shows what was found";
	if (e->topic != RULES_NONE && !topic)
		return "it does not speak of the rule's topic:, which it must "
		       "as well; vigie explain shows what was found";
	return "mend the query or the example; vigie explain shows which part "
	       "did not match";
}

/* Whether it hangs on entries that end: a day that passes must not stop a set
 * from being loaded. */
static bool
is_dated(const struct node *node)
{
	if (node == NULL)
		return false;
	if (node->kind == NODE_BRAND || node->kind == NODE_LABEL ||
	    node->kind == NODE_FIELD)
		return true; /* by what it stands for */
	if (!ast_is_group(node))
		return false;
	if (node->group.list.len > 0)
		return node->group.dated;
	for (uint32_t i = 0; i < node->group.count; i++)
		if (is_dated(node->group.items[i]))
			return true;
	return node->group.dated;
}

static void
tell(struct bench *b, const struct decl *d, const struct example *x,
    bool hangs, const char *what, const char *help)
{
	bool lost = b->dated && (hangs || is_dated(d->match) ||
					  is_dated(d->not));

	diag_add(b->diag, lost ? DIAG_WARNING : DIAG_ERROR, x->place,
	    x->hit ? "hit-fails" : "miss-fails",
	    lost ? "entries of lists end on a day: mend the example, or give "
		   "them a later one"
		 : help,
	    x->hit ? "the %s '%.*s' does not match its hit example"
		   : "the %s '%.*s' matches its miss example",
	    what, SLICE_ARG(d->id));
}

static void
run_entry(struct bench *b, const struct entry *e)
{
	bool hits = false, misses = false;

	for (uint32_t i = 0; i < e->d->examples_count; i++) {
		const struct example *x = &e->d->examples[i];

		hits |= x->hit;
		misses |= !x->hit;
		if (fires(b, e, x) == x->hit)
			continue;
		tell(b, e->d, x, e->for_brands || e->topic != RULES_NONE,
		    e->what,
		    x->hit ? hit_help(b, e)
			   : "narrow the query, or move the example to hit: "
			     "vigie explain shows which words matched");
	}
	if (b->pedantic && !e->d->disabled && (!hits || !misses))
		diag_add(b->diag, DIAG_WARNING, e->d->place, "no-example",
		    "add hit: and miss: with posts that must and must not "
		    "match; they are tried at every check",
		    "the %s '%.*s' has no %s example", e->what,
		    SLICE_ARG(e->d->id),
		    hits ? "miss" : misses ? "hit" : "hit and no miss");
}

static void
run_rule(struct bench *b, const struct decls *decls, uint32_t i,
    uint32_t index)
{
	const struct rule_decl *r = &decls->rules[i];
	struct decl d = r->d;
	struct entry e = {HIT_RULE, index, "rule", &d, r->topic,
	    r->every_brand || r->brands_count > 0, r->is_term, r->condition};

	if (r->is_term && r->term > 0)
		return; /* the first has the examples */
	if (r->is_term) {
		e.what = "condition";
		d.id = decls->conditions[r->condition].id;
	}
	run_entry(b, &e);
}

/* True of the post: for some brand that it names, if there is any. */
static bool
macro_holds(struct bench *b, uint32_t node, const struct example *x)
{
	const struct verdict *v;
	struct post post;

	example_post(x, &post);
	text_fold(&b->text, post.title, post.text, TEXT_POST);
	v = rules_match(b->matcher, &post, &b->text, MATCH_TOPICS);
	b->matcher->brand = RULES_NONE;
	if (op_eval(b->matcher, node))
		return true;
	for (uint32_t i = 0; i < v->hits_count; i++) {
		b->matcher->brand = v->hits[i].brand;
		if (v->hits[i].kind == HIT_BRAND && op_eval(b->matcher, node))
			return true;
	}
	return false;
}

static void
run_macro(struct bench *b, const struct decl *d, uint32_t node)
{
	for (uint32_t i = 0; i < d->examples_count && node != NODE_NONE; i++) {
		const struct example *x = &d->examples[i];

		if (macro_holds(b, node, x) == x->hit)
			continue;
		tell(b, d, x, false, "macro",
		    x->hit ? "mend the query or the example"
			   : "narrow the query, or move the example to hit:");
	}
}

static void
bench_init(struct bench *b, const struct ruleset *rs,
    const struct decls *decls, bool pedantic, struct diag *diag)
{
	*b = (struct bench){.diag = diag, .pedantic = pedantic, .rules = rs,
	    .dated = decls->dated, .matcher = matcher_new()};
	matcher_fit(b->matcher, rs);
	text_init(&b->text);
}

static void
bench_fini(struct bench *b)
{
	text_fini(&b->text);
	matcher_free(b->matcher);
}

/* The entries of ${decls}, of which ${index}[kind][i] is the number in the
 * set; NULL: they have the same. */
static void
run_all(struct bench *b, const struct decls *decls, uint32_t *const *index)
{
	for (uint32_t i = 0; i < decls->brands_count; i++)
		run_entry(b, &(struct entry){HIT_BRAND,
				 index == NULL ? i : index[HIT_BRAND][i],
				 "brand", &decls->brands[i].d, RULES_NONE,
				 false, false, 0});
	for (uint32_t i = 0; i < decls->topics_count; i++)
		run_entry(b, &(struct entry){HIT_TOPIC,
				 index == NULL ? i : index[HIT_TOPIC][i],
				 "topic", &decls->topics[i].d, RULES_NONE,
				 false, false, 0});
	for (uint32_t i = 0; i < decls->rules_count; i++)
		run_rule(b, decls, i,
		    index == NULL ? i : index[HIT_RULE][i]);
}

void
selftest_some(const struct ruleset *rs, const struct decls *decls,
    uint32_t *const *index, struct diag *diag)
{
	struct bench b;

	bench_init(&b, rs, decls, false, diag);
	run_all(&b, decls, index);
	bench_fini(&b);
}

void
selftest_run(const struct ruleset *rs, const struct decls *decls, bool pedantic,
    struct diag *diag)
{
	struct bench b;

	bench_init(&b, rs, decls, pedantic, diag);
	run_all(&b, decls, NULL);
	for (uint32_t i = 0; i < decls->macros_count; i++)
		run_macro(&b, &decls->macros[i]->d, rs->macro_nodes[i]);
	bench_fini(&b);
}
