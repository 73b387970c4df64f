/*
 * The terms of a post that may be new: its hashtags first, then long words.
 * What is short (mostly grammar), in a link or a name is no term.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <endian.h>

#include "engine/batch.h"
#include "engine/density/outline.h"

#define TAG_BYTES_MIN 3u  /* without the sign: #1 and #fr say nothing */

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c & 0x80) != 0;
}

#define EIGHT(c) (UINT64_C(0x0101010101010101) * (c))

/* Of eight bytes, the upper bit of those that are neither a..z nor outside
 * ASCII. */
static uint64_t
not_letters(uint64_t x)
{
	uint64_t low = x & EIGHT(0x7f);
	uint64_t from_a = low + EIGHT(0x80 - 'a');
	uint64_t after_z = low + EIGHT(0x80 - 'z' - 1);

	return ~((from_a & ~after_z) | x) & EIGHT(0x80);
}

/* There are zeros behind the text: eight bytes can always be read. */
static bool
all_letters(struct slice t)
{
	for (size_t i = 0; i < t.len; i += 8) {
		uint64_t x, wrong;

		memcpy(&x, t.data + i, sizeof(x));
		wrong = not_letters(le64toh(x));
		if (t.len - i < 8)
			wrong &= (UINT64_C(1) << (t.len - i) * 8) - 1;
		if (wrong != 0)
			return false;
	}
	return true;
}

static bool
any_letter(struct slice t)
{
	for (size_t i = 0; i < t.len; i++)
		if (is_letter(t.data[i]))
			return true;
	return false;
}

/* Where the terms of one post go, and how many there are: there is room for
 * TERMS_MAX, and as many bytes behind the last. */
struct terms_out {
	struct part *parts;
	char *text; /* of byte ${at} of batch.text */
	uint32_t at, count;
};

/* Of ${term}, TERM_BYTES_MAX bytes can be read. */
static inline void
put(struct terms_out *out, bool tag, struct slice term)
{
	uint32_t len = (uint32_t)term.len + tag;

	if (out->count == TERMS_MAX || len > TERM_BYTES_MAX)
		return;
	out->text[0] = '#';
	memcpy(out->text + tag, term.data, TERM_BYTES_MAX);
	out->parts[out->count++] = (struct part){out->at, len};
	out->text += len;
	out->at += len;
}

/* Tags, or words that are neither tags nor names, of an outline.  What is
 * written may be anywhere as far as the compiler knows, so that all that is
 * read is taken before. */
static void
from_outline(struct terms_out *to, const struct text *t,
    const struct outline *o, bool tags)
{
	const char *bytes = t->bytes;
	const uint32_t *at = t->at + o->first, *end = t->end + o->first;
	const uint64_t letters = o->letters;
	uint64_t which = o->tokens & ~o->links &
	    (tags ? o->tags : o->words & ~(o->tags | o->names));
	struct terms_out out = *to;

	for (; which != 0 && out.count < TERMS_MAX; which &= which - 1) {
		uint32_t i = (uint32_t)__builtin_ctzll(which);
		struct slice term = {bytes + at[i], end[i] - at[i]};

		if (tags ? term.len >= TAG_BYTES_MIN && any_letter(term)
			 : (letters >> i & 1) != 0 || all_letters(term))
			put(&out, tags, term);
	}
	*to = out;
}

static void
from_text(struct terms_out *out, const struct text *t,
    const struct outline *first, bool tags)
{
	struct outline next;

	from_outline(out, t, first, tags);
	if (first->count == t->tokens)
		return;
	next = *first;
	while (out->count < TERMS_MAX && outline_next(&next, t))
		from_outline(out, t, &next, tags);
}

/* Some sources tell the tags beside a text that has none of them. */
static __attribute__((noinline)) void
from_tags(struct terms_out *out, const struct post *post)
{
	for (uint32_t i = 0; i < post->tags.count; i++) {
		struct slice tag = post->tags.items[i];
		char small[TERM_BYTES_MAX] = {0};

		if (tag.len > 0 && tag.data[0] == '#') {
			tag.data++;
			tag.len--;
		}
		if (tag.len < TAG_BYTES_MIN || tag.len >= TERM_BYTES_MAX)
			continue;
		for (size_t k = 0; k < tag.len; k++) {
			char c = tag.data[k];

			small[k] = c >= 'A' && c <= 'Z'
			    ? (char)(c - 'A' + 'a') : c;
		}
		put(out, true, (struct slice){small, tag.len});
	}
}

void
record_terms(struct batch *batch, struct record *r, const struct post *post,
    const struct text *text, const struct outline *outline)
{
	struct terms_out out = {.at = (uint32_t)batch->text.len};

	out.parts = vec_room(&batch->terms, struct part, TERMS_MAX);
	out.text = buf_reserve(
	    &batch->text, (TERMS_MAX + 1) * (size_t)(TERM_BYTES_MAX + 1));
	from_text(&out, text, outline, true);
	if (out.count == 0)
		from_tags(&out, post);
	from_text(&out, text, outline, false);
	r->terms_first = batch->terms.count;
	r->terms_count = out.count;
	batch->terms.count += out.count;
	batch->text.len = out.at;
}
