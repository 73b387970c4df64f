/*
 * Goal: the message for people has ten lines in each language, says what a
 * finding holds, and keeps its shape whatever a post contains.
 * Method: findings by hand, lines counted and compared.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/brief.h"
#include "engine/phrase.h"

static unsigned
lines(const struct buf *text)
{
	unsigned count = 1;

	for (size_t i = 0; i < text->len; i++)
		count += text->data[i] == '\n';
	return count;
}

static bool
holds(struct buf *text, const char *words)
{
	buf_char(text, '\0');
	text->len--;
	return strstr(text->data, words) != NULL;
}

static struct finding
crisis(const struct density_settings *settings)
{
	struct finding f = {.subject = ALERT_BRAND,
	    .sector = "food",
	    .brand = "kitkat",
	    .name = "KitKat",
	    .level = 3,
	    .previous_level = 1,
	    .minute_ms = INT64_C(1268817960000), /* 2010-03-17 09:26 */
	    .first_ms = INT64_C(1268815500000),
	    .settings = settings,
	    .accounts = 14};

	f.now = (struct amounts){.harm = 11329731,
	    .mass = 12096915,
	    .norm = 241866,
	    .excess = 11087865,
	    .density = 34544955};
	f.hour.posts = 15;
	f.hour.harmful = 14;
	f.hour.voices = 9570107;
	f.answer.s_micro = 3288270;
	return f;
}

static void
ten_lines_in_both_languages(void **state)
{
	struct density_settings settings;
	const char *teams[] = {"agency", "cell"};
	struct alert a = {.teams = teams, .teams_count = 2, .owner = "cell"};
	struct finding f;
	struct buf fr = {0}, en = {0};

	(void)state;
	density_defaults(&settings);
	f = crisis(&settings);
	f.forecast = (struct forecast){.harm = 12300000, .low = 6100000,
	    .high = 20000000, .doubling_minutes = 25};
	brief_fr(&f, &fr);
	brief_owner_fr(&a, &fr);
	brief_en(&f, &en);
	brief_owner_en(&a, &en);
	assert_int_equal(lines(&fr), 10);
	assert_int_equal(lines(&en), 10);
	assert_true(holds(&en, "KitKat (food), 2010-03-17 09:26 UTC\n"));
	assert_true(holds(&en, "\nHarm: 11.3 voices of 12.1; normal is 0.2; "
			       "a peak like this comes once in 7 days; "
			       "harm doubles in 25 minutes; in an hour about "
			       "12.3 (8 times in 10 between 6.1 and 20.0).\n"));
	assert_true(holds(&fr, "11,3 voix sur 12,1"));
	assert_true(holds(&fr, "une fois en 7 jours"));
	assert_true(holds(&fr, "(8 fois sur 10 entre 6,1 et 20,0).\n"));
	assert_true(holds(&en, "below 10.0.\nOwner: cell. Also told: agency."));
	assert_true(holds(&fr, "cell. Informés\302\240: agency."));
	buf_fini(&fr);
	buf_fini(&en);
}

/* One post is no plural in English, nothing and 1,9 are none in French. */
static void
counts_as_people_do(void **state)
{
	struct density_settings settings;
	struct buf fr = {0}, en = {0};
	struct finding f;

	(void)state;
	density_defaults(&settings);
	f = crisis(&settings);
	f.hour.posts = f.hour.harmful = f.accounts = 1;
	f.hour.voices = 1900000;
	f.forecast.doubling_minutes = 1;
	brief_fr(&f, &fr);
	brief_en(&f, &en);
	assert_true(holds(&fr, ": 1 message dans la dernière heure, dont 1 "
			       "nuisible, par 1 compte.\n"));
	assert_true(holds(&en, ": 1 post in the last hour, 1 harmful, by 1 "
			       "account.\n"));
	assert_true(holds(&fr, ": 1 message pour 1,9 voix indépendante.\n"));
	assert_true(holds(&en, ": 1 post for 1.9 independent voices.\n"));
	assert_true(holds(&fr, "le tort double en 1 minute\302\240;"));
	assert_true(holds(&en, "harm doubles in 1 minute;"));
	f.hour.posts = 12;
	f.hour.harmful = f.accounts = 0;
	buf_clear(&fr);
	buf_clear(&en);
	brief_fr(&f, &fr);
	brief_en(&f, &en);
	assert_true(holds(&fr, ": 12 messages dans la dernière heure, dont 0 "
			       "nuisible, par 0 compte.\n"));
	assert_true(holds(&en, ": 12 posts in the last hour, 0 of them "
			       "harmful, by 0 accounts.\n"));
	buf_fini(&fr);
	buf_fini(&en);
}

