/*
 * What people do with an alert: a table of what is possible when, then each
 * deed.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/lifecycle/lifecycle_parts.h"

/* Where an act leads from a state; SAME: it is noted, nothing moves. */
enum { SAME = -1, OWNED = -2, WAIT = -3, DONE = -4, OVER = -5 };
#define DET LIFECYCLE_detected
#define NOT LIFECYCLE_notified
#define CLA LIFECYCLE_claimed
#define HOL LIFECYCLE_holding
#define RES LIFECYCLE_responding
#define WAT LIFECYCLE_watching
#define CLO LIFECYCLE_closed

/* By act, then by state: detected, notified (with an owner who goes on until
 * another team claims it), claimed, holding, responding, watching, closed. */
static const signed char table[][LIFECYCLE_STATES] = {
    [ACT_claim] = {CLA, CLA, OWNED, OWNED, OWNED, OWNED, OVER},
    [ACT_hold] = {SAME, SAME, HOL, HOL, HOL, HOL, OVER},
    [ACT_respond] = {SAME, SAME, RES, RES, RES, RES, OVER},
    [ACT_watch] = {WAIT, WAIT, WAT, WAT, WAT, DONE, OVER},
    [ACT_close] = {WAIT, WAIT, CLO, CLO, CLO, CLO, OVER},
    [ACT_handover] = {WAIT, WAIT, SAME, SAME, SAME, SAME, OVER},
    [ACT_release] = {NOT, NOT, NOT, NOT, NOT, NOT, OVER},
    [ACT_note] = {SAME, SAME, SAME, SAME, SAME, SAME, SAME},
};
#define TABLE_ACTS ((int)(sizeof(table) / sizeof(*table)))

struct deed {
	struct lifecycle *lc;
	struct lifecycle_case *c;
	const struct command *cmd;
	int64_t now_ms, sent_ms;
	enum lifecycle_state to;
	struct transition t;
	/* terminated copies of what the command says */
	char *team, *by, *id, *statement, *text, *handed;
};

static bool
is_owner(const struct deed *d)
{
	return d->c->owner != NULL && slice_is(d->cmd->team, d->c->owner);
}

static bool
may_claim(const struct deed *d)
{
	const struct lifecycle_case *c = d->c;
	/* While one goes on, only those that were asked take over. */
	const struct lifecycle_set *set =
	    c->owner != NULL ? &c->asked : &c->got;

	return lifecycle_set_has(set, d->cmd->team) ||
	    lifecycle_people_deputises(d->lc, d->cmd->team, set);
}

static int
check_claim(struct deed *d)
{
	const struct lifecycle_case *c = d->c;

	if (c->offered != NULL && slice_is(d->cmd->team, c->offered)) {
		d->to = LIFECYCLE_claimed;
		return LIFECYCLE_NONE;
	}
	if (is_owner(d))
		return c->state == LIFECYCLE_notified ? REFUSAL_expected
						      : REFUSAL_already;
	if (c->state != LIFECYCLE_detected && c->state != LIFECYCLE_notified)
		return REFUSAL_owned;
	if (may_claim(d))
		return LIFECYCLE_NONE;
	return c->owner != NULL ? REFUSAL_owned : REFUSAL_not_addressed;
}

/* What each act needs beside an owner. */
static int
check_rest(const struct deed *d)
{
	const struct lifecycle_case *c = d->c;
	const struct command *cmd = d->cmd;

	switch (cmd->act) {
	case ACT_hold:
		if (cmd->until_ms == TIME_NONE ||
		    (cmd->statement.len == 0 && cmd->text.len == 0))
			return REFUSAL_missing;
		return cmd->until_ms <= d->sent_ms ? REFUSAL_past
						   : LIFECYCLE_NONE;
	case ACT_watch:
		return c->promise_ms != TIME_NONE ? REFUSAL_promise_open
						  : LIFECYCLE_NONE;
	case ACT_close:
		if (c->promise_ms != TIME_NONE)
			return REFUSAL_promise_open;
		return c->peak >= 2 && cmd->text.len == 0 ? REFUSAL_no_lesson
							  : LIFECYCLE_NONE;
	case ACT_handover:
		if (cmd->to.len == 0)
			return REFUSAL_missing;
		if (!lifecycle_people_known(d->lc, cmd->to))
			return REFUSAL_unknown_team;
		return slice_is(cmd->to, c->owner) ? REFUSAL_already
						   : LIFECYCLE_NONE;
	case ACT_note:
		return cmd->text.len == 0 ? REFUSAL_missing : LIFECYCLE_NONE;
	default:
		return LIFECYCLE_NONE;
	}
}

