/*
 * Goal: the fast matcher says what the trees say, with and without its
 * prefilter, whatever the query and the post.
 * Method: random sets of declarations over a small vocabulary (so that hits
 * are frequent) against random posts, judged by reference.h and by
 * rules_match.  VIGIE_TEST_PAIRS raises the number of pairs; VIGIE_TEST_SEED
 * repeats a failure, which prints its seed, its queries and its post.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "engine/base/rand.h"
#include "tests/unit/rules/random_field.h"
#include "tests/unit/rules/random_words.h"
#include "tests/unit/rules/reference.h"

#define PAIRS_DEFAULT 120000
#define POSTS_PER_SET 12
#define BRANDS 4
#define TOPICS 3
#define RULES 6

#define PICK(r, list) list[rand_below(r, sizeof(list) / sizeof(*list))]

struct world {
	struct rand rand;
	struct arena *arena;
	struct text scratch;
	struct decls decls;
	struct buf shown; /* the declarations, for a failure */
	/* what a label may name without a cycle: so many of each */
	uint32_t brands, topics, rules, sectors;
};

static void *
make(struct world *w, size_t bytes)
{
	return arena_alloc(w->arena, bytes);
}

/* As the parser does: fold, one token each. */
static struct node *
make_phrase(struct world *w, const char *query)
{
	struct text *t = &w->scratch;
	struct node *node = make(w, sizeof(*node));

	text_fold(t, SLICE_NONE, slice_of(query), TEXT_QUERY);
	node->kind = NODE_PHRASE;
	node->phrase.count = t->tokens;
	node->phrase.tokens = make(w, sizeof(struct token) * t->tokens);
	for (uint32_t i = 0; i < t->tokens; i++) {
		struct token *token = &node->phrase.tokens[i];
		char sign = t->bytes[(int64_t)t->at[i] - 1];

		token->text = arena_text(w->arena,
		    (struct slice){t->bytes + t->at[i], t->end[i] - t->at[i]});
		token->wild =
		    memchr(token->text.data, '*', token->text.len) != NULL ||
		    memchr(token->text.data, '?', token->text.len) != NULL;
		if (i == 0 && sign != '\0' && strchr("#@$", sign) != NULL)
			token->sign = sign;
	}
	buf_printf(&w->shown, "\"%s\"", query);
	return node->phrase.count > 0 ? node : make_phrase(w, "kit");
}

static struct node *
make_label(struct world *w)
{
	static const char *const names[] = {"brand", "sector", "topic", "rule"};
	struct rand *r = &w->rand;
	enum label_kind what = (enum label_kind)rand_below(r, 4);
	uint32_t most = what == LABEL_BRAND    ? w->brands
			: what == LABEL_SECTOR ? w->sectors
			: what == LABEL_TOPIC  ? w->topics
					       : w->rules;
	struct decls *d = &w->decls;
	struct node *node;
	uint32_t i;

	if (most == 0)
		return NULL;
	i = rand_below(r, most);
	node = make(w, sizeof(*node));
	node->kind = NODE_LABEL;
	node->label.what = what;
	node->label.id = what == LABEL_BRAND    ? d->brands[i].d.id
			 : what == LABEL_SECTOR ? d->sectors[i].id
			 : what == LABEL_TOPIC  ? d->topics[i].d.id
						: d->rules[i].d.id;
	buf_printf(&w->shown, "%s:%.*s", names[what],
	    SLICE_ARG(node->label.id));
	return node;
}

