/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/evidence.h"

#include <stdlib.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "engine/base/must.h"

enum role { FIRST, WIDEST, HARMFUL, COPIED, LATEST, ROLES };
_Static_assert(ROLES == EVIDENCE_MAX, "one slot per role");

static const char *const role_names[ROLES] = {"first", "widest_reach",
    "most_harmful", "most_copied", "latest"};
static const char *const kind_names[] = {"post", "reply", "repost", "quote",
    "comment", "article", "review"};

struct slot {
	bool used;
	struct record record; /* its parts point into text */
	struct buf text;
	int64_t minute, t_ms;
	uint32_t blame, copies;
};

struct evidence {
	struct slot slots[ROLES];
};

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
	for (unsigned i = 0; i < ROLES; i++)
		buf_fini(&e->slots[i].text);
	free(e);
}

static struct part
copy_part(struct buf *to, const char *text, struct part part)
{
	struct part copy = {(uint32_t)to->len, part.len};

	buf_put(to, text + part.at, part.len);
	return copy;
}

static void
take(struct slot *slot, const struct evidence_post *post, int64_t minute)
{
	struct record *r = &slot->record;

	slot->used = true;
	slot->minute = minute;
	slot->t_ms = post->t_ms;
	slot->blame = post->blame;
	slot->copies = post->copies;
	*r = *post->record;
	buf_clear(&slot->text);
	if (post->text == NULL)
		return;
	r->id = copy_part(&slot->text, post->text, r->id);
	r->source = copy_part(&slot->text, post->text, r->source);
	r->author = copy_part(&slot->text, post->text, r->author);
	r->text = copy_part(&slot->text, post->text, r->text);
	r->lang = copy_part(&slot->text, post->text, r->lang);
	r->url = copy_part(&slot->text, post->text, r->url);
}

static bool
better(enum role role, const struct slot *old, const struct evidence_post *p)
{
	switch (role) {
	case FIRST:
		return p->t_ms < old->t_ms;
	case WIDEST:
		return p->record->followers != POST_UNKNOWN &&
		    (old->record.followers == POST_UNKNOWN ||
			p->record->followers > old->record.followers);
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

void
evidence_add(struct evidence *e, const struct evidence_post *post,
    int64_t minute, bool keep_first)
{
	for (enum role role = 0; role < ROLES; role++) {
		struct slot *slot = &e->slots[role];
		bool old = minute - slot->minute >= WINDOW_MINUTES;

		if (role == FIRST && keep_first)
			old = false;
		if (!slot->used || old || better(role, slot, post))
			take(slot, post, minute);
	}
}

void
evidence_forget(struct evidence *e, uint64_t id_key)
{
	for (unsigned i = 0; i < ROLES; i++)
		if (e->slots[i].used && e->slots[i].record.id_key == id_key)
			e->slots[i].used = false;
}

static bool
alike(const struct record *a, const struct record *b)
{
	if (a->id_key == b->id_key)
		return true;
	return a->sketch != 0 && b->sketch != 0 &&
	    ((uint32_t)a->sketch == (uint32_t)b->sketch ||
		a->sketch >> 32 == b->sketch >> 32);
}

static void
member(struct buf *out, const char *name, const struct slot *slot,
    struct part part)
{
	if (part.len == 0)
		return;
	buf_printf(out, "\"%s\":", name);
	buf_json(out, (struct slice){slot->text.data + part.at, part.len});
	buf_char(out, ',');
}

static void
author_member(struct buf *out, const struct slot *slot,
    const unsigned char key[EVIDENCE_KEY_BYTES])
{
	const struct part *author = &slot->record.author;
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (author->len == 0)
		return;
	REQUIRE(HMAC(EVP_sha256(), key, EVIDENCE_KEY_BYTES,
		    (const unsigned char *)slot->text.data + author->at,
		    author->len, digest, &len) != NULL &&
	    len >= 8);
	buf_text(out, "\"author\":\"");
	for (unsigned i = 0; i < 8; i++)
		buf_printf(out, "%02x", digest[i]);
	buf_text(out, "\",");
}

static void
encode_slot(struct buf *out, const struct slot *slot, enum role role,
    const unsigned char key[EVIDENCE_KEY_BYTES])
{
	const struct record *r = &slot->record;

	buf_printf(out, "{\"why\":\"%s\",", role_names[role]);
	member(out, "id", slot, r->id);
	member(out, "source", slot, r->source);
	buf_text(out, "\"ts\":\"");
	buf_utc(out, slot->t_ms);
	buf_printf(out, "\",\"kind\":\"%s\",", kind_names[r->kind]);
	author_member(out, slot, key);
	if (r->followers != POST_UNKNOWN)
		buf_printf(out, "\"followers\":%llu,",
		    (unsigned long long)r->followers);
	member(out, "lang", slot, r->lang);
	member(out, "url", slot, r->url);
	buf_text(out, "\"harm\":");
	buf_fixed(out, slot->blame, 6, 6);
	buf_text(out, ",\"text\":");
	buf_json(out, (struct slice){slot->text.data + r->text.at,
			  r->text.len});
	buf_char(out, '}');
}

void
evidence_encode(const struct evidence *e,
    const unsigned char key[EVIDENCE_KEY_BYTES], int64_t minute,
    struct buf *out)
{
	enum role shown[ROLES];
	unsigned count = 0;

	for (enum role role = 0; e != NULL && role < ROLES; role++) {
		const struct slot *slot = &e->slots[role];
		bool skip = !slot->used || (role != FIRST &&
		    minute - slot->minute >= WINDOW_MINUTES);
		unsigned at = count;

		for (unsigned i = 0; i < count && !skip; i++)
			skip = alike(&slot->record, &e->slots[shown[i]].record);
		if (skip)
			continue;
		while (at > 0 && e->slots[shown[at - 1]].t_ms > slot->t_ms) {
			shown[at] = shown[at - 1];
			at--;
		}
		shown[at] = role;
		count++;
	}
	buf_char(out, '[');
	for (unsigned i = 0; i < count; i++) {
		if (i > 0)
			buf_char(out, ',');
		encode_slot(out, &e->slots[shown[i]], shown[i], key);
	}
	buf_char(out, ']');
}

struct slice
evidence_quote(const struct evidence *e, int64_t minute)
{
	static const enum role wanted[] = {WIDEST, HARMFUL, COPIED, LATEST};

	for (unsigned i = 0; e != NULL && i < 4; i++) {
		const struct slot *slot = &e->slots[wanted[i]];

		if (slot->used && slot->record.text.len > 0 &&
		    minute - slot->minute < WINDOW_MINUTES)
			return (struct slice){
			    slot->text.data + slot->record.text.at,
			    slot->record.text.len};
	}
	return SLICE_NONE;
}
