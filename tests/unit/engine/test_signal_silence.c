/*
 * Goal: a brand that is always talked of and falls silent is told of, with
 * an end; so are sources, once for all of them, and they mute their brands;
 * a quiet night, a week too short, or an engine that was off are not silence.
 * Method: records by hand through a judge with this signal alone.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/unit/engine/signal_posts.h"

static const struct extras tv = {.source = "tv"}, net = {.source = "net"};

/* ${per_hour} posts an hour from ${from} to ${to}, by day only. */
static void
talk(struct signal_test *t, int64_t from_hour, int64_t to_hour, int per_hour,
    const struct extras *e)
{
	for (int64_t h = from_hour; h < to_hour; h++)
		for (int i = 0; i < per_hour && h % 24 >= 6; i++)
			signal_says(t, h * HOUR_MS + i * (HOUR_MS / per_hour),
			    50 + t->id % 500, 0, e);
}

/* Another brand keeps the source alive. */
static void
other(struct signal_test *t, int64_t from_hour, int64_t to_hour,
    const struct extras *e)
{
	for (int64_t h = from_hour * 4; h < to_hour * 4; h++) {
		struct post_by_hand p = {.t_ms = POSTS_START + h * HOUR_MS / 4,
		    .author = 1, .id = ++t->id + 1000000, .brand = 2,
		    .topic = RULES_NONE};

		posts_add(t->batch, &p);
		vec_at(&t->batch->records, struct record, 0)->source =
		    posts_text(t->batch, e->source);
		judge_batch(t->court.judge, t->batch);
		posts_clear(t->batch);
	}
}

static void
a_silent_brand_has_an_end(void **state)
{
	struct signal_test t;

	(void)state;
	signal_open(&t, "silence");
	talk(&t, 0, 8 * 24 + 12, 12, &tv);
	assert_int_equal(TOLD(&t, "silence"), 0); /* nights are quiet */
	other(&t, 8 * 24 + 12, 8 * 24 + 16, &tv);
	assert_int_equal(TOLD(&t, "silence"), 1);
	assert_int_equal(t.court.last->level, 1);
	assert_string_equal(t.court.last->brand, "kitkat");
	assert_int_equal(signal_told(&t, "nobody speaks of it since "
	    "2010-03-25 11:55 UTC"), 2);
	assert_int_equal(signal_told(&t, "on n'en parle plus depuis"), 2);
	assert_int_equal(signal_told(&t, "\"what\":\"brand\""), 1);
	talk(&t, 8 * 24 + 16, 8 * 24 + 18, 12, &tv);
	signal_passes(&t, (8 * 24 + 18) * HOUR_MS);
	assert_int_equal(TOLD(&t, "silence"), 2);
	assert_int_equal(t.court.last->level, 0);
	assert_int_equal(signal_told(&t, "it is spoken of again"), 2);
	signal_close(&t);
}

static void
silent_sources_mute_their_brands(void **state)
{
	struct signal_test t;

	(void)state;
	signal_open(&t, "silence");
	for (int64_t h = 0; h < 8 * 24 + 12; h++) {
		talk(&t, h, h + 1, 12, &tv);
		talk(&t, h, h + 1, 12, &net);
	}
	/* Nobody speaks at all: only the clock moves. */
	for (int64_t h = 8 * 24 + 12; h < 8 * 24 + 18; h++)
		signal_passes(&t, h * HOUR_MS);
	assert_int_equal(TOLD(&t, "silence"), 1);
	assert_null(t.court.last->brand);
	assert_int_equal(signal_told(&t, "nothing has come from tv, net since"),
	    2);
	assert_int_equal(signal_told(&t, "plus rien n'arrive de tv, net"), 2);
	assert_int_equal(signal_told(&t, "\"sources\":[\"tv\",\"net\"]"), 1);
	/* One alone comes back: it is not over. */
	talk(&t, 8 * 24 + 18, 8 * 24 + 20, 12, &tv);
	assert_int_equal(TOLD(&t, "silence"), 1);
	for (int64_t h = 8 * 24 + 20; h < 8 * 24 + 22; h++) {
		talk(&t, h, h + 1, 12, &net);
		talk(&t, h, h + 1, 12, &tv);
	}
	signal_passes(&t, (8 * 24 + 22) * HOUR_MS);
	assert_int_equal(TOLD(&t, "silence"), 2);
	assert_int_equal(t.court.last->level, 0);
	assert_int_equal(signal_told(&t, "all of them speak again"), 2);
	signal_close(&t);
}

static void
what_is_no_silence(void **state)
{
	struct signal_test t;

	(void)state;
	/* not known for a week */
	signal_open(&t, "silence");
	talk(&t, 0, 5 * 24 + 12, 12, &tv);
	other(&t, 5 * 24 + 12, 6 * 24, &tv);
	assert_int_equal(TOLD(&t, "silence"), 0);
	signal_close(&t);
	/* one lean day in the last seven */
	signal_open(&t, "silence");
	talk(&t, 0, 5 * 24, 12, &tv);
	talk(&t, 5 * 24, 6 * 24, 1, &tv);
	talk(&t, 6 * 24, 9 * 24 + 12, 12, &tv);
	other(&t, 9 * 24 + 12, 9 * 24 + 18, &tv);
	assert_int_equal(TOLD(&t, "silence"), 0);
	signal_close(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_silent_brand_has_an_end),
	    cmocka_unit_test(silent_sources_mute_their_brands),
	    cmocka_unit_test(what_is_no_silence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
