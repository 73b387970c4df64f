/*
 * Goal: entries become a list, worst first, that stays on what is selected;
 * keys become commands; no row of the screen is wider than the terminal.
 * Method: entries and keys by hand; commands are caught.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "engine/lifecycle/follow_place.h"
#include "engine/lifecycle/follow_screen.h"
#include "engine/view_words.h"

static struct buf sent;
static char claimed[64];

static void
on_send(void *self, const char *claim, struct slice json)
{
	(void)self;
	buf_clear(&sent);
	buf_slice_put(&sent, json);
	buf_char(&sent, '\0');
	snprintf(claimed, sizeof(claimed), "%s", claim != NULL ? claim : "");
}

static struct follow *
desk(bool french)
{
	const struct follow_setup setup = {
	    .team = "crisis", .by = "Léa", .french = french, .send = on_send};

	return follow_new(&setup);
}

static bool
alert(struct follow *f, const char *id, int rev, int level)
{
	struct buf json = {0};
	bool taken;

	buf_printf(&json, "{\"v\":1,\"id\":\"%s\",\"rev\":%d,\"kind\":"
	    "\"density\",\"sector\":\"food\",\"brand\":\"kitkat\",\"topic\":"
	    "null,\"level\":%d,\"previous_level\":0,\"minute\":"
	    "\"2010-03-17T1%d:00:00Z\",\"brand_name\":\"KitKat\",\"evidence\""
	    ":[{\"text\":\"très \\u001b[2J long message that goes on and on "
	    "and on until it has to be broken into two rows at least\"}],"
	    "\"sentence\":{\"fr\":\"Une phrase.\",\"en\":\"A sentence.\"},"
	    "\"owner\":\"crisis\",\"answer_by\":\"2010-03-17T12:00:00Z\","
	    "\"playbook\":{\"steps\":{\"fr\":[\"lire\"],\"en\":[\"read\"]},"
	    "\"statements\":[{\"id\":\"holding\",\"fr\":\"Nous vérifions.\","
	    "\"en\":\"We check; more at {time}.\"}]}}", id, rev, level, rev);
	taken = follow_take(f, FOLLOW_ALERTS, buf_slice(&json), true);
	buf_fini(&json);
	return taken;
}

static void
keys(struct follow *f, const char *text)
{
	int64_t now_ms;

	assert_true(clock_parse(SLICE("2010-03-17T11:30:00Z"), &now_ms));
	for (; *text != '\0'; text++)
		follow_key(f, (unsigned char)*text, now_ms);
}

static void
test_list(void **state)
{
	struct follow *f = desk(false);

	(void)state;
	assert_true(alert(f, "a", 0, 1));
	assert_true(alert(f, "b", 0, 3));
	assert_false(alert(f, "b", 0, 3)); /* a repeat */
	assert_string_equal(follow_at(f)->id, "b");
	keys(f, "j");
	assert_string_equal(follow_at(f)->id, "a");
	/* it rises above the other and stays selected */
	assert_true(alert(f, "a", 1, 4));
	assert_string_equal(follow_at(f)->id, "a");
	assert_int_equal(f->selected, 0);
	assert_true(alert(f, "a", 2, 0));
	assert_int_equal(f->selected, 1);
	assert_false(follow_take(f, FOLLOW_ALERTS, SLICE("{\"v\":1}"), true));
	assert_false(follow_take(f, FOLLOW_NEWS, SLICE("no json"), true));
	assert_int_equal(f->count, 2);
	follow_free(f);
}

static void
test_commands(void **state)
{
	struct follow *f = desk(false);

	(void)state;
	alert(f, "a", 0, 3);
	keys(f, "c");
	assert_string_equal(sent.data, "{\"do\":\"claim\",\"alert\":\"a\","
	    "\"team\":\"crisis\",\"by\":\"Léa\"}");
	assert_string_equal(claimed, "a");
	keys(f, "h1\r18:00\r");
	assert_string_equal(sent.data, "{\"do\":\"hold\",\"alert\":\"a\","
	    "\"team\":\"crisis\",\"by\":\"Léa\",\"statement\":\"holding\","
	    "\"until\":\"2010-03-17T18:00:00Z\"}");
	assert_string_equal(claimed, "");
	keys(f, "hOn v\303\251rifie\177e.\r25:00\r"); /* asked again */
	assert_int_equal(f->ask, ASK_UNTIL);
	keys(f, "+90m\r");
	assert_non_null(strstr(sent.data, "\"text\":\"On vérifie.\","
	    "\"until\":\"2010-03-17T13:00:00Z\""));
	sent.len = 0;
	keys(f, "h\r");
	keys(f, "x half\033"); /* thought better of it */
	assert_int_equal(sent.len, 0);
	keys(f, "xlearnt\r");
	assert_non_null(strstr(sent.data, "\"do\":\"close\""));
	assert_non_null(strstr(sent.data, "\"lesson\":\"learnt\""));
	keys(f, "?");
	assert_true(f->help);
	keys(f, "q");
	assert_true(f->over);
	follow_free(f);
}

