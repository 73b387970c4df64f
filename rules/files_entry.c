/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/buf.h"
#include "engine/base/limits.h"
#include "engine/base/suggest.h"
#include "rules/files.h"

const struct yaml *
files_open(struct files *f, const struct yaml *node)
{
	if (!node->closed)
		return node;
	arena_reset(f->opened);
	return yaml_open(f->opened, node);
}

static void
add_examples(struct files *f, struct decl *d, const struct yaml *node, bool hit)
{
	const struct yaml *v = node;
	uint32_t n = d->examples_count, room;
	struct example *all;

	if (node == NULL || node->broken)
		return;
	room = n + (node->kind == YAML_LIST ? node->count : 1);
	all = arena_alloc(f->decls->arena, room * sizeof(*all));
	if (n > 0)
		memcpy(all, d->examples, n * sizeof(*all));
	if (node->kind == YAML_LIST)
		v = node->first;
	for (; v != NULL; v = node->kind == YAML_LIST ? v->next : NULL) {
		if (files_example(f, v, &all[n]))
			all[n++].hit = hit;
	}
	d->examples = all;
	d->examples_count = n;
}

void
files_examples(struct files *f, struct decl *d, const struct yaml *node)
{
	if (d->disabled)
		return;
	add_examples(f, d, yaml_get(node, "hit"), true);
	add_examples(f, d, yaml_get(node, "miss"), false);
}

static void
common_parts(struct files *f, struct decl *d, const struct yaml *node)
{
	f->entry = d;
	files_examples(f, d, node);
}

static const char *const brand_word_help =
    "it stands for the rule's brand, in the when of a rule with brand:; to "
    "search the word write \"brand\" in double quotes";

static void
match_and_not(struct files *f, struct decl *d, const struct yaml *node)
{
	if (yaml_get(node, "match") == NULL)
		files_value_error(f, node, "missing-key",
		    "write match: and a query", "match is missing");
	d->match = files_value_query(f, node, "match", brand_word_help);
	d->not = files_value_query(f, node, "not", brand_word_help);
}

/* "@KitKat" as posts name their authors when folded: "kitkat". */
static struct slice
fold_account(struct files *f, struct slice name)
{
	struct text *t = &f->scope->text;

	text_fold(t, SLICE_NONE, name, TEXT_QUERY);
	if (t->len < 2 || t->bytes[0] != '@')
		return SLICE_NONE;
	return scope_word(
	    f->scope, (struct slice){t->bytes + 1, t->len - 1});
}

static void
own_accounts(struct files *f, struct brand_decl *b, const struct yaml *node)
{
	const struct yaml *v = node;

	if (node == NULL || node->broken)
		return;
	if (node->kind == YAML_MAP) {
		files_value_error(f, node, "no-list", "write ['@kitkat']",
		    "a list of accounts is wanted");
		return;
	}
	if (node->kind == YAML_LIST)
		v = node->first;
	b->own = arena_alloc(f->decls->arena,
	    (node->count > 0 ? node->count : 1) * sizeof(*b->own));
	for (; v != NULL; v = node->kind == YAML_LIST ? v->next : NULL) {
		const struct yaml *scalar = files_value_scalar(f, v);
		struct slice name;

		if (scalar == NULL || !files_value_text(f, scalar, &name))
			continue;
		name = fold_account(f, name);
		if (name.data == NULL)
			files_value_error(f, scalar, "no-account",
			    "write it with its sign: '@kitkat'",
			    "this is no account");
		else
			b->own[b->own_count++] = name;
	}
}

void
files_entry_brand(struct files *f, uint32_t index)
{
	static const char *const keys[] = {
	    "match", "not", "name", "company", "own", "hit", "miss", NULL};
	struct brand_decl *b = &f->decls->brands[index];
	const struct yaml *node = files_open(f, f->brand_nodes[index]), *v;

	b->name = b->d.id;
	b->company = SLICE("");
	if (!files_value_keys(f, node, "a brand", keys))
		return;
	common_parts(f, &b->d, node);
	match_and_not(f, &b->d, node);
	if ((v = yaml_get(node, "name")) != NULL)
		files_value_text(f, v, &b->name);
	if ((v = yaml_get(node, "company")) != NULL)
		files_value_text(f, v, &b->company);
	own_accounts(f, b, yaml_get(node, "own"));
}

static void
topic_name(struct files *f, struct topic_decl *t, const struct yaml *node)
{
	struct slice fr = SLICE_NONE, en = SLICE_NONE;

	if (node != NULL)
		files_value_name(f, node, &fr, &en);
	if (fr.data != NULL) {
		t->name_fr = fr;
		t->name_en = en;
	}
}

