/*
 * Goal: a file of playbooks becomes what it says, errors are located, an alert
 * gets the playbook of its kind, its topics or the rest, in that order, and
 * says its first step.
 * Method: files in a private folder; alerts made by hand.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "engine/brief.h"
#include "engine/organisation/playbooks.h"
#include "tests/unit/alerts.h"
#include "tests/unit/load.h"

#define FILE_OK \
	"common:\n" \
	"  never: [{fr: rien supprimer, en: delete nothing}]\n" \
	"playbooks:\n" \
	"  safety:\n" \
	"    name: {fr: Sécurité, en: Safety}\n" \
	"    topics: [poison, recall]\n" \
	"    never: [{fr: nier, en: deny}]\n" \
	"    statements: [old, sober]\n" \
	"    levels:\n" \
	"      - {level: 1..2, steps: [{fr: lire, en: read}]}\n" \
	"      - level: 3\n" \
	"        steps: [{fr: rappeler, en: recall it}, {fr: b, en: b}]\n" \
	"        statements: [holding]\n" \
	"  copies:\n" \
	"    kinds: [sequence]\n" \
	"    levels: [{level: 1..4, steps: [{fr: laisser, en: leave it}]}]\n" \
	"  rest:\n" \
	"    topics: '*'\n" \
	"    levels: [{level: 1..4, steps: [réfléchir]}]\n" \
	"statements:\n" \
	"  holding: {fr: '{brand} vérifie', \n" \
	"    en: '{brand} checks; {time}',\n" \
	"    approved_by: Claire,\n" \
	"    approved: 2010-01-02, expires: 2010-03-17}\n" \
	"  old: {fr: a, en: a, approved_by: C, approved: 2009-01-02,\n" \
	"    expires: 2010-03-16}\n" \
	"  sober: {fr: a, en: a, draft: true}\n"

static bool
take(void *into, const char *path, struct diag *diag)
{
	bool ok = playbooks_load(into, path, diag);

	return playbooks_check(into, diag) && ok;
}

static struct playbooks *
good(const char *text)
{
	struct playbooks *p = playbooks_new();

	load_good(take, p, text);
	return p;
}

static void
bad(const char *text, const char *want)
{
	struct playbooks *p = playbooks_new();

	load_bad(take, p, text, want);
	playbooks_free(p);
}

/* At level 3, 2010-03-17 10:05. */
static struct alert *
about(const char *topic)
{
	struct alert *a = alerts_make("food", "kitkat", 1);

	a->name = strdup("KitKat");
	if (topic != NULL) {
		a->topics = must_alloc(sizeof(*a->topics));
		a->topics[0] = topic;
		a->topics_count = 1;
	}
	buf_text(&a->brief_fr, "huit\n");
	buf_text(&a->brief_fr, brief_todo_fr(a->level));
	buf_text(&a->brief_fr, " Prend fin.\n");
	buf_text(&a->brief_en, brief_todo_en(a->level));
	buf_text(&a->brief_en, "\n");
	return a;
}

static const char *
picked(const struct playbooks *p, const char *topic, enum alert_kind kind,
    uint8_t level)
{
	const struct playbook_stage *stage;
	const struct playbook *b;
	struct alert *a = about(topic);

	a->kind = kind;
	a->level = level;
	b = playbooks_pick(p, a, &stage);
	alert_unref(a);
	return b == NULL ? "none" : b->id;
}

static void
test_pick(void **state)
{
	struct playbooks *p = good(FILE_OK);
	const struct playbook_stage *stage;
	struct alert *a;

	(void)state;
	assert_string_equal(picked(p, "recall", ALERT_DENSITY, 2), "safety");
	assert_string_equal(picked(p, "recall", ALERT_SEQUENCE, 3), "copies");
	a = about("recall");
	a->signal_kinds = 1u << ALERT_SEQUENCE | 1u << ALERT_PRESS;
	assert_string_equal(playbooks_pick(p, a, &stage)->id, "copies");
	alert_unref(a);
	/* it says nothing of level 4, so the rest does */
	assert_string_equal(picked(p, "recall", ALERT_DENSITY, 4), "rest");
	assert_string_equal(picked(p, "prices", ALERT_DENSITY, 1), "rest");
	assert_string_equal(picked(p, NULL, ALERT_DENSITY, 1), "rest");
	assert_string_equal(picked(p, "recall", ALERT_DENSITY, 0), "none");
	playbooks_free(p);
}

