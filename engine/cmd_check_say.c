/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cmd_check_say.h"

#include <stdio.h>

#include "engine/base/buf.h"

/* Words of an entry that are shown; the rest is counted. */
#define WORDS_SHOWN 6u

struct words {
	const char *one[2], *many[2]; /* English, French */
};

static const struct words rules_words = {
    {"rule", "règle"}, {"rules", "règles"}};
static const struct words brands_words = {
    {"brand", "marque"}, {"brands", "marques"}};
static const struct words topics_words = {
    {"topic", "sujet"}, {"topics", "sujets"}};
static const struct words conditions_words = {
    {"condition", "condition"}, {"conditions", "conditions"}};
static const struct words organisations_words = {
    {"organisation", "organisation"}, {"organisations", "organisations"}};
static const struct words playbooks_words = {
    {"playbook file", "fichier de consignes"},
    {"playbook files", "fichiers de consignes"}};
static const struct words configurations_words = {
    {"configuration", "configuration"},
    {"configurations", "configurations"}};
static const struct words scenarios_words = {
    {"scenario file", "fichier de scénario"},
    {"scenario files", "fichiers de scénarios"}};
static const struct words warnings_words = {
    {"warning", "avertissement"}, {"warnings", "avertissements"}};

/* "1,204", in French "1 204" with a blank that does not break. */
static void
put_number(struct buf *out, uint64_t n, bool french)
{
	struct buf digits = {0};

	buf_count(&digits, n);
	for (size_t i = 0; i < digits.len; i++)
		if (french && digits.data[i] == ',')
			buf_text(out, "\xc2\xa0");
		else
			buf_char(out, digits.data[i]);
	buf_fini(&digits);
}

static void
put_count(struct buf *out, unsigned n, const struct words *w, bool french)
{
	bool one = french ? n < 2 : n == 1;

	if (out->len > 0)
		buf_text(out, ", ");
	put_number(out, n, french);
	buf_printf(out, " %s", one ? w->one[french] : w->many[french]);
}

/* What local.d has switched off is not there. */
static uint32_t
brands_on(const struct ruleset *rs)
{
	return ruleset_brands(rs) - ruleset_disabled(rs, HIT_BRAND);
}

static uint32_t
topics_on(const struct ruleset *rs)
{
	return ruleset_topics(rs) - ruleset_disabled(rs, HIT_TOPIC);
}

/* A condition is a rule; its terms are not. */
static uint32_t
rules_written(const struct ruleset *rs)
{
	uint32_t n = ruleset_rules(rs) - ruleset_disabled(rs, HIT_RULE);

	for (uint32_t i = 0; i < ruleset_conditions(rs); i++)
		n -= ruleset_condition(rs, i)->terms_count - 1;
	return n;
}

static void
put_people(struct buf *out, const struct cmd_check_summary *s, bool fr)
{
	const struct ruleset *rs = s->rules;
	struct buf took = {0};

	if (!s->only_others) {
		put_count(out, rules_written(rs), &rules_words, fr);
		put_count(out, brands_on(rs), &brands_words, fr);
		put_count(out, topics_on(rs), &topics_words, fr);
		if (ruleset_conditions(rs) > 0)
			put_count(out, ruleset_conditions(rs),
			    &conditions_words, fr);
	}
	if (s->organisations > 0)
		put_count(out, s->organisations, &organisations_words, fr);
	if (s->playbooks > 0)
		put_count(out, s->playbooks, &playbooks_words, fr);
	if (s->configurations > 0)
		put_count(out, s->configurations, &configurations_words, fr);
	if (s->scenarios > 0)
		put_count(out, s->scenarios, &scenarios_words, fr);
	if (diag_warnings(s->diag) > 0)
		put_count(out, diag_warnings(s->diag), &warnings_words, fr);
	buf_fixed(&took, s->took_ns / 1000000, 3, 1);
	if (fr && took.len > 1)
		took.data[took.len - 2] = ',';
	buf_printf(out,
	    fr ? ", le tout compilé en %.*s s" : ", compiled in %.*s s",
	    (int)took.len, took.data);
	buf_fini(&took);
	if (s->cost.ns > 0 && !s->only_others) {
		buf_text(out, fr ? ", environ " : ", about ");
		put_number(out, (uint64_t)s->cost.ns, fr);
		buf_text(out, fr ? " ns par message (" : " ns per post (");
		if (s->posts != NULL)
			put_number(out, s->cost.posts, fr);
		if (s->posts != NULL)
			buf_printf(out, fr ? " de %s)" : " of %s)", s->posts);
		else
			buf_text(out, fr ? "échantillon intégré)"
					 : "built-in sample)");
	}
	buf_char(out, '\n');
}