/* What was offered is claimed past the hash of owners: the engine decides. */
static void
test_offered(void **state)
{
	struct follow *f = desk(true);

	(void)state;
	alert(f, "a", 0, 3);
	assert_true(follow_take(f, FOLLOW_NEWS, SLICE("{\"v\":1,\"at\":"
	    "\"2010-03-17T11:00:00Z\",\"alert\":\"a\",\"level\":3,\"kind\":"
	    "\"handed_over\",\"to\":[\"crisis\"],\"sentence\":{\"fr\":\"À "
	    "vous.\",\"en\":\"Yours.\"}}"), true));
	assert_true(follow_at(f)->offered);
	keys(f, "c");
	assert_string_equal(claimed, "");
	assert_true(follow_take(f, FOLLOW_ANSWERS, SLICE("{\"ok\":true,"
	    "\"alert\":\"a\",\"state\":\"claimed\",\"owner\":\"crisis\","
	    "\"by\":\"Léa\",\"error\":null}"), true));
	assert_false(follow_at(f)->offered);
	assert_string_equal(follow_at(f)->holder, "crisis");
	/* a later message of the alert does not forget who has it */
	alert(f, "a", 1, 4);
	assert_string_equal(follow_at(f)->holder, "crisis");
	assert_true(follow_take(f, FOLLOW_ANSWERS, SLICE("{\"ok\":false,"
	    "\"alert\":\"a\",\"state\":\"claimed\",\"owner\":\"crisis\","
	    "\"by\":\"Léa\",\"error\":{\"code\":\"past\",\"fr\":\"Trop "
	    "tard.\",\"en\":\"Too late.\"}}"), true));
	assert_memory_equal(f->message.data, "Trop tard.", f->message.len);
	follow_free(f);
}

/* The widest row of a screen, escapes taken out; -1: a control character. */
static int
widest(const struct buf *out)
{
	struct buf plain = {0};
	int most = 0;

	for (size_t i = 0; i < out->len; i++) {
		char c = out->data[i];

		if (c == '\033') {
			while (i + 1 < out->len &&
			    ((out->data[i] | 0x20) < 'a' ||
				(out->data[i] | 0x20) > 'z'))
				i++;
			if (out->data[i] == 'H')
				buf_clear(&plain);
		} else if (c == '\n') {
			buf_clear(&plain);
		} else if ((unsigned char)c < ' ' && c != '\r') {
			most = -1;
			break;
		} else if (c != '\r') {
			buf_char(&plain, c);
		}
		if ((int)view_columns(buf_slice(&plain)) > most)
			most = (int)view_columns(buf_slice(&plain));
	}
	buf_fini(&plain);
	return most;
}

static void
test_screen(void **state)
{
	static const struct follow_size sizes[] = {
	    {20, 6, false}, {40, 12, true}, {80, 24, true}, {200, 60, false}};
	struct buf out = {0};

	(void)state;
	for (int french = 0; french < 2; french++) {
		struct follow *f = desk(french);

		for (int i = 0; i < 30; i++) {
			char id[16];

			snprintf(id, sizeof(id), "a%d", i);
			alert(f, id, i % 9, i % 5);
		}
		for (unsigned mode = 0; mode < 3; mode++) {
			keys(f, mode == 0 ? "j" : mode == 1 ? "?" :
			    "?hwhat one says while it is checked, at length");
			for (size_t i = 0; i < 4; i++) {
				int most;

				buf_clear(&out);
				follow_screen(f, &sizes[i], "no answer", &out);
				most = widest(&out);
				assert_in_range(most, 8, sizes[i].columns);
			}
		}
		follow_free(f);
	}
	buf_fini(&out);
}