static void
test_attach(void **state)
{
	struct playbooks *p = good(FILE_OK);
	struct alert *a = about("poison");
	static const char want[] = ",\"playbook\":{\"id\":\"safety\","
	    "\"name\":{\"fr\":\"Sécurité\",\"en\":\"Safety\"},"
	    "\"steps\":{\"fr\":[\"rappeler\",\"b\"],"
	    "\"en\":[\"recall it\",\"b\"]},"
	    "\"never\":{\"fr\":[\"nier\",\"rien supprimer\"],"
	    "\"en\":[\"deny\",\"delete nothing\"]},"
	    "\"charter\":{\"fr\":[],\"en\":[]},\"statements\":["
	    "{\"id\":\"holding\",\"fr\":\"KitKat vérifie\","
	    "\"en\":\"KitKat checks; {time}\",\"approved_by\":\"Claire\","
	    "\"approved\":\"2010-01-02\",\"expires\":\"2010-03-17\"},"
	    "{\"id\":\"sober\",\"fr\":\"a\",\"en\":\"a\","
	    "\"approved_by\":null,\"approved\":null,\"expires\":null}]}";

	(void)state;
	playbooks_attach(p, a);
	buf_char(&a->playbook, '\0');
	assert_string_equal(a->playbook.data, want);
	buf_char(&a->brief_fr, '\0');
	assert_string_equal(a->brief_fr.data,
	    "huit\nÀ faire\302\240: rappeler. Prend fin.\n");
	buf_char(&a->brief_en, '\0');
	assert_string_equal(a->brief_en.data, "Do: recall it.\n");
	alert_unref(a);
	playbooks_free(p);
}

static void
test_errors(void **state)
{
#define STEPS "levels: [{level: 1, steps: [x]}]"
	(void)state;
	bad("playbook: {}\n", "did you mean 'playbooks'?");
	bad("playbooks: {a: {" STEPS "}}\n", "would serve no alert");
	bad("playbooks: {a: {topics: [x]}}\n", "setting 'levels' is missing");
	bad("playbooks:\n  a:\n    topics: [x]\n    kinds: [echos]\n    " STEPS
	    "\n", ":4:13: error: unknown kind of alert 'echos'");
	bad("playbooks: {a: {topics: [x], levels: [{level: 5, steps: [x]}]}}\n",
	    "a level from 1 to 4, or a range");
	bad("playbooks: {a: {topics: [x], levels: [{level: 4..3, steps: "
	    "[x]}]}}\n", "a level from 1 to 4, or a range");
	bad("playbooks: {a: {topics: [x], levels: [{level: 1..3, steps: [x]},"
	    " {level: 3, steps: [x]}]}}\n", "level 3 of playbook 'a' is there");
	bad("playbooks: {a: {topics: [x], levels: [{steps: [x]}]}}\n",
	    "setting 'level' is missing");
	bad("playbooks: {a: {topics: [x], levels: [{level: 1}]}}\n",
	    "setting 'steps' is missing");
	bad("playbooks: {a: {topics: [x], levels: [{level: 1, steps: "
	    "[{fr: x}]}]}}\n", "the English text is missing");
	bad("playbooks: {a: {topics: [x], statements: [holdin], " STEPS "}}\n"
	    "statements: {holding: {fr: a, en: a, draft: true}}\n",
	    "did you mean 'holding'?");
	bad("statements: {s: {fr: a, en: a}}\n", "nobody has approved");
	bad("statements: {s: {fr: a, draft: true}}\n",
	    "the English text of statement 's' is missing");
	bad("statements: {s: {fr: a, en: a, approved_by: C, "
	    "approved: 2010-02-30}}\n", "wants a day: 2026-03-02");
	bad("statements: {s: {fr: a, en: a, draft: true, approved_by: C, "
	    "approved: 2010-02-03}}\n", "either a draft or approved");
	bad("statements: {s: {fr: '{marque} a', en: a, draft: true}}\n",
	    "is nothing that is filled in");
	bad("playbooks: []\n", "playbooks by id");
	bad("common: {ever: [x]}\n", "unknown setting 'ever'");
}

static bool
known(void *self, const char *topic, struct buf *help)
{
	(void)self;
	if (!strcmp(topic, "recall"))
		buf_text(help, "did you mean 'recalls'?");
	return false;
}

static void
test_doubts(void **state)
{
	struct playbooks *p = good(FILE_OK);
	struct diag *diag = diag_new();
	int64_t now_ms;

	(void)state;
	assert_true(clock_parse(SLICE("2010-03-17T23:59:00Z"), &now_ms));
	playbooks_doubts(p, now_ms, known, NULL, diag);
	/* old has expired, holding is about to, recall is misspelt; of poison
	 * nothing like it is known, so it may be of another file */
	assert_int_equal(diag_warnings(diag), 3);
	assert_int_equal(diag_errors(diag), 0);
	diag_free(diag);
	playbooks_free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_pick),
	    cmocka_unit_test(test_attach),
	    cmocka_unit_test(test_errors),
	    cmocka_unit_test(test_doubts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
