/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/signal_text.h"

#define QUOTE_BYTES 140u
#define LIKELY_HARM 500000u     /* p */
#define RARE_Z_MICRO (3 * MICRO) /* as the detector */

static void
fill(struct buf *out, const char *text, const char *name,
    const char *const *args)
{
	if (out->len > 0)
		buf_char(out, ' ');
	for (const char *p = text; *p != '\0'; p++) {
		if (*p != '$' || p[1] < '0' || p[1] > '9')
			buf_char(out, *p);
		else if (*++p == '0')
			buf_text(out, name);
		else
			buf_text(out, args[*p - '1']);
	}
}

void
signal_text_add(struct signal_news *n, const char *fr, const char *en,
    const char *const *args, const char *const *args_en)
{
	fill(&n->fr, fr, n->key->name, args);
	fill(&n->en, en, n->key->name, args_en == NULL ? args : args_en);
}

struct slice
signal_text_part(const struct signal_post *post, struct part part)
{
	return (struct slice){post->batch->text.data + part.at, part.len};
}

void
signal_text_quote(const struct signal_post *post, struct buf *out)
{
	struct slice text = signal_text_part(post, post->record->text);
	bool cut = text.len > QUOTE_BYTES;

	if (cut) {
		text.len = QUOTE_BYTES;
		while (text.len > 0 && (text.data[text.len] & 0xc0) == 0x80)
			text.len--;
	}
	buf_plain(out, text);
	buf_text(out, cut ? "…" : "");
	buf_char(out, '\0');
}

bool
signal_text_harms(const struct signal_post *post)
{
	return !post->own && !post->key->pseudo && post->sums.harm > 0 &&
	    post->share->harm >= LIKELY_HARM;
}

bool
signal_text_above(const struct key *key)
{
	if (key->density.level > 0)
		return true;
	return key->active && key->live->amounts.harm >=
	    key->live->amounts.norm + MICRO && !keys_not_rare(key) &&
	    keys_answer(key).z_micro >= RARE_Z_MICRO;
}

bool
signal_text_account(struct signal_accounts *a, uint64_t account)
{
	for (uint32_t i = 0; i < a->count; i++)
		if (a->items[i] == account)
			return false;
	if (a->count == sizeof(a->items) / sizeof(*a->items))
		return false;
	a->items[a->count++] = account;
	return true;
}
