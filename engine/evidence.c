/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/evidence.h"

#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/evidence_slots.h"
#include "engine/pseudonym.h"

static const char *const role_names[ROLES] = {"first", "widest_reach",
    "most_harmful", "most_copied", "latest"};
static const char *const kind_names[] = {"post", "reply", "repost", "quote",
    "comment", "article", "review"};

#define DEPTH EVIDENCE_DEPTH
#define ROOM_STEP 256u /* bytes of text */
#define FIRST_MINUTES (WINDOW_MINUTES / DEPTH)
#define EVIDENCE_LEAST 3u  /* shown, as far as there are as many */

struct evidence *
evidence_new(void)
{
	return must_alloc(sizeof(struct evidence));
}

static void
let_go(struct evidence *e, struct slot *slot)
{
	if (slot->kept != NULL && --slot->kept->refs == 0) {
		free(e->spare);
		e->spare = slot->kept;
	}
	slot->kept = NULL;
}

void
evidence_free(struct evidence *e)
{
	if (e == NULL)
		return;
	for (unsigned i = 0; i < ROLES * DEPTH; i++)
		let_go(e, &e->slots[i / DEPTH][i % DEPTH]);
	let_go(e, &e->pinned);
	free(e->spare);
	free(e);
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

static void
take(struct evidence *e, struct slot *slot, const struct evidence_post *post,
    struct kept *kept, int64_t minute)
{
	let_go(e, slot);
	kept->refs++;
	*slot = (struct slot){.kept = kept, .minute = minute,
	    .t_ms = post->t_ms, .blame = post->blame,
	    .copies = post->copies};
}

static bool
is_old(const struct slot *slot, int64_t minute)
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
alike(const struct record *a, const struct record *b)
{
	return a->id_key == b->id_key || same_text(a->sketch, b->sketch);
}

/* Whether slot ${b} serves ${role} better than ${a}. */
static bool
is_weaker(enum role role, const struct slot *a, const struct slot *b)
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

		if (slot->kept == NULL || is_old(slot, minute)) {
			let_go(e, slot);
			place = slot;
		} else if (alike(&slot->kept->record, post->record)) {
			return slot;
		} else if (place == NULL || (place->kept != NULL &&
			is_weaker(role, slot, place))) {
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

void
evidence_add(struct evidence *e, const struct evidence_post *post,
    int64_t minute)
{
	struct kept *kept = NULL;

	for (enum role role = 0; role < ROLES; role++) {
		struct slot *slot;

		if (!fits(role, post))
			continue;
		slot = slot_for(e, role, post, minute);
		if (slot->kept != NULL && !is_old(slot, minute) &&
		    !better(role, slot, post))
			continue;
		if (kept == NULL)
			kept = evidence_keep(e, post);
		take(e, slot, post, kept, minute);
	}
}

void
evidence_forget(struct evidence *e, uint64_t id_key)
{
	for (unsigned i = 0; i < ROLES * DEPTH; i++) {
		struct slot *slot = &e->slots[i / DEPTH][i % DEPTH];

		if (slot->kept != NULL &&
		    slot->kept->record.id_key == id_key)
			let_go(e, slot);
	}
	if (e->pinned.kept != NULL &&
	    e->pinned.kept->record.id_key == id_key)
		let_go(e, &e->pinned);
}

static void
member(struct buf *out, const char *name, const struct slot *slot,
    struct part part)
{
	if (part.len == 0)
		return;
	buf_char(out, '"');
	buf_text(out, name);
	buf_text(out, "\":");
	buf_json(out, (struct slice){slot->kept->text + part.at, part.len});
	buf_char(out, ',');
}

static void
author_member(struct buf *out, const struct slot *slot,
    const unsigned char key[EVIDENCE_KEY_BYTES])
{
	const struct part *author = &slot->kept->record.author;
	struct slice text = {slot->kept->text + author->at, author->len};
	char hex[PSEUDONYM_HEX];

	_Static_assert(EVIDENCE_KEY_BYTES == PSEUDONYM_KEY_BYTES, "one key");
	if (author->len == 0)
		return;
	if (!(slot->kept->record.flags & RECORD_KEYED)) {
		pseudonym_author(key, text, hex);
		text = (struct slice){hex, sizeof(hex)};
	}
	buf_text(out, "\"author\":\"");
	buf_slice_put(out, text);
	buf_text(out, "\",");
}

static void
encode_slot(struct buf *out, const struct slot *slot, enum role role,
    const unsigned char key[EVIDENCE_KEY_BYTES])
{
	const struct record *r = &slot->kept->record;

	buf_text(out, "{\"why\":\"");
	buf_text(out, role_names[role]);
	buf_text(out, "\",");
	member(out, "id", slot, r->id);
	member(out, "source", slot, r->source);
	buf_text(out, "\"ts\":\"");
	buf_utc(out, slot->t_ms);
	buf_text(out, "\",\"kind\":\"");
	buf_text(out, kind_names[r->kind]);
	buf_text(out, "\",");
	author_member(out, slot, key);
	if (r->followers != POST_UNKNOWN)
		buf_printf(out, "\"followers\":%llu,",
		    (unsigned long long)r->followers);
	member(out, "lang", slot, r->lang);
	member(out, "url", slot, r->url);
	buf_text(out, "\"harm\":");
	buf_fixed(out, slot->blame, 6, 6);
	buf_text(out, ",\"text\":");
	buf_json(out, (struct slice){slot->kept->text + r->text.at,
			  r->text.len});
	buf_char(out, '}');
}

/* What is shown, in order of time. */
struct selection {
	const struct slot *slots[EVIDENCE_MAX];
	enum role roles[EVIDENCE_MAX];
	unsigned count;
};

/* Whether ${slot} may stand beside what was chosen. */
static bool
is_new(const struct selection *s, const struct slot *slot, int64_t minute,
    uint32_t least)
{
	if (slot->kept == NULL || is_old(slot, minute) || slot->blame < least)
		return false;
	for (unsigned i = 0; i < s->count; i++)
		if (alike(&slot->kept->record, &s->slots[i]->kept->record))
			return false;
	return true;
}

/* The best post of ${role} that was not chosen for another. */
static const struct slot *
best_of(const struct evidence *e, enum role role, const struct selection *s,
    int64_t minute, uint32_t least)
{
	const struct slot *best = NULL;

	for (unsigned i = 0; i < DEPTH; i++) {
		const struct slot *slot = &e->slots[role][i];

		if (is_new(s, slot, minute, least) &&
		    (best == NULL || is_weaker(role, best, slot)))
			best = slot;
	}
	return best;
}

static void
choose(struct selection *s, const struct slot *slot, enum role role)
{
	unsigned at = s->count++;

	while (at > 0 && s->slots[at - 1]->t_ms > slot->t_ms) {
		s->slots[at] = s->slots[at - 1];
		s->roles[at] = s->roles[at - 1];
		at--;
	}
	s->slots[at] = slot;
	s->roles[at] = role;
}

static bool
has_role(const struct selection *s, enum role role)
{
	for (unsigned i = 0; i < s->count; i++)
		if (s->roles[i] == role)
			return true;
	return false;
}

static void
choose_roles(struct selection *s, const struct evidence *e, int64_t minute,
    uint32_t least, unsigned most)
{
	for (enum role role = 0; role < ROLES && s->count < most; role++) {
		const struct slot *slot;

		if (has_role(s, role))
			continue;
		slot = best_of(e, role, s, minute, least);
		if (slot != NULL)
			choose(s, slot, role);
	}
}

static struct selection
select_posts(const struct evidence *e, int64_t minute)
{
	struct selection s = {.count = 0}, none = s;
	const struct slot *worst = best_of(e, HARMFUL, &none, minute, 0);
	uint32_t least = worst == NULL ? 0 : worst->blame / 2;

	if (e->pinned.kept != NULL)
		choose(&s, &e->pinned, FIRST);
	choose_roles(&s, e, minute, least, EVIDENCE_MAX);
	choose_roles(&s, e, minute, 0, EVIDENCE_LEAST);
	return s;
}

void
evidence_pin(struct evidence *e, int64_t minute)
{
	const struct selection none = {.count = 0};
	const struct slot *worst = best_of(e, HARMFUL, &none, minute, 0);
	const struct slot *first = worst == NULL ? NULL :
	    best_of(e, FIRST, &none, minute, worst->blame / 2);

	let_go(e, &e->pinned);
	if (first == NULL)
		return;
	e->pinned = *first;
	e->pinned.kept->refs++;
}

void
evidence_unpin(struct evidence *e)
{
	let_go(e, &e->pinned);
}

void
evidence_encode(const struct evidence *e,
    const unsigned char key[EVIDENCE_KEY_BYTES], int64_t minute,
    struct buf *out)
{
	struct selection s = {.count = 0};

	if (e != NULL)
		s = select_posts(e, minute);
	buf_char(out, '[');
	for (unsigned i = 0; i < s.count; i++) {
		if (i > 0)
			buf_char(out, ',');
		encode_slot(out, s.slots[i], s.roles[i], key);
	}
	buf_char(out, ']');
}

struct slice
evidence_quote(const struct evidence *e, int64_t minute)
{
	static const enum role wanted[] = {WIDEST, HARMFUL, FIRST, LATEST,
	    COPIED};
	struct selection s = {.count = 0};

	if (e != NULL)
		s = select_posts(e, minute);
	for (unsigned i = 0; i < ROLES; i++) {
		for (unsigned k = 0; k < s.count; k++) {
			const struct kept *kept = s.slots[k]->kept;

			if (s.roles[k] != wanted[i] ||
			    kept->record.text.len == 0)
				continue;
			return (struct slice){
			    kept->text + kept->record.text.at,
			    kept->record.text.len};
		}
	}
	return SLICE_NONE;
}
