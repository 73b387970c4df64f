/*
 * What keeps alerts from being told: silences, calendars, inhibition,
 * grouping.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/organisation/organisation_read.h"

#include "engine/settings.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static void
silence_match(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_match(r, &((struct silence *)into)->match, n);
}

static void
silence_author(struct reading *r, void *into, const struct yaml *n)
{
	((struct silence *)into)->author = organisation_read_text(r, n);
}

static void
silence_reason(struct reading *r, void *into, const struct yaml *n)
{
	((struct silence *)into)->reason = organisation_read_text(r, n);
}

static void
silence_until(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_time(r, n, &((struct silence *)into)->until_ms);
}

void
organisation_read_silences(
    struct reading *r, void *into, const struct yaml *node)
{
	static const struct read_key silence_keys[] = {
	    {"match", silence_match},
	    {"author", silence_author},
	    {"reason", silence_reason},
	    {"until", silence_until},
	};
	static const char *const wanted[] = {
	    "match", "author", "reason", "until"};
	struct organisation_plan *plan = into;
	struct silence *silences =
	    arena_alloc(r->o->arena, (node->count + 1) * sizeof(*silences));
	size_t count = 0;

	for (const struct yaml *n =
		 organisation_read_list(r, node, "a list of silences");
	     n != NULL; n = n->next) {
		if (!organisation_read_map(r, n,
			"{match: ..., author: ..., reason: ..., "
			"until: ...}"))
			continue;
		silences[count].place = n->place;
		organisation_read_keys(r, n, silence_keys, COUNT(silence_keys),
		    "setting of a silence", &silences[count++]);
		organisation_read_wanted(r, n, "a silence", wanted, 4);
	}
	plan->silences = silences;
	plan->silences_count = count;
}

/* ---- calendars */

struct mute_in {
	struct mute *mute;
	struct hours_span *span;
};

static void
mute_team(struct reading *r, void *into, const struct yaml *n)
{
	((struct mute_in *)into)->mute->team = organisation_read_team_ref(r, n);
}

static void
mute_days(struct reading *r, void *into, const struct yaml *n)
{
	((struct mute_in *)into)->span->days = organisation_read_days(r, n);
}

static void
mute_match(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_match(r, &((struct mute_in *)into)->mute->match, n);
}

static void
mute_reason(struct reading *r, void *into, const struct yaml *n)
{
	((struct mute_in *)into)->mute->reason = organisation_read_text(r, n);
}

static void
mute_hours(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_hours(r, &((struct mute_in *)into)->mute->hours, n);
}

void
organisation_read_mutes(struct reading *r, void *into, const struct yaml *node)
{
	static const struct read_key mute_keys[] = {
	    {"team", mute_team},
	    {"days", mute_days},
	    {"hours", mute_hours},
	    {"match", mute_match},
	    {"reason", mute_reason},
	};
	static const char *const wanted[] = {"team", "reason"};
	struct organisation_plan *plan = into;
	struct mute *mutes =
	    arena_alloc(r->o->arena, (node->count + 1) * sizeof(*mutes));
	size_t count = 0;

	for (const struct yaml *n =
		 organisation_read_list(r, node, "a list of calendars");
	     n != NULL; n = n->next) {
		struct mute_in in = {
		    &mutes[count], arena_alloc(r->o->arena, sizeof(*in.span))};

		if (!organisation_read_map(
			r, n, "{team: ..., days: sat-sun, reason: ...}"))
			continue;
		*in.mute =
		    (struct mute){.match.level_max = 4, .place = n->place};
		*in.span = (struct hours_span){.to_min = 1440};
		organisation_read_keys(r, n, mute_keys, COUNT(mute_keys),
		    "setting of a calendar", &in);
		organisation_read_wanted(r, n, "a calendar", wanted, 2);
		if (in.mute->hours.spans_count == 0 &&
		    yaml_get(n, "hours") == NULL) {
			in.mute->hours.spans = in.span;
			in.mute->hours.spans_count = in.span->days != 0;
		} else if (in.span->days != 0) {
			diag_add(r->diag, DIAG_ERROR, n->place, "twice",
			    "hours: [{days: ..., from: ..., to: ...}]",
			    "days: and hours: together");
		}
		if (yaml_get(n, "hours") == NULL && in.span->days == 0)
			diag_add(r->diag, DIAG_ERROR, n->place,
			    "missing-setting", "days: sat-sun",
			    "a calendar has days: or hours:");
		in.mute->hours.zone =
		    in.mute->team != NULL ? in.mute->team->hours.zone : r->zone;
		count++;
	}
	plan->mutes = mutes;
	plan->mutes_count = count;
}

