/*
 * From a sentence with slots to what somebody typed.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <ctype.h>
#include <string.h>

#include "engine/base/must.h"
#include "engine/scenario/scenario_parts.h"
#include "engine/settings.h"

/* Words of that name in that language, else in any, else in the first there
 * is: ${lang} is then that of the words. */
static const struct scenario_words *
words_of(const struct scenario_words *of, uint32_t count, struct slice name,
    uint32_t *lang)
{
	const struct scenario_words *other = NULL;

	for (uint32_t i = 0; i < count; i++) {
		if (!slice_is(name, of[i].name))
			continue;
		if (of[i].lang == *lang || of[i].lang == SCENARIO_ANY)
			return &of[i];
		if (other == NULL)
			other = &of[i];
	}
	if (other != NULL)
		*lang = other->lang;
	return other;
}

static void
put_slot(const struct scenario *s, struct buf *out, struct rand *r,
    struct slice name, uint32_t lang)
{
	const struct scenario_words *w;

	if (slice_is(name, "n")) {
		buf_int(out, 2 + rand_below(r, 27));
		return;
	}
	if (slice_is(name, "url") || slice_is(name, "id")) {
		/* example.org is reserved: nobody's page is advertised. */
		buf_printf(out, "%s%05x", name.len == 3 ?
			"http://example.org/" : "", rand_below(r, 1u << 20));
		return;
	}
	w = words_of(s->slots, s->slots_count, name, &lang);
	if (w != NULL)
		buf_slice_put(out, w->items[rand_below(r, w->count)]);
}

void
scenario_text_check(const struct scenario *s, struct slice text,
    struct diag *diag, struct place place)
{
	const char *names[64];
	uint32_t count = 0;

	for (uint32_t i = 0; i < s->slots_count && count < 64; i++)
		names[count++] = s->slots[i].name;
	for (const char *p = text.data; (p = strchr(p, '{')) != NULL; p++) {
		size_t n = strcspn(p + 1, "}");
		struct slice name = {p + 1, n};
		uint32_t lang = 0;

		if (p[n + 1] == '\0' || slice_is(name, "n") ||
		    slice_is(name, "url") || slice_is(name, "id") ||
		    words_of(s->slots, s->slots_count, name, &lang) != NULL)
			continue;
		settings_unknown(diag, place, "unknown-slot", "slot", name,
		    names, count);
	}
}

/* What a keyboard without accents gives.  Every letter of the list takes two
 * bytes in UTF-8; œ becomes two letters and so keeps its length. */
static void
drop_accents(struct buf *out, size_t from)
{
	static const char *const pairs[][2] = {{"é", "e"}, {"è", "e"},
	    {"ê", "e"}, {"ë", "e"}, {"à", "a"}, {"â", "a"}, {"ç", "c"},
	    {"î", "i"}, {"ï", "i"}, {"ô", "o"}, {"û", "u"}, {"ù", "u"},
	    {"É", "E"}, {"À", "A"}, {"œ", "oe"}};
	size_t to = from;

	for (size_t i = from; i < out->len;) {
		size_t k;

		for (k = 0; k < sizeof(pairs) / sizeof(pairs[0]); k++)
			if (i + 1 < out->len &&
			    !memcmp(out->data + i, pairs[k][0], 2))
				break;
		if (k < sizeof(pairs) / sizeof(pairs[0])) {
			size_t n = strlen(pairs[k][1]);

			memcpy(out->data + to, pairs[k][1], n);
			to += n;
			i += 2;
		} else {
			out->data[to++] = out->data[i++];
		}
	}
	out->len = to;
}

uint32_t
scenario_text(const struct scenario *s, struct buf *out, struct rand *r,
    uint32_t kind, uint32_t lang)
{
	const struct scenario_words *w = words_of(s->texts, s->texts_count,
	    slice_of(s->kinds[kind].name), &lang);
	size_t from = out->len;
	const char *p, *end;

	REQUIRE(w != NULL); /* the reader wants texts for each kind */
	p = w->items[rand_below(r, w->count)].data;
	for (; *p != '\0'; p++) {
		end = *p == '{' ? strchr(p, '}') : NULL;
		if (end == NULL) {
			buf_char(out, *p);
			continue;
		}
		put_slot(s, out, r,
		    (struct slice){p + 1, (size_t)(end - p) - 1}, lang);
		p = end;
	}
	while (out->len > from && out->data[out->len - 1] == ' ')
		out->len--;
	if (!strcmp(s->langs[lang], "fr") && rand_below(r, 10) < 3)
		drop_accents(out, from);
	if (rand_below(r, 8) == 0) /* some never reach for the shift key */
		for (size_t i = from; i < out->len; i++)
			out->data[i] = (char)tolower(
			    (unsigned char)out->data[i]);
	return lang;
}
