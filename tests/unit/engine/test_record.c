/*
 * Goal: a post becomes the record of the contract: event time, one share per
 * brand with w, p, g and topics, the pseudo-brand, own accounts and what they
 * say without a name, quoted words.
 * Method: a small rule file written to a temporary place, posts through the
 * real folding and matching.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/base/mathx.h"
#include "engine/base/must.h"
#include "engine/batch.h"

static const char yaml[] =
    "sector: sweets\n"
    "brands:\n"
    "  kitkat: {match: kitkat, own: [\"@kitkat\"]}\n"
    "  mars: {match: mars}\n"
    "topics:\n"
    "  palm: {match: '\"palm oil\" OR orangutan*', severity: 3}\n"
    "  price: {match: price, weight: 1}\n"
    "  gone: {match: censored, weight: 0, severity: 0, role: removal}\n"
    "  bomb: {match: bomb, weight: 0, severity: 4}\n"
    "  irony: {match: lol, weight: -2}\n"
    "rules:\n"
    "  boycott: {brand: \"*\", when: boycott, weight: 3}\n"
    "  thanks: {brand: kitkat, when: thanks, weight: -4}\n"
    "  strike: {when: strike, weight: 5, severity: 2}\n"
    "  joke: {brand: kitkat, when: joke, weight: 1, family: victim,\n"
    "    replaces: [boycott, \"topic:palm\"]}\n"
    "  fine: {brand: \"*\", when: fine, weight: -3, group: soft}\n"
    "  nice: {brand: kitkat, when: nice, weight: -3, group: soft}\n"
    "groups: {soft: {min: -4}}\n"
    "relays: {ngo: ['@greenpeace']}\n";

static struct ruleset *rules;
static struct matcher *matcher;
static struct text text;
static struct batch *batch;

static int
set_up(void **state)
{
	static const struct rules_options options;
	char path[] = "/tmp/vigie-test-record-XXXXXX.yaml";
	const char *paths[] = {path};
	struct diag *diag = diag_new();
	int fd = mkstemps(path, 5);

	(void)state;
	REQUIRE(fd >= 0);
	REQUIRE(write(fd, yaml, sizeof(yaml) - 1) == sizeof(yaml) - 1);
	close(fd);
	rules = ruleset_load(paths, 1, &options, diag);
	if (rules == NULL)
		diag_print(diag, stderr, false);
	diag_free(diag);
	unlink(path);
	REQUIRE(rules != NULL);
	matcher = matcher_new();
	matcher_fit(matcher, rules);
	text_init(&text);
	batch = must_alloc(sizeof(*batch));
	batch->rules = rules;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	free(batch->records.items);
	free(batch->shares.items);
	free(batch->topics.items);
	free(batch->reasons.items);
	free(batch->terms.items);
	buf_fini(&batch->text);
	free(batch);
	text_fini(&text);
	matcher_free(matcher);
	ruleset_unref(rules);
	return 0;
}

/* The record of one post, alone in the batch; NULL when there is none. */
static const struct record *
record(const char *what, const char *author)
{
	struct post post;
	unsigned flags = 0;
	int64_t t;

	batch->records.count = batch->shares.count = 0;
	batch->topics.count = batch->reasons.count = 0;
	batch->terms.count = 0;
	batch->clock_ms = TIME_NONE;
	buf_clear(&batch->text);
	post_clear(&post);
	post.id = slice_of("1");
	post.text = slice_of(what);
	post.author_handle = slice_of(author);
	post.ts_ms = 1000;
	t = record_time(&post, TIME_NONE, &flags);
	text_fold(&text, post.title, post.text, TEXT_POST);
	record_add(batch, &post, &text,
	    rules_match(matcher, &post, &text, MATCH_TOPICS | MATCH_SPANS), t,
	    flags);
	return batch->records.count == 0 ? NULL :
	    vec_at(&batch->records, struct record, 0);
}

static const struct share *
share(uint32_t i)
{
	REQUIRE(i < batch->shares.count);
	return vec_at(&batch->shares, struct share, i);
}

static void
a_mention_is_talk_without_harm(void **state)
{
	const struct record *r = record("I ate a KitKat", "ann");

	(void)state;
	assert_non_null(r);
	assert_int_equal(r->shares_count, 1);
	assert_int_equal(share(0)->harm, 0);
	assert_int_equal(r->text.len, 0);
	assert_int_equal(r->ts_ms, 1000);
	assert_int_equal(r->clock_ms, 1000);
	assert_null(record("nothing of the kind", "ann"));
}