/* ---- inhibition and grouping */

static unsigned
read_traits(struct reading *r, const struct yaml *n)
{
	static const char *const traits[] = {
	    "sector", "brand", "topic", "kind", "level", "language"};
	bool list = n->kind == YAML_LIST;
	const struct yaml *item = list ? n->first : n;
	unsigned bits = 0;

	for (; item != NULL; item = list ? item->next : NULL) {
		int i = organisation_read_word(
		    r, item, "trait of an alert", traits, COUNT(traits));

		if (i >= 0)
			bits |= 1u << i;
	}
	return bits;
}

static void
inhibit_source(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_match(r, &((struct inhibit *)into)->source, n);
}

static void
inhibit_target(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_match(r, &((struct inhibit *)into)->target, n);
}

static void
inhibit_equal(struct reading *r, void *into, const struct yaml *n)
{
	((struct inhibit *)into)->equal = read_traits(r, n);
}

void
organisation_read_inhibits(
    struct reading *r, void *into, const struct yaml *node)
{
	static const struct read_key inhibit_keys[] = {
	    {"source", inhibit_source},
	    {"target", inhibit_target},
	    {"equal", inhibit_equal},
	};
	static const char *const wanted[] = {"source", "target", "equal"};
	struct organisation_plan *plan = into;
	struct inhibit *inhibits =
	    arena_alloc(r->o->arena, (node->count + 1) * sizeof(*inhibits));
	size_t count = 0;

	for (const struct yaml *n = organisation_read_list(r, node, "a list");
	     n != NULL; n = n->next) {
		if (!organisation_read_map(
			r, n, "{source: ..., target: ..., equal: ...}"))
			continue;
		inhibits[count].place = n->place;
		organisation_read_keys(r, n, inhibit_keys, COUNT(inhibit_keys),
		    "setting of an inhibition", &inhibits[count++]);
		organisation_read_wanted(r, n, "an inhibition", wanted, 3);
	}
	plan->inhibits = inhibits;
	plan->inhibits_count = count;
}

static void
group_by(struct reading *r, void *into, const struct yaml *n)
{
	((struct grouping *)into)->by = read_traits(r, n);
}

static void
group_wait(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_duration(r, n, &((struct grouping *)into)->wait_ms);
}

static void
group_interval(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_duration(
	    r, n, &((struct grouping *)into)->interval_ms);
}

static void
group_repeat(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_duration(r, n, &((struct grouping *)into)->repeat_ms);
}

static void
group_backoff(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_number(
	    r, n, 1, 100, &((struct grouping *)into)->backoff);
}

void
organisation_read_group(struct reading *r, void *into, const struct yaml *node)
{
	static const struct read_key group_keys[] = {
	    {"by", group_by},
	    {"wait", group_wait},
	    {"interval", group_interval},
	    {"repeat", group_repeat},
	    {"backoff", group_backoff},
	};
	struct organisation_plan *plan = into;

	plan->group = (struct grouping){.given = true,
	    .by = TRAIT_BRAND | TRAIT_TOPIC,
	    .wait_ms = 120000,
	    .interval_ms = 900000,
	    .repeat_ms = 14400000,
	    .backoff = 2};
	if (organisation_read_map(
		r, node, "{by: [brand, topic], wait: 2m, ...}"))
		organisation_read_keys(r, node, group_keys, COUNT(group_keys),
		    "setting of group", &plan->group);
}