static struct node *
make_atom(struct world *w, bool brand)
{
	struct rand *r = &w->rand;
	struct node *node;
	const char *exact;
	char text[200] = "";
	uint32_t n;

	switch (rand_below(r, 11)) {
	case 10:
		node = make_label(w);
		if (node != NULL)
			return node;
		break;
	case 8:
		node = make(w, sizeof(*node));
		node->kind = NODE_FIELD;
		node->field = random_field(r, w->arena, &w->shown);
		return node;
	case 9:
		exact = PICK(r, exacts);
		buf_text(&w->shown, "exact:");
		node = make_phrase(w, exact);
		node->kind = NODE_EXACT;
		node->phrase.exact = slice_of(exact);
		n = strchr("#@$", *exact) != NULL;
		node->phrase.core = n;
		node->phrase.core_len = (uint32_t)strlen(exact) - n;
		return node;
	case 0:
		return make_phrase(w, PICK(r, wilds));
	case 1:
		node = make(w, sizeof(*node));
		node->kind = NODE_REGEX;
		node->regex.pattern = slice_of(PICK(r, patterns));
		buf_printf(&w->shown, "/%.*s/", SLICE_ARG(node->regex.pattern));
		return node;
	case 2:
		if (brand) {
			node = make(w, sizeof(*node));
			node->kind = NODE_BRAND;
			buf_text(&w->shown, "brand");
			return node;
		}
		break;
	case 3:
		strcat(text, PICK(r, ((const char *[]){"#", "@", "$"})));
		break;
	default:
		break;
	}
	n = 1 + rand_below(r, 4) / 2;
	for (uint32_t i = 0; i < n; i++) {
		if (i > 0)
			strcat(text, " ");
		strcat(text,
		    rand_below(r, 8) == 0 ? PICK(r, wilds) : PICK(r, words));
	}
	return make_phrase(w, text);
}

/* One token. */
static struct node *
make_word(struct world *w)
{
	struct rand *r = &w->rand;
	struct node *node = make_phrase(
	    w, rand_below(r, 4) == 0 ? PICK(r, wilds) : PICK(r, words));

	node->phrase.count = 1;
	return node;
}

/* Kinds, the frequent ones more often. */
static const struct {
	enum node_kind kind;
	uint32_t least, most; /* parts */
} groups[] = {{NODE_OR, 1, 7}, {NODE_OR, 1, 7}, {NODE_AND, 1, 3},
    {NODE_NEAR, 2, 2}, {NODE_NEAR, 2, 2}, {NODE_NOT, 1, 1},
    {NODE_WITHIN, 3, 4}, {NODE_SENTENCE, 1, 1}, {NODE_ATLEAST, 1, 1},
    {NODE_PART, 1, 1}, {NODE_MACRO, 1, 1}};

static struct node *
make_node(struct world *w, unsigned depth, bool brand)
{
	static const char *const names[NODE_KINDS] = {[NODE_AND] = "AND",
	    [NODE_OR] = "OR", [NODE_NOT] = "NOT", [NODE_NEAR] = "NEAR",
	    [NODE_WITHIN] = "WITHIN", [NODE_SENTENCE] = "SENTENCE",
	    [NODE_ATLEAST] = "ATLEAST", [NODE_PART] = "PART",
	    [NODE_MACRO] = "MACRO"};
	struct rand *r = &w->rand;
	struct node *node;
	uint32_t kind = rand_below(r, sizeof(groups) / sizeof(*groups) + 2);
	uint32_t count;

	if (depth == 0 || kind < 2)
		return make_atom(w, brand);
	kind -= 2;
	node = make(w, sizeof(*node));
	node->kind = groups[kind].kind;
	node->near = rand_below(r, 4);
	node->ordered = rand_below(r, 2) == 0;
	node->near += node->kind == NODE_ATLEAST;
	count = groups[kind].least +
		rand_below(r, groups[kind].most - groups[kind].least + 1);
	if (node->kind == NODE_OR && rand_below(r, 3) == 0)
		node->group.list = SLICE("some");
	node->group.count = count;
	node->group.items = make(w, sizeof(struct node *) * count);
	if (node->kind == NODE_MACRO) {
		node->group.macro = make(w, sizeof(*node->group.macro));
		node->group.macro->d.id = SLICE("m");
	}
	buf_printf(&w->shown, "%s%d%s(", names[node->kind], (int)node->near,
	    node->ordered ? "o" : "");
	for (uint32_t i = 0; i < count; i++) {
		if (node->group.list.len > 0)
			node->group.items[i] = make_phrase(w, PICK(r, words));
		else if (node->kind == NODE_WITHIN)
			node->group.items[i] = make_word(w);
		else
			node->group.items[i] = make_node(w, depth - 1, brand);
		buf_char(&w->shown, i + 1 < count ? ' ' : ')');
	}
	return node;
}

