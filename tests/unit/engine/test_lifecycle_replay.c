/*
 * Goal: the journal gives the same machine again, whole or cut after any
 * entry; what was saved does too.
 * Method: a machine on a bed; a second one reads what the first one wrote.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/engine/lifecycle_bed.h"

static void
same_bytes(struct bed *b, const struct lifecycle *other)
{
	struct buf one = {0}, two = {0};

	lifecycle_save(b->lc, &one);
	lifecycle_save(other, &two);
	assert_int_equal(one.len, two.len);
	assert_memory_equal(one.data, two.data, one.len);
	assert_int_equal(lifecycle_next(b->lc), lifecycle_next(other));
	buf_fini(&one);
	buf_fini(&two);
}

static void
from_the_journal(void **state)
{
	struct bed *b = *state;
	struct lifecycle *lc;
	struct buf saved = {0};

	bed_begin(b, 3);
	bed_tell(b, 2, "kitkat", bed_both, 2); /* without a word */
	lc = bed_again(b, b->count, b->now_ms);
	same_bytes(b, lc);
	lifecycle_free(lc);
	bed_done(b, CMD("claim", "kitkat", ""),
	    "notified>claimed kitkat/kitkat command; ");
	bed_done(b, CMD("handover", "kitkat", ",\"to\":\"legal\""),
	    "claimed>claimed kitkat/kitkat command; !handed_over legal; ");
	lc = bed_again(b, b->count, b->now_ms);
	same_bytes(b, lc);
	assert_string_equal(bed_said(b), "");
	lifecycle_free(lc);
	lifecycle_save(b->lc, &saved);
	lc = bed_machine(b);
	assert_true(lifecycle_load(lc, buf_slice(&saved)));
	lifecycle_replayed(lc, b->now_ms);
	same_bytes(b, lc);
	lifecycle_free(lc);
	lc = bed_machine(b);
	saved.len -= 3;
	assert_false(lifecycle_load(lc, buf_slice(&saved)));
	lifecycle_free(lc);
	buf_fini(&saved);
}

/* Killed between two entries: what the first owed is told at the start. */
static void
torn_journal(void **state)
{
	struct bed *b = *state;
	struct lifecycle *lc;

	bed_tell(b, 3, "kitkat", bed_both, 2);
	bed_said(b);
	lc = bed_again(b, 1, b->now_ms);
	assert_string_equal(bed_said(b), ">detected -/kitkat alert; ");
	lifecycle_free(lc);
	/* The journal of the first machine, without what the second said. */
	b->count--;
	free(b->entries[b->count].json);
	free(b->entries[b->count].note);
	lifecycle_told(b->lc, BED_ID, b->now_ms);
	bed_done(b, CMD("claim", "kitkat", ""),
	    "detected>notified -/kitkat told; "
	    "notified>claimed kitkat/kitkat command; ");
	bed_done(b, CMD("handover", "kitkat", ",\"to\":\"legal\""),
	    "claimed>claimed kitkat/kitkat command; !handed_over legal; ");
	lc = bed_again(b, b->count - 1, b->now_ms);
	assert_string_equal(bed_said(b), "!handed_over legal; ");
	same_bytes(b, lc);
	lifecycle_free(lc);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		from_the_journal, bed_setup, bed_teardown),
	    cmocka_unit_test_setup_teardown(
		torn_journal, bed_setup, bed_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
