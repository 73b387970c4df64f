/*
 * Which posts a key keeps.  Nearly every harmful post is kept as the latest
 * and as nothing else: that is to be found out without looking at the posts
 * that are there, each of which lies somewhere else in memory.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/density/evidence_slots.h"

#define DEPTH EVIDENCE_DEPTH
#define LINE 64u       /* bytes */
#define LINES_STEP 4u
#define DRAFT_BYTES 1024u /* of most posts */
#define FIRST_MINUTES (WINDOW_MINUTES / DEPTH)

static unsigned
index_of(const struct evidence *e, const struct slot *slot)
{
	return slot == &e->pinned ? EVIDENCE_SLOTS - 1 :
				    (unsigned)(slot - &e->slots[0][0]);
}

unsigned
evidence_cell(const struct evidence *e, const struct slot *slot)
{
	return e->cell_of[index_of(e, slot)];
}

void
evidence_hold(struct evidence *e, struct slot *slot, unsigned cell)
{
	e->cell_of[index_of(e, slot)] = (uint8_t)cell;
	e->cells[cell].refs++;
	slot->kept = e->cells[cell].kept;
}

void
evidence_let_go(struct evidence *e, struct slot *slot)
{
	if (slot->kept != NULL) {
		unsigned cell = evidence_cell(e, slot);

		if (--e->cells[cell].refs == 0)
			e->free |= 1u << cell;
	}
	slot->kept = NULL;
}

static uint32_t
lines_of(uint32_t bytes)
{
	return (bytes + LINE - 1) / LINE;
}

/* A free cell that is large enough; one that was never used if need be. */
static unsigned
room_for(struct evidence *e, uint32_t lines)
{
	struct cell *cell = e->cells;

	if (e->free != 0) {
		cell += __builtin_ctz(e->free);
		e->free &= e->free - 1;
	} else {
		while (cell->kept != NULL)
			cell++;
	}
	if (cell->kept == NULL || cell->lines < lines) {
		cell->lines = (lines + LINES_STEP - 1) / LINES_STEP *
		    LINES_STEP;
		free(cell->kept);
		cell->kept = must_lines(cell->lines);
	}
	return (unsigned)(cell - e->cells);
}

static uint32_t
put_part(char *text, uint32_t at, struct part *part, const char *batch)
{
	memcpy(text + at, batch + part->at, part->len);
	part->at = at;
	return at + part->len;
}

/* The parts of ${r} to ${text}, what evidence shows of it. */
static void
put_parts(struct record *r, char *text, const char *batch)
{
	uint32_t at = put_part(text, 0, &r->id, batch);

	at = put_part(text, at, &r->source, batch);
	at = put_part(text, at, &r->author, batch);
	at = put_part(text, at, &r->text, batch);
	at = put_part(text, at, &r->lang, batch);
	put_part(text, at, &r->url, batch);
}

unsigned
evidence_keep(struct evidence *e, const struct evidence_post *post)
{
	const struct record *r = post->record;
	uint32_t bytes = (uint32_t)sizeof(struct kept) +
	    (post->text == NULL ? 0 :
		r->id.len + r->source.len + r->author.len + r->text.len +
		    r->lang.len + r->url.len);
	unsigned cell = room_for(e, lines_of(bytes));
	/* Where it is put together: then whole lines go to its cell, which
	 * is far away, and nobody waits for it. */
	_Alignas(LINE) char draft[DRAFT_BYTES];
	struct kept *kept = bytes > sizeof(draft) ? e->cells[cell].kept :
						    (void *)draft;

	kept->record = *r;
	if (post->text != NULL)
		put_parts(&kept->record, kept->text, post->text);
	if (kept != e->cells[cell].kept)
		memcpy(e->cells[cell].kept, draft,
		    (size_t)lines_of(bytes) * LINE);
	return cell;
}

/* As far as 32 bits go. */
static uint32_t
clip(uint64_t followers)
{
	return followers < UINT32_MAX ? (uint32_t)followers : UINT32_MAX;
}

/* What the posts of ${role} are compared by, where it is a number. */
static uint32_t
worth(enum role role, uint64_t followers, uint32_t blame, uint32_t copies)
{
	return role == WIDEST ? clip(followers) :
	    role == HARMFUL   ? blame :
				copies;
}

static void
set_bar(struct evidence *e, enum role role)
{
	struct bar bar = {INT64_MAX, UINT32_MAX, true};

	for (unsigned i = 0; i < DEPTH && bar.full; i++) {
		const struct slot *slot = &e->slots[role][i];
		uint32_t value;

		bar.full = slot->kept != NULL;
		if (!bar.full)
			break;
		value = worth(role, slot->followers, slot->blame,
		    slot->copies);
		if (value < bar.least)
			bar.least = value;
		if (slot->minute < bar.oldest)
			bar.oldest = slot->minute;
	}
	e->bars[role] = bar;
}

/* The post of ${slot} is that of ${r}, or was taken out. */
static void
note(struct evidence *e, const struct slot *slot, const struct record *r)
{
	unsigned i = index_of(e, slot);
	enum role role = (enum role)(i / DEPTH);

	if (role == WIDEST || role == HARMFUL || role == COPIED)
		set_bar(e, role);
	if (role != FIRST && role < ROLES && slot->kept != NULL)
		e->likes[role - 1][i % DEPTH] =
		    (struct likeness){r->id_key, r->sketch};
}

