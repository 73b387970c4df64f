/*
 * Why a post matched or not: what both forms of the answer need.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/explain.h"

#include "rules/regex.h"

static void
put_phrase(
    const struct explain *e, const struct flat_node *node, struct buf *out)
{
	if (node->count > 1)
		buf_char(out, '"');
	for (uint32_t i = 0; i < node->count; i++) {
		const struct flat_token *t = &e->rs->tokens[node->first + i];

		if (i > 0)
			buf_char(out, ' ');
		if (t->sign != 0)
			buf_char(out, t->sign);
		buf_put(out, e->rs->bytes + t->text, t->len);
		if (t->form == TOKEN_PREFIX)
			buf_char(out, '*');
	}
	if (node->count > 1)
		buf_char(out, '"');
}

static void
put_label(
    const struct explain *e, const struct flat_node *node, struct buf *out)
{
	if (node->extra == LABEL_SECTOR) {
		buf_printf(out, "sector:%.*s",
		    SLICE_ARG(e->rs->sectors[node->first].id));
		return;
	}
	if (node->extra == LABEL_RULE)
		buf_text(out, "rule:");
	ruleset_unit_name(e->rs, node->first, out);
}

void
explain_node(const struct explain *e, uint32_t index, struct buf *out)
{
	const struct flat_node *node = &e->rs->nodes[index];
	const struct flat_exact *exact;
	struct slice list;

	switch ((enum node_kind)node->kind) {
	case NODE_PHRASE:
		put_phrase(e, node, out);
		break;
	case NODE_REGEX:
		buf_char(out, '/');
		buf_slice_put(out, e->rs->regexes[node->first].pattern);
		buf_text(out, e->rs->regexes[node->first].raw ? "/r" : "/");
		break;
	case NODE_EXACT:
		exact = &e->rs->exacts[node->extra];
		buf_printf(out, "exact:\"%.*s\"", (int)exact->len,
		    e->rs->bytes + exact->text);
		break;
	case NODE_DISGUISED:
		buf_text(out, "disguised:");
		put_phrase(e, &e->rs->nodes[node->first], out);
		break;
	case NODE_WITHIN:
		buf_printf(out, "~%u", node->extra);
		break;
	case NODE_SENTENCE:
		buf_text(out, "SENTENCE");
		break;
	case NODE_ATLEAST:
		buf_printf(out, "ATLEAST/%u", node->extra);
		break;
	case NODE_PART:
		buf_text(out, node->ordered ? "title:" : "text:");
		break;
	case NODE_NEAR:
		buf_printf(out, "%s/%u", node->ordered ? "ONEAR" : "NEAR",
		    node->extra);
		break;
	case NODE_OR:
		list = node->extra == SET_NONE ? SLICE_NONE
					       : e->rs->sets[node->extra].name;
		if (list.len > 0)
			buf_printf(out, "@list(%.*s)", SLICE_ARG(list));
		else
			buf_text(out, "OR");
		break;
	case NODE_MACRO:
		buf_printf(out, "@macro(%.*s)",
		    SLICE_ARG(e->rs->macro_names[node->extra]));
		break;
	case NODE_LABEL:
		put_label(e, node, out);
		break;
	case NODE_FIELD:
		buf_slice_put(out, e->rs->fields[node->first].text);
		break;
	case NODE_BRAND:
		buf_text(out, "brand");
		break;
	default:
		buf_text(out, node->kind == NODE_AND ? "AND" : "NOT");
		break;
	}
}

const uint32_t *
explain_parts(const struct explain *e, uint32_t index, uint32_t *count)
{
	const struct flat_node *node = &e->rs->nodes[index];

	*count = 0;
	if (node->kind == NODE_PHRASE || node->kind == NODE_REGEX ||
	    node->kind == NODE_EXACT || node->kind == NODE_DISGUISED ||
	    node->kind == NODE_BRAND || node->kind == NODE_FIELD ||
	    node->kind == NODE_LABEL)
		return NULL;
	*count = node->count;
	return e->rs->children + node->first;
}

void
explain_enter(struct explain *e, uint32_t index, bool held)
{
	const struct flat_node *node = &e->rs->nodes[index];
	struct scope scope = e->m->scope;

	if (node->kind == NODE_PART)
		matcher_enter_part(e->m, node->ordered);
	if (node->kind != NODE_SENTENCE || !held)
		return;
	for (uint32_t i = 0; i < e->m->sentences_count; i++) {
		if (matcher_enter_sentence(e->m, i) &&
		    op_eval(e->m, op_children(e->m, node)[0]))
			return;
		e->m->scope = scope;
	}
}

bool
explain_true(struct explain *e, uint32_t unit, uint32_t brand)
{
	const struct unit *u = &e->rs->units[unit];

	e->m->brand = unit < e->rs->brands_count ? RULES_NONE : brand;
	return (u->match == NODE_NONE || op_eval(e->m, u->match)) &&
	       (u->not == NODE_NONE || !op_eval(e->m, u->not )) &&
	       (u->topic == RULES_NONE || rule_topic(e->m, u->topic));
}

bool
explain_next_rule(
    const struct explain *e, uint32_t brand, uint32_t *state, uint32_t *rule)
{
	const struct ruleset *rs = e->rs;
	const struct {
		const struct ranges *ranges;
		uint32_t at;
	} all[] = {
	    {&rs->brand_rules, brand},
	    {&rs->sector_rules, rs->brands[brand].sector},
	    {&rs->sector_rules, rs->sectors_count},
	};
	uint32_t skip = (*state)++;

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		uint32_t first = all[i].ranges->first[all[i].at];
		uint32_t end = all[i].ranges->first[all[i].at + 1];

		if (skip < end - first) {
			*rule = all[i].ranges->items[first + skip];
			return true;
		}
		skip -= end - first;
	}
	return false;
}

struct explain_word
explain_word(const struct explain *e, const struct occ *occ)
{
	struct explain_word w = {.start = occ->from, .end = occ->to};

	matcher_map(e->m); /* exact: may have left the title's */
	w.title = !text_span(e->text, occ->from, occ->to, &w.start, &w.end);
	w.text = w.title ? (struct slice){e->text->bytes + occ->from,
			       occ->to - occ->from}
			 : (struct slice){
			       e->post->text.data + w.start, w.end - w.start};
	return w;
}

static void
explain(const struct ruleset *rs, const struct post *post,
    const struct hit *only, struct buf *out, unsigned style)
{
	struct matcher *m = matcher_new();
	struct text text;
	struct explain e = {.m = m,
	    .rs = rs,
	    .post = post,
	    .text = &text,
	    .out = out,
	    .only = only,
	    .colour = (style & EXPLAIN_COLOUR) != 0,
	    .french = (style & EXPLAIN_FRENCH) != 0};

	matcher_fit(m, rs);
	text_init(&text);
	text_fold(&text, post->title, post->text, TEXT_POST);
	e.verdict = rules_match(m, post, &text, MATCH_TOPICS | MATCH_SPANS);
	matcher_map(m);
	if (style & EXPLAIN_JSON)
		explain_json(&e);
	else
		explain_people(&e);
	text_fini(&text);
	matcher_free(m);
}

void
rules_explain(const struct ruleset *rs, const struct post *post,
    struct buf *out, unsigned style)
{
	explain(rs, post, NULL, out, style);
}

void
rules_explain_entry(const struct ruleset *rs, const struct post *post,
    enum hit_kind kind, uint32_t index, struct buf *out,
    unsigned style)
{
	explain(rs, post, &(struct hit){.kind = kind, .index = index}, out,
	    style);
}
