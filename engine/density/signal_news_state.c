/*
 * News of the open minute over a restart: the norms may be saved before the
 * minute closes, by a snapshot or when no minute is without news.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/must.h"
#include "engine/base/pack.h"
#include "engine/density/signal_out.h"
#include "engine/density/signals.h"

void
signal_news_save(const struct signal_out *from, struct buf *out)
{
	pack_uint(out, from->count);
	for (uint32_t i = 0; i < from->count; i++) {
		const struct signal_news *n = from->items[i];

		pack_word(out, signals_type(n->signal)->name);
		pack_uint(out, n->key->serial);
		pack_u8(out, (uint8_t)n->kind);
		pack_u8(out, n->level);
		pack_text(out, buf_slice(&n->fr));
		pack_text(out, buf_slice(&n->en));
		pack_text(out, buf_slice(&n->members));
		pack_text(out, buf_slice(&n->item));
	}
}

/* Rows may move; one that is gone is SIGNALS_COUNT. */
static unsigned
row_of(struct slice name)
{
	unsigned i = 0;

	while (i < SIGNALS_COUNT && !slice_is(name, signals_type(i)->name))
		i++;
	return i;
}

static void
put(struct signal_out *to, const struct signal_news *made)
{
	struct signal_news *n;

	if (to->count == to->room) {
		to->room = to->room == 0 ? 8 : to->room * 2;
		to->items = must_grow(to->items,
		    to->room * sizeof(*to->items));
	}
	n = to->items[to->count++] = must_alloc(sizeof(*n));
	*n = *made;
}

bool
signal_news_load(struct signal_out *to, struct slice saved,
    const struct keys *keys)
{
	struct unpack in = unpack_of(saved);
	uint64_t count = unpack_uint(&in);

	for (uint64_t i = 0; i < count && !in.bad; i++) {
		struct slice name = unpack_word(&in);
		struct signal_news n = {
		    .signal = name.data == NULL ? SIGNALS_COUNT :
						  row_of(name)};
		struct slice fr, en, members, item;

		n.key = keys_at(keys, unpack_uint(&in));
		n.kind = (enum alert_kind)unpack_u8(&in);
		n.level = unpack_u8(&in);
		fr = unpack_text(&in);
		en = unpack_text(&in);
		members = unpack_text(&in);
		item = unpack_text(&in);
		if (in.bad || n.key == NULL || n.signal == SIGNALS_COUNT)
			continue;
		buf_slice_put(&n.fr, fr);
		buf_slice_put(&n.en, en);
		buf_slice_put(&n.members, members);
		buf_slice_put(&n.item, item);
		put(to, &n);
	}
	return unpack_over(&in);
}
