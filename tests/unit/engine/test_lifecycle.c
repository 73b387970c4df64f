/*
 * Goal: every rule of the lifecycle in docs/ALERTS.md: who may do what when,
 * what time alone brings, what a rise and a fall change, and that the journal
 * gives the same machine again.
 * Method: a machine on a bed, its words compared with what is wanted.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "engine/lifecycle/lifecycle_parts.h"
#include "tests/unit/engine/lifecycle_bed.h"

static const char *const three[] = {"crisis", "house", "kitkat"};

static void
a_life(void **state)
{
	struct bed *b = *state;

	bed_tell(b, 3, "kitkat", bed_both, 2);
	assert_string_equal(
	    bed_said(b), ">detected -/kitkat alert; ");
	lifecycle_told(b->lc, BED_ID, b->now_ms);
	lifecycle_told(b->lc, BED_ID, b->now_ms);
	assert_string_equal(
	    bed_said(b), "detected>notified -/kitkat told; ");
	bed_done(b, CMD("claim", "kitkat", ""),
	    "notified>claimed kitkat/kitkat command; ");
	bed_done(b, HOLD("kitkat", "12:00"),
	    "claimed>holding kitkat/kitkat command; ");
	bed_done(b, CMD("respond", "kitkat", ",\"text\":\"out\""),
	    "holding>responding kitkat/kitkat command; ");
	bed_done(b, CMD("watch", "kitkat", ""),
	    "responding>watching kitkat/kitkat command; ");
	bed_refused(b, CMD("close", "kitkat", ""), "no_lesson");
	bed_done(b, CMD("close", "kitkat", ",\"lesson\":\"answer sooner\""),
	    "watching>closed kitkat/kitkat command; ");
	bed_refused(b, CMD("claim", "house", ""), "closed");
	bed_done(b, CMD("note", "house", ",\"text\":\"well done\""),
	    "closed>closed kitkat/house command; ");
	lifecycle_tick(b->lc, lifecycle_next(b->lc));
	assert_int_equal(lifecycle_next(b->lc), INT64_MAX);
}

static void
one_owner(void **state)
{
	struct bed *b = *state;
	struct answer a;

	bed_begin(b, 3);
	bed_refused(b, CMD("hold", "kitkat", ""), "not_owner");
	bed_refused(b, CMD("claim", "legal", ""), "not_addressed");
	bed_refused(b, CMD("claim", "nobody", ""), "unknown_team");
	bed_refused(b, CMD("dance", "house", ""), "bad_command");
	bed_refused(b, "{\"do\":\"claim\",\"team\":\"house\"}", "missing");
	bed_refused(b, "{\"do\":\"claim\",\"alert\":\"x\",\"team\":\"house\"}",
	    "unknown_alert");
	bed_refused(b, "{\"do\":\"claim\",", "bad_command");
	bed_refused(b, "{\"do\":\"claim\",\"alert\":7}", "bad_command");
	bed_refused(b, CMD("silence", "house", ""), "not_here");
	bed_done(b, CMD("claim", "house", ""),
	    "notified>claimed house/house command; ");
	assert_false(bed_do(b, CMD("claim", "kitkat", ""), &a));
	assert_int_equal(a.refusal, REFUSAL_owned);
	assert_string_equal(a.owner, "house");
	assert_string_equal(a.by, "Claire");
	bed_refused(b, CMD("claim", "house", ""), "already");
	bed_refused(b, CMD("close", "kitkat", ",\"lesson\":\"x\""),
	    "not_owner");
	bed_done(b, CMD("release", "house", ""),
	    "claimed>notified -/house command; ");
	/* The deputy of a team that got it. */
	bed_done(b, CMD("claim", "crisis", ""),
	    "notified>claimed crisis/crisis command; ");
}