/* LIFECYCLE_NONE: it may be done, and d->to says where it leads. */
static int
check(struct deed *d)
{
	const struct command *cmd = d->cmd;
	int to;

	if (cmd->act >= TABLE_ACTS)
		return REFUSAL_not_here;
	if (cmd->alert.len == 0 || cmd->team.len == 0)
		return REFUSAL_missing;
	if (d->c == NULL)
		return REFUSAL_unknown_alert;
	if (!lifecycle_people_known(d->lc, cmd->team) &&
	    !lifecycle_set_has(&d->c->got, cmd->team))
		return REFUSAL_unknown_team;
	to = table[cmd->act][d->c->state];
	d->to = to >= 0 ? (enum lifecycle_state)to : d->c->state;
	if (to == OVER)
		return REFUSAL_closed;
	if (cmd->act == ACT_claim)
		return check_claim(d);
	if (cmd->act == ACT_note && !is_owner(d))
		return may_claim(d) || lifecycle_set_has(
				&d->c->got, cmd->team)
		    ? check_rest(d)
		    : REFUSAL_not_addressed;
	if (cmd->act != ACT_note && !is_owner(d))
		return REFUSAL_not_owner;
	if (to == WAIT)
		return REFUSAL_expected;
	if (to == DONE)
		return REFUSAL_already;
	return check_rest(d);
}

/* ---- deeds -------------------------------------------------------------- */

static void
forget_promise(struct lifecycle_case *c)
{
	c->promise_ms = c->promised_ms = TIME_NONE;
	c->warned = c->broken = false;
}

static void
forget_offer(struct lifecycle_case *c)
{
	lifecycle_text(&c->offered, NULL);
	c->offer_by_ms = TIME_NONE;
}

static void
claim(struct deed *d)
{
	struct lifecycle_case *c = d->c;

	forget_offer(c);
	lifecycle_text(&c->owner, d->team);
	lifecycle_text(&c->by, d->by);
	c->acted = true;
	c->act_by_ms =
	    c->window_ms > 0 ? d->now_ms + c->window_ms : TIME_NONE;
}

static void
hold(struct deed *d)
{
	struct lifecycle_case *c = d->c;

	forget_promise(c);
	c->promise_ms = d->cmd->until_ms;
	c->promised_ms =
	    d->sent_ms < c->promise_ms ? d->sent_ms : c->promise_ms;
	lifecycle_text(
	    &c->statement, d->statement != NULL ? d->statement : d->text);
	d->t.statement = c->statement;
	if (d->statement != NULL)
		d->t.note = d->text;
}

static void
respond(struct deed *d)
{
	forget_promise(d->c);
	if (d->statement != NULL)
		lifecycle_text(&d->c->statement, d->statement);
	d->t.statement = d->statement;
	d->t.note = d->text;
}

static void
hand_over(struct deed *d)
{
	struct lifecycle_case *c = d->c;
	int64_t window_ms = c->window_ms > 0
	    ? c->window_ms
	    : lifecycle_people_window(d->lc, 1);
	const char *channel = lifecycle_people_channel(d->lc, d->handed);

	lifecycle_text(&c->offered, d->handed);
	lifecycle_set_put(&c->got, d->handed, channel);
	c->offer_by_ms =
	    window_ms > 0 ? d->now_ms + window_ms : TIME_NONE;
	c->act_by_ms = TIME_NONE;
	d->t.note = d->handed;
	lifecycle_owe(c, NOTICE_handed_over);
}

