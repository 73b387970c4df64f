/*
 * Goal: an alert shows three to five different posts when there are as many,
 * the first is the first of the hour or of the open episode, and a joke does
 * not stand where accusations could.
 * Method: posts by hand, one encoding, the texts are looked for in it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/density/evidence.h"

static struct buf out;

/* Post number ${n} of ${minute}: another text for each ${sketch}, 0 is none. */
static void
say(struct evidence *e, uint64_t n, int64_t minute, uint32_t blame,
    uint64_t followers, uint64_t sketch)
{
	char text[32];
	int len = snprintf(text, sizeof(text), "<%llu>", (unsigned long long)n);
	struct record r = {.id_key = n, .followers = followers,
	    .sketch = sketch << 32 | sketch,
	    .text = {0, (uint32_t)len}};
	struct evidence_post post = {&r, text, minute * 60000 + (int64_t)n,
	    blame, 1};

	evidence_add(e, &post, NULL);
}

static const char *
shown(const struct evidence *e, int64_t minute)
{
	buf_clear(&out);
	evidence_encode(e, NULL, minute, &out);
	buf_char(&out, '\0');
	return out.data;
}

static unsigned
count(const char *json)
{
	unsigned n = 0;

	while ((json = strstr(json, "\"why\":")) != NULL) {
		json++;
		n++;
	}
	return n;
}

static void
three_different_posts_when_there_are_three(void **state)
{
	struct evidence *e = evidence_new();
	const char *json;

	(void)state;
	/* All roles would choose the first: it comes first, harms most. */
	say(e, 1, 0, 900000, 9999, 1);
	say(e, 2, 1, 800000, POST_UNKNOWN, 2);
	say(e, 3, 2, 800000, POST_UNKNOWN, 3);
	say(e, 4, 3, 700000, 5, 3); /* nearly the text of 3 */
	json = shown(e, 5);
	assert_int_equal(count(json), 3);
	assert_non_null(strstr(json, "<1>"));
	assert_non_null(strstr(json, "<2>"));
	assert_true((strstr(json, "<3>") == NULL) !=
	    (strstr(json, "<4>") == NULL));
	evidence_free(e);
}

static void
the_first_is_the_first_of_the_hour(void **state)
{
	struct evidence *e = evidence_new();
	const char *json;

	(void)state;
	for (int64_t m = 0; m < 200; m++) {
		say(e, (uint64_t)m + 1, m, 800000, 10, (uint64_t)m + 1);
		json = shown(e, m);
		assert_int_equal(count(json), m < 3 ? m + 1 : 4);
	}
	/* Minute 140 is the oldest; the first of a chunk of 12 is 144. */
	json = strstr(shown(e, 199), "\"first\"");
	assert_non_null(json);
	assert_non_null(strstr(json, "<145>"));
	evidence_free(e);
}

static void
the_first_of_an_episode_stays(void **state)
{
	struct evidence *e = evidence_new();

	(void)state;
	say(e, 1, 0, 800000, 10, 1);
	evidence_pin(e, 1);
	for (int64_t m = 2; m < 300; m++)
		say(e, (uint64_t)m, m, 900000, 10, (uint64_t)m);
	assert_non_null(strstr(shown(e, 300), "<1>"));
	evidence_unpin(e);
	assert_null(strstr(shown(e, 300), "<1>"));
	/* A post that its author took back is not shown. */
	say(e, 1000, 300, 999999, 10, 1000);
	evidence_pin(e, 300);
	assert_non_null(strstr(shown(e, 300), "<1000>"));
	evidence_forget(e, 1000);
	assert_null(strstr(shown(e, 300), "<1000>"));
	evidence_free(e);
}

static void
a_joke_does_not_stand_for_the_harm(void **state)
{
	struct evidence *e = evidence_new();
	const char *json;

	(void)state;
	say(e, 1, 0, 100000, 900000, 1); /* widest and first, but a joke */
	say(e, 2, 1, 800000, 10, 2);
	json = shown(e, 5);
	assert_int_equal(count(json), 2); /* there is not more */
	say(e, 3, 2, 800000, 20, 3);
	say(e, 4, 3, 900000, 30, 4);
	say(e, 5, 4, 100000, 900000, 5); /* and the latest */
	json = shown(e, 5);
	assert_true(count(json) >= 3);
	assert_null(strstr(json, "<1>"));
	assert_null(strstr(json, "<5>"));
	evidence_free(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(three_different_posts_when_there_are_three),
	    cmocka_unit_test(the_first_is_the_first_of_the_hour),
	    cmocka_unit_test(the_first_of_an_episode_stays),
	    cmocka_unit_test(a_joke_does_not_stand_for_the_harm),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	buf_fini(&out);
	return failed;
}