static void
nobody_claims(void **state)
{
	struct bed *b = *state;

	bed_begin(b, 3);
	bed_wait(b, 29, "");
	assert_int_equal(lifecycle_next(b->lc), b->now_ms + MINUTE_MS);
	bed_wait(b, 1, "notified>notified -/kitkat timeout; "
			   "!answer_late kitkat crisis; ");
	bed_wait(b, 14, "");
	bed_wait(b, 1, "notified>notified -/crisis timeout; "
			   "!escalated kitkat crisis; ");
	bed_wait(b, 15, "notified>notified -/crisis timeout; "
			    "!escalated kitkat crisis house; ");
	bed_done(b, CMD("claim", "crisis", ""),
	    "notified>claimed crisis/crisis command; ");
}

/* A deputy for grave alerts alone is not asked about others; one that is not
 * there only when nobody fits. */
static void
deputies_by_level(void **state)
{
	struct bed *b = *state;
	struct lifecycle_set set = {0};
	const struct team *both[] = {&b->o->teams[0], &b->o->teams[3]};

	b->o->teams[2].deputies = both;
	b->o->teams[2].deputies_count = 2;
	b->o->teams[0].min_level = 3;
	lifecycle_people_deputies(b->lc, "kitkat", 2, &set);
	assert_int_equal(set.count, 1);
	assert_string_equal(set.ids[0], "legal");
	lifecycle_set_clear(&set);
	lifecycle_people_deputies(b->lc, "kitkat", 3, &set);
	assert_int_equal(set.count, 2);
	lifecycle_set_clear(&set);
	b->o->teams[3].hours.always = false;
	lifecycle_people_deputies(b->lc, "kitkat", 2, &set);
	assert_int_equal(set.count, 1); /* not there, but the one for it */
	assert_string_equal(set.ids[0], "legal");
	lifecycle_set_clear(&set);
	b->o->teams[3].min_level = 3;
	lifecycle_people_deputies(b->lc, "kitkat", 2, &set);
	assert_int_equal(set.count, 2); /* nobody fits: somebody is asked */
	lifecycle_set_clear(&set);
}

static void
planned_escalation(void **state)
{
	struct bed *b = *state;
	struct escalation_target legal = {ESCALATE_TEAM, &b->o->teams[3]};
	struct escalation_target centre = {ESCALATE_CENTRE, NULL};
	struct escalation_step steps[] = {
	    {.after_ms = 5 * MINUTE_MS, .to = &centre, .to_count = 1},
	    {.after_ms = 10 * MINUTE_MS, .repeat_ms = 20 * MINUTE_MS,
		.to = &legal, .to_count = 1}};

	b->o->plan->escalation = steps;
	b->o->plan->escalation_count = 2;
	bed_begin(b, 4);
	bed_refused(b, CMD("claim", "legal", ""), "not_addressed");
	bed_wait(b, 15, "notified>notified -/kitkat timeout; "
			    "!answer_late kitkat crisis; ");
	bed_wait(b, 5, "notified>notified -/house timeout; "
			   "!escalated kitkat house; ");
	bed_wait(b, 5, "notified>notified -/legal timeout; "
			   "!escalated kitkat house legal; ");
	bed_wait(b, 19, "");
	/* Away for an hour and a half: one word, not five. */
	bed_wait(b, 91, "notified>notified -/legal timeout; "
			    "!escalated kitkat house legal; ");
	bed_done(b, CMD("claim", "legal", ""),
	    "notified>claimed legal/legal command; ");
}

static void
silent_owner(void **state)
{
	struct bed *b = *state;

	bed_begin(b, 3);
	bed_done(b, CMD("claim", "kitkat", ""),
	    "notified>claimed kitkat/kitkat command; ");
	bed_done(b, CMD("note", "kitkat", ",\"text\":\"looking\""),
	    "claimed>claimed kitkat/kitkat command; ");
	bed_wait(b, 29, "");
	bed_wait(b, 1, "claimed>notified -/crisis silent; "
			   "!owner_silent crisis house; ");
	bed_refused(b, CMD("respond", "kitkat", ""), "not_owner");
	bed_done(b, CMD("claim", "kitkat", ""),
	    "notified>claimed kitkat/kitkat command; ");
	bed_done(b, CMD("watch", "kitkat", ""),
	    "claimed>watching kitkat/kitkat command; ");
	bed_wait(b, 600, "");
	/* It rises: the owner is to look at it again. */
	bed_tell(b, 4, "kitkat", bed_both, 2);
	assert_string_equal(
	    bed_said(b), "watching>claimed kitkat/kitkat level; ");
	bed_wait(b, 15, "claimed>notified -/crisis silent; "
			    "!owner_silent crisis house; ");
}

