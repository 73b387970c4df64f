/*
 * condition: a rule whose when: counts posts or accounts over time holds.
 *
 * One watch per condition and brand (or sector), made when a post counts for
 * it, idle when its windows are empty.  It is judged at the end of each
 * minute, begins when the condition holds and ends when it has not held for
 * 30 minutes.  Norms are frozen while it lasts, for 72 hours at most.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/density/conditions.h"
#include "engine/view_words.h"

static void *
create(const void *settings)
{
	(void)settings;
	return must_alloc(sizeof(struct conditions));
}

static void
destroy(void *self)
{
	struct conditions *c = self;

	conditions_fini(c);
	free(c);
}

/* Whom the rule is about: its brand, the brand's topic, or its sector. */
static struct key *
key_of(const struct signal_tally *t, const struct rules_condition *c)
{
	struct key *brand;

	if (t->hit->brand == RULES_NONE)
		return keys_sector(t->keys, c->sector);
	brand = keys_brand(t->keys,
	    ruleset_brand(t->rules, t->hit->brand)->sector, t->hit->brand);
	return c->topic == RULES_NONE ? brand :
					keys_pair(t->keys, brand, c->topic);
}

static void
on_tally(void *self, const struct signal_tally *t, struct signal_out *out)
{
	struct conditions *c = self;
	const struct rules_rule *rule = ruleset_rule(t->rules, t->hit->rule);
	struct watch *w;

	(void)out;
	conditions_map(c, t->rules);
	w = conditions_watch(c, rule->condition,
	    key_of(t, ruleset_condition(t->rules, rule->condition)),
	    t->open_minute);
	if (w == NULL)
		counters_bump(t->counters, conditions_cut_total);
	else
		tally_add(&w->tallies[rule->term], t->account, t->minute);
}

static const char *const signs[] = {[THAN_AT_LEAST] = ">=",
    [THAN_MORE] = ">", [THAN_AT_MOST] = "<=", [THAN_LESS] = "<"};

/* "15m", "2h" */
static void
put_window(struct buf *out, uint32_t minutes)
{
	if (minutes % 60 == 0)
		buf_printf(out, "%uh", minutes / 60);
	else
		buf_printf(out, "%um", minutes);
}

static void
put_amount(struct buf *out, int64_t micro, char point)
{
	int64_t tenths = (micro + MICRO / 20) / (MICRO / 10);

	buf_printf(out, "%lld", (long long)(tenths / 10));
	if (tenths % 10 != 0)
		buf_printf(out, "%c%lld", point, (long long)(tenths % 10));
}

static const char *
unit_of(uint64_t n, bool authors, bool french)
{
	if (authors)
		return french ? view_form(n, true, "compte", "comptes") :
				view_form(n, false, "account", "accounts");
	return french ? view_form(n, true, "message", "messages") :
			view_form(n, false, "post", "posts");
}

/* ``54 posts in 1h (at least 50)'' and the like, for each term that holds. */
static void
put_terms(struct buf *out, const struct watch *w, bool french)
{
	static const char *const than_fr[] = {[THAN_AT_LEAST] = "au moins ",
	    [THAN_MORE] = "plus de ", [THAN_AT_MOST] = "au plus ",
	    [THAN_LESS] = "moins de "};
	static const char *const than_en[] = {[THAN_AT_LEAST] = "at least ",
	    [THAN_MORE] = "more than ", [THAN_AT_MOST] = "at most ",
	    [THAN_LESS] = "less than "};
	bool first = true;

	for (uint32_t i = 0; i < w->of->terms_count; i++) {
		const struct rules_term *t = &w->of->terms[i];
		const struct reading *r = &w->readings[i];

		if (!r->holds)
			continue;
		buf_text(out, first ? "" : ", ");
		first = false;
		buf_printf(out, "%llu %s ", (unsigned long long)r->value,
		    unit_of((uint64_t)r->value, t->authors, french));
		buf_text(out, french ? "en " : "in ");
		put_window(out, t->window_minutes);
		buf_text(out, " (");
		buf_text(out, (french ? than_fr : than_en)[t->than]);
		put_amount(out, r->threshold, french ? ',' : '.');
		if (t->of_norm) {
			buf_text(out, french ? ", la normale est " :
					       ", normal is ");
			put_amount(out, r->norm, french ? ',' : '.');
		}
		buf_char(out, ')');
	}
}

