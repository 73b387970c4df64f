/*
 * Goal: a message goes out now, later or not at all as the organisation file
 * says, levels 3 and 4 never wait, nothing is held without a reason, and the
 * cut of the input does not matter.
 * Method: files in a private folder, alerts made by hand minute by minute;
 * what was sent is compared as one line, "brand+level@minute>channel".
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "engine/base/limits.h"
#include "engine/base/rand.h"
#include "engine/lifecycle/notify.h"
#include "engine/organisation/route.h"
#include "tests/unit/alerts.h"
#include "tests/unit/load.h"

/* Friday 2010-03-19 16:00 UTC */
#define START_MS INT64_C(1269014400000)
#define BRANDS 4

struct bed {
	struct organisation *o;
	struct notify *n;
	struct counters counters;
	char sent[4000], held[2000];
	int64_t now_min;
	uint64_t number;
	uint32_t rev[BRANDS];
	uint8_t level[BRANDS];
	int open[BRANDS];
};

static void
on_send(void *self, struct alert *a, uint32_t i, uint32_t sink)
{
	struct bed *b = self;
	size_t len = strlen(b->sent);

	assert_true(sink == NOTIFY_EVERY || sink < 9);
	snprintf(b->sent + len, sizeof(b->sent) - len, "%s%u@%d>%s ",
	    a->brand, a->level, (int)b->now_min, a->channels[i]);
}

static void
on_held(void *self, const struct alert *a, uint32_t i, enum notify_why why)
{
	struct bed *b = self;
	size_t len = strlen(b->held);

	snprintf(b->held + len, sizeof(b->held) - len, "%s%u>%s:%s ",
	    a->brand, a->level, a->channels[i], notify_why_name(why));
}

static void
begin(struct bed *b, const char *rest)
{
	char text[2000];

	*b = (struct bed){0};
	snprintf(text, sizeof(text), "teams:\n"
	    "  desk: {brands: \"*\", sectors: [food]}\n"
	    "  solo: {brands: [b0], channel: agency}\n%s", rest);
	b->o = load_organisation(text);
	b->n = notify_new(&(struct notify_setup){.organisation = b->o,
	    .counters = &b->counters, .send = on_send, .held = on_held,
	    .self = b});
}

static void
end(struct bed *b)
{
	notify_free(b->n);
	organisation_free(b->o);
}

/* A message about brand b${k} in minute ${at}, or about the sector. */
static void
say(struct bed *b, int at, int k, uint8_t level)
{
	char name[8], id[8];
	struct alert *a;

	snprintf(name, sizeof(name), "b%d", k);
	a = alerts_make("food", name, 1);
	if (b->level[k] == 0) {
		b->rev[k] = 0;
		b->open[k]++;
	}
	snprintf(id, sizeof(id), "%d-%d", k, b->open[k]);
	memset(a->id, 0, sizeof(a->id));
	memcpy(a->id, id, strlen(id));
	a->rev = b->rev[k]++;
	a->level = level;
	a->previous_level = b->level[k];
	b->level[k] = level;
	a->minute_ms = START_MS + at * MINUTE_MS;
	a->number = b->number++;
	route_owner(b->o, a);
	b->now_min = at;
	notify_alert(b->n, a, NOTIFY_EVERY);
	alert_unref(a);
}

static void
pass(struct bed *b, int from, int to)
{
	for (int m = from; m <= to; m++) {
		b->now_min = m;
		notify_minute(b->n, START_MS + m * MINUTE_MS);
	}
}

static void
sent(struct bed *b, const char *want)
{
	assert_string_equal(b->sent, want);
	b->sent[0] = '\0';
}

static void
test_without_a_plan(void **state)
{
	struct bed b;

	(void)state;
	begin(&b, "");
	say(&b, 0, 0, 1);
	say(&b, 0, 1, 2);
	say(&b, 1, 0, 1);
	say(&b, 2, 0, 0);
	sent(&b, "b01@0>desk b01@0>agency b12@0>desk b01@1>desk b01@1>agency "
		 "b00@2>desk b00@2>agency ");
	assert_int_equal(notify_count(b.n), 0);
	end(&b);
}

