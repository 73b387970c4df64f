/*
 * The terms of a post that may be new: its hashtags first, then long words.
 * What is short, in a link or a name is no term.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <endian.h>

#include "engine/batch.h"

#define WORD_BYTES_MIN 6u /* shorter ones are mostly grammar */
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

static bool
begins_link(const struct text *t, uint32_t i)
{
	/* There are zeros behind the end. */
	return !memcmp(t->bytes + t->end[i], "://", 3);
}

/* The first token behind the link that begins at ${i}. */
static uint32_t
after_link(const struct text *t, uint32_t i)
{
	uint32_t end = t->end[i];

	while (end < t->len && t->bytes[end] != ' ' && t->bytes[end] != '\n')
		end++;
	while (i < t->tokens && t->at[i] < end)
		i++;
	return i;
}

static void
put(struct batch *batch, struct record *r, bool tag, struct slice term)
{
	struct part part = {(uint32_t)batch->text.len,
	    (uint32_t)term.len + tag};

	if (r->terms_count == TERMS_MAX || part.len > TERM_BYTES_MAX)
		return;
	if (tag)
		buf_char(&batch->text, '#');
	buf_slice_put(&batch->text, term);
	*vec_push(&batch->terms, struct part) = part;
	r->terms_count++;
}

static void
from_text(struct batch *batch, struct record *r, const struct text *t,
    bool tags)
{
	for (uint32_t i = 0; i < t->tokens && r->terms_count < TERMS_MAX;) {
		struct slice term = {
		    t->bytes + t->at[i], t->end[i] - t->at[i]};
		char sign = t->bytes[(int64_t)t->at[i] - 1];

		if (t->bytes[t->end[i]] == ':' && begins_link(t, i)) {
			i = after_link(t, i);
			continue;
		}
		i++;
		if (tags && sign == '#' && term.len >= TAG_BYTES_MIN &&
		    any_letter(term))
			put(batch, r, true, term);
		else if (!tags && sign != '#' && sign != '@' &&
		    term.len >= WORD_BYTES_MIN && all_letters(term))
			put(batch, r, false, term);
	}
}

/* Some sources tell the tags beside a text that has none of them. */
static void
from_tags(struct batch *batch, struct record *r, const struct post *post)
{
	for (uint32_t i = 0; i < post->tags.count; i++) {
		struct slice tag = post->tags.items[i];
		char small[TERM_BYTES_MAX];

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
		put(batch, r, true, (struct slice){small, tag.len});
	}
}

void
record_terms(struct batch *batch, struct record *r, const struct post *post,
    const struct text *text)
{
	r->terms_first = batch->terms.count;
	r->terms_count = 0;
	if (memchr(text->bytes, '#', text->len) != NULL)
		from_text(batch, r, text, true);
	if (r->terms_count == 0)
		from_tags(batch, r, post);
	from_text(batch, r, text, false);
}
