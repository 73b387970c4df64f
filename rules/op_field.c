/*
 * What the post says beside its words.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/op.h"

static bool
eval(struct matcher *m, const struct flat_node *node)
{
	return field_holds(&m->rs->fields[node->first], m->post);
}

static void
occurrences(
    struct matcher *m, const struct flat_node *node, struct occ_list *out)
{
	(void)m, (void)node, (void)out; /* it stands nowhere in the text */
}

const struct rule_op op_field = {
    .about = {"field", "name:value, name:(a OR b), name>=n, name:a..b",
	"a question to the post's fields; what the post does not say is a no",
	"kitkat AND lang:fr AND NOT followers<100", "{text: KitKat, lang: fr}",
	"{text: KitKat, lang: fr, followers: 3}"},
    .eval = eval,
    .occurrences = occurrences,
};
