/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/evidence.h"

#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/density/evidence_slots.h"
#include "engine/pseudonym.h"

static const char *const role_names[ROLES] = {"first", "widest_reach",
    "most_harmful", "most_copied", "latest"};
static const char *const kind_names[] = {"post", "reply", "repost", "quote",
    "comment", "article", "review"};

#define DEPTH EVIDENCE_DEPTH
#define EVIDENCE_LEAST 3u  /* shown, as far as there are as many */

struct evidence *
evidence_new(void)
{
	return must_alloc(sizeof(struct evidence));
}

void
evidence_free(struct evidence *e)
{
	if (e == NULL)
		return;
	for (unsigned i = 0; i <= EVIDENCE_SLOTS; i++)
		free(e->cells[i].kept);
	free(e);
}

static void
forget(struct evidence *e, struct slot *slot)
{
	evidence_let_go(e, slot);
	evidence_note(e, slot);
}

void
evidence_forget(struct evidence *e, uint64_t id_key)
{
	for (unsigned i = 0; i < ROLES * DEPTH; i++) {
		struct slot *slot = &e->slots[i / DEPTH][i % DEPTH];

		if (slot->kept != NULL &&
		    slot->kept->record.id_key == id_key)
			forget(e, slot);
	}
	if (e->pinned.kept != NULL &&
	    e->pinned.kept->record.id_key == id_key)
		evidence_let_go(e, &e->pinned);
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
	if (slot->kept == NULL || evidence_is_old(slot, minute) ||
	    slot->blame < least)
		return false;
	for (unsigned i = 0; i < s->count; i++)
		if (evidence_is_alike(&slot->kept->record,
			&s->slots[i]->kept->record))
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
		    (best == NULL || evidence_is_weaker(role, best, slot)))
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

	evidence_let_go(e, &e->pinned);
	if (first == NULL)
		return;
	e->pinned = *first;
	evidence_hold(e, &e->pinned, evidence_cell(e, first));
}

void
evidence_unpin(struct evidence *e)
{
	evidence_let_go(e, &e->pinned);
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

void
evidence_each(const struct evidence *e, int64_t minute,
    void (*visit)(void *self, const struct evidence_post *post), void *self)
{
	struct selection s = {.count = 0};

	if (e != NULL)
		s = select_posts(e, minute);
	for (unsigned i = 0; i < s.count; i++) {
		const struct slot *slot = s.slots[i];
		const struct evidence_post post = {
		    .record = &slot->kept->record, .text = slot->kept->text,
		    .t_ms = slot->t_ms, .blame = slot->blame,
		    .copies = slot->copies};

		visit(self, &post);
	}
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