static void
put_members(struct buf *out, const struct watch *w)
{
	buf_text(out, "{\"rule\":");
	buf_json(out, slice_of(w->of->id));
	buf_text(out, ",\"when\":");
	buf_json(out, slice_of(w->of->text));
	buf_text(out, ",\"terms\":[");
	for (uint32_t i = 0; i < w->of->terms_count; i++) {
		const struct rules_term *t = &w->of->terms[i];
		const struct reading *r = &w->readings[i];

		buf_printf(out, "%s{\"of\":\"%s\",\"window\":\"",
		    i > 0 ? "," : "", t->authors ? "authors" : "count");
		put_window(out, t->window_minutes);
		buf_printf(out, "\",\"value\":%llu,\"than\":\"%s\","
				"\"threshold\":",
		    (unsigned long long)r->value, signs[t->than]);
		if (r->threshold < 0)
			buf_text(out, "null");
		else
			buf_fixed(out, r->threshold, 6, 6);
		buf_text(out, ",\"norm\":");
		if (r->norm < 0)
			buf_text(out, "null");
		else
			buf_fixed(out, r->norm, 6, 6);
		buf_printf(out, ",\"holds\":%s}", r->holds ? "true" : "false");
	}
	buf_text(out, "]}");
}

static void
put_news(struct signal_out *out, const struct watch *w, uint8_t level)
{
	struct signal_news *n = signal_news_item(out, ALERT_CONDITION,
	    w->key, w->of->id, level);
	bool sector = w->key->subject == ALERT_SECTOR;

	buf_printf(&n->fr, "%s%s\302\240: la condition «\302\240%s\302\240» ",
	    sector ? "Secteur " : "", keys_name(w->key, true),
	    w->of->name_fr);
	buf_printf(&n->en, "%s%s: the condition \"%s\" ",
	    sector ? "Sector " : "", keys_name(w->key, false),
	    w->of->name_en);
	if (level > 0) {
		buf_text(&n->fr, "est remplie\302\240: ");
		put_terms(&n->fr, w, true);
		buf_text(&n->en, "holds: ");
		put_terms(&n->en, w, false);
		buf_char(&n->fr, '.');
		buf_char(&n->en, '.');
	} else {
		buf_text(&n->fr, "ne l'est plus depuis 30 minutes.");
		buf_text(&n->en, "has not held for 30 minutes.");
	}
	put_members(&n->members, w);
}

static void
on_minute(void *self, int64_t minute, struct keys *keys,
    struct signal_out *out)
{
	struct conditions *c = self;
	struct watch *w;

	(void)keys;
	for (uint32_t i = 0; i < c->awake_count; i++) {
		w = c->awake[i];
		switch (conditions_judge(w, minute)) {
		case CONDITION_BEGINS:
			put_news(out, w, w->of->level);
			break;
		case CONDITION_ENDS:
			put_news(out, w, 0);
			break;
		case CONDITION_SAME:
			break;
		}
	}
	conditions_rest(c);
	c->minute = minute;
}

static int64_t
next(const void *self)
{
	const struct conditions *c = self;

	return c->awake_count == 0 ? SIGNAL_NEVER : c->minute + 1;
}

static void
save(const void *self, struct buf *out)
{
	conditions_save(self, out);
}

static bool
load(void *self, struct slice saved, const struct keys *keys)
{
	struct conditions *c = self;
	struct unpack in = unpack_of(saved);

	if (conditions_load(c, &in, keys) && unpack_over(&in))
		return true;
	conditions_fini(c);
	return false;
}

const struct signal_type signal_condition = {
    .kind = ALERT_CONDITION,
    .name = "condition",
    .help = "rules whose when: counts posts or accounts over time",
    .lasting = true,
    .create = create,
    .destroy = destroy,
    .on_tally = on_tally,
    .on_minute = on_minute,
    .next = next,
    .save = save,
    .load = load,
};
