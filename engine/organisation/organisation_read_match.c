/*
 * match: which alerts are meant.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/organisation/organisation_read.h"

#include "engine/settings.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static void
read_brand(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_scope(r, &((struct alert_match *)into)->brands, n);
}

static void
read_sector(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_scope(r, &((struct alert_match *)into)->sectors, n);
}

static void
read_topic(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_scope(r, &((struct alert_match *)into)->topics, n);
}

static void
read_department(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_scope(
	    r, &((struct alert_match *)into)->departments, n);
}

static void
read_language(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_codes(r, &((struct alert_match *)into)->languages, n);
}

static void
read_country(struct reading *r, void *into, const struct yaml *n)
{
	organisation_read_codes(r, &((struct alert_match *)into)->countries, n);
}

static void
read_level(struct reading *r, void *into, const struct yaml *n)
{
	struct alert_match *m = into;
	int64_t least, most;

	if (organisation_read_levels(r, n, &least, &most)) {
		m->level_min = (uint8_t)least;
		m->level_max = (uint8_t)most;
	}
}

/* One word or a list of them, as bits. */
static uint32_t
read_bits(struct reading *r, const struct yaml *n, const char *what,
    const char *const *words, size_t count)
{
	bool list = n->kind == YAML_LIST;
	const struct yaml *item = list ? n->first : n;
	uint32_t bits = 0;

	for (; item != NULL; item = list ? item->next : NULL) {
		int i = organisation_read_word(r, item, what, words, count);

		if (i >= 0)
			bits |= 1u << i;
	}
	return bits;
}

static void
read_kind(struct reading *r, void *into, const struct yaml *n)
{
	const char *kinds[ALERT_SILENCE + 1];

	for (unsigned i = 0; i < COUNT(kinds); i++)
		kinds[i] = alert_kind_name((enum alert_kind)i);
	((struct alert_match *)into)->kinds =
	    read_bits(r, n, "kind of an alert", kinds, COUNT(kinds));
}

static void
read_subject(struct reading *r, void *into, const struct yaml *n)
{
	static const char *const subjects[] = {
	    "sector", "brand", "brand_topic"};

	((struct alert_match *)into)->subjects =
	    read_bits(r, n, "subject", subjects, COUNT(subjects));
}

static void
read_talk(struct reading *r, void *into, const struct yaml *n)
{
	static const char *const talks[] = {"external", "internal", "both"};
	int talk = organisation_read_word(r, n, "talk", talks, COUNT(talks));

	if (talk >= 0)
		((struct alert_match *)into)->talk = (unsigned)talk + 1;
}

void
organisation_read_match(
    struct reading *r, struct alert_match *match, const struct yaml *node)
{
	static const struct read_key match_keys[] = {
	    {"brand", read_brand},
	    {"sector", read_sector},
	    {"topic", read_topic},
	    {"department", read_department},
	    {"language", read_language},
	    {"country", read_country},
	    {"level", read_level},
	    {"kind", read_kind},
	    {"subject", read_subject},
	    {"talk", read_talk},
	};

	*match = (struct alert_match){.level_max = 4, .place = node->place};
	if (node->kind == YAML_MAP)
		organisation_read_keys(r, node, match_keys, COUNT(match_keys),
		    "setting of a match", match);
	else
		settings_wants(r->diag, node, "{brand: ..., level: 3..4}");
}

bool
organisation_read_match_text(
    struct organisation *o, struct slice text, struct alert_match *match)
{
	struct reading r = {.o = o, .diag = diag_new(), .zone = zone_utc()};
	const struct yaml *root = yaml_parse(
	    o->arena, diag_file(r.diag, "match", text), text, r.diag);
	bool ok = root != NULL && root->kind == YAML_MAP && root->count > 0;

	if (ok)
		organisation_read_match(&r, match, root);
	ok = ok && diag_errors(r.diag) == 0;
	diag_free(r.diag);
	return ok;
}
