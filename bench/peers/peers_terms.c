/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/peers/peers_terms.h"

#include <ctype.h>
#include <string.h>

#include "engine/base/must.h"

static struct slice
unquoted(struct slice term)
{
	if (term.len > 1 && term.data[0] == '"' &&
	    term.data[term.len - 1] == '"') {
		term.data++;
		term.len -= 2;
	}
	return term;
}

/* "kit kat", #kitkat*, 'n''achetez plus' as a regex on folded text. */
static void
put_term(struct buf *out, struct text *t,
    struct slice term)
{
	term = unquoted(term);
	text_fold(t, SLICE_NONE, term, TEXT_QUERY);
	for (uint32_t i = 0; i < t->tokens; i++) {
		const char *p = t->bytes + t->at[i];
		uint32_t len = t->end[i] - t->at[i];
		bool open = p[len - 1] == '*';
		bool sign = i == 0 && t->at[0] > 0 &&
		    strchr("#@$", p[-1]) != NULL;

		if (i > 0)
			buf_text(out, PEERS_GAP);
		if (sign)
			buf_printf(out, "%s%c", p[-1] == '$' ? "\\" : "",
			    p[-1]);
		else if (i == 0)
			buf_text(out, "\\b");
		buf_put(out, p, len - open);
		if (i + 1 == t->tokens)
			buf_text(out, open ? "\\w*" : "\\b");
	}
}

/* A character beyond ASCII as (?:é|É|e): as written, in the other case of
 * Latin-1, folded. */
static size_t
put_raw_character(struct buf *out, struct text *t, struct slice rest)
{
	const unsigned char *p = (const unsigned char *)rest.data;
	size_t n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

	buf_text(out, "(?:");
	buf_put(out, p, n);
	if (p[0] == 0xc3 && p[1] != 0x97 && p[1] != 0xb7 && p[1] != 0x9f)
		buf_printf(out, "|\xc3%c", p[1] ^ 0x20);
	text_fold(t, SLICE_NONE, (struct slice){rest.data, n},
	    TEXT_QUERY);
	buf_printf(out, "|%.*s)", (int)t->len, t->bytes);
	return n;
}

/* The same as a regex on text as it was posted. */
static void
put_raw_term(struct buf *out, struct text *t,
    struct slice term)
{
	bool word = false, first = true;

	term = unquoted(term);
	for (size_t i = 0; i < term.len;) {
		unsigned char c = (unsigned char)term.data[i];
		bool sign = first && strchr("#@$", c) != NULL;

		if (sign || c == '*') {
			buf_text(out, c == '*' ? "\\w*" : c == '$' ? "\\$" :
				c == '#' ? "#" : "@");
			i++;
		} else if (c < 0x80 && !isalnum(c) && c != '_') {
			if (word)
				buf_text(out, "[\\s[:punct:]]+");
			word = false;
			i++;
		} else {
			if (first && c < 0x80)
				buf_text(out, "\\b");
			word = true;
			if (c >= 0x80)
				i += put_raw_character(out, t, (struct slice){
				    term.data + i, term.len - i});
			else
				buf_char(out, term.data[i++]);
		}
		first = false;
	}
	if (word && isalnum((unsigned char)term.data[term.len - 1]))
		buf_text(out, "\\b");
}

static void
put_each(struct buf *out, struct text *t, struct slice terms,
    void (*put)(struct buf *out, struct text *t, struct slice term))
{
	const char *p = terms.data, *end = p + terms.len, *next;

	buf_text(out, "(?:");
	for (; p < end; p = next + 4) {
		next = memmem(p, (size_t)(end - p), " OR ", 4);
		put(out, t, (struct slice){p,
		    (size_t)((next == NULL ? end : next) - p)});
		if (next == NULL)
			break;
		buf_char(out, '|');
	}
	buf_char(out, ')');
}

void
peers_terms_folded(struct buf *out, struct text *folder, struct slice terms)
{
	put_each(out, folder, terms, put_term);
}

void
peers_terms_raw(struct buf *out, struct text *folder, struct slice terms)
{
	put_each(out, folder, terms, put_raw_term);
}

char *
peers_terms_only(const char *regex)
{
	char *out = must_alloc(strlen(regex) + 1), *to = out;
	bool class = false;

	for (const char *p = regex; *p != '\0';) {
		bool look = !class && p[0] == '(' && p[1] == '?' &&
		    (p[2] == '=' || p[2] == '!' ||
			(p[2] == '<' && (p[3] == '=' || p[3] == '!')));
		int depth = 0;

		if (!look) {
			class = *p == '[' || (class && *p != ']');
			if (*p == '\\' && p[1] != '\0')
				*to++ = *p++;
			*to++ = *p++;
			continue;
		}
		do {
			if (*p == '\\')
				p++;
			else if (*p == '[')
				class = true;
			else if (*p == ']')
				class = false;
			else if (!class)
				depth += (*p == '(') - (*p == ')');
			p++;
		} while (depth > 0 && *p != '\0');
	}
	*to = '\0';
	return out;
}