static void
release(struct deed *d)
{
	struct lifecycle_case *c = d->c;
	bool awaited = c->state == LIFECYCLE_notified;

	forget_offer(c);
	lifecycle_text(&c->owner, NULL);
	lifecycle_text(&c->by, NULL);
	d->t.note = d->text;
	if (!awaited)
		lifecycle_want(d->lc, c, c->assigned,
		    d->now_ms + c->window_ms);
}

static void
carry_out(struct deed *d)
{
	switch (d->cmd->act) {
	case ACT_claim:
		claim(d);
		break;
	case ACT_hold:
		hold(d);
		break;
	case ACT_respond:
		respond(d);
		break;
	case ACT_handover:
		hand_over(d);
		break;
	case ACT_release:
		release(d);
		break;
	case ACT_watch:
	case ACT_close:
	case ACT_note:
		d->t.note = d->text;
		break;
	default:
		UNREACHABLE("an act of the table");
	}
	if (d->by != NULL && is_owner(d) && d->cmd->act != ACT_note)
		lifecycle_text(&d->c->by, d->by);
	lifecycle_move(d->lc, d->c, d->to, &d->t);
}

static char *
copy(struct slice text)
{
	char *made = NULL;

	if (text.len > 0)
		lifecycle_slice(&made, text);
	return made;
}

static void
run(struct deed *d)
{
	char **texts[] = {&d->team, &d->by, &d->id, &d->statement, &d->text,
	    &d->handed};

	d->team = copy(d->cmd->team);
	d->by = copy(d->cmd->by);
	d->id = copy(d->cmd->id);
	d->statement = copy(d->cmd->statement);
	d->text = copy(d->cmd->text);
	d->handed = copy(d->cmd->to);
	d->t = (struct transition){.at_ms = d->now_ms,
	    .from = (int)d->c->state, .team = d->team, .by = d->by,
	    .why = WHY_command, .act = (int)d->cmd->act, .command = d->id};
	carry_out(d);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		lifecycle_text(texts[i], NULL);
}

static void
say(const struct deed *d, int refusal, struct answer *a)
{
	*a = (struct answer){.ok = refusal == LIFECYCLE_NONE,
	    .refusal = refusal == LIFECYCLE_NONE ? 0 : refusal,
	    .state = LIFECYCLE_NONE};
	if (d->c == NULL)
		return;
	a->alert = d->c->id;
	a->owner = d->c->owner;
	a->by = d->c->by;
	a->state = (int)d->c->state;
}

void
lifecycle_ask(struct lifecycle *lc, const struct command *cmd,
    int64_t now_ms, struct answer *a)
{
	struct deed d = {.lc = lc, .cmd = cmd, .now_ms = now_ms,
	    .sent_ms = now_ms, .c = lifecycle_find(lc, cmd->alert)};
	int refusal;

	lc->now_ms = now_ms;
	refusal = check(&d);
	say(&d, refusal == LIFECYCLE_NONE ? REFUSAL_again : refusal, a);
}

bool
lifecycle_command(struct lifecycle *lc, const struct command *cmd,
    int64_t now_ms, struct answer *a)
{
	struct deed d = {.lc = lc, .cmd = cmd, .now_ms = now_ms,
	    .sent_ms = cmd->sent_ms != TIME_NONE && cmd->sent_ms < now_ms
		? cmd->sent_ms
		: now_ms,
	    .c = lifecycle_find(lc, cmd->alert)};
	int refusal;

	lc->now_ms = now_ms;
	refusal = check(&d);
	counters_bump(lc->setup.counters, lifecycle_commands_total);
	if (refusal == LIFECYCLE_NONE)
		run(&d);
	else
		counters_bump(lc->setup.counters, lifecycle_refused_total);
	say(&d, refusal, a);
	return a->ok;
}