static void
promises(void **state)
{
	struct bed *b = *state;

	bed_begin(b, 3);
	bed_done(b, CMD("claim", "kitkat", ""),
	    "notified>claimed kitkat/kitkat command; ");
	bed_refused(b, HOLD("kitkat", "10:05"), "past");
	bed_refused(b, CMD("hold", "kitkat",
		       ",\"until\":\"2010-03-17T12:00:00Z\""), "missing");
	bed_refused(b, CMD("hold", "kitkat", ",\"text\":\"soon\""), "missing");
	bed_refused(b, CMD("hold", "kitkat", ",\"text\":\"x\",\"until\":\"6\""),
	    "bad_command");
	bed_done(b, HOLD("kitkat", "12:05"),
	    "claimed>holding kitkat/kitkat command; ");
	bed_refused(b, CMD("watch", "kitkat", ""), "promise_open");
	bed_refused(b, CMD("close", "kitkat", ",\"lesson\":\"x\""),
	    "promise_open");
	bed_wait(b, 104, "");
	bed_wait(b, 1, "!promise_near kitkat crisis; ");
	bed_wait(b, 14, "");
	bed_wait(b, 1, "!promise_broken kitkat crisis house; ");
	bed_wait(b, 60, "");
	/* Another word with another promise, this time a short one. */
	bed_done(b, HOLD("kitkat", "13:25"),
	    "holding>holding kitkat/kitkat command; ");
	bed_wait(b, 14, "");
	bed_wait(b, 1, "!promise_near kitkat crisis; ");
	bed_done(b, CMD("respond", "kitkat", ""),
	    "holding>responding kitkat/kitkat command; ");
	bed_wait(b, 60, "");
}

static void
handing_over(void **state)
{
	struct bed *b = *state;

	bed_begin(b, 3);
	bed_done(b, CMD("claim", "kitkat", ""),
	    "notified>claimed kitkat/kitkat command; ");
	bed_refused(b, CMD("handover", "kitkat", ",\"to\":\"x\""),
	    "unknown_team");
	bed_refused(b, CMD("handover", "kitkat", ",\"to\":\"kitkat\""),
	    "already");
	bed_done(b, CMD("handover", "kitkat", ",\"to\":\"legal\""),
	    "claimed>claimed kitkat/kitkat command; !handed_over legal; ");
	bed_refused(b, CMD("claim", "house", ""), "owned");
	bed_wait(b, 30, "claimed>claimed kitkat/kitkat timeout; "
			    "!handover_due kitkat legal; ");
	bed_refused(b, CMD("claim", "legal", ""), "owned");
	bed_done(b, HOLD("kitkat", "23:00"),
	    "claimed>holding kitkat/kitkat command; ");
	bed_done(b, CMD("handover", "kitkat", ",\"to\":\"legal\""),
	    "holding>holding kitkat/kitkat command; !handed_over legal; ");
	bed_done(b, CMD("claim", "legal", ""),
	    "holding>claimed legal/legal command; ");
	/* The promise was made to the public: it goes with the alert. */
	bed_refused(b, CMD("watch", "legal", ""), "promise_open");
	bed_refused(b, CMD("watch", "kitkat", ""), "not_owner");
}

