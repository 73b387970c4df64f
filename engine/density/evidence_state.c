/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/evidence_slots.h"
#include "engine/pseudonym.h"
#include "engine/state/record_pack.h"

/* One that is older than the window is as good as empty, but for the first
 * of the episode. */
static bool
counts(const struct slot *slot, unsigned i, int64_t minute)
{
	return slot->kept != NULL &&
	    (i == EVIDENCE_SLOTS - 1 || minute - slot->minute < WINDOW_MINUTES);
}

/* One post serves in several slots: it is written once. */
static unsigned
first_alike(struct evidence *e, unsigned i, int64_t minute)
{
	for (unsigned k = 0; k < i; k++)
		if (counts(evidence_slot(e, k), k, minute) &&
		    evidence_slot(e, k)->kept == evidence_slot(e, i)->kept)
			return k;
	return i;
}

/* Nobody compares its account. */
static void
save_kept(const struct kept *kept,
    const unsigned char key[EVIDENCE_KEY_BYTES], struct buf *out)
{
	const struct record *r = &kept->record;
	struct slice author = {kept->text + r->author.at, r->author.len};
	char hex[PSEUDONYM_HEX];

	if (record_named(r))
		pseudonym_author(key, author, hex);
	record_pack(r, kept->text, 0, hex, out);
}

void
evidence_save(const struct evidence *evidence, int64_t minute,
    const unsigned char key[EVIDENCE_KEY_BYTES], struct buf *out)
{
	/* Nothing is changed: slot_at serves both ways. */
	struct evidence *e = (struct evidence *)(uintptr_t)evidence;

	for (unsigned i = 0; i < EVIDENCE_SLOTS; i++) {
		const struct slot *slot = evidence_slot(e, i);
		unsigned same;

		if (!counts(slot, i, minute))
			continue;
		same = first_alike(e, i, minute);
		pack_uint(out, i + 1);
		pack_uint(out, same + 1);
		pack_int(out, slot->minute);
		pack_int(out, slot->t_ms);
		pack_uint(out, slot->blame);
		pack_uint(out, slot->copies);
		if (same == i)
			save_kept(slot->kept, key, out);
	}
	pack_uint(out, 0);
}

/* The cell of a post of its own, or of that of an earlier slot. */
static unsigned
load_kept(struct evidence *e, uint64_t i, uint64_t same, struct buf *text,
    struct unpack *in)
{
	struct record record;
	struct evidence_post post = {.record = &record};
	const struct slot *first;

	if (same != i) {
		first = same == 0 ? NULL :
				    evidence_slot(e, (unsigned)same - 1);
		if (first == NULL || first->kept == NULL)
			in->bad = true;
		return in->bad ? 0 : evidence_cell(e, first);
	}
	buf_clear(text);
	record_unpack(&record, text, in);
	post.text = text->data;
	return in->bad ? 0 : evidence_keep(e, &post);
}

struct evidence *
evidence_load(struct unpack *in)
{
	struct evidence *e = evidence_new();
	struct buf text = {0};
	uint64_t i;

	while ((i = unpack_most(in, EVIDENCE_SLOTS)) != 0) {
		struct slot *slot = evidence_slot(e, (unsigned)i - 1);
		uint64_t same = unpack_most(in, i);
		unsigned cell = 0;

		slot->minute = unpack_int(in);
		slot->t_ms = unpack_int(in);
		slot->blame = (uint32_t)unpack_most(in, UINT32_MAX);
		slot->copies = (uint32_t)unpack_most(in, UINT32_MAX);
		if (slot->kept != NULL)
			in->bad = true;
		if (!in->bad)
			cell = load_kept(e, i, same, &text, in);
		if (in->bad)
			break;
		evidence_hold(e, slot, cell);
		slot->followers = slot->kept->record.followers;
		if (i < EVIDENCE_SLOTS)
			evidence_note(e, slot);
	}
	buf_fini(&text);
	if (!in->bad)
		return e;
	evidence_free(e);
	return NULL;
}
