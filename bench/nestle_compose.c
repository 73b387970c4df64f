/*
 * From a sentence with slots to what somebody typed.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "bench/nestle.h"
#include "engine/base/must.h"

/* The words of a slot, '|' between; some are empty. */
struct slot {
	char key;
	const char *words[NESTLE_LANGS];
};

#define SAME(words) {words, words, words}

static const struct slot slots[] = {
	{'k', SAME("KitKat|Kit Kat|kitkat|KitKat|Kit Kat|KIT KAT|#kitkat")},
	{'n', SAME("Nestlé|Nestlé|Nestle|nestlé|NESTLÉ|#nestle|@nestle")},
	{'r', SAME("Milka|Twix|Snickers|Cadbury|Haribo|Toblerone|Lindt|M&M's")},
	{'o', {"|||OMG |wow, |just saw this: |so... |hey, |yes, ",
	    "|||oh la la, |bon, |sérieux, |vu à l'instant : |dis donc, ",
	    "|||krass, |ach, |gerade gesehen: |also, "}},
	{'e', SAME("|||!|!!|...|!!!")},
	{'h', SAME("#palmoil|#nestle|#greenpeace|#killer|#kitkat|")},
	{'c', {"London|Leeds|Dublin|York|Sydney|Boston|Toronto",
	    "Paris|Lyon|Lille|Nantes|Genève|Bruxelles|Strasbourg",
	    "Berlin|Hamburg|Zürich|Wien|Köln|Basel"}},
	{'m', {"sister|brother|boss|neighbour|friend|mum|flatmate",
	    "frère|cousin|collègue|voisin|ami|copain|fils",
	    "Bruder|Chef|Nachbar|Freund|Kollege|Vater"}},
	{'d', {"morning|afternoon|evening|weekend|Monday",
	    "matin|soir|midi|week-end|lundi", "Morgen|Abend|Mittag"}},
};

static void
put_word(struct buf *out, struct rand *r, const char *words)
{
	uint32_t n = 1, want;
	const char *p = words;

	for (const char *q = words; *q != '\0'; q++)
		n += *q == '|';
	for (want = rand_below(r, n); want > 0; want--)
		p = strchr(p, '|') + 1;
	buf_put(out, p, strcspn(p, "|"));
}

static void
put_slot(struct buf *out, struct rand *r, char key, enum nestle_lang lang)
{
	if (key == 'i') {
		buf_int(out, 2 + rand_below(r, 27));
		return;
	}
	if (key == 'u') {
		/* example.org is reserved: nobody's page is advertised. */
		buf_printf(out, "http://example.org/%05x",
		    rand_below(r, 1u << 20));
		return;
	}
	for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++)
		if (slots[i].key == key) {
			put_word(out, r, slots[i].words[lang]);
			return;
		}
	UNREACHABLE("a slot that no sentence may name");
}

/* What a keyboard without accents gives.  Only letters that the sentences
 * use; every one takes two bytes in UTF-8 but œ, which becomes two letters
 * and so keeps its length. */
static void
drop_accents(struct buf *out, size_t from)
{
	static const char *const pairs[][2] = {{"é", "e"}, {"è", "e"},
	    {"ê", "e"}, {"à", "a"}, {"â", "a"}, {"ç", "c"}, {"î", "i"},
	    {"ô", "o"}, {"û", "u"}, {"ù", "u"}, {"É", "E"}, {"œ", "oe"}};
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

/* A line of this kind and language; English where there is none. */
static const char *
line_of(struct rand *r, enum nestle_kind kind, enum nestle_lang *lang)
{
	for (;;) {
		uint32_t n = 0, want;

		for (size_t i = 0; i < nestle_lines_count; i++)
			n += nestle_lines[i].kind == kind &&
			    nestle_lines[i].lang == *lang;
		if (n == 0) {
			REQUIRE(*lang != EN);
			*lang = EN;
			continue;
		}
		want = rand_below(r, n);
		for (size_t i = 0;; i++) {
			if (nestle_lines[i].kind != kind ||
			    nestle_lines[i].lang != *lang)
				continue;
			if (want-- == 0)
				return nestle_lines[i].text;
		}
	}
}

void
nestle_compose(struct buf *out, struct rand *r, enum nestle_kind kind,
    enum nestle_lang lang)
{
	size_t from = out->len;
	const char *p = line_of(r, kind, &lang);

	for (; *p != '\0'; p++) {
		if (p[0] == '{' && p[1] != '\0' && p[2] == '}') {
			put_slot(out, r, p[1], lang);
			p += 2;
		} else {
			buf_char(out, *p);
		}
	}
	while (out->len > from && out->data[out->len - 1] == ' ')
		out->len--;
	if (lang == FR && rand_below(r, 10) < 3)
		drop_accents(out, from);
	if (rand_below(r, 8) == 0) /* some never reach for the shift key */
		for (size_t i = from; i < out->len; i++)
			out->data[i] = (char)tolower(
			    (unsigned char)out->data[i]);
}
