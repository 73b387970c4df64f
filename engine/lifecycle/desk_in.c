/*
 * Commands: each is done once, and each gets one answer.
 *
 * They come in order of their ids.  Those up to the last one in the journal
 * were decided before a restart: the journal knows which were done, the others
 * were refused, and what has no answer yet is answered again.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "engine/base/log.h"
#include "engine/base/must.h"
#include "engine/base/pack.h"
#include "engine/lifecycle/desk_parts.h"
#include "engine/lifecycle/lifecycle_line.h"

bool
desk_id_parse(struct slice text, struct desk_command_id *id)
{
	uint64_t *parts[] = {&id->ms, &id->seq};
	size_t at = 0;

	for (unsigned k = 0; k < 2; k++) {
		size_t from = at;

		*parts[k] = 0;
		for (; at < text.len && text.data[at] >= '0' &&
		     text.data[at] <= '9';
		     at++) {
			uint64_t digit = (uint64_t)(text.data[at] - '0');

			if (*parts[k] > (UINT64_MAX - digit) / 10)
				return false;
			*parts[k] = *parts[k] * 10 + digit;
		}
		if (at == from)
			return false;
		if (k == 0 && (at == text.len || text.data[at++] != '-'))
			return false;
	}
	return at == text.len;
}

int
desk_id_order(struct desk_command_id a, struct desk_command_id b)
{
	if (a.ms != b.ms)
		return a.ms < b.ms ? -1 : 1;
	return (a.seq > b.seq) - (a.seq < b.seq);
}

void
desk_done(struct desk *d, struct slice text)
{
	struct desk_command_id id;

	if (!desk_id_parse(text, &id))
		return;
	d->known[d->known_count++ % DESK_ANSWERS_MAX] = id;
	if (desk_id_order(id, d->last) > 0)
		d->last = id;
}

static bool
was_done(const struct desk *d, struct desk_command_id id)
{
	uint32_t kept = d->known_count < DESK_ANSWERS_MAX ? d->known_count
							  : DESK_ANSWERS_MAX;

	for (uint32_t i = 0; i < kept; i++)
		if (desk_id_order(d->known[i], id) == 0)
			return true;
	return false;
}

void
desk_save(const struct desk *d, struct buf *out)
{
	uint32_t kept = d->known_count < DESK_ANSWERS_MAX ? d->known_count
							  : DESK_ANSWERS_MAX;
	struct buf cases = {0};

	pack_u64(out, d->last.ms);
	pack_u64(out, d->last.seq);
	pack_uint(out, kept);
	for (uint32_t i = d->known_count - kept; i != d->known_count; i++) {
		pack_u64(out, d->known[i % DESK_ANSWERS_MAX].ms);
		pack_u64(out, d->known[i % DESK_ANSWERS_MAX].seq);
	}
	lifecycle_save(d->lc, &cases);
	pack_text(out, buf_slice(&cases));
	buf_clear(&cases);
	hush_save(d->hush, &cases);
	pack_text(out, buf_slice(&cases));
	buf_fini(&cases);
	desk_statements_save(d, out);
}

bool
desk_load(struct desk *d, struct slice saved)
{
	struct unpack in = unpack_of(saved);
	struct slice cases, silences;

	d->last.ms = unpack_u64(&in);
	d->last.seq = unpack_u64(&in);
	d->known_count = (uint32_t)unpack_most(&in, DESK_ANSWERS_MAX);
	for (uint32_t i = 0; i < d->known_count; i++) {
		d->known[i].ms = unpack_u64(&in);
		d->known[i].seq = unpack_u64(&in);
	}
	cases = unpack_text(&in);
	silences = unpack_text(&in);
	desk_statements_load(d, &in);
	if (unpack_over(&in) && hush_load(d->hush, silences)) {
		if (lifecycle_load(d->lc, cases))
			return true;
		hush_free(d->hush);
		d->hush = hush_new();
	}
	desk_statements_forget(d);
	d->last = (struct desk_command_id){0, 0};
	d->known_count = 0;
	return false;
}

/* ---- doing -------------------------------------------------------------- */

static void
silence(struct desk *d, const struct command *c, int64_t now_ms,
    struct answer *a)
{
	int refusal = desk_silence(d, c, now_ms);

