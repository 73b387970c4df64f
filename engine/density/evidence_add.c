/*
 * Which posts a key keeps.  Nearly every harmful post is kept as the latest
 * and as nothing else: that is to be found out without looking at the posts
 * that are there, each of which lies somewhere else in memory.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/must.h"
#include "engine/density/evidence_ring.h"
#include "engine/density/evidence_slots.h"

#define DEPTH EVIDENCE_DEPTH
#define LINE 64u /* bytes */
#define FIRST_MINUTES (WINDOW_MINUTES / DEPTH)

/* As far as 32 bits go. */
static uint32_t
clip(uint64_t worth)
{
	return worth < UINT32_MAX ? (uint32_t)worth : UINT32_MAX;
}

static unsigned
bar_of(enum role role)
{
	return (unsigned)role - WIDEST;
}
_Static_assert(COPIED - WIDEST + 1 == EVIDENCE_BARS, "a bar for each");

static void
set_bar(struct evidence *e, enum role role)
{
	unsigned bar = bar_of(role);
	const struct board *board = &e->boards[bar];

	e->oldest[bar] = INT64_MAX;
	e->least[bar] = UINT32_MAX;
	e->full[bar] = false;
	for (unsigned i = 0; i < DEPTH; i++) {
		uint32_t value = clip(board->worth[i]);

		if (board->t_ms[i] == INT64_MIN)
			return;
		if (value < e->least[bar])
			e->least[bar] = value;
		if (board->t_ms[i] < e->oldest[bar])
			e->oldest[bar] = board->t_ms[i];
	}
	e->full[bar] = true;
}

void
evidence_note(struct evidence *e, unsigned slot)
{
	enum role role = (enum role)(slot / DEPTH);
	unsigned i = slot % DEPTH;

	if (role == WIDEST || role == HARMFUL || role == COPIED)
		set_bar(e, role);
	if (role == LATEST && e->cell_of[slot] != EVIDENCE_NONE) {
		struct view v = evidence_view(e, slot);

		e->latest.t_ms[i] = v.t_ms;
		e->latest.sketch[i] = v.sketch;
		e->latest.id_key[i] = v.id_key;
	}
}

/* Twice the harm comes before an earlier time: the first post of a case is
 * one that accuses, not the joke just before it. */
static bool
comes_first(const struct evidence_post *p, int64_t old_ms, uint32_t old_blame)
{
	if (p->blame / 2 >= old_blame)
		return true;
	return p->t_ms < old_ms && p->blame >= old_blame / 2;
}

static bool
same_text(uint64_t a, uint64_t b)
{
	return a != 0 && b != 0 &&
	    ((uint32_t)a == (uint32_t)b || a >> 32 == b >> 32);
}

bool
evidence_is_alike(const struct view *a, const struct view *b)
{
	return a->id_key == b->id_key || same_text(a->sketch, b->sketch);
}

bool
evidence_is_weaker(enum role role, const struct view *a, const struct view *b)
{
	switch (role) {
	case FIRST:
		/* Those that are shown have at least half the harm of the
		 * worst. */
		return b->t_ms < a->t_ms;
	case WIDEST:
		return b->followers > a->followers;
	case HARMFUL:
		return b->blame > a->blame;
	case COPIED:
		return b->copies > a->copies;
	case LATEST:
		return b->t_ms >= a->t_ms;
	case ROLES:
		break;
	}
	UNREACHABLE("no such role");
}

/* What has no audience known or no copy is no example of that. */
static bool
fits(enum role role, const struct evidence_post *post)
{
	if (role == WIDEST)
		return post->record->followers != POST_UNKNOWN;
	return role != COPIED || post->copies > 1;
}

static uint64_t
worth_of(enum role role, const struct evidence_post *post)
{
	return evidence_worth(role, post->record->followers, post->blame,
	    post->copies);
}

/* Whether ${role} has none but better posts, each still of this hour: then
 * it does not matter which of them is like ${post}. */
static bool
has_better(const struct evidence *e, enum role role,
    const struct evidence_post *post, int64_t minute)
{
	unsigned bar = bar_of(role);
	uint32_t value;

	if (!e->full[bar] || evidence_is_old(e->oldest[bar], minute))
		return false;
	value = clip(worth_of(role, post));
	/* The largest number stands for all that are larger. */
	return value <= e->least[bar] && e->least[bar] < UINT32_MAX;
}

/* The slot of ${role} that ${post} takes: of its like, free, or the weakest.
 * EVIDENCE_NONE when that is better. */
static unsigned
best_slot(struct evidence *e, enum role role, const struct evidence_post *post,
    int64_t minute)
{
	const struct board *board = &e->boards[bar_of(role)];
	const struct record *r = post->record;
	uint64_t worth = worth_of(role, post), least = 0;
	unsigned place = DEPTH;
	bool is_free = false;

	for (unsigned i = 0; i < DEPTH; i++) {
		if (evidence_is_old(board->t_ms[i], minute)) {
			evidence_let_go(e, evidence_slot(role, i));
			is_free = true;
			place = i;
		} else if (board->id_key[i] == r->id_key ||
		    same_text(board->sketch[i], r->sketch)) {
			return worth > board->worth[i] ?
			    evidence_slot(role, i) : EVIDENCE_NONE;
		} else if (place == DEPTH ||
		    (!is_free && board->worth[i] < least)) {
			least = board->worth[i];
			place = i;
		}
	}
	return is_free || worth > least ? evidence_slot(role, place) :
					  EVIDENCE_NONE;
}

