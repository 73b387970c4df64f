/*
 * The posts of a key that are copied for it, and the slots that have them.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/density/evidence_ring.h"
#include "engine/density/evidence_slots.h"

#define LINE 64u       /* bytes */
#define LINES_STEP 4u

struct evidence *
evidence_new(void)
{
	struct evidence *e = must_lines((sizeof(*e) + LINE - 1) / LINE);

	memset(e, 0, sizeof(*e));
	memset(e->cell_of, EVIDENCE_NONE, sizeof(e->cell_of));
	e->first = EVIDENCE_NONE;
	for (unsigned bar = 0; bar < EVIDENCE_BARS; bar++)
		for (unsigned i = 0; i < EVIDENCE_DEPTH; i++)
			e->boards[bar].t_ms[i] = INT64_MIN;
	return e;
}

void
evidence_free(struct evidence *e)
{
	if (e == NULL)
		return;
	if (e->ring != NULL)
		evidence_ring_leave(e->ring, e->home);
	for (unsigned i = 0; i < e->cells_count; i++)
		free(e->cells[i].kept);
	free(e->cells);
	free(e);
}

struct view
evidence_view(const struct evidence *e, unsigned slot)
{
	const struct cell *cell;

	if (evidence_is_free(e, slot))
		return (struct view){.kept = NULL};
	if (e->cell_of[slot] == EVIDENCE_NONE)
		return evidence_ring_view(e->ring,
		    e->latest.at[slot - evidence_slot(LATEST, 0)]);
	cell = &e->cells[e->cell_of[slot]];
	return (struct view){.kept = cell->kept, .t_ms = cell->t_ms,
	    .followers = cell->followers, .id_key = cell->id_key,
	    .sketch = cell->sketch, .blame = cell->blame,
	    .copies = cell->copies};
}

void
evidence_hold(struct evidence *e, unsigned slot, unsigned cell)
{
	struct board *board = evidence_board(e, slot);
	struct cell *c = &e->cells[cell];

	e->cell_of[slot] = (uint8_t)cell;
	c->refs++;
	if (board == NULL)
		return;
	board->t_ms[slot % EVIDENCE_DEPTH] = c->t_ms;
	board->worth[slot % EVIDENCE_DEPTH] =
	    evidence_worth((enum role)(slot / EVIDENCE_DEPTH), c->followers,
		c->blame, c->copies);
	board->sketch[slot % EVIDENCE_DEPTH] = c->sketch;
	board->id_key[slot % EVIDENCE_DEPTH] = c->id_key;
}

void
evidence_let_go(struct evidence *e, unsigned slot)
{
	unsigned cell = e->cell_of[slot];
	unsigned latest = slot - evidence_slot(LATEST, 0);
	struct board *board = evidence_board(e, slot);

	if (slot == e->first)
		e->first = EVIDENCE_NONE;
	if (latest < EVIDENCE_DEPTH)
		e->latest.at[latest] = 0;
	if (cell == EVIDENCE_NONE)
		return;
	if (board != NULL)
		board->t_ms[slot % EVIDENCE_DEPTH] = INT64_MIN;
	e->cell_of[slot] = EVIDENCE_NONE;
	if (--e->cells[cell].refs == 0)
		e->free |= 1u << cell;
}

/* One that is free; as many as were ever needed at once. */
static unsigned
free_cell(struct evidence *e)
{
	unsigned count = e->cells_count;

	if (e->free != 0) {
		unsigned cell = (unsigned)__builtin_ctz(e->free);

		e->free &= e->free - 1;
		return cell;
	}
	if ((count & (count - 1)) == 0) /* 0, 1, 2, 4 ... */
		e->cells = must_grow(e->cells,
		    (count == 0 ? 1 : 2 * count) * sizeof(*e->cells));
	e->cells[count] = (struct cell){.kept = NULL};
	return e->cells_count++;
}

static void
widen(struct stretch *span, struct part part)
{
	if (part.len == 0)
		return;
	if (part.at < span->from)
		span->from = part.at;
	if (part.at + part.len > span->to)
		span->to = part.at + part.len;
}

struct stretch
evidence_span(const struct evidence_post *post)
{
	const struct record *r = post->record;
	struct stretch span = {UINT32_MAX, 0};

	if (post->text != NULL) {
		widen(&span, r->id);
		widen(&span, r->source);
		widen(&span, r->author);
		widen(&span, r->text);
		widen(&span, r->lang);
		widen(&span, r->url);
	}
	return span.to == 0 ? (struct stretch){0, 0} : span;
}

static void
move(struct part *part, uint32_t from)
{
	part->at = part->len == 0 ? 0 : part->at - from;
}

void
evidence_copy(struct kept *kept, const struct evidence_post *post,
    struct stretch span)
{
	struct record *r = &kept->record;

	*r = *post->record;
	if (span.to == 0)
		return;
	memcpy(kept->text, post->text + span.from, span.to - span.from);
	move(&r->id, span.from);
	move(&r->source, span.from);
	move(&r->author, span.from);
	move(&r->text, span.from);
	move(&r->lang, span.from);
	move(&r->url, span.from);
}

unsigned
evidence_keep(struct evidence *e, const struct evidence_post *post)
{
	unsigned at = free_cell(e);
	struct cell *cell = &e->cells[at];
	struct stretch span = evidence_span(post);
	uint32_t lines = (evidence_bytes(span) + LINE - 1) / LINE;

	if (cell->lines < lines) {
		cell->lines = (lines + LINES_STEP - 1) / LINES_STEP *
		    LINES_STEP;
		free(cell->kept);
		cell->kept = must_lines(cell->lines);
	}
	evidence_copy(cell->kept, post, span);
	cell->t_ms = post->t_ms;
	cell->followers = post->record->followers;
	cell->id_key = post->record->id_key;
	cell->sketch = post->record->sketch;
	cell->blame = post->blame;
	cell->copies = post->copies;
	return at;
}

void
evidence_rescue(struct evidence *e, uint32_t at)
{
	for (unsigned i = 0; i < EVIDENCE_DEPTH; i++) {
		struct view v;

		if (e->latest.at[i] != at)
			continue;
		v = evidence_ring_view(e->ring, at);
		e->latest.at[i] = 0;
		evidence_hold(e, evidence_slot(LATEST, i),
		    evidence_keep(e, &(struct evidence_post){
				      .record = &v.kept->record,
				      .text = v.kept->text, .t_ms = v.t_ms,
				      .blame = v.blame, .copies = v.copies}));
		return;
	}
}