static void
weights_make_harm(void **state)
{
	(void)state;
	record("boycott KitKat over palm oil", "ann");
	assert_int_equal(share(0)->weight_milli, 5000);
	assert_int_equal(share(0)->severity, 3);
	assert_int_equal(share(0)->gravity, 1000000);
	assert_int_equal(share(0)->harm, mathx_harm(5000, -3000, 1000));
	assert_int_equal(share(0)->topics_count, 1);
	assert_int_equal(share(0)->reasons_count, 2);
	/* Gravity 1 lifts p to 0.7; a softener cannot undo it. */
	record("KitKat palm oil, thanks", "ann");
	assert_int_equal(share(0)->weight_milli, -2000);
	assert_int_equal(share(0)->harm, 700000);
	/* A topic that calms weighs, but is no pair to be watched. */
	record("KitKat price lol", "ann");
	assert_int_equal(share(0)->weight_milli, -1000);
	assert_int_equal(share(0)->topics_count, 1);
	/* Severity 1: a quarter. */
	record("KitKat price", "ann");
	assert_int_equal(share(0)->gravity, 250000);
	assert_int_equal(share(0)->harm, mathx_harm(1000, -3000, 1000));
	/* No positive weight, no harm, however severe. */
	record("KitKat bomb", "ann");
	assert_int_equal(share(0)->severity, 4);
	assert_int_equal(share(0)->harm, 0);
	record("KitKat thanks", "ann");
	assert_int_equal(share(0)->harm, 0);
}

static void
each_brand_has_its_share(void **state)
{
	(void)state;
	record("boycott KitKat and Mars, thanks", "ann");
	assert_int_equal(batch->shares.count, 2);
	assert_int_equal(share(0)->weight_milli, -1000); /* kitkat */
	assert_int_equal(share(1)->weight_milli, 3000);  /* mars */
}

/* What a composite replaces counts nothing for its brand, and all for the
 * others; it is still told. */
static void
composites_replace_for_their_brand(void **state)
{
	(void)state;
	record("boycott KitKat and Mars over palm oil, a joke", "ann");
	assert_int_equal(batch->shares.count, 2);
	assert_int_equal(share(0)->weight_milli, 1000);
	assert_int_equal(share(0)->reasons_count, 3);
	assert_int_equal(share(1)->weight_milli, 5000);
	for (uint32_t i = 0; i < 3; i++) {
		const struct reason *r = vec_at(&batch->reasons, struct reason,
		    share(0)->reasons_first + i);

		assert_true(r->weight_milli == 0 || r->weight_milli == 1000);
	}
}

static void
groups_have_caps(void **state)
{
	(void)state;
	record("KitKat and Mars price: fine, nice", "ann");
	assert_int_equal(share(0)->weight_milli, 1000 - 4000);
	assert_int_equal(share(1)->weight_milli, 1000 - 3000);
}

static void
talk_without_brand_is_the_sectors(void **state)
{
	(void)state;
	record("strike over palm oil", "ann");
	assert_int_equal(batch->shares.count, 1);
	assert_int_equal(share(0)->brand, RULES_NONE);
	assert_int_equal(share(0)->weight_milli, 7000);
	/* A rule without brand does not count where a brand is named. */
	record("KitKat strike", "ann");
	assert_int_equal(batch->shares.count, 1);
	assert_int_not_equal(share(0)->brand, RULES_NONE);
	assert_int_equal(share(0)->weight_milli, 0);
}

static void
own_accounts_are_marked(void **state)
{
	(void)state;
	assert_true(record("KitKat price", "KitKat")->flags & RECORD_OWN);
	assert_true(record("KitKat price", "@kitkat")->flags & RECORD_OWN);
	assert_false(record("KitKat price", "kitkatfan")->flags & RECORD_OWN);
	assert_false(record("Mars price", "kitkat")->flags & RECORD_OWN);
}

static void
own_words_are_about_the_brand(void **state)
{
	const struct record *r;

	(void)state;
	/* though they name nobody */
	r = record("We are sorry, all is back tomorrow", "KitKat");
	assert_non_null(r);
	assert_true(r->flags & RECORD_OWN);
	assert_int_equal(batch->shares.count, 1);
	assert_true(share(0)->own);
	assert_true(slice_is(ruleset_brand(rules, share(0)->brand)->id,
	    "kitkat"));
	assert_int_equal(share(0)->harm, 0);
	assert_null(record("We are sorry, all is back tomorrow", "ann"));
	/* what they do is known; the sector hears no complaint of them */
	record("Palm oil: the film is censored", "kitkat");
	assert_int_equal(batch->shares.count, 1);
	assert_true(share(0)->own);
	assert_int_equal(share(0)->roles, ROLE_REMOVAL);
	assert_int_equal(share(0)->harm, 0);
	/* about another brand: that one's share counts */
	r = record("Mars palm oil", "kitkat");
	assert_false(r->flags & RECORD_OWN);
	assert_int_equal(batch->shares.count, 2);
	assert_false(share(0)->own);
	assert_true(share(0)->harm > 0);
	assert_true(share(1)->own);
	assert_int_equal(share(1)->harm, 0);
}

static void
words_are_quoted_as_posted(void **state)
{
	const struct reason *reason;
	const struct record *r;

	(void)state;
	r = record("KitKat kills ORANGUTANS for Palm  Oil", "ann");
	reason = vec_at(&batch->reasons, struct reason, 0);
	assert_int_equal(batch->reasons.count, 1);
	assert_true(slice_is((struct slice){
		batch->text.data + reason->words.at, reason->words.len},
	    "ORANGUTANS, Palm  Oil"));
	assert_true(slice_is((struct slice){batch->text.data + r->author.at,
				 r->author.len}, "ann"));
}