static void
test_group(void **state)
{
	struct bed b;

	(void)state;
	begin(&b, "group: {by: [sector], wait: 2m, interval: 10m}\n");
	say(&b, 0, 1, 1);
	say(&b, 1, 2, 2);
	say(&b, 1, 1, 2); /* says all that its first message did */
	sent(&b, "");
	assert_int_equal(notify_count(b.n), 2);
	pass(&b, 1, 2);
	sent(&b, "b22@2>desk b12@2>desk ");
	say(&b, 4, 3, 1);
	pass(&b, 4, 11);
	sent(&b, "");
	pass(&b, 12, 12);
	sent(&b, "b31@12>desk ");
	/* a crisis does not wait, and what was held of it is said by it */
	say(&b, 13, 2, 1);
	say(&b, 14, 2, 3);
	sent(&b, "b23@14>desk ");
	pass(&b, 14, 60);
	sent(&b, "");
	assert_int_equal(
	    b.counters.values[COUNTER_notify_superseded_total], 2);
	end(&b);
}

static void
test_repeat_backs_off(void **state)
{
	struct bed b;

	(void)state;
	begin(&b, "group: {by: [brand], wait: 1m, interval: 1m, "
		  "repeat: 30m, backoff: 2}\n");
	say(&b, 0, 1, 1);
	pass(&b, 0, 1);
	sent(&b, "b11@1>desk ");
	say(&b, 10, 1, 1);
	pass(&b, 10, 30);
	sent(&b, "");
	pass(&b, 31, 31);
	sent(&b, "b11@31>desk ");
	say(&b, 70, 1, 1); /* twice as long now */
	sent(&b, "");
	say(&b, 75, 1, 2); /* another level is news */
	sent(&b, "b12@75>desk ");
	say(&b, 76, 1, 0);
	pass(&b, 76, 77);
	sent(&b, "b10@77>desk ");
	end(&b);
}

static void
test_silence(void **state)
{
	struct bed b;

	(void)state;
	begin(&b, "silences:\n  - {match: {brand: b1}, author: Claire, "
		  "reason: planned, until: 2010-03-19T16:30:00Z}\n");
	say(&b, 0, 1, 3);
	say(&b, 5, 2, 1);
	say(&b, 6, 2, 0);
	sent(&b, "b21@5>desk b20@6>desk ");
	assert_string_equal(b.held, "b13>desk:silence ");
	pass(&b, 6, 29);
	sent(&b, "");
	pass(&b, 30, 30); /* it has lapsed, the alert is still open */
	sent(&b, "b13@30>desk ");
	end(&b);
}

static void
test_ended_in_silence(void **state)
{
	struct bed b;

	(void)state;
	begin(&b, "silences:\n  - {match: {brand: b1}, author: Claire, "
		  "reason: planned, until: 2010-03-19T16:30:00Z}\n");
	say(&b, 0, 1, 1);
	say(&b, 9, 1, 0);
	pass(&b, 9, 60);
	sent(&b, "");
	assert_int_equal(notify_count(b.n), 0);
	assert_int_equal(b.counters.values[COUNTER_notify_ended_total], 1);
	end(&b);
}

static void
test_mute(void **state)
{
	struct bed b;

	(void)state;
	begin(&b, "mute:\n  - {team: solo, days: sat-sun, "
		  "reason: weekend}\n");
	say(&b, 0, 0, 1);
	sent(&b, "b01@0>desk b01@0>agency ");
	say(&b, 600, 0, 2); /* Saturday 02:00 */
	sent(&b, "b02@600>desk ");
	assert_string_equal(b.held, "b02>agency:mute ");
	say(&b, 700, 0, 3);
	sent(&b, "b03@700>desk b03@700>agency ");
	say(&b, 800, 1, 1); /* not theirs */
	sent(&b, "b11@800>desk ");
	pass(&b, 800, 4000);
	sent(&b, "");
	end(&b);
}

static void
test_mute_ends_on_monday(void **state)
{
	struct bed b;

	(void)state;
	begin(&b, "mute:\n  - {team: solo, days: sat-sun, "
		  "reason: weekend}\n");
	say(&b, 600, 0, 2);
	sent(&b, "b02@600>desk ");
	pass(&b, 600, 56 * 60 - 1);
	sent(&b, "");
	pass(&b, 56 * 60, 56 * 60); /* Monday 00:00 UTC */
	sent(&b, "b02@3360>agency ");
	end(&b);
}