static void
rising(void **state)
{
	struct bed *b = *state;

	bed_begin(b, 2);
	bed_done(b, CMD("claim", "kitkat", ""),
	    "notified>claimed kitkat/kitkat command; ");
	bed_tell(b, 3, "crisis", three, 3);
	assert_string_equal(bed_said(b),
	    "claimed>notified kitkat/crisis level; "
	    "!owner_changes kitkat crisis; ");
	/* The old one goes on until the new one has claimed it. */
	bed_done(b, HOLD("kitkat", "12:00"),
	    "notified>notified kitkat/kitkat command; ");
	bed_refused(b, CMD("claim", "kitkat", ""), "expected");
	bed_refused(b, CMD("close", "kitkat", ",\"lesson\":\"x\""), "expected");
	bed_refused(b, CMD("claim", "house", ""), "owned");
	bed_done(b, CMD("claim", "crisis", ""),
	    "notified>claimed crisis/crisis command; ");
	bed_refused(b, CMD("respond", "kitkat", ""), "not_owner");
	/* As the model said before: nothing changes. */
	bed_tell(b, 4, "crisis", three, 3);
	assert_string_equal(bed_said(b), "");
}

static void
falling(void **state)
{
	struct bed *b = *state;

	bed_begin(b, 3);
	bed_tell(b, 0, "kitkat", bed_both, 2);
	assert_string_equal(
	    bed_said(b), "notified>closed -/- calm unacted; ");
	bed_wait(b, 1441, "");
	assert_null(lifecycle_find(b->lc, slice_of(BED_ID)));
	bed_begin(b, 3);
	bed_done(b, CMD("claim", "kitkat", ""),
	    "notified>claimed kitkat/kitkat command; ");
	bed_tell(b, 0, "kitkat", bed_both, 2);
	assert_string_equal(
	    bed_said(b), "claimed>watching kitkat/kitkat calm; ");
	bed_wait(b, 1440, "!lesson_due kitkat; ");
	bed_wait(b, 7 * 1440 - 1, "");
	bed_wait(b, 1, "!lesson_due kitkat; ");
	bed_done(b, CMD("close", "kitkat", ",\"lesson\":\"ok\""),
	    "watching>closed kitkat/kitkat command; ");
}

static void
again(void **state)
{
	struct bed *b = *state;

	bed_begin(b, 2);
	bed_done(b, CMD("claim", "kitkat", ""),
	    "notified>claimed kitkat/kitkat command; ");
	bed_done(b, CMD("close", "kitkat", ",\"lesson\":\"a joke\""),
	    "claimed>closed kitkat/kitkat command; ");
	bed_tell(b, 1, "kitkat", bed_both, 2);
	bed_tell(b, 2, "kitkat", bed_both, 2);
	assert_string_equal(bed_said(b), "");
	bed_tell(b, 3, "kitkat", bed_both, 2);
	assert_string_equal(
	    bed_said(b), "closed>notified -/kitkat again; ");
	bed_wait(b, 30, "notified>notified -/kitkat timeout; "
			    "!answer_late kitkat crisis; ");
}

static void
unheard_of(void **state)
{
	struct bed *b = *state;

	b->o->plan->path = NULL; /* no file: nothing was promised */
	bed_begin(b, 3);
	bed_wait(b, 7 * 1440 - 1, "");
	bed_wait(b, 1, "notified>closed -/- timeout unacted; ");
}

static void
told_late(void **state)
{
	struct bed *b = *state;

	bed_tell(b, 3, "kitkat", bed_both, 2);
	b->now_ms += 40 * MINUTE_MS;
	lifecycle_tick(b->lc, b->now_ms);
	lifecycle_told(b->lc, BED_ID, b->now_ms);
	bed_said(b);
	bed_wait(b, 14, "");
	bed_wait(b, 1, "notified>notified -/kitkat timeout; "
			   "!answer_late kitkat crisis; ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
	    T(a_life), T(one_owner), T(nobody_claims), T(planned_escalation),
	    T(deputies_by_level),
	    T(silent_owner), T(promises), T(handing_over), T(rising),
	    T(falling), T(again), T(unheard_of), T(told_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
