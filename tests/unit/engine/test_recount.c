/*
 * Goal: what is no alert is refused with a sentence, whatever it is, and a
 * strange alert is recomputed without harm.
 * Method: texts that go for each member; the good ones are in
 * tests/e2e/53-explain-alert.sh.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/diff/recount.h"

#define HEAD "{\"v\":1,\"id\":\"x\",\"theta\":[5,10,20,35],\"alpha\":20"

static void
refused(const char *text)
{
	struct err err = {0};

	assert_null(recount_read(slice_of(text), &err));
	assert_true(err.text[0] != '\0');
}

static void
no_alerts_are_refused(void **state)
{
	(void)state;
	refused("");
	refused("[]");
	refused("nonsense");
	refused("{\"v\":1}");
	refused("{\"v\":2,\"id\":\"x\",\"theta\":[5,10,20,35],\"alpha\":20}");
	refused("{\"v\":1,\"id\":\"x\",\"theta\":[5,10,20],\"alpha\":20}");
	refused("{\"v\":1,\"id\":\"x\",\"theta\":[1,2,3,4,5],\"alpha\":20}");
	refused("{\"v\":1,\"id\":\"x\",\"theta\":[5,10,20,35],\"alpha\":0}");
	refused(HEAD ",\"pairs[].topic\":\"x\"}");
	refused(HEAD ",\"rules[].share\":1}");
	refused(HEAD ",\"harm\":-1}");
	refused(HEAD ",\"harm\":1e9}");
	refused(HEAD ",\"harm\":99999999999999999999}");
	refused(HEAD ",\"harm\":0.1234567}");
	refused(HEAD ",\"harm\":\"1\"}");
	refused(HEAD ",\"coordinated\":1}");
	refused(HEAD ",\"pairs\":[{},{},{},{},{},{},{},{},{},{},{},{},{},{},"
		     "{},{},{}]}");
}

static void
strange_ones_do_no_harm(void **state)
{
	static const char *const texts[] = {
	    HEAD "}",
	    HEAD ",\"level\":9,\"posts\":999999999,\"harm\":999999999,"
		 "\"rules\":[{\"id\":\"a\",\"harm\":999999999}]}",
	    HEAD ",\"level\":4,\"because\":\"calmer\",\"falls_below\":1}",
	    HEAD ",\"level\":0,\"because\":\"rare\",\"falls_below\":1}",
	    HEAD ",\"rarity\":{\"z\":-5,\"s\":999999999}}",
	    HEAD ",\"subject\":\"sector\",\"breadth\":1,\"brands\":[{\"brand\":"
		 "null,\"excess\":0},{\"excess\":999999999}]}",
	    HEAD ",\"minute\":\"x\",\"first_minute\":\"2010-03-17T11:00:00Z\"}",
	    HEAD ",\"signal\":{\"days\":[[[{}]]]},\"kind\":\"new\"}",
	    HEAD ",\"evidence\":[{\"text\":\"\\ud800\"}],\"unknown\":[1,{}]}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct err err = {0};
		struct buf out = {0};
		struct recount *r = recount_read(slice_of(texts[i]), &err);

		if (r == NULL)
			fail_msg("%s: %s", texts[i], err.text);
		recount_people(r, true, &out);
		recount_people(r, false, &out);
		recount_json(r, &out);
		assert_true(out.len > 0);
		assert_int_equal(recount_rev(r), 0);
		buf_fini(&out);
		recount_free(r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_alerts_are_refused),
	    cmocka_unit_test(strange_ones_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