static struct slice
make_id(struct world *w, char kind, uint32_t i)
{
	char id[8];

	snprintf(id, sizeof(id), "%c%u", kind, (unsigned)i);
	return arena_text(w->arena, slice_of(id));
}

static void
make_decl(struct world *w, struct decl *d, char kind, uint32_t i, bool brand,
    bool common)
{
	uint32_t sector = rand_below(&w->rand, common ? 3 : 2);

	d->id = make_id(w, kind, i);
	d->sector = sector == 2 ? RULES_NONE : sector;
	buf_printf(
	    &w->shown, "%c%u in %d: ", kind, (unsigned)i, (int)d->sector);
	if (kind != 'r' || rand_below(&w->rand, 6) > 0)
		d->match = make_node(w, 3, brand);
	if (rand_below(&w->rand, 3) == 0) {
		buf_text(&w->shown, " NOT ");
		d->not = make_node(w, 1, brand);
	}
	buf_char(&w->shown, '\n');
}

static void
make_rule(struct world *w, struct rule_decl *rule, uint32_t i)
{
	struct rand *r = &w->rand;
	uint32_t hang = rand_below(r, 4);

	rule->every_brand = hang == 0;
	if (hang == 1 || hang == 2) {
		rule->brands = make(w, sizeof(uint32_t) * BRANDS);
		for (uint32_t b = 0; b < BRANDS; b++)
			if (rand_below(r, 2) == 0)
				rule->brands[rule->brands_count++] = b;
	}
	rule->topic =
	    rand_below(r, 3) == 0 ? rand_below(r, TOPICS) : RULES_NONE;
	rule->weight_milli = (int32_t)rand_below(r, 7) * 500 - 1000;
	make_decl(w, &rule->d, "aqzr"[i % 4 == 3 ? 3 : i % 4], i,
	    rule -> every_brand || rule -> brands_count > 0, true);
	buf_printf(&w->shown, "   topic %d, %u brands%s\n", (int)rule->topic,
	    (unsigned)rule->brands_count, rule->every_brand ? " *" : "");
}

static int
rule_order(const void *a, const void *b)
{
	const struct rule_decl *x = a, *y = b;

	return slice_order(x->d.id, y->d.id);
}

static void
world_make(struct world *w, uint64_t seed)
{
	struct decls *d = &w->decls;

	rand_seed(&w->rand, seed);
	w->brands = w->topics = w->rules = w->sectors = 0;
	w->arena = arena_new();
	buf_clear(&w->shown);
	*d = (struct decls){.arena = w->arena,
	    .sectors_count = 2,
	    .brands_count = BRANDS,
	    .topics_count = TOPICS,
	    .rules_count = RULES};
	d->sectors = make(w, sizeof(*d->sectors) * 2);
	d->sectors[0].id = SLICE("food");
	d->sectors[1].id = SLICE("rail");
	d->brands = make(w, sizeof(*d->brands) * BRANDS);
	d->topics = make(w, sizeof(*d->topics) * TOPICS);
	d->rules = make(w, sizeof(*d->rules) * RULES);
	for (uint32_t i = 0; i < BRANDS; i++)
		make_decl(w, &d->brands[w->brands = i].d, 'b', i, false,
		    false);
	w->brands = BRANDS;
	w->sectors = 2;
	for (uint32_t i = 0; i < TOPICS; i++) {
		make_decl(w, &d->topics[w->topics = i].d, 't', i, false, true);
		d->topics[i].weight_milli = 2000;
	}
	w->topics = TOPICS;
	for (uint32_t i = 0; i < RULES; i++)
		make_rule(w, &d->rules[w->rules = i], i);
	qsort(d->rules, RULES, sizeof(*d->rules), rule_order);
}