static void
note_first(struct evidence *e, unsigned slot, int64_t t_ms, uint32_t blame)
{
	e->first = (uint8_t)slot;
	e->first_ms = t_ms;
	e->first_blame = blame;
}

/* The same of the slot of the first post of ${minute}'s twelfth. */
static unsigned
first_slot(struct evidence *e, const struct evidence_post *post,
    int64_t minute)
{
	unsigned slot = evidence_slot(FIRST,
	    (unsigned)(minute / FIRST_MINUTES % DEPTH));

	if (e->first != slot) {
		struct view v = evidence_view(e, slot);

		if (v.kept == NULL)
			return slot;
		note_first(e, slot, v.t_ms, v.blame);
	}
	return evidence_is_old(e->first_ms, minute) ||
	    comes_first(post, e->first_ms, e->first_blame) ?
	    slot : EVIDENCE_NONE;
}

/* And of the latest, from their own lines. */
static unsigned
latest_slot(struct evidence *e, const struct evidence_post *post,
    int64_t minute)
{
	const struct latest *l = &e->latest;
	unsigned place = DEPTH;
	bool is_free = false;

	for (unsigned i = 0; i < DEPTH; i++) {
		unsigned slot = evidence_slot(LATEST, i);

		if (evidence_is_free(e, slot) ||
		    evidence_is_old(l->t_ms[i], minute)) {
			evidence_let_go(e, slot);
			is_free = true;
			place = i;
		} else if (l->id_key[i] == post->record->id_key ||
		    same_text(l->sketch[i], post->record->sketch)) {
			is_free = false;
			place = i;
			break;
		} else if (place == DEPTH ||
		    (!is_free && l->t_ms[i] <= l->t_ms[place])) {
			place = i;
		}
	}
	return is_free || post->t_ms >= l->t_ms[place] ?
	    evidence_slot(LATEST, place) : EVIDENCE_NONE;
}

static void
take(struct evidence *e, unsigned slot, unsigned cell)
{
	evidence_let_go(e, slot);
	evidence_hold(e, slot, cell);
	evidence_note(e, slot);
}

/* Of one post that is added to one key. */
struct adding {
	const struct evidence_post *post;
	struct evidence_place *place;
	bool asked;    /* the ring */
	uint32_t at;   /* there, then; 0: it is to be copied */
	unsigned cell; /* EVIDENCE_NONE: none yet */
};

static uint32_t
place_of(struct evidence *e, struct adding *a)
{
	if (!a->asked && a->place != NULL)
		a->at = evidence_ring_put(a->place, e, a->post);
	a->asked = true;
	return a->at;
}

static unsigned
cell_of(struct evidence *e, struct adding *a)
{
	if (a->cell == EVIDENCE_NONE)
		a->cell = evidence_keep(e, a->post, place_of(e, a));
	return a->cell;
}

static void
take_latest(struct evidence *e, unsigned slot, struct adding *a)
{
	unsigned i = slot - evidence_slot(LATEST, 0);
	uint32_t at;

	evidence_let_go(e, slot);
	at = place_of(e, a);
	if (at == 0) {
		take(e, slot, cell_of(e, a));
		return;
	}
	evidence_ring_hold(e->ring, at);
	e->latest_at[i] = at;
	e->latest.t_ms[i] = a->post->t_ms;
	e->latest.sketch[i] = a->post->record->sketch;
	e->latest.id_key[i] = a->post->record->id_key;
}

void
evidence_ahead(const struct evidence *e, const struct evidence_post *post)
{
	int64_t minute = post->t_ms / MINUTE_MS;

	for (enum role role = WIDEST; role <= COPIED; role++) {
		const char *board = (const char *)&e->boards[bar_of(role)];

		if (!fits(role, post) || has_better(e, role, post, minute))
			continue;
		for (size_t i = 0; i < sizeof(struct board); i += LINE)
			__builtin_prefetch(board + i, 1);
		__builtin_prefetch(board + (sizeof(struct board) - 1), 1);
	}
}

void
evidence_add(struct evidence *e, const struct evidence_post *post,
    struct evidence_place *place)
{
	struct adding a = {
	    .post = post, .place = place, .cell = EVIDENCE_NONE};
	int64_t minute = post->t_ms / MINUTE_MS;
	unsigned slot;

	for (enum role role = FIRST; role < LATEST; role++) {
		if (role == FIRST)
			slot = first_slot(e, post, minute);
		else if (!fits(role, post) ||
		    has_better(e, role, post, minute))
			continue;
		else
			slot = best_slot(e, role, post, minute);
		if (slot == EVIDENCE_NONE)
			continue;
		take(e, slot, cell_of(e, &a));
		if (role == FIRST)
			note_first(e, slot, post->t_ms, post->blame);
	}
	slot = latest_slot(e, post, minute);
	if (slot != EVIDENCE_NONE)
		take_latest(e, slot, &a);
}