static void
test_inhibit(void **state)
{
	struct bed b;

	(void)state;
	begin(&b, "inhibit:\n  - {source: {brand: b1, level: 3..4}, "
		  "target: {level: 1..2}, equal: [sector]}\n");
	say(&b, 0, 2, 1);
	say(&b, 1, 1, 3);
	say(&b, 2, 2, 2); /* b1 stands for it */
	say(&b, 3, 0, 2); /* agency was never told of b1 */
	sent(&b, "b21@0>desk b13@1>desk b02@3>agency ");
	say(&b, 9, 1, 2);
	pass(&b, 9, 9);
	sent(&b, "b12@9>desk b22@9>desk b02@9>desk ");
	end(&b);
}

static void
test_budget(void **state)
{
	struct bed b;

	(void)state;
	begin(&b, "noise_budget: 2\n");
	for (int i = 0; i < 6; i++)
		say(&b, i, 1, (uint8_t)(i % 2 + 1));
	say(&b, 9, 2, 4);
	assert_int_equal(notify_week(b.n, "desk", START_MS), 6);
	assert_int_equal(
	    notify_week(b.n, "desk", START_MS + 7 * 24 * 60 * MINUTE_MS), 0);
	assert_int_equal(
	    b.counters.values[COUNTER_notify_over_budget_total], 1);
	end(&b);
}

/* The same messages, with minutes told between them or not. */
/* Beyond the bound a message goes out, and is not counted as held. */
static void
test_full(void **state)
{
	struct alert *a;
	struct bed b;

	(void)state;
	begin(&b, "silences:\n  - {match: {brand: b1}, author: Claire, "
		  "reason: planned, until: 2010-03-19T16:30:00Z}\n");
	for (unsigned k = 0; k < NOTIFY_HELD_MAX + 2; k++) {
		a = alerts_make("food", "b1", k);
		memset(a->id, 0, sizeof(a->id));
		snprintf(a->id, sizeof(a->id), "e%u", k);
		a->level = 1;
		a->minute_ms = START_MS;
		route_owner(b.o, a);
		b.held[0] = '\0';
		notify_alert(b.n, a, NOTIFY_EVERY);
		alert_unref(a);
	}
	sent(&b, "b11@0>desk b11@0>desk ");
	assert_string_equal(b.held, "");
	assert_int_equal(notify_count(b.n), NOTIFY_HELD_MAX);
	assert_int_equal(b.counters.values[COUNTER_notify_silenced_total],
	    NOTIFY_HELD_MAX);
	assert_int_equal(b.counters.values[COUNTER_notify_unheld_total], 2);
	end(&b);
}

static void
test_cut(void **state)
{
	char first[4000];
	struct bed b;

	(void)state;
	for (uint64_t seed = 0; seed < 200; seed++)
		for (int often = 0; often < 2; often++) {
			struct rand r;
			int at = 0;

			rand_seed(&r, seed);
			begin(&b, "group: {by: [sector], wait: 3m, "
			    "interval: 9m, repeat: 20m, backoff: 2}\n"
			    "inhibit:\n  - {source: {level: 3..4}, "
			    "target: {level: 1..2}, equal: [sector]}\n");
			for (int i = 0; i < 30; i++) {
				int gap = (int)rand_below(&r, 12);
				int k = (int)rand_below(&r, BRANDS);
				uint8_t level = (uint8_t)rand_below(&r, 5);

				if (b.level[k] == 0 && level == 0)
					level = 1;
				if (often)
					pass(&b, at, at + gap - 1);
				at += gap;
				say(&b, at, k, level);
			}
			for (int k = 0; k < BRANDS; k++)
				if (b.level[k] > 0)
					say(&b, at, k, 0);
			pass(&b, at, at + 500);
			assert_int_equal(notify_count(b.n), 0);
			/* when it was sent shows only who looked */
			for (char *c = b.sent; (c = strchr(c, '@')) != NULL;
			     c++)
				memset(c, '.', strcspn(c, ">"));
			for (char *c = b.sent, *to = b.sent;; c++) {
				if (*c != '.')
					*to++ = *c;
				if (*c == '\0')
					break;
			}
			if (often)
				assert_string_equal(b.sent, first);
			else
				memcpy(first, b.sent, sizeof(first));
			end(&b);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_without_a_plan),
	    cmocka_unit_test(test_group),
	    cmocka_unit_test(test_repeat_backs_off),
	    cmocka_unit_test(test_silence),
	    cmocka_unit_test(test_ended_in_silence),
	    cmocka_unit_test(test_mute),
	    cmocka_unit_test(test_mute_ends_on_monday),
	    cmocka_unit_test(test_inhibit),
	    cmocka_unit_test(test_budget),
	    cmocka_unit_test(test_full),
	    cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
