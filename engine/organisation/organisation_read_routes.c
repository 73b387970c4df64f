/*
 * Routes and steps of escalation of an organisation file.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/organisation/organisation_read.h"

#include "engine/settings.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static void
route_match(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_match(r, &((struct route_rule *)into)->match, n);
}

static void
route_owner_key(struct reading *r, void *into, const struct yaml *n)
{
	((struct route_rule *)into)->owner = organisation_read_team_ref(r, n);
}

static void
route_inform(struct reading *r, void *into, const struct yaml *n)
{
	struct route_rule *rule = into;

	rule->inform = organisation_read_team_refs(r, n, &rule->inform_count);
}

static void
route_continue(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_bool(r, n, &((struct route_rule *)into)->go_on);
}

void
organisation_read_routes(struct reading *r, void *into, const struct yaml *node)
{
	static const struct read_key route_keys[] = {
	    {"match", route_match},
	    {"owner", route_owner_key},
	    {"inform", route_inform},
	    {"continue", route_continue},
	};
	struct route_rule *rules =
	    arena_alloc(r->o->arena, (node->count + 1) * sizeof(*rules));
	size_t count = 0;

	(void)into;
	for (const struct yaml *n =
		 organisation_read_list(r, node, "a list of routes");
	     n != NULL; n = n->next) {
		struct route_rule *rule = &rules[count];

		if (!organisation_read_map(r, n, "{match: {...}, owner: TEAM}"))
			continue;
		*rule = (struct route_rule){
		    .match.level_max = 4, .place = n->place};
		organisation_read_keys(r, n, route_keys, COUNT(route_keys),
		    "setting of a route", rule);
		count++;
		if (yaml_get(n, "owner") == NULL && !rule->go_on)
			diag_add(r->diag, DIAG_ERROR, n->place, "no-owner",
			    "owner: TEAM; or continue: true, to inform only",
			    "this route gives the alert to nobody");
		if (rule->go_on && rule->owner != NULL)
			diag_add(r->diag, DIAG_ERROR, n->place, "no-owner",
			    "leave out one of the two",
			    "continue: true goes on looking for the owner, so "
			    "owner: means nothing");
	}
	r->o->routes = rules;
	r->o->routes_count = count;
}

/* ---- escalation */

static void
step_after(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_duration(
	    r, n, &((struct escalation_step *)into)->after_ms);
}

static void
step_repeat(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_duration(
	    r, n, &((struct escalation_step *)into)->repeat_ms);
}

/* A team of that name comes before the word. */
static void
step_to(struct reading *r, void *into, const struct yaml *n)
{
	static const char *const roles[] = {[ESCALATE_OWNER] = "owner",
	    [ESCALATE_DEPUTIES] = "deputies",
	    [ESCALATE_CENTRE] = "centre",
	    [ESCALATE_INFORMED] = "informed"};
	struct escalation_step *step = into;
	bool list = n->kind == YAML_LIST;
	const struct yaml *item = list ? n->first : n;
	struct escalation_target *to =
	    arena_alloc(r->o->arena, (n->count + 1) * sizeof(*to));

	step->to = to;
	for (; item != NULL; item = list ? item->next : NULL) {
		struct escalation_target target = {ESCALATE_TEAM, NULL};

		if (item->kind == YAML_SCALAR && item->text.len > 0)
			target.team = organisation_team(
			    r->o, arena_text(r->o->arena, item->text).data);
		for (size_t i = 1; i < COUNT(roles) && target.team == NULL &&
				   target.role == ESCALATE_TEAM;
		     i++)
			if (item->kind == YAML_SCALAR &&
			    slice_is(item->text, roles[i]))
				target.role = (enum escalation_role)i;
		if (target.role == ESCALATE_TEAM && target.team == NULL)
			target.team = organisation_read_team_ref(r, item);
		if (target.role != ESCALATE_TEAM || target.team != NULL)
			to[step->to_count++] = target;
	}
}

void
organisation_read_escalation(
    struct reading *r, void *into, const struct yaml *node)
{
	static const struct read_key step_keys[] = {
	    {"after", step_after},
	    {"to", step_to},
	    {"repeat", step_repeat},
	};
	static const char *const wanted[] = {"after", "to"};
	struct organisation_plan *plan = into;
	struct escalation_step *steps =
	    arena_alloc(r->o->arena, (node->count + 1) * sizeof(*steps));
	size_t count = 0;

	for (const struct yaml *n =
		 organisation_read_list(r, node, "a list of steps");
	     n != NULL; n = n->next) {
		if (!organisation_read_map(
			r, n, "{after: 15m, to: [deputies]}"))
			continue;
		organisation_read_keys(r, n, step_keys, COUNT(step_keys),
		    "setting of a step", &steps[count]);
		organisation_read_wanted(r, n, "a step", wanted, 2);
		if (count > 0 && steps[count].after_ms > 0 &&
		    steps[count].after_ms < steps[count - 1].after_ms)
			diag_add(r->diag, DIAG_ERROR, n->place, "disorder",
			    "after: counts from the first message",
			    "this step comes before the one above it");
		count++;
	}
	plan->escalation = steps;
	plan->escalation_count = count;
}