	counters_bump(d->setup.counters, lifecycle_commands_total);
	*a = (struct answer){.ok = refusal == LIFECYCLE_NONE,
	    .refusal = refusal == LIFECYCLE_NONE ? 0 : refusal,
	    .state = LIFECYCLE_NONE};
	if (!a->ok)
		counters_bump(d->setup.counters, lifecycle_refused_total);
}

static void
carry_out(struct desk *d, struct command *c, struct answer *a, bool again)
{
	int64_t now_ms = clock_now(&d->setup.clock);

	if (again)
		lifecycle_ask(d->lc, c, now_ms, a);
	else if (c->act == ACT_statement)
		desk_statement(d, c, now_ms, a);
	else if (c->act == ACT_silence)
		silence(d, c, now_ms, a);
	else
		lifecycle_command(d->lc, c, now_ms, a);
}

/* The JSON of a command into ${c}; false: ${a} says why not. */
static bool
parse(struct desk *d, struct slice id, struct slice json, struct command *c,
    struct answer *a)
{
	enum lifecycle_refusal refusal;

	buf_clear(&d->texts);
	if (!lifecycle_line_command(json, c, &d->texts, &refusal)) {
		*a = (struct answer){
		    .refusal = refusal, .state = LIFECYCLE_NONE};
		counters_bump(d->setup.counters, lifecycle_commands_total);
		counters_bump(d->setup.counters, lifecycle_refused_total);
		return false;
	}
	c->id = id;
	c->sent_ms = lifecycle_line_stream_time(id);
	return true;
}

int
desk_command(struct desk *d, struct slice id, struct slice json,
    struct buf *answer)
{
	struct command c = {0};
	struct answer a;

	if (parse(d, id, json, &c, &a))
		carry_out(d, &c, &a, false);
	lifecycle_line_answer(answer, &a);
	desk_pump(d);
	return a.ok ? LIFECYCLE_NONE : (int)a.refusal;
}

void
desk_port_command(struct desk_port *p, const char *text, struct slice json)
{
	struct desk *d = p->desk;
	struct desk_item item = {.kind = DESK_ANSWER, .command = text};
	struct buf out = {0}, loser = {0}, alert = {0};
	struct desk_command_id id;
	struct command c = {0};
	struct answer a;

	if (d->closing || !desk_id_parse(slice_of(text), &id) ||
	    desk_id_order(id, d->seen) <= 0)
		return;
	d->seen = id;
	if (parse(d, slice_of(text), json, &c, &a)) {
		bool old = desk_id_order(id, d->last) <= 0;

		carry_out(d, &c, &a, old);
		a.ok |= old && was_done(d, id);
		/* What is saved from now on knows the entry, and so must know
		 * its command. */
		if (a.ok && !old)
			desk_done(d, slice_of(text));
		if (!a.ok && c.act == ACT_claim && c.team.len > 0) {
			buf_slice_put(&loser, c.team);
			buf_char(&loser, '\0');
			item.loser = loser.data;
			buf_slice_put(&alert, c.alert);
			buf_char(&alert, '\0');
		}
	}
	lifecycle_line_answer(&out, &a);
	item.json = buf_slice(&out);
	item.number = journal_next(d->setup.journal);
	item.alert = alert.data;
	item.owner = a.state == LIFECYCLE_closed ||
		a.state == LIFECYCLE_notified
	    ? NULL
	    : a.owner;
	desk_out(d, &item, NULL);
	buf_fini(&out);
	buf_fini(&loser);
	buf_fini(&alert);
}

void
desk_read_on(struct desk *d)
{
	char after[DESK_ID_BYTES];

	if (!d->up || d->reading || d->closing ||
	    d->answers > DESK_ANSWERS_MAX / 2)
		return;
	snprintf(after, sizeof(after), "%llu-%llu",
	    (unsigned long long)d->seen.ms, (unsigned long long)d->seen.seq);
	d->reading = true;
	d->port->type->read(d->port, after);
}

void
desk_port_read(struct desk_port *p, bool more)
{
	struct desk *d = p->desk;

	d->reading = false;
	d->caught_up |= !more;
	desk_pump(d);
	desk_read_on(d);
}

void
desk_port_up(struct desk_port *p, const char *answered)
{
	struct desk *d = p->desk;
	struct desk_command_id id;

	if (d->hopeless || d->closing)
		return;
	/* Only after a start: else what was read is still known here. */
	if (d->seen.ms == 0 && desk_id_parse(slice_of(answered), &id))
		d->seen = id;
	d->up = true;
	desk_pump(d);
	desk_read_on(d);
}