static void
weight(struct files *f, const struct yaml *node, int32_t *out)
{
	node = yaml_get(node, "weight");
	if (node != NULL)
		files_value_milli(
		    f, node, -WEIGHT_MILLI_MAX, WEIGHT_MILLI_MAX, out);
}

static void
severity(struct files *f, const struct yaml *node, uint8_t *out)
{
	node = yaml_get(node, "severity");
	if (node == NULL || node->broken)
		return;
	if (node->kind == YAML_SCALAR && node->text.len == 1 &&
	    node->text.data[0] >= '0' && node->text.data[0] <= '4')
		*out = (uint8_t)(node->text.data[0] - '0');
	else
		files_value_error(f, node, "bad-number",
		    "0 none, 1 low, 2 serious, 3 grave, 4 alarm at once",
		    "a severity is a whole number from 0 to 4");
}

static void
role(struct files *f, const struct yaml *node, uint8_t *out)
{
	struct slice text;

	if (node == NULL || !files_value_text(f, node, &text))
		return;
	if (slice_is(text, "removal"))
		*out = ROLE_REMOVAL;
	else if (slice_is(text, "mirror"))
		*out = ROLE_MIRROR;
	else
		files_value_error(f, node, "bad-role",
		    "removal: something is taken down or denied; mirror: it "
		    "is put up again",
		    "a role is removal or mirror");
}

void
files_entry_topic(struct files *f, uint32_t index)
{
	static const char *const keys[] = {"match", "not", "name", "department",
	    "weight", "severity", "family", "group", "role", "hit", "miss",
	    NULL};
	struct topic_decl *t = &f->decls->topics[index];
	const struct yaml *node = files_open(f, f->topic_nodes[index]), *v;

	t->name_fr = t->name_en = t->d.id;
	t->department = SLICE("");
	t->weight_milli = 2000;
	t->severity = 1;
	t->group = RULES_NONE;
	if (!files_value_keys(f, node, "a topic", keys))
		return;
	common_parts(f, &t->d, node);
	match_and_not(f, &t->d, node);
	topic_name(f, t, yaml_get(node, "name"));
	if ((v = yaml_get(node, "department")) != NULL)
		files_value_text(f, v, &t->department);
	weight(f, node, &t->weight_milli);
	files_weight_group(f, node, &t->group);
	files_weight_family(f, node, &t->family, &t->severity);
	severity(f, node, &t->severity);
	role(f, yaml_get(node, "role"), &t->roles);
}

static struct slice
sector_name(const struct files *f, uint32_t sector)
{
	return sector == RULES_NONE ? SLICE("(common)")
				    : f->decls->sectors[sector].id;
}

/* An unknown brand or topic of a rule, with those it could name. */
static void
unknown(struct files *f, const struct yaml *node, const struct decl *rule,
    bool brand)
{
	const struct decls *d = f->decls;
	struct suggest s;
	struct buf help = {0};

	suggest_start(&s, node->text);
	for (uint32_t i = 0; brand && i < d->brands_count; i++)
		if (rule->sector == RULES_NONE ||
		    d->brands[i].d.sector == rule->sector)
			suggest_offer(&s, d->brands[i].d.id);
	for (uint32_t i = 0; !brand && i < d->topics_count; i++)
		if (d->topics[i].d.sector == RULES_NONE ||
		    d->topics[i].d.sector == rule->sector)
			suggest_offer(&s, d->topics[i].d.id);
	suggest_say(&s, brand ? "brands of this sector"
			      : "topics of this sector and of common files",
	    &help);
	diag_add(f->diag, DIAG_ERROR,
	    node->text.len > 0 ? node->place : node->key_place,
	    brand ? "unknown-brand" : "unknown-topic", help.data,
	    "unknown %s '%.*s'", brand ? "brand" : "topic",
	    SLICE_ARG(node->text));
	buf_fini(&help);
}

