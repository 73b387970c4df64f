/*
 * What happened to a case, told: transitions, then the notices they owe.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/must.h"
#include "engine/lifecycle/lifecycle_parts.h"

/* A no-break space before a French colon. */
#define NBSP "\xc2\xa0"

/* What a state leaves behind. */
static void
settle(struct lifecycle_case *c)
{
	if (c->state == LIFECYCLE_closed) {
		c->closed_level = c->level;
		c->promise_ms = c->promised_ms = TIME_NONE;
		c->offer_by_ms = TIME_NONE;
		lifecycle_text(&c->offered, NULL);
	}
	if (c->state != LIFECYCLE_claimed && c->state != LIFECYCLE_notified)
		c->act_by_ms = TIME_NONE;
	if (c->state != LIFECYCLE_detected && c->state != LIFECYCLE_notified) {
		lifecycle_text(&c->wanted, NULL);
		lifecycle_set_clear(&c->asked);
		c->answer_by_ms = c->step_ms = TIME_NONE;
		c->late = false;
		c->steps = 0;
	}
}

int64_t
lifecycle_answer_by(const struct lifecycle_case *c)
{
	return c->act_by_ms != TIME_NONE ? c->act_by_ms
	    : c->offer_by_ms != TIME_NONE ? c->offer_by_ms
					  : c->answer_by_ms;
}

void
lifecycle_move(struct lifecycle *lc, struct lifecycle_case *c,
    enum lifecycle_state to, struct transition *t)
{
	c->state = to;
	c->since_ms = t->at_ms;
	settle(c);
	t->alert = c->id;
	t->sector = c->sector;
	t->brand = c->brand;
	t->topic = c->topic;
	t->level = c->level;
	t->to = to;
	t->owner = c->owner;
	if (t->team == NULL)
		t->team = c->wanted != NULL ? c->wanted : c->owner;
	t->until_ms = c->promise_ms;
	t->answer_by_ms = lifecycle_answer_by(c);
	if (!lc->mute) {
		buf_clear(&lc->state);
		lifecycle_case_pack(c, &lc->state);
		lc->setup.on_transition(
		    lc->setup.self, t, buf_slice(&lc->state));
	}
	lifecycle_pay(lc, c, t->at_ms);
	lifecycle_due_again(lc, c);
}

/* ---- notices ------------------------------------------------------------ */

void
lifecycle_owe(struct lifecycle_case *c, enum lifecycle_notice kind)
{
	c->owed |= 1u << kind;
}

/* "2026-11-22 18:00 UTC" */
static void
put_time(struct buf *out, int64_t ms)
{
	size_t at = out->len;

	buf_utc(out, ms);
	out->len = at + strlen("2026-11-22T18:00");
	out->data[at + strlen("2026-11-22")] = ' ';
	buf_text(out, " UTC");
}

/* $0 what it is about, $1 level, $2 owner, $3 who is to claim it, $4 to whom
 * it is offered, $5 the promise, $6 who is asked, $7 until when. */
static void
put_word(struct buf *out, const struct lifecycle_case *c, char which)
{
	switch (which) {
	case '0':
		buf_text(out, c->name);
		if (c->topic != NULL)
			buf_printf(out, " (%s)", c->topic);
		return;
	case '1':
		buf_int(out, c->level);
		return;
	case '2':
		buf_text(out, c->owner != NULL ? c->owner : "-");
		return;
	case '3':
		buf_text(out, c->wanted != NULL ? c->wanted : "-");
		return;
	case '4':
		buf_text(out, c->offered != NULL ? c->offered : "-");
		return;
	case '5':
		put_time(out, c->promise_ms);
		return;
	case '6':
		for (uint32_t i = 0; i < c->asked.count; i++) {
			buf_text(out, i > 0 ? ", " : "");
			buf_text(out, c->asked.ids[i]);
		}
		return;
	default:
		REQUIRE(which == '7');
		put_time(out, lifecycle_answer_by(c));
	}
}

static void
put_sentence(
    struct buf *out, const struct lifecycle_case *c, const char *text)
{
	buf_clear(out);
	for (; *text != '\0'; text++) {
		if (*text == '$')
			put_word(out, c, *++text);
		else
			buf_char(out, *text);
	}
	buf_char(out, '\0');
}

/* Who hears of it. */
enum {
	TO_OWNER = 1,
	TO_DEPUTY = 2, /* of the owner, else of who is to claim it */
	TO_CENTRE = 4,
	TO_ASKED = 8,
	TO_OFFERED = 16,
};