static void
put_json(struct buf *out, const struct cmd_check_summary *s)
{
	const struct ruleset *rs = s->rules;

	buf_printf(out, "{\"errors\":%u", diag_errors(s->diag));
	if (rs != NULL) {
		buf_printf(out,
		    ",\"rules\":%u,\"brands\":%u,\"topics\":%u,"
		    "\"conditions\":%u",
		    rules_written(rs), brands_on(rs), topics_on(rs),
		    ruleset_conditions(rs));
		buf_printf(out, ",\"bytes\":%zu", ruleset_bytes(rs));
	}
	buf_printf(out,
	    ",\"organisations\":%u,\"playbooks\":%u,\"configurations\":%u,"
	    "\"warnings\":%u",
	    s->organisations, s->playbooks, s->configurations,
	    diag_warnings(s->diag));
	if (rs != NULL)
		buf_printf(out, ",\"ruleset\":\"%016llx\"",
		    (unsigned long long)ruleset_id(rs));
	buf_text(out, ",\"took_ms\":");
	buf_int(out, s->took_ns / 1000000);
	if (rs != NULL && !s->only_others) {
		buf_text(out, ",\"ns_per_post\":");
		buf_int(out, s->cost.ns);
		buf_text(out, ",\"measured_on\":");
		buf_json(out, slice_of(s->posts == NULL ? "built-in sample"
							: s->posts));
	}
	buf_text(out, "}\n");
}

void
cmd_check_summary(const struct cmd_check_summary *s, bool json, bool french)
{
	struct buf out = {0};

	if (json)
		put_json(&out, s);
	else
		put_people(&out, s, french);
	fwrite(out.data, 1, out.len, stdout);
	buf_fini(&out);
}

/* ---- costs ---------------------------------------------------------- */

static void
put_anchors(struct buf *out, const struct rules_costs *costs,
    enum hit_kind kind, uint32_t i, bool json)
{
	struct buf word = {0};
	uint32_t n = 0;

	for (; rules_costs_anchor(costs, kind, i, n, &word); n++) {
		if (json) {
			buf_text(out, n > 0 ? "," : "");
			buf_json(out, buf_slice(&word));
		} else if (n < WORDS_SHOWN) {
			buf_text(out, n > 0 ? ", " : "");
			buf_plain(out, buf_slice(&word));
		}
		buf_clear(&word);
	}
	if (!json && n > WORDS_SHOWN)
		buf_printf(out, " and %u more", n - WORDS_SHOWN);
	buf_fini(&word);
}

static void
put_entry(struct buf *out, const struct ruleset *rs, struct rules_costs *costs,
    enum hit_kind kind, uint32_t i, bool json)
{
	static const char *const hangs_words[] = {"words", "brand", "nothing"};
	enum rules_hangs hangs = rules_costs_hangs(costs, kind, i);
	struct buf name = {0};
	int64_t ns = rules_costs_ns(costs, kind, i);

	rules_name(rs, &(struct hit){.kind = kind, .index = i}, &name);
	if (json) {
		buf_text(out, "{\"rule\":");
		buf_json(out, buf_slice(&name));
		buf_printf(out, ",\"hangs_on\":\"%s\",\"anchors\":[",
		    hangs_words[hangs]);
		put_anchors(out, costs, kind, i, true);
		buf_text(out, "],\"look_ns\":");
		buf_int(out, ns);
		buf_text(out, "}\n");
	} else {
		buf_printf(out, "%7lld ns  %-28.*s ", (long long)ns,
		    (int)name.len, name.data);
		if (hangs == HANGS_ON_NOTHING)
			buf_text(out, "EVERY POST: no word to look for");
		else if (hangs == HANGS_ON_BRAND)
			buf_text(out, "where its brand is named");
		else
			put_anchors(out, costs, kind, i, false);
		buf_char(out, '\n');
	}
	buf_fini(&name);
}

void
cmd_check_costs(const struct ruleset *rs, bool json)
{
	struct rules_costs *costs = rules_costs_new(rs);
	const uint32_t counts[] = {[HIT_RULE] = ruleset_rules(rs),
	    [HIT_BRAND] = brands_on(rs),
	    [HIT_TOPIC] = topics_on(rs)};
	static const enum hit_kind kinds[] = {HIT_BRAND, HIT_TOPIC, HIT_RULE};
	struct buf out = {0};

	if (!json)
		printf("one look at a post, and the words that call for it\n");
	for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++)
		for (uint32_t i = 0; i < counts[kinds[k]]; i++) {
			put_entry(&out, rs, costs, kinds[k], i, json);
			fwrite(out.data, 1, out.len, stdout);
			buf_clear(&out);
		}
	buf_fini(&out);
	rules_costs_free(costs);
}