void
evidence_note(struct evidence *e, const struct slot *slot)
{
	note(e, slot, slot->kept == NULL ? NULL : &slot->kept->record);
}

static void
take(struct evidence *e, struct slot *slot, const struct evidence_post *post,
    unsigned cell, int64_t minute)
{
	evidence_let_go(e, slot);
	slot->minute = minute;
	slot->t_ms = post->t_ms;
	slot->followers = post->record->followers;
	slot->blame = post->blame;
	slot->copies = post->copies;
	evidence_hold(e, slot, cell);
	note(e, slot, post->record);
}

bool
evidence_is_old(const struct slot *slot, int64_t minute)
{
	return minute - slot->minute >= WINDOW_MINUTES;
}

/* Twice the harm comes before an earlier time: the first post of a case is
 * one that accuses, not the joke just before it. */
static bool
comes_first(int64_t t_ms, uint32_t blame, const struct slot *old)
{
	if (blame / 2 >= old->blame)
		return true;
	return t_ms < old->t_ms && blame >= old->blame / 2;
}

static bool
better(enum role role, const struct slot *old, const struct slot *p)
{
	switch (role) {
	case FIRST:
		return comes_first(p->t_ms, p->blame, old);
	case WIDEST:
		return p->followers > old->followers;
	case HARMFUL:
		return p->blame > old->blame;
	case COPIED:
		return p->copies > old->copies;
	case LATEST:
		return p->t_ms >= old->t_ms;
	case ROLES:
		break;
	}
	UNREACHABLE("no such role");
}

static bool
same_text(uint64_t a, uint64_t b)
{
	return a != 0 && b != 0 &&
	    ((uint32_t)a == (uint32_t)b || a >> 32 == b >> 32);
}

static bool
is_like(const struct likeness *a, const struct record *b)
{
	return a->id_key == b->id_key || same_text(a->sketch, b->sketch);
}

bool
evidence_is_alike(const struct record *a, const struct record *b)
{
	return is_like(&(struct likeness){a->id_key, a->sketch}, b);
}

/* Whether the post in slot ${i} of ${role}, not FIRST, is nearly ${post}. */
static bool
holds_like(const struct evidence *e, enum role role, unsigned i,
    const struct evidence_post *post)
{
	return is_like(&e->likes[role - 1][i], post->record);
}

/* Whether slot ${b} serves ${role} better than ${a}. */
bool
evidence_is_weaker(enum role role, const struct slot *a, const struct slot *b)
{
	/* Those that are shown have at least half the harm of the worst. */
	if (role == FIRST)
		return b->t_ms < a->t_ms;
	return better(role, a, b);
}

/* The slot that ${post} would take: of its like, free, or the weakest. */
static struct slot *
slot_for(struct evidence *e, enum role role, const struct evidence_post *post,
    int64_t minute)
{
	struct slot *slots = e->slots[role], *place = NULL;

	if (role == FIRST)
		return &slots[minute / FIRST_MINUTES % DEPTH];
	for (unsigned i = 0; i < DEPTH; i++) {
		struct slot *slot = &slots[i];

		if (slot->kept == NULL || evidence_is_old(slot, minute)) {
			evidence_let_go(e, slot);
			place = slot;
		} else if (holds_like(e, role, i, post)) {
			return slot;
		} else if (place == NULL || (place->kept != NULL &&
			evidence_is_weaker(role, slot, place))) {
			place = slot;
		}
	}
	return place;
}

/* What has no audience known or no copy is no example of that. */
static bool
fits(enum role role, const struct evidence_post *post)
{
	if (role == WIDEST)
		return post->record->followers != POST_UNKNOWN;
	return role != COPIED || post->copies > 1;
}

/* Whether ${role} has none but better posts, each still of this hour: then
 * it does not matter which of them is like ${post}. */
static bool
has_better(const struct evidence *e, enum role role,
    const struct evidence_post *post, int64_t minute)
{
	const struct bar *bar = &e->bars[role];
	uint32_t value;

	if (!bar->full || minute - bar->oldest >= WINDOW_MINUTES)
		return false;
	value = worth(role, post->record->followers, post->blame,
	    post->copies);
	/* The largest number stands for all that are larger. */
	return value <= bar->least && bar->least < UINT32_MAX;
}

void
evidence_add(struct evidence *e, const struct evidence_post *post,
    int64_t minute)
{
	const struct slot as_slot = {.t_ms = post->t_ms,
	    .followers = post->record->followers, .blame = post->blame,
	    .copies = post->copies};
	int cell = -1;

	for (enum role role = 0; role < ROLES; role++) {
		struct slot *slot;

		if (!fits(role, post) || has_better(e, role, post, minute))
			continue;
		slot = slot_for(e, role, post, minute);
		if (slot->kept != NULL && !evidence_is_old(slot, minute) &&
		    !better(role, slot, &as_slot))
			continue;
		if (cell < 0)
			cell = (int)evidence_keep(e, post);
		take(e, slot, post, (unsigned)cell, minute);
	}
}
