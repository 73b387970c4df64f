/*
 * What other entries say of the post: brand:x, sector:x, topic:x, rule:x.
 *
 * They speak of the whole post, wherever the label stands.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/op.h"

static bool
eval(struct matcher *m, const struct flat_node *node)
{
	struct scope scope = m->scope;
	bool held;

	m->scope = matcher_scope_all(m);
	switch ((enum label_kind)node->extra) {
	case LABEL_BRAND:
		held = rule_brand(m, node->first);
		break;
	case LABEL_SECTOR:
		held = rule_sector(m, node->first);
		break;
	case LABEL_TOPIC:
		held = rule_topic(m, node->first - m->rs->brands_count);
		break;
	default:
		held = rule_fires(
		    m, node->first - unit_of_rule(m->rs, 0), m->brand);
		break;
	}
	m->scope = scope;
	return held;
}

static void
occurrences(
    struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	(void)m, (void)node, (void)out; /* it is told of the post, not found */
}

const struct rule_op op_label = {
    .about = {"label", "brand:id, sector:id, topic:id, rule:id",
	"what another entry says: the brand is named, a brand of the sector "
	"is, the topic is spoken of, the rule fires (for the same brand)",
	"brand:kitkat AND NOT palm", "un KitKat", "un KitKat, palm oil"},
    .eval = eval,
    .occurrences = occurrences,
};