static bool
shows(struct follow *f, const char *text)
{
	static const struct follow_size size = {100, 30, false};
	struct buf out = {0};
	bool found;

	follow_screen(f, &size, "", &out);
	buf_char(&out, '\0');
	found = strstr(out.data, text) != NULL;
	buf_fini(&out);
	return found;
}

/* The clocks of the team, in what is shown and in what is typed; a statement
 * gets its time. */
static void
test_clocks(void **state)
{
	struct arena *arena = arena_new();
	struct follow_setup setup = {.team = "crisis", .by = "Léa",
	    .send = on_send};
	struct follow *f;
	struct buf out = {0};
	struct err err;
	int64_t ms;

	(void)state;
	setup.zone = zone_load(arena, NULL, "America/New_York", &err);
	if (setup.zone == NULL) {
		arena_free(arena);
		skip();
	}
	f = follow_new(&setup);
	alert(f, "a", 0, 3);
	assert_true(clock_parse(SLICE("2010-03-17T11:30:00Z"), &ms));
	follow_now(f, ms);
	assert_true(shows(f, "America/New_York"));
	assert_true(shows(f, "3 06:00  KitKat"));
	assert_true(shows(f, "To be claimed by 08:00."));
	assert_false(shows(f, "UTC"));
	keys(f, "h1\r18:");
	assert_true(shows(f, "To publish: We check; more at {time}."));
	keys(f, "00");
	assert_true(shows(f, "To publish: We check; more at 18:00."));
	keys(f, "\r");
	assert_non_null(
	    strstr(sent.data, "\"until\":\"2010-03-17T22:00:00Z\""));
	assert_true(shows(f, "To publish: We check; more at 18:00."));
	assert_true(shows(f, "A word is promised for 18:00."));
	/* past: tomorrow's, which a statement must say */
	assert_true(follow_until("07:00", setup.zone, ms, &ms));
	follow_filled(f, "at {time}, {who}", ms, &out);
	buf_char(&out, '\0');
	assert_string_equal(out.data, "at 07:00 on 18\302\240March, {who}");
	buf_fini(&out);
	follow_free(f);
	arena_free(arena);
}

/* Of an alert that nobody speaks of any more it is not known what became. */
static void
test_stale(void **state)
{
	struct follow *f = desk(false);
	int64_t ms;

	(void)state;
	alert(f, "a", 0, 3);
	alert(f, "b", 5, 1);
	assert_true(clock_parse(SLICE("2010-03-18T09:59:00Z"), &ms));
	follow_now(f, ms);
	assert_string_equal(f->alerts[0]->id, "a");
	assert_false(shows(f, "not heard of"));
	follow_now(f, ms + MINUTE_MS);
	assert_string_equal(f->alerts[0]->id, "b");
	assert_true(shows(f, "crisis ?, not heard of since"));
	alert(f, "a", 9, 3);
	assert_string_equal(f->alerts[0]->id, "a");
	assert_false(shows(f, "not heard of"));
	follow_free(f);
}

static void
test_place(void **state)
{
	char folder[] = "/tmp/vigie-place-XXXXXX", path[64];
	struct follow_place p, q;
	struct err err;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/a/b", folder);
	assert_false(follow_place_read(&q, path));
	follow_place_since(&p, 1268820300000);
	assert_int_equal(follow_place_write(&p, path, &err), 0);
	assert_true(follow_place_read(&q, path));
	assert_memory_equal(p.ids[2], "1268820300000-0", 16);
	assert_string_equal(p.ids[0], q.ids[0]);
	assert_true(follow_place_order("9-5", "10-0") < 0);
	assert_true(follow_place_order("9-5", "9-4") > 0);
	assert_int_equal(follow_place_order("9-5", "9-5"), 0);
	unlink(path);
	snprintf(path, sizeof(path), "%s/a", folder);
	rmdir(path);
	rmdir(folder);
}

static int
teardown(void **state)
{
	(void)state;
	buf_fini(&sent);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_list),
	    cmocka_unit_test(test_commands),
	    cmocka_unit_test(test_offered),
	    cmocka_unit_test(test_screen),
	    cmocka_unit_test(test_clocks),
	    cmocka_unit_test(test_stale),
	    cmocka_unit_test(test_place),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
