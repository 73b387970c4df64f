/*
 * Ids of an organisation that no rule file knows.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/buf.h"
#include "engine/base/suggest.h"
#include "engine/organisation/duty_parts.h"

enum what { WHAT_BRAND, WHAT_SECTOR, WHAT_TOPIC, WHAT_DEPARTMENT };

static const char *const words[2][4] = {
    {"brand", "sector", "topic", "department"},
    {"marque", "secteur", "sujet", "service"}};

struct names {
	const struct ruleset *rules;
	bool french;
	struct diag *diag;
	struct place place; /* of a scope without places */
};

static struct slice
known(const struct ruleset *rules, enum what what, uint32_t i)
{
	switch (what) {
	case WHAT_BRAND:
		return ruleset_brand(rules, i)->id;
	case WHAT_SECTOR:
		return ruleset_sector(rules, i)->id;
	case WHAT_TOPIC:
		return ruleset_topic(rules, i)->id;
	case WHAT_DEPARTMENT:
		break;
	}
	return ruleset_topic(rules, i)->department;
}

static void
check(const struct names *n, enum what what, const struct team_scope *scope,
    size_t at)
{
	const uint32_t counts[] = {ruleset_brands(n->rules),
	    ruleset_sectors(n->rules), ruleset_topics(n->rules),
	    ruleset_topics(n->rules)};
	const char *word = words[n->french][what];
	struct suggest suggest;
	struct buf help = {0};

	suggest_start(&suggest, slice_of(scope->ids[at]));
	for (uint32_t i = 0; i < counts[what]; i++) {
		struct slice id = known(n->rules, what, i);

		if (slice_is(id, scope->ids[at]))
			return;
		if (id.len > 0)
			suggest_offer(&suggest, id);
	}
	if (suggest.best.len > 0)
		buf_printf(&help,
		    n->french ? "vouliez-vous dire « %.*s » ?"
			      : "did you mean '%.*s'?",
		    SLICE_ARG(suggest.best));
	/* A slip of the pen is an error; it may also be of another file. */
	diag_add(n->diag, suggest.best.len > 0 ? DIAG_ERROR : DIAG_WARNING,
	    scope->places != NULL ? scope->places[at] : n->place, "unknown-id",
	    help.len > 0 ? help.data : NULL,
	    n->french ? "%s « %s » : inconnu des règles"
		      : "no rule file knows the %s '%s'",
	    word, scope->ids[at]);
	buf_fini(&help);
}

static void
check_scope(
    const struct names *n, enum what what, const struct team_scope *scope)
{
	for (size_t i = 0; i < scope->count; i++)
		check(n, what, scope, i);
}

void
duty_names(const struct duty *d, const struct ruleset *rules, bool french,
    struct diag *diag)
{
	struct names n = {.rules = rules, .french = french, .diag = diag};

	for (size_t i = 0; i < d->o->teams_count; i++) {
		const struct team *team = &d->o->teams[i];

		n.place = team->place;
		check_scope(&n, WHAT_BRAND, &team->brands);
		check_scope(&n, WHAT_SECTOR, &team->sectors);
		check_scope(&n, WHAT_TOPIC, &team->topics);
		check_scope(&n, WHAT_BRAND, &team->pilot);
		/* its own id is a name that a department gives itself */
		if (team->departments.places != NULL)
			check_scope(&n, WHAT_DEPARTMENT, &team->departments);
	}
	for (size_t i = 0; i < d->o->routes_count; i++) {
		const struct alert_match *m = &d->o->routes[i].match;

		n.place = m->place;
		check_scope(&n, WHAT_BRAND, &m->brands);
		check_scope(&n, WHAT_SECTOR, &m->sectors);
		check_scope(&n, WHAT_TOPIC, &m->topics);
		check_scope(&n, WHAT_DEPARTMENT, &m->departments);
	}
}
