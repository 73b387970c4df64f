/*
 * Goal: accusation, removal, mirrors in that order ring, and ring an open
 * episode again at once; any other order, a stage too late, too few accounts
 * or no accusation do not.  A statement alone wants ten mirrors.
 * Method: records by hand through a judge with this signal alone.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tests/unit/engine/signal_posts.h"

static const struct extras removal = {.roles = ROLE_REMOVAL};
static const struct extras mirrors = {.roles = ROLE_MIRROR};

static void
say(struct signal_test *t, int64_t t_ms, unsigned n, const struct extras *e)
{
	for (unsigned i = 0; i < n; i++)
		signal_says(t, t_ms + i * MINUTE_MS, 300000 + t->id, 900, e);
	signal_passes(t, t_ms + (n + 1) * MINUTE_MS);
}

static unsigned
heard(struct signal_test *t)
{
	return TOLD(t, "sequence") + NOTED(t, "sequence");
}

static void
start(struct signal_test *t)
{
	signal_open(t, "sequence");
	signal_calm(t);
}

static void
in_order_it_rings_at_once(void **state)
{
	struct signal_test t;
	unsigned before;

	(void)state;
	start(&t);
	signal_storm(&t, 4 * DAY_MS, 40, NULL);
	say(&t, 4 * DAY_MS + HOUR_MS, 3, &removal);
	say(&t, 4 * DAY_MS + 2 * HOUR_MS, 4, &mirrors);
	assert_int_equal(heard(&t), 0);
	before = t.court.count;
	say(&t, 4 * DAY_MS + 2 * HOUR_MS + 10 * MINUTE_MS, 1, &mirrors);
	assert_int_equal(heard(&t), 1);
	assert_true(t.court.count > before);
	assert_int_equal(signal_told(&t, "\"kind\":\"sequence\",\"level\":3,"
	    "\"minute\":") + TOLD(&t, "sequence"), 1);
	/* In the text that people read, in both languages, not only listed. */
	assert_true(signal_told(&t, "A removal now usually multiplies volume")
	    >= 2);
	assert_true(signal_told(&t, "Un retrait, à présent, multiplie "
				    "d'ordinaire le volume") >= 2);
	/* Once a week. */
	say(&t, 4 * DAY_MS + 3 * HOUR_MS, 3, &removal);
	say(&t, 4 * DAY_MS + 4 * HOUR_MS, 9, &mirrors);
	assert_int_equal(heard(&t), 1);
	signal_close(&t);
}

static void
out_of_order_it_does_not(void **state)
{
	struct signal_test t;

	(void)state;
	/* no accusation */
	start(&t);
	say(&t, 4 * DAY_MS, 3, &(struct extras){.roles = ROLE_REMOVAL});
	signal_passes(&t, 4 * DAY_MS + HOUR_MS);
	signal_close(&t);
	/* mirrors first */
	start(&t);
	signal_storm(&t, 4 * DAY_MS, 40, NULL);
	say(&t, 4 * DAY_MS + HOUR_MS, 9, &mirrors);
	say(&t, 4 * DAY_MS + 2 * HOUR_MS, 5, &removal);
	assert_int_equal(heard(&t), 0);
	signal_close(&t);
	/* two accounts tell of a removal */
	start(&t);
	signal_storm(&t, 4 * DAY_MS, 40, NULL);
	say(&t, 4 * DAY_MS + HOUR_MS, 2, &removal);
	say(&t, 4 * DAY_MS + 2 * HOUR_MS, 9, &mirrors);
	assert_int_equal(heard(&t), 0);
	signal_close(&t);
	/* more than a day between */
	start(&t);
	signal_storm(&t, 4 * DAY_MS, 40, NULL);
	say(&t, 4 * DAY_MS + HOUR_MS, 3, &removal);
	say(&t, 5 * DAY_MS + 3 * HOUR_MS, 9, &mirrors);
	assert_int_equal(heard(&t), 0);
	signal_close(&t);
}

static void
a_statement_wants_ten_mirrors(void **state)
{
	const struct extras statement = {.own = true};
	const struct extras reply = {.own = true, .answers = 5};
	struct signal_test t;

	(void)state;
	start(&t);
	signal_storm(&t, 4 * DAY_MS, 40, NULL);
	say(&t, 4 * DAY_MS + 30 * MINUTE_MS, 1, &reply);
	say(&t, 4 * DAY_MS + HOUR_MS, 12, &mirrors);
	assert_int_equal(heard(&t), 0);
	say(&t, 4 * DAY_MS + 2 * HOUR_MS, 1, &statement);
	say(&t, 4 * DAY_MS + 3 * HOUR_MS, 9, &mirrors);
	assert_int_equal(heard(&t), 0);
	say(&t, 4 * DAY_MS + 4 * HOUR_MS, 1, &mirrors);
	assert_int_equal(heard(&t), 1);
	assert_int_equal(signal_noted(&t, "a statement by the brand") +
	    TOLD(&t, "sequence"), 1);
	signal_close(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(in_order_it_rings_at_once),
	    cmocka_unit_test(out_of_order_it_does_not),
	    cmocka_unit_test(a_statement_wants_ten_mirrors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