static bool
has_term(const struct record *r, const char *term)
{
	for (uint32_t i = 0; i < r->terms_count; i++) {
		const struct part *p = vec_at(&batch->terms, struct part,
		    r->terms_first + i);

		if (slice_is((struct slice){batch->text.data + p->at, p->len},
			term))
			return true;
	}
	return false;
}

static void
terms_are_tags_and_long_words(void **state)
{
	const struct record *r = record("boycott KitKat, Déforestation! "
					"#KillerKat #a1 @someone "
					"http://x.org/abcdefgh "
					"a word",
	    "ann");

	(void)state;
	assert_int_equal(r->terms_count, 4);
	assert_true(has_term(r, "#killerkat"));
	assert_true(has_term(r, "boycott"));
	assert_true(has_term(r, "kitkat"));
	assert_true(has_term(r, "deforestation"));
	/* Tags come before words, however many there are. */
	r = record("boycott KitKat abcdefa abcdefb abcdefc abcdefd abcdefe "
		   "abcdeff abcdefg abcdefh abcdefi abcdefj abcdefk abcdefl "
		   "abcdefm abcdefn abcdefo abcdefp abcdefq abcdefr abcdefs "
		   "abcdeft abcdefu abcdefv abcdefw abcdefx #lasttag",
	    "ann");
	assert_int_equal(r->terms_count, TERMS_MAX);
	assert_true(has_term(r, "#lasttag"));
	/* No harm, no terms; but those of the brand itself are its own. */
	assert_int_equal(record("KitKat #yummy", "ann")->terms_count, 0);
	assert_true(has_term(record("KitKat #yummy", "kitkat"), "#yummy"));
}

static void
relays_and_roles_are_marked(void **state)
{
	(void)state;
	assert_int_equal(
	    record("boycott KitKat", "GreenPeace")->relay, RELAY_NGO);
	assert_int_equal(record("KitKat", "greenpeace")->relay, RELAY_NONE);
	assert_int_equal(record("boycott KitKat", "ann")->relay, RELAY_NONE);
	record("KitKat censored", "ann");
	assert_int_equal(share(0)->roles, ROLE_REMOVAL);
	assert_int_equal(share(0)->harm, 0);
	record("KitKat", "ann");
	assert_int_equal(share(0)->roles, 0);
}

static void
codes_are_small_and_come_back(void **state)
{
	static const struct {
		const char *text, *back;
	} rows[] = {{"fr", "fr"}, {"FR", "fr"}, {"pt-BR", "pt"},
	    {"zh_Hant", "zh"}, {"und", ""}, {"", ""}, {"f", ""},
	    {"french", ""}, {"haw", "haw"}, {"12", ""}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char back[5];

		record_code_text(record_code(slice_of(rows[i].text)), back);
		assert_string_equal(back, rows[i].back);
	}
}

static void
time_is_that_of_the_contract(void **state)
{
	static const struct {
		int64_t ts, seen, arrival, t;
		unsigned flags;
	} rows[] = {
	    {1000, TIME_NONE, TIME_NONE, 1000, 0},
	    {TIME_NONE, 500, TIME_NONE, 500, RECORD_UNTIMED},
	    {TIME_NONE, TIME_NONE, TIME_NONE, TIME_NONE, RECORD_UNTIMED},
	    {TIME_NONE, 500, 900, 900, RECORD_UNTIMED},
	    {300500, 500, TIME_NONE, 300500, 0},
	    {300501, 500, TIME_NONE, 500, RECORD_FUTURE},
	    {300901, TIME_NONE, 900, 900, RECORD_FUTURE},
	    {300900, TIME_NONE, 900, 300900, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct post post;
		unsigned flags = 0;

		post_clear(&post);
		post.ts_ms = rows[i].ts;
		post.seen_ms = rows[i].seen;
		assert_true(record_time(&post, rows[i].arrival, &flags) ==
		    rows[i].t);
		assert_int_equal(flags, rows[i].flags);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_mention_is_talk_without_harm),
	    cmocka_unit_test(weights_make_harm),
	    cmocka_unit_test(each_brand_has_its_share),
	    cmocka_unit_test(composites_replace_for_their_brand),
	    cmocka_unit_test(groups_have_caps),
	    cmocka_unit_test(talk_without_brand_is_the_sectors),
	    cmocka_unit_test(own_accounts_are_marked),
	    cmocka_unit_test(own_words_are_about_the_brand),
	    cmocka_unit_test(words_are_quoted_as_posted),
	    cmocka_unit_test(terms_are_tags_and_long_words),
	    cmocka_unit_test(relays_and_roles_are_marked),
	    cmocka_unit_test(codes_are_small_and_come_back),
	    cmocka_unit_test(time_is_that_of_the_contract),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