static void
make_text(struct rand *r, char *out, size_t room)
{
	uint32_t n = rand_below(r, 12);

	out[0] = '\0';
	for (uint32_t i = 0; i < n; i++) {
		const char *word = PICK(r, words), *gap = PICK(r, gaps);

		if (strlen(out) + strlen(word) + strlen(gap) + 1 < room) {
			strcat(out, gap + (i == 0 && gap[0] == ' '));
			strcat(out, word);
		}
	}
}

static void
fail_with(const struct world *w, uint64_t seed, const char *title,
    const char *text, struct slice want, struct slice got, unsigned flags)
{
	fprintf(stderr,
	    "seed %llu flags %u\n%.*stitle: %s\ntext: %s\nwanted:\n%.*s"
	    "got:\n%.*s",
	    (unsigned long long)seed, flags, SLICE_ARG(buf_slice(&w->shown)),
	    title, text, SLICE_ARG(want), SLICE_ARG(got));
	fail(); /* cmocka would cut it */
}

static uint64_t
judge(struct world *w, uint64_t seed, struct matcher *m, struct ruleset *rs,
    struct text *text)
{
	static const unsigned modes[] = {0, MATCH_TOPICS, MATCH_NO_PREFILTER,
	    MATCH_NO_PREFILTER | MATCH_TOPICS, MATCH_SPANS | MATCH_TOPICS};
	char title[400], body[400];
	struct buf want = {0}, got = {0};
	struct post post;
	uint64_t hits = 0;

	for (int i = 0; i < POSTS_PER_SET; i++) {
		bool titled = rand_below(&w->rand, 4) == 0;

		make_text(&w->rand, title, sizeof(title));
		make_text(&w->rand, body, sizeof(body));
		post_clear(&post);
		post.text = slice_of(body);
		if (titled)
			post.title = slice_of(title);
		random_post(&w->rand, &post);
		for (size_t k = 0; k < sizeof(modes) / sizeof(*modes); k++) {
			struct ref ref = {.decls = &w->decls,
			    .post = &post,
			    .text = text,
			    .aside = &w->scratch};
			const struct verdict *v;

			text_fold(text, post.title, post.text, TEXT_POST);
			ref.hi = text->tokens;
			ref.to = text->len;
			v = rules_match(m, &post, text, modes[k]);
			buf_clear(&want);
			buf_clear(&got);
			ref_verdict(&ref, modes[k], &want);
			ref_print(rs, v, &got);
			hits += v->hits_count;
			if (!slice_equal(buf_slice(&want), buf_slice(&got)))
				fail_with(w, seed, titled ? title : "-", body,
				    buf_slice(&want), buf_slice(&got),
				    modes[k]);
		}
	}
	buf_fini(&want);
	buf_fini(&got);
	return hits;
}

static uint64_t
from_environment(const char *name, uint64_t otherwise)
{
	const char *value = getenv(name);

	return value == NULL ? otherwise : strtoull(value, NULL, 10);
}

static void
test_random_sets(void **state)
{
	uint64_t pairs = from_environment("VIGIE_TEST_PAIRS", PAIRS_DEFAULT);
	uint64_t seed = from_environment("VIGIE_TEST_SEED", 1), hits = 0;
	uint64_t units = BRANDS + TOPICS + RULES, done = 0;
	struct matcher *m = matcher_new();
	struct diag *diag = diag_new();
	struct world w = {0};
	struct text text;

	(void)state;
	text_init(&text);
	text_init(&w.scratch);
	for (; done < pairs; done += POSTS_PER_SET * units, seed++) {
		struct ruleset *rs;

		world_make(&w, seed);
		rs = ruleset_compile(&w.decls, diag);
		assert_non_null(rs);
		matcher_fit(m, rs);
		hits += judge(&w, seed, m, rs, &text);
		ruleset_unref(rs);
		arena_free(w.arena);
	}
	printf("%llu pairs of a unit and a post, %llu hits\n",
	    (unsigned long long)done, (unsigned long long)hits);
	assert_true(hits > done / 4);
	text_fini(&text);
	text_fini(&w.scratch);
	buf_fini(&w.shown);
	diag_free(diag);
	matcher_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_random_sets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
