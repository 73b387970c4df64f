/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/must.h"
#include "engine/base/pack.h"
#include "engine/density/causes.h"

static void
save_cause(const struct cause *cause, struct buf *out)
{
	pack_text(out, slice_of(cause->name));
	pack_int(out, cause->weight_milli);
	pack_int(out, cause->harm);
	pack_uint(out, cause->words_count);
	for (uint32_t i = 0; i < cause->words_count; i++)
		pack_text(out, slice_of(cause->words[i]));
	for (uint32_t i = 0; i < WINDOW_MINUTES; i++) {
		if (cause->minutes[i] == 0)
			continue;
		pack_uint(out, i + 1);
		pack_int(out, cause->minutes[i]);
	}
	pack_uint(out, 0);
}

static void
load_cause(struct cause *cause, struct unpack *in)
{
	uint64_t i;

	cause->weight_milli = (int32_t)unpack_int(in);
	cause->harm = unpack_int(in);
	cause->words_count = (uint32_t)unpack_most(in, CAUSE_WORDS);
	for (i = 0; i < cause->words_count; i++) {
		struct slice word = unpack_text(in);

		if (word.len >= CAUSE_WORD_BYTES) {
			in->bad = true;
			return;
		}
		memcpy(cause->words[i], word.data, word.len);
	}
	while ((i = unpack_most(in, WINDOW_MINUTES)) != 0)
		cause->minutes[i - 1] = unpack_int(in);
}

void
causes_save(const struct causes *c, struct buf *out)
{
	pack_int(out, c->minute);
	pack_uint(out, c->count);
	for (uint32_t i = 0; i < c->count; i++)
		save_cause(&c->items[i], out);
}

void
causes_load(struct causes *c, struct unpack *in,
    const char *(*intern)(void *self, struct slice name), void *self)
{
	memset(c, 0, sizeof(*c));
	c->minute = unpack_int(in);
	c->count = c->room = (uint32_t)unpack_most(in, CAUSES_MAX);
	if (c->count > 0)
		c->items = must_alloc(c->count * sizeof(*c->items));
	for (uint32_t i = 0; i < c->count; i++) {
		c->items[i].name = intern(self, unpack_text(in));
		c->tags[i] = causes_tag(c->items[i].name);
		load_cause(&c->items[i], in);
		for (uint32_t m = 0; m < WINDOW_MINUTES; m++)
			if (c->items[i].minutes[m] != 0)
				c->said |= UINT64_C(1) << m;
	}
	c->idle = true;
}
