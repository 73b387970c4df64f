/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/evidence_slots.h"
#include "engine/pseudonym.h"
#include "engine/state/record_pack.h"

/* One that is older than the window is as good as empty, but for the first
 * of the episode. */
static struct view
saved(const struct evidence *e, unsigned slot, int64_t minute)
{
	struct view v = evidence_view(e, slot);

	if (v.kept != NULL && slot != EVIDENCE_PINNED &&
	    evidence_is_old(v.t_ms, minute))
		v.kept = NULL;
	return v;
}

/* One post serves in several slots: it is written once. */
static unsigned
first_alike(const struct evidence *e, unsigned slot, const struct kept *kept,
    int64_t minute)
{
	unsigned first = 0;

	while (first < slot && saved(e, first, minute).kept != kept)
		first++;
	return first;
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
evidence_save(const struct evidence *e, int64_t minute,
    const unsigned char key[EVIDENCE_KEY_BYTES], struct buf *out)
{
	for (unsigned i = 0; i < EVIDENCE_SLOTS; i++) {
		struct view v = saved(e, i, minute);
		unsigned same;

		if (v.kept == NULL)
			continue;
		same = first_alike(e, i, v.kept, minute);
		pack_uint(out, i + 1);
		pack_uint(out, same + 1);
		pack_int(out, v.t_ms / MINUTE_MS);
		pack_int(out, v.t_ms);
		pack_uint(out, v.blame);
		pack_uint(out, v.copies);
		if (same == i)
			save_kept(v.kept, key, out);
	}
	pack_uint(out, 0);
}

static void
load_slot(struct evidence *e, unsigned slot, struct buf *text,
    struct unpack *in)
{
	uint64_t same = unpack_most(in, slot + 1);
	int64_t minute = unpack_int(in);
	struct record record;
	struct evidence_post post = {.record = &record,
	    .t_ms = unpack_int(in)};
	unsigned cell = EVIDENCE_NONE;

	post.blame = (uint32_t)unpack_most(in, UINT32_MAX);
	post.copies = (uint32_t)unpack_most(in, UINT32_MAX);
	if (!evidence_is_free(e, slot) || post.t_ms / MINUTE_MS != minute)
		in->bad = true;
	/* A post of its own, or that of an earlier slot. */
	if (!in->bad && same == slot + 1) {
		buf_clear(text);
		record_unpack(&record, text, in);
		post.text = text->data;
		if (!in->bad)
			cell = evidence_keep(e, &post, 0);
	} else if (!in->bad && same > 0) {
		cell = e->cell_of[same - 1];
	}
	if (cell == EVIDENCE_NONE) {
		in->bad = true;
		return;
	}
	evidence_hold(e, slot, cell);
	evidence_note(e, slot);
}

struct evidence *
evidence_load(struct unpack *in)
{
	struct evidence *e = evidence_new();
	struct buf text = {0};
	uint64_t i;

	while ((i = unpack_most(in, EVIDENCE_SLOTS)) != 0 && !in->bad)
		load_slot(e, (unsigned)i - 1, &text, in);
	buf_fini(&text);
	if (!in->bad)
		return e;
	evidence_free(e);
	return NULL;
}