/* Rounded, not cut; all that there are make a hundred. */
static void
shares_add_up(void **state)
{
	static const struct {
		unsigned count;
		int64_t harm[4];
		const char *line;
	} rows[] = {
	    {2, {1999, 1}, "Why: a 100% (w); b 0% (w)\n"},
	    {2, {1280, 720}, "Why: a 64% (w); b 36% (w)\n"},
	    {3, {1000, 1000, 1000}, "Why: a 34% (w); b 33% (w); c 33% (w)\n"},
	    {3, {670, 670, 660}, "Why: a 34% (w); b 33% (w); c 33% (w)\n"},
	    {2, {1010, 990}, "Why: a 51% (w); b 49% (w)\n"},
	    /* Not all are told: each by itself. */
	    {4, {699, 699, 301, 301}, "Why: a 35% (w); b 35% (w); c 15% (w)\n"},
	};
	static const char *const names[] = {"a", "b", "c", "d"};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct density_settings settings;
		struct buf en = {0};
		struct causes causes = {.count = 0};
		struct finding f;

		density_defaults(&settings);
		f = crisis(&settings);
		causes_init(&causes, 0);
		for (unsigned k = 0; k < rows[i].count; k++) {
			causes_add(&causes, 0, names[k], 1000,
			    rows[i].harm[k], SLICE("w"));
			f.hour.harm += rows[i].harm[k];
		}
		f.causes = &causes;
		brief_en(&f, &en);
		if (!holds(&en, rows[i].line))
			fail_msg("row %zu: %s", i, en.data);
		causes_fini(&causes);
		buf_fini(&en);
	}
}

/* Since when, from what to what, what holds it, what ends it. */
static void
a_fall_says_its_end(void **state)
{
	struct density_settings settings;
	struct buf fr = {0}, en = {0};
	struct finding f;

	(void)state;
	density_defaults(&settings);
	f = crisis(&settings);
	f.because = DENSITY_CALMER;
	f.previous_level = 4;
	f.level = 3;
	f.now.density = 8 * MICRO;
	phrase_fr(&f, &fr);
	phrase_en(&f, &en);
	assert_true(holds(&fr, ": en baisse depuis 8\302\240h\302\24056 UTC "
		"(niveau 4 puis 3, alerte). Tient encore à 8 voix sur 100 "
		"qui font du tort au-delà de la normale"));
	assert_true(holds(&fr, ". Baissera encore après 30 minutes sous 10."));
	assert_true(holds(&en, ": falling since 08:56 UTC (level 4, then 3, "
		"alert). Still held by 8 of 100 voices that do harm"));
	assert_true(holds(&en, ". It falls again after 30 minutes below 10."));
	f.previous_level = 1;
	f.level = 0;
	buf_clear(&fr);
	buf_clear(&en);
	phrase_fr(&f, &fr);
	phrase_en(&f, &en);
	assert_true(holds(&fr, "(niveau 1 puis 0, veille). Plus rien ne le "
		"tient\302\240: l'alerte est close."));
	assert_true(holds(&en, "(level 1, then 0, watch). Nothing holds it any "
		"more: the alert is over."));
	buf_fini(&fr);
	buf_fini(&en);
}

static void
each_level_says_what_to_do(void **state)
{
	struct density_settings settings;
	struct buf before = {0};

	(void)state;
	density_defaults(&settings);
	for (uint8_t level = 0; level <= DENSITY_LEVELS; level++) {
		struct finding f = crisis(&settings);
		struct buf text = {0};
		char *todo;

		f.level = level;
		brief_en(&f, &text);
		assert_int_equal(lines(&text), 10); /* the last is empty */
		assert_true(holds(&text, "\nDo: "));
		todo = strstr(text.data, "\nDo: ");
		if (before.len > 0)
			assert_string_not_equal(todo, before.data);
		buf_clear(&before);
		buf_put(&before, todo, strlen(todo) + 1);
		buf_fini(&text);
	}
	buf_fini(&before);
}

static void
rarity_in_words(void **state)
{
	static const struct {
		int64_t s_micro;
		const char *en, *fr;
	} rows[] = {
	    {0, "", ""},
	    {1000000, "once in 50 minutes", "une fois en 50 minutes"},
	    {2400000, "once in 21 hours", "une fois en 21 heures"},
	    {3400000, "once in 9 days", "une fois en 9 jours"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf en = {0}, fr = {0};

		brief_rarity_en(rows[i].s_micro, &en);
		brief_rarity_fr(rows[i].s_micro, &fr);
		buf_char(&en, '\0');
		buf_char(&fr, '\0');
		assert_string_equal(en.data, rows[i].en);
		assert_string_equal(fr.data, rows[i].fr);
		buf_fini(&en);
		buf_fini(&fr);
	}
}

static void
nobody_owns_it(void **state)
{
	struct alert a = {0};
	struct buf text = {0};

	(void)state;
	brief_owner_en(&a, &text);
	assert_true(holds(&text, "nobody is named"));
	buf_fini(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ten_lines_in_both_languages),
	    cmocka_unit_test(counts_as_people_do),
	    cmocka_unit_test(shares_add_up),
	    cmocka_unit_test(a_fall_says_its_end),
	    cmocka_unit_test(each_level_says_what_to_do),
	    cmocka_unit_test(rarity_in_words),
	    cmocka_unit_test(nobody_owns_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