static const struct {
	unsigned to;
	const char *fr, *en;
} texts[LIFECYCLE_NOTICES] = {
    [NOTICE_answer_late] = {TO_ASKED | TO_DEPUTY,
	"$0, niveau $1" NBSP ": personne n'a pris l'alerte dans les temps. "
	"$3 doit le faire maintenant.",
	"$0, level $1: nobody has claimed the alert in time. $3 must do so "
	"now."},
    [NOTICE_escalated] = {TO_ASKED,
	"$0, niveau $1" NBSP ": toujours sans responsable. Le premier de "
	"$6 à prendre l'alerte en répond.",
	"$0, level $1: still without an owner. The first of $6 to claim the "
	"alert answers for it."},
    [NOTICE_owner_silent] = {TO_ASKED | TO_CENTRE,
	"$0, niveau $1" NBSP ": son responsable n'a rien fait. L'alerte est "
	"de nouveau à prendre, par $3 avant le $7.",
	"$0, level $1: its owner has done nothing. The alert is to be claimed "
	"again, by $3 before $7."},
    [NOTICE_promise_near] = {TO_OWNER | TO_DEPUTY,
	"$0" NBSP ": une prise de parole est promise pour le $5. $2 doit "
	"répondre, ou repousser.",
	"$0: a word is promised for $5. $2 must respond, or hold again."},
    [NOTICE_promise_broken] = {TO_OWNER | TO_DEPUTY | TO_CENTRE,
	"$0" NBSP ": la promesse du $5 n'est pas tenue. $2 doit prendre la "
	"parole sans attendre.",
	"$0: the promise for $5 is broken. $2 must speak without delay."},
    [NOTICE_handed_over] = {TO_OFFERED,
	"$0, niveau $1" NBSP ": $2 vous transmet l'alerte. Prenez-la avant "
	"le $7, sinon elle lui revient.",
	"$0, level $1: $2 hands the alert over to you. Claim it before $7, "
	"or it goes back."},
    [NOTICE_handover_due] = {TO_OWNER | TO_OFFERED,
	"$0, niveau $1" NBSP ": $4 n'a pas accepté l'alerte. $2 en répond "
	"toujours.",
	"$0, level $1: $4 has not accepted the alert. $2 still answers for "
	"it."},
    [NOTICE_owner_changes] = {TO_OWNER | TO_ASKED,
	"$0 est passé au niveau $1" NBSP ": $3 doit prendre l'alerte. $2 "
	"continue en attendant.",
	"$0 rose to level $1: $3 must claim the alert. $2 goes on until "
	"then."},
    [NOTICE_lesson_due] = {TO_OWNER,
	"$0" NBSP ": c'est fini depuis un jour au moins. $2 doit clore "
	"l'alerte en écrivant ce que l'on en retient.",
	"$0: it has been over for a day at least. $2 must close the alert and "
	"write down what was learned."},
};

static void
add_team(const struct lifecycle *lc, const struct lifecycle_case *c,
    const char *team, struct lifecycle_set *to)
{
	const char *channel;

	if (team == NULL)
		return;
	channel = lifecycle_people_channel(lc, team);
	for (uint32_t i = 0; i < c->got.count && channel == NULL; i++)
		if (!strcmp(c->got.ids[i], team))
			channel = c->got.channels[i];
	lifecycle_set_put(to, team, channel != NULL ? channel : team);
}

static void
find_readers(const struct lifecycle *lc, const struct lifecycle_case *c,
    unsigned who, struct lifecycle_set *to)
{
	if (who & TO_OWNER)
		add_team(lc, c, c->owner, to);
	for (uint32_t i = 0; who & TO_ASKED && i < c->asked.count; i++)
		add_team(lc, c, c->asked.ids[i], to);
	if (who & TO_OFFERED)
		add_team(lc, c, c->offered, to);
	if (who & TO_DEPUTY)
		lifecycle_people_deputies(lc, c->owner != NULL ? c->owner :
		    c->wanted, c->level, to);
	if (who & TO_CENTRE)
		lifecycle_people_centres(lc, to);
}

static void
tell(struct lifecycle *lc, struct lifecycle_case *c,
    enum lifecycle_notice kind, int64_t now_ms)
{
	struct notice n = {.at_ms = now_ms, .alert = c->id,
	    .level = c->level, .kind = kind};
	struct lifecycle_set to = {0};

	find_readers(lc, c, texts[kind].to, &to);
	put_sentence(&lc->fr, c, texts[kind].fr);
	put_sentence(&lc->en, c, texts[kind].en);
	n.fr = lc->fr.data;
	n.en = lc->en.data;
	n.to = (struct lifecycle_teams){
	    (const char *const *)to.ids, (const char *const *)to.channels,
	    to.count};
	if (kind == NOTICE_handover_due)
		lifecycle_text(&c->offered, NULL);
	buf_clear(&lc->state);
	lifecycle_case_pack(c, &lc->state);
	lc->setup.on_notice(lc->setup.self, &n, buf_slice(&lc->state));
	lifecycle_set_clear(&to);
}

void
lifecycle_pay(struct lifecycle *lc, struct lifecycle_case *c, int64_t now_ms)
{
	if (lc->mute)
		return;
	for (unsigned i = 0; i < LIFECYCLE_NOTICES && c->owed != 0; i++) {
		if (!(c->owed & 1u << i))
			continue;
		c->owed &= ~(1u << i);
		tell(lc, c, i, now_ms);
	}
}
