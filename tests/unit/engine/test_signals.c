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
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/density/signals_lasting.h"
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

static void
no_news(void *self, const struct signal_news *news, int64_t minute)
{
	(void)self;
	(void)news;
	(void)minute;
}

/* As the judge of another version would write them. */
static void
save_part(struct buf *out, const char *name, const char *bytes)
{
	buf_printf(out, "%s %zu\n%s", name, strlen(bytes), bytes);
}

static void
what_cannot_be_read_is_named(void **state)
{
	struct signals_settings *settings = signals_settings_new();
	struct buf part = {0}, saved = {0}, names = {0};
	struct counters counters = {0};
	struct signals_host host = {.counters = &counters, .tell = no_news};
	struct signals *s;

	(void)state;
	settings->off[SIGNALS_border] = true;
	s = signals_new(settings, &host);
	signals_save(s, &part);
	/* All of it, then what is off, too. */
	buf_slice_put(&saved, buf_slice(&part));
	save_part(&saved, "border", "?");
	assert_int_equal(
	    signals_load(s, buf_slice(&saved), NULL, &names), 0);
	assert_int_equal(names.len, 0);
	/* Broken, unknown, and cut off; what lies between is read. */
	save_part(&saved, "creeping", "?");
	save_part(&saved, "of-the-future", "whatever");
	buf_slice_put(&saved, buf_slice(&part));
	buf_text(&saved, "silence 99999\ntoo short");
	assert_int_equal(
	    signals_load(s, buf_slice(&saved), NULL, &names), 3);
	buf_char(&names, '\0');
	assert_string_equal(
	    names.data, "creeping, of-the-future, the rest");
	signals_free(s);
	signals_settings_free(settings);
	buf_fini(&part);
	buf_fini(&saved);
	buf_fini(&names);
}

/* A judge counts it, says it in one line, and goes on with its norms. */
static void
a_judge_tells_of_them(void **state)
{
	struct signals_settings *settings = signals_settings_new();
	struct buf good = {0}, bad = {0};
	struct court c;
	char *at, line[300];
	int end[2], err = dup(STDERR_FILENO);

	(void)state;
	court_open_with(&c, settings);
	day(&c, 0, 20);
	judge_save(c.judge, &good);
	court_close(&c);
	buf_slice_put(&bad, buf_slice(&good));
	at = memmem(bad.data, bad.len, "creeping ", 9);
	assert_non_null(at);
	at[0] = 'k';
	court_open_bare(&c, settings);
	assert_true(judge_load(c.judge, buf_slice(&good)));
	assert_int_equal(c.counters.values[COUNTER_signals_unread_total], 0);
	court_close(&c);
	court_open_bare(&c, settings);
	assert_int_equal(pipe(end), 0);
	dup2(end[1], STDERR_FILENO);
	assert_true(judge_load(c.judge, buf_slice(&bad)));
	dup2(err, STDERR_FILENO);
	close(end[1]);
	line[read(end[0], line, sizeof(line) - 1)] = '\0';
	close(end[0]);
	close(err);
	assert_non_null(strstr(line, "warn state: what signals had learnt "
				     "cannot be read and begins anew: "
				     "kreeping\n"));
	assert_int_equal(c.counters.values[COUNTER_signals_unread_total], 1);
	assert_true(judge_now(c.judge) > POSTS_START);
	court_close(&c);
	buf_fini(&good);
	buf_fini(&bad);
	signals_settings_free(settings);
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
	    cmocka_unit_test(what_cannot_be_read_is_named),
	    cmocka_unit_test(a_judge_tells_of_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
