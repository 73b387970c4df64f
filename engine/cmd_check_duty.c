/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cmd_check_duty.h"

#include "engine/base/buf.h"
#include "engine/organisation/duty.h"

/* Rules of the file itself; what is wrong with them is told by a check of
 * theirs. */
static struct ruleset *
load_rules(const struct cmd_check_duty *c, const struct organisation *o)
{
	const struct organisation_plan *plan = o->plan;
	const struct rules_options options = {.now_ms = c->now_ms};
	struct diag *own = diag_new();
	struct ruleset *rules =
	    ruleset_load(plan->rules, plan->rules_count, &options, own);

	if (diag_errors(own) > 0)
		diag_add(c->diag, DIAG_ERROR, plan->rules_place, "bad-rules",
		    c->french ? "vigie check et leur chemin disent pourquoi"
			      : "vigie check and their path say why",
		    c->french ? "ces règles ne se lisent pas"
			      : "these rules cannot be read");
	diag_free(own);
	return rules;
}

static bool
has_brands(const struct ruleset *rules)
{
	return rules != NULL && ruleset_brands(rules) > 0;
}

static void
prove(const struct cmd_check_duty *c, const struct organisation *o,
    const struct ruleset *own, bool json, struct buf *out)
{
	struct duty *d = duty_new(o, own, c->now_ms);

	if (own != NULL || has_brands(c->rules))
		duty_names(d, own != NULL ? own : c->rules, c->french, c->diag);
	if (o->plan->promises)
		duty_prove(d, c->french, c->diag);
	if (json)
		duty_json(d, out);
	else if (o->plan->promises)
		duty_say(d, c->french, out);
	else
		buf_printf(out,
		    c->french ? "%s: %s, ne promet aucun responsable\n"
			      : "%s: %s, promises no owner\n",
		    o->plan->path, organisation_model_name(o->model));
	duty_free(d);
}

static bool
sees_all(const struct team *t)
{
	return t->brands.all || t->sectors.all;
}

/* Ids of those that see all, or of the others: kind: that they would be. */
static void
put_ids(const struct organisation *o, bool all, struct buf *out)
{
	const char *comma = "";

	for (size_t i = 0; i < o->teams_count; i++)
		if (sees_all(&o->teams[i]) == all) {
			buf_printf(out, "%s%s", comma, o->teams[i].id);
			comma = ", ";
		}
	if (comma[0] == '\0')
		buf_text(out, "-");
	buf_char(out, '\0');
}

/* A file from before there were models still works; it can promise nothing.
 * What is to be written is told with the ids that are there. */
static void
without_model(const struct cmd_check_duty *c, const struct organisation *o,
    struct buf *out)
{
	struct buf centres = {0}, others = {0};

	put_ids(o, true, &centres);
	put_ids(o, false, &others);
	buf_printf(out, c->french ?
	    "%s: sans modèle, rien n'est promis ni prouvé\n"
	    "  l'équipe la plus proche est responsable à toute heure, sans "
	    "suppléant\n"
	    "  pour une preuve : « model: coordinated » au-dessus de teams:, "
	    "« kind: centre » à %s,\n  « kind: brand » ou « agency » à %s, "
	    "puis promise: (docs/ORGANISATION.md)\n" :
	    "%s: no model, so nothing is promised or proved\n"
	    "  the nearest team owns, whatever the hour, and nobody stands in\n"
	    "  for a proof: 'model: coordinated' above teams:, 'kind: centre' "
	    "into %s,\n  'kind: brand' or 'agency' into %s, then promise: "
	    "(docs/ORGANISATION.md)\n",
	    o->plan->path, centres.data, others.data);
	buf_fini(&centres);
	buf_fini(&others);
}

void
cmd_check_duty(const struct cmd_check_duty *c, const struct organisation *o,
    bool json, struct buf *out)
{
	struct ruleset *own = NULL;

	if (o->model == MODEL_NONE) {
		if (!json)
			without_model(c, o, out);
		return;
	}
	if (o->plan->rules_count > 0) {
		own = load_rules(c, o);
		if (own == NULL)
			return;
	}
	prove(c, o, own, json, out);
	if (own != NULL)
		ruleset_unref(own);
}
