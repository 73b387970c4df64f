/*
 * Which posts a key keeps.  Nearly every harmful post is kept as the latest
 * and as nothing else: that is to be found out without looking at the posts
 * that are there, each of which lies somewhere else in memory.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/evidence_slots.h"

#define DEPTH EVIDENCE_DEPTH
#define ROOM_STEP 256u /* bytes of text */
#define FIRST_MINUTES (WINDOW_MINUTES / DEPTH)

void
evidence_let_go(struct evidence *e, struct slot *slot)
{
	if (slot->kept != NULL && --slot->kept->refs == 0) {
		free(e->spare);
		e->spare = slot->kept;
	}
	slot->kept = NULL;
}

/* The spare one if it is large enough. */
static struct kept *
room_for(struct evidence *e, uint32_t bytes)
{
	struct kept *kept = e->spare;

	e->spare = NULL;
	if (kept == NULL || kept->room < bytes) {
		uint32_t room = (bytes + ROOM_STEP) / ROOM_STEP * ROOM_STEP;

		free(kept);
		kept = must_alloc(sizeof(*kept) + room);
		kept->room = room;
	}
	kept->refs = 0;
	return kept;
}

struct kept *
evidence_keep(struct evidence *e, const struct evidence_post *post)
{
	struct record record = *post->record;
	/* what evidence shows of it */
	struct part *parts[] = {&record.id, &record.source, &record.author,
	    &record.text, &record.lang, &record.url};
	unsigned count = post->text == NULL ? 0 :
					      sizeof(parts) / sizeof(*parts);
	struct kept *kept;
	uint32_t bytes = 0;

	for (unsigned i = 0; i < count; i++)
		bytes += parts[i]->len;
	kept = room_for(e, bytes);
	bytes = 0;
	for (unsigned i = 0; i < count; i++) {
		memcpy(kept->text + bytes, post->text + parts[i]->at,
		    parts[i]->len);
		parts[i]->at = bytes;
		bytes += parts[i]->len;
	}
	kept->record = record;
	return kept;
}

/* As far as 32 bits go. */
static uint32_t
clip(uint64_t followers)
{
	return followers < UINT32_MAX ? (uint32_t)followers : UINT32_MAX;
}

/* What the posts of ${role} are compared by, where it is a number. */
static uint32_t
worth(enum role role, const struct record *r, uint32_t blame, uint32_t copies)
{
	return role == WIDEST ? clip(r->followers) :
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
		value = worth(role, &slot->kept->record, slot->blame,
		    slot->copies);
		if (value < bar.least)
			bar.least = value;
		if (slot->minute < bar.oldest)
			bar.oldest = slot->minute;
	}
	e->bars[role] = bar;
}

void
evidence_note(struct evidence *e, const struct slot *slot)
{
	ptrdiff_t i = slot - &e->slots[0][0];
	enum role role = (enum role)(i / DEPTH);

	if (role == WIDEST || role == HARMFUL || role == COPIED)
		set_bar(e, role);
	if (role != FIRST && role < ROLES && slot->kept != NULL)
		e->likes[role - 1][i % DEPTH] =
		    (struct likeness){slot->kept->record.id_key,
			slot->kept->record.sketch};
}

static void
take(struct evidence *e, struct slot *slot, const struct evidence_post *post,
    struct kept *kept, int64_t minute)
{
	evidence_let_go(e, slot);
	kept->refs++;
	*slot = (struct slot){.kept = kept, .minute = minute,
	    .t_ms = post->t_ms, .blame = post->blame,
	    .copies = post->copies};
	evidence_note(e, slot);
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
better(enum role role, const struct slot *old, const struct evidence_post *p)
{
	switch (role) {
	case FIRST:
		return comes_first(p->t_ms, p->blame, old);
	case WIDEST:
		return p->record->followers > old->kept->record.followers;
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
	struct evidence_post p = {.record = &b->kept->record, .t_ms = b->t_ms,
	    .blame = b->blame, .copies = b->copies};

	/* Those that are shown have at least half the harm of the worst. */
	if (role == FIRST)
		return b->t_ms < a->t_ms;
	return better(role, a, &p);
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
	value = worth(role, post->record, post->blame, post->copies);
	/* The largest number stands for all that are larger. */
	return value <= bar->least && bar->least < UINT32_MAX;
}

void
evidence_add(struct evidence *e, const struct evidence_post *post,
    int64_t minute)
{
	struct kept *kept = NULL;

	for (enum role role = 0; role < ROLES; role++) {
		struct slot *slot;

		if (!fits(role, post) || has_better(e, role, post, minute))
			continue;
		slot = slot_for(e, role, post, minute);
		if (slot->kept != NULL && !evidence_is_old(slot, minute) &&
		    !better(role, slot, post))
			continue;
		if (kept == NULL)
			kept = evidence_keep(e, post);
		take(e, slot, post, kept, minute);
	}
}