static void
add_brand(struct files *f, struct rule_decl *r, const struct yaml *node)
{
	struct buf text = {0};
	uint32_t sector, index;

	if (node->kind != YAML_SCALAR || node->broken) {
		files_value_error(f, node, "no-text", NULL,
		    "a brand's id is wanted here");
		return;
	}
	if (slice_is(node->text, "*")) {
		files_value_error(f, node, "every-brand",
		    "write brand: '*' alone, or the brands one by one",
		    "'*' is every brand of the sector, so no list is needed");
		return;
	}
	if (!files_world_brand(f, node->text, &index, &sector)) {
		unknown(f, node, &r->d, true);
		return;
	}
	if (r->d.sector != RULES_NONE && sector != r->d.sector) {
		buf_printf(&text, "brand '%.*s' belongs to the sector '%.*s'",
		    SLICE_ARG(node->text), SLICE_ARG(sector_name(f, sector)));
		buf_char(&text, '\0');
		files_value_error(f, node, "other-sector",
		    "put the rule into a file of that sector, or into a common "
		    "file",
		    text.data);
		buf_fini(&text);
		return;
	}
	for (uint32_t i = 0; i < r->brands_count; i++)
		if (r->brands[i] == index) {
			files_value_error(f, node, "repeated-id", NULL,
			    "this brand is named twice");
			return;
		}
	r->brands[r->brands_count++] = index;
}

static void
rule_brands(struct files *f, struct rule_decl *r, const struct yaml *node)
{
	const struct yaml *v;

	if (node == NULL || node->broken)
		return;
	if (node->kind == YAML_SCALAR && slice_is(node->text, "*")) {
		r->every_brand = true;
		return;
	}
	if (node->kind == YAML_MAP || (node->kind == YAML_LIST &&
					  node->count == 0)) {
		files_value_error(f, node, "no-text",
		    "write one id, a list of ids [a, b], or '*' for every "
		    "brand of the sector",
		    "a brand is wanted here");
		return;
	}
	r->brands = arena_alloc(f->decls->arena,
	    (node->count > 0 ? node->count : 1) * sizeof(*r->brands));
	if (node->kind == YAML_SCALAR)
		add_brand(f, r, node);
	else
		for (v = node->first; v != NULL; v = v->next)
			add_brand(f, r, v);
}

static void
rule_topic(struct files *f, struct rule_decl *r, const struct yaml *node)
{
	struct files_topic t;
	struct slice text;

	if (node == NULL || !files_value_text(f, node, &text))
		return;
	if (!files_world_topic(f, text, &t)) {
		unknown(f, node, &r->d, false);
		return;
	}
	if (t.sector != RULES_NONE && t.sector != r->d.sector) {
		files_value_error(f, node, "other-sector",
		    "put the topic into a common file, or the rule into a file "
		    "of its sector",
		    "this topic belongs to another sector");
		return;
	}
	r->topic = t.index;
	r->severity = t.severity;
	r->family = t.family;
	r->department = t.department;
}

void
files_entry_rule(struct files *f, uint32_t index)
{
	static const char *const keys[] = {"when", "not", "weight", "severity",
	    "brand", "topic", "family", "group", "department", "replaces",
	    "name", "hit", "miss", NULL};
	struct rule_decl *r = &f->decls->rules[index];
	const struct yaml *node = files_open(f, f->rule_nodes[index]);
	const struct yaml *brand, *topic, *department;
	const char *why = NULL; /* the word brand has no meaning */

	r->topic = RULES_NONE;
	r->weight_milli = 1000;
	r->severity = 1;
	r->group = RULES_NONE;
	r->department = SLICE("");
	if (!files_value_keys(f, node, "a rule", keys))
		return;
	brand = yaml_get(node, "brand");
	topic = yaml_get(node, "topic");
	common_parts(f, &r->d, node);
	rule_brands(f, r, brand);
	rule_topic(f, r, topic);
	weight(f, node, &r->weight_milli);
	files_weight_group(f, node, &r->group);
	files_weight_family(f, node, &r->family, &r->severity);
	severity(f, node, &r->severity);
	if ((department = yaml_get(node, "department")) != NULL)
		files_value_text(f, department, &r->department);
	files_weight_replaces(f, r, node);
	if (brand == NULL)
		why = "add brand: and a brand's id to the rule, or '*' for "
		      "every brand of the sector";
	if (!r->d.disabled && files_condition_is(node)) {
		files_condition(f, index, node, why);
		return;
	}
	if (yaml_get(node, "name") != NULL && !r->d.disabled)
		files_value_error(f, yaml_get(node, "name"), "rule-name",
		    "only a condition, with count() or authors() in when:, is "
		    "told of by a name",
		    "a rule has no name");
	r->d.match = files_value_query(f, node, "when", why);
	r->d.not = files_value_query(f, node, "not", why);
	if (r->d.disabled)
		r->d.match = files_local_never(f, &r->d);
	if (yaml_get(node, "when") == NULL && (brand == NULL || topic == NULL))
		files_value_error(f, node, "missing-key",
		    "write when: and a query; only a rule with brand: and "
		    "topic: can do without",
		    "when is missing");
}
