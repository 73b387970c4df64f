/*
 * Goal: signals are told once, absorbed by an open episode, switched off and
 * set in vigie.yaml, and cost nothing in silence; the bytes do not depend on
 * how the input was cut; an episode outlives the process.
 * Method: months of records by hand through a whole judge.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "engine/signals_lasting.h"
#include "tests/unit/engine/posts.h"

#define DAY_MS (1440 * MINUTE_MS)

/* ${posts} harmful posts about KitKat on day ${day}, an even pace, each by an
 * account of its own. */
static void
day(struct court *c, int d, int posts)
{
	struct batch *b = posts_batch();

	for (int i = 0; i < posts; i++) {
		struct post_by_hand p = {
		    .t_ms = POSTS_START + d * DAY_MS +
			(int64_t)i * (DAY_MS / posts),
		    .author = (uint64_t)d * 1000 + (uint64_t)i + 1,
		    .id = (uint64_t)d * 1000 + (uint64_t)i + 1,
		    .brand = 1, .topic = 0, .harm = 800000};

		posts_add(b, &p);
		if (b->records.count == 7) {
			judge_batch(c->judge, b);
			posts_clear(b);
		}
	}
	judge_batch(c->judge, b);
	posts_free(b);
}

/* Calm weeks, two weeks of three times as much, calm again. */
static void
months(struct court *c)
{
	for (int d = 0; d < 70; d++)
		day(c, d, d >= 40 && d < 54 ? 60 : 20);
}

static unsigned
count(const struct court *c, const char *what)
{
	const char *text = c->lines.data;
	unsigned n = 0;

	while (text != NULL && (text = strstr(text, what)) != NULL) {
		text++;
		n++;
	}
	return n;
}

static void
creeping_has_a_beginning_and_an_end(void **state)
{
	struct signals_settings *settings = signals_settings_new();
	struct court c;

	(void)state;
	court_open_with(&c, settings);
	months(&c);
	buf_char(&c.lines, '\0');
	/* It rings and is over; the sector has nothing to add. */
	assert_int_equal(count(&c, "\"kind\":\"creeping\""), 2);
	assert_int_equal(count(&c, "\"kind\":\"creeping\",\"subject\":"
	    "\"brand\",\"sector\":\"food\",\"brand\":\"kitkat\""), 2);
	assert_int_equal(count(&c, "the slow rise is over"), 2);
	assert_int_equal(count(&c, "la montée lente est retombée"), 2);
	assert_non_null(strstr(c.lines.data, "\"signal\":{\"days\":"));
	assert_null(strstr(c.lines.data, "\"signals\":"));
	assert_int_equal(
	    c.counters.values[COUNTER_signal_creeping_raised_total], 2);
	court_close(&c);
	signals_settings_free(settings);
}

static void
off_is_off(void **state)
{
	struct signals_settings *settings = signals_settings_new();
	struct court with, without;

	(void)state;
	for (unsigned i = 0; i < SIGNALS_COUNT; i++)
		settings->off[i] = true;
	court_open_with(&with, settings);
	court_open(&without);
	months(&with);
	months(&without);
	assert_int_equal(with.lines.len, without.lines.len);
	if (with.lines.len > 0)
		assert_memory_equal(with.lines.data, without.lines.data,
		    with.lines.len);
	court_close(&with);
	court_close(&without);
	signals_settings_free(settings);
}

/* An episode of density that is open when it rings tells of it. */
static void
open_episode_absorbs(void **state)
{
	struct signals_settings *settings = signals_settings_new();
	const char *listed;
	struct court c;

	(void)state;
	/* Before the third day, when density takes it for the norm. */
	((int64_t *)settings->of[SIGNALS_creeping])[1] = 3;
	court_open_with(&c, settings);
	for (int d = 0; d < 60; d++)
		day(&c, d, d < 40 ? 20 : d < 50 ? 3000 : 20);
	buf_char(&c.lines, '\0');
	assert_int_equal(count(&c, "\"kind\":\"creeping\",\"subject\""), 0);
	listed = strstr(c.lines.data, "\"signals\":[{\"kind\":\"creeping\"");
	assert_non_null(listed);
	assert_non_null(strstr(listed, "\"sentence\":{\"fr\":"));
	assert_true(c.notes.len > 0);
	assert_true(c.counters.values[COUNTER_signal_creeping_absorbed_total] >
	    0);
	court_close(&c);
	signals_settings_free(settings);
}

static void
settings_are_read(void **state)
{
	static const char good[] = "creeping: {history: 21}";
	static const char bad[] = "crepping: off";
	struct signals_settings *settings = signals_settings_new();
	struct arena *arena = arena_new();
	struct diag *diag = diag_new();

	(void)state;
	assert_true(signals_settings_read(settings,
	    yaml_parse(arena, "v", SLICE(good), diag), arena, diag));
	assert_int_equal(*(int64_t *)settings->of[SIGNALS_creeping], 21);
	assert_false(signals_settings_read(settings,
	    yaml_parse(arena, "v", SLICE(bad), diag), arena, diag));
	assert_int_equal(diag_errors(diag), 1);
	diag_free(diag);
	arena_free(arena);
	signals_settings_free(settings);
}

static void
lasting_is_saved(void **state)
{
	struct key key = {.sector = "food", .brand = "kitkat"};
	struct signal_news n = {.key = &key, .kind = ALERT_CREEPING,
	    .level = 1};
	struct signals_lasting a = {0}, b = {0};
	struct buf saved = {0};

	(void)state;
	assert_int_equal(signals_lasting_say(&a, &n, 100, false),
	    SIGNALS_TELL);
	signals_lasting_save(&a, &saved);
	assert_true(signals_lasting_load(&b, buf_slice(&saved)));
	n.level = 0;
	assert_int_equal(signals_lasting_say(&b, &n, 200, false),
	    SIGNALS_TELL);
	assert_int_equal(n.rev, 1);
	assert_int_equal(n.previous_level, 1);
	assert_int_equal(n.first_minute, 100);
	assert_int_equal(signals_lasting_say(&b, &n, 300, false),
	    SIGNALS_DROP);
	assert_false(signals_lasting_load(&b, SLICE("nonsense\n")));
	buf_fini(&saved);
	signals_lasting_fini(&a);
	signals_lasting_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(creeping_has_a_beginning_and_an_end),
	    cmocka_unit_test(off_is_off),
	    cmocka_unit_test(open_episode_absorbs),
	    cmocka_unit_test(settings_are_read),
	    cmocka_unit_test(lasting_is_saved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
