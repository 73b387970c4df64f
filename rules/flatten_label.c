/*
 * Labels to the units that they name, which are flattened before.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/must.h"
#include "rules/builder.h"

void
flatten_unit(struct builder *b, uint32_t index)
{
	const struct decls *d = b->decls;
	struct ruleset *rs = b->rs;
	struct unit *unit = &rs->units[index];
	const struct decl *decl;

	if (b->flattened[index])
		return;
	b->flattened[index] = 1; /* there are no cycles */
	unit->topic = RULES_NONE;
	if (index < rs->brands_count) {
		decl = &d->brands[index].d;
	} else if (index < unit_of_rule(rs, 0)) {
		decl = &d->topics[index - rs->brands_count].d;
	} else {
		const struct rule_decl *rule =
		    &d->rules[index - unit_of_rule(rs, 0)];

		decl = &rule->d;
		unit->topic = rule->topic;
		if (rule->topic != RULES_NONE)
			flatten_unit(b, unit_of_topic(rs, rule->topic));
	}
	unit->match = flatten_node(b, decl->match, index);
	unit->not = flatten_node(b, decl->not, index);
}

static struct slice
id_at(const struct decls *d, enum label_kind what, uint32_t i)
{
	return what == LABEL_BRAND   ? d->brands[i].d.id
	       : what == LABEL_TOPIC ? d->topics[i].d.id
	       : what == LABEL_RULE  ? d->rules[i].d.id
				     : d->sectors[i].id;
}

/* All arrays are sorted by id, and files_label.c has found every label. */
static uint32_t
find(const struct decls *d, enum label_kind what, struct slice id)
{
	uint32_t low = 0, high = what == LABEL_BRAND   ? d->brands_count
				 : what == LABEL_TOPIC ? d->topics_count
				 : what == LABEL_RULE  ? d->rules_count
						       : d->sectors_count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		int order = slice_order(id_at(d, what, mid), id);

		if (order == 0)
			return mid;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	UNREACHABLE("a label that names nothing");
}

uint32_t
flatten_label(
    struct builder *b, const struct node *node, struct flat_node *out)
{
	uint32_t i = find(b->decls, node->label.what, node->label.id);

	*out = (struct flat_node){
	    .kind = NODE_LABEL, .extra = node->label.what};
	switch (node->label.what) {
	case LABEL_BRAND:
		out->first = i;
		break;
	case LABEL_TOPIC:
		out->first = unit_of_topic(b->rs, i);
		break;
	case LABEL_RULE:
		out->first = unit_of_rule(b->rs, i);
		break;
	case LABEL_SECTOR:
		out->first = i;
		for (uint32_t k = 0; k < b->rs->brands_count; k++)
			if (b->decls->brands[k].d.sector == i)
				flatten_unit(b, k);
		break;
	}
	if (node->label.what != LABEL_SECTOR)
		flatten_unit(b, out->first);
	b->labels_count++;
	builder_push(&b->key, out, sizeof(*out));
	return builder_intern(b, 'n', b->nodes.count);
}
