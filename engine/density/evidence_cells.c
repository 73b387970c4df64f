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
		    e->latest_at[slot - evidence_slot(LATEST, 0)]);
	if (e->in_ring & 1u << e->cell_of[slot])
		return evidence_ring_view(
		    e->ring, e->cell_at[e->cell_of[slot]]);
	cell = &e->cells[e->cell_of[slot]];
	return (struct view){.kept = cell->kept, .t_ms = cell->t_ms,
	    .followers = cell->kept->record.followers,
	    .id_key = cell->kept->record.id_key,
	    .sketch = cell->kept->record.sketch, .blame = cell->blame,
	    .copies = cell->copies};
}

void
evidence_hold(struct evidence *e, unsigned slot, unsigned cell)
{
	struct board *board = evidence_board(e, slot);
	unsigned i = slot % EVIDENCE_DEPTH;
	struct view v;

	e->cell_of[slot] = (uint8_t)cell;
	if (board == NULL)
		return;
	v = evidence_view(e, slot);
	board->t_ms[i] = v.t_ms;
	board->worth[i] = evidence_worth(
	    (enum role)(slot / EVIDENCE_DEPTH), v.followers, v.blame, v.copies);
	board->sketch[i] = v.sketch;
	board->id_key[i] = v.id_key;
}

static bool
is_held(const struct evidence *e, unsigned cell)
{
	bool held = false;

	for (unsigned slot = 0; slot < EVIDENCE_SLOTS; slot++)
		held |= e->cell_of[slot] == cell;
	return held;
}

void
evidence_let_go(struct evidence *e, unsigned slot)
{
	unsigned cell = e->cell_of[slot];
	unsigned latest = slot - evidence_slot(LATEST, 0);
	struct board *board;

	/* Then it has no cell. */
	if (latest < EVIDENCE_DEPTH && e->latest_at[latest] != 0) {
		evidence_ring_let_go(e->ring, e->latest_at[latest]);
		e->latest_at[latest] = 0;
		return;
	}
	if (slot == e->first)
		e->first = EVIDENCE_NONE;
	board = evidence_board(e, slot);
	if (cell == EVIDENCE_NONE)
		return;
	if (board != NULL)
		board->t_ms[slot % EVIDENCE_DEPTH] = INT64_MIN;
	e->cell_of[slot] = EVIDENCE_NONE;
	if (is_held(e, cell))
		return;
	e->free |= 1u << cell;
	if (e->in_ring & 1u << cell)
		evidence_ring_let_go(e->ring, e->cell_at[cell]);
	e->in_ring &= ~(1u << cell);
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

/* A copy for the cell, in the memory that it had if that is enough. */
static void
fill(struct cell *cell, const struct evidence_post *post)
{
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
	cell->blame = post->blame;
	cell->copies = post->copies;
}

unsigned
evidence_keep(struct evidence *e, const struct evidence_post *post,
    uint32_t at)
{
	unsigned cell = free_cell(e);

	if (at == 0) {
		fill(&e->cells[cell], post);
	} else {
		e->in_ring |= 1u << cell;
		e->cell_at[cell] = at;
		evidence_ring_hold(e->ring, at);
	}
	return cell;
}

/* The cell whose post lies there. */
static unsigned
cell_at(const struct evidence *e, uint32_t at)
{
	for (uint32_t left = e->in_ring; left != 0; left &= left - 1) {
		unsigned cell = (unsigned)__builtin_ctz(left);

		if (e->cell_at[cell] == at)
			return cell;
	}
	return EVIDENCE_NONE;
}

static unsigned
latest_at(const struct evidence *e, uint32_t at)
{
	unsigned i = 0;

	while (i < EVIDENCE_DEPTH && e->latest_at[i] != at)
		i++;
	return i;
}

void
evidence_rescue_ahead(const struct evidence *e, uint32_t at)
{
	unsigned cell = cell_at(e, at);

	if (cell == EVIDENCE_NONE)
		cell = e->free != 0 ? (unsigned)__builtin_ctz(e->free) :
				      e->cells_count;
	if (cell < e->cells_count)
		__builtin_prefetch(&e->cells[cell], 1);
}

void
evidence_rescue(struct evidence *e, uint32_t at)
{
	unsigned cell = cell_at(e, at);
	unsigned latest = latest_at(e, at);
	struct evidence_post post;
	struct view v;

	if (cell == EVIDENCE_NONE && latest == EVIDENCE_DEPTH)
		return;
	v = evidence_ring_view(e->ring, at);
	post = (struct evidence_post){.record = &v.kept->record,
	    .text = v.kept->text, .t_ms = v.t_ms, .blame = v.blame,
	    .copies = v.copies};
	if (cell == EVIDENCE_NONE) {
		cell = evidence_keep(e, &post, 0);
	} else {
		e->in_ring &= ~(1u << cell);
		fill(&e->cells[cell], &post);
	}
	if (latest < EVIDENCE_DEPTH) {
		e->latest_at[latest] = 0;
		evidence_hold(e, evidence_slot(LATEST, latest), cell);
	}
}
