/*
 * Parts of a post: its title, its text, its sentences; and where bytes of
 * them stand in what was posted.
 *
 * Sentences end behind . ! ? or their likes in other scripts, and at the end
 * of a line; not behind an abbreviation, an initial or inside a number.  The
 * title is one sentence, whatever is in it.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/utf8.h"
#include "rules/matcher.h"

void
matcher_map(struct matcher *m)
{
	if (m->mapped == MAP_TEXT)
		return;
	text_map(m->text, m->post->title, m->post->text, TEXT_POST);
	m->mapped = MAP_TEXT;
}

void
matcher_map_title(struct matcher *m)
{
	if (m->mapped == MAP_TITLE)
		return;
	text_map_title(m->text, m->post->title, m->post->text, TEXT_POST);
	m->mapped = MAP_TITLE;
}

bool
matcher_span(struct matcher *m, uint32_t at, uint32_t end, struct slice *part,
    uint32_t *start, uint32_t *stop)
{
	uint32_t title = m->text->title_tokens;

	if (title > 0 && at < m->text->end[title - 1]) {
		matcher_map_title(m);
		*part = m->post->title;
	} else {
		matcher_map(m);
		*part = m->post->text;
	}
	return text_span(m->text, at, end, start, stop);
}

struct occ
matcher_place(const struct matcher *m, uint32_t from, uint32_t to)
{
	const struct text *text = m->text;
	struct occ occ = {0, 0, from, to};
	uint32_t low = 0, high = text->tokens;

	while (low < high) { /* the first token that ends behind from */
		uint32_t mid = low + (high - low) / 2;

		if (text->end[mid] > from)
			high = mid;
		else
			low = mid + 1;
	}
	occ.first = occ.end = low;
	while (occ.end < text->tokens && text->at[occ.end] < to)
		occ.end++;
	return occ;
}

/* ---- sentences --------------------------------------------------------- */

/* Words before a dot that ends nothing; folded, sorted by language. */
static const char *const abbreviations[] = {"m", "mm", "mme", "mmes", "mlle",
    "me", "dr", "pr", "st", "ste", "cf", "p", "pp", "ex", "no", "n", "art",
    "fig", "env", "av", "bd", "tel", "vol", "chap", "etc", /* French */
    "mr", "mrs", "ms", "jr", "sr", "inc", "ltd", "corp", "co", "vs", "dept",
    "approx", "prof", "gen", "rep", "sen", "gov", /* English */
    "bzw", "nr", "hr", "fr", "usw", "ca", "str" /* German */};

/* Dots of other scripts, as folded. */
static const char *const stops[] = {"\xe3\x80\x82", /* U+3002 */
    "\xd8\x9f", "\xdb\x94", /* Arabic */
    "\xe0\xa5\xa4", "\xe0\xa5\xa5", /* danda */
    "\xd6\x89", "\xe1\x8d\xa2", "\xe1\x9f\x94" /* Armenian, Ethiopic,
						 * Khmer */};

static bool
abbreviated(const struct matcher *m, uint32_t t)
{
	const struct text *text = m->text;
	struct slice word = {
	    text->bytes + text->at[t], text->end[t] - text->at[t]};

	for (uint32_t i = 0; i < m->inclusives_count; i++)
		if (m->inclusives[i].next == t + 1)
			return false; /* the s of salarié.e.s */
	/* an initial, but not the end of "don't" */
	if (word.len <= 2 && utf8_step(word.data, word.len) == word.len)
		return (*word.data < '0' || *word.data > '9') &&
		       word.data[-1] != '\'';
	for (size_t i = 0;
	     i < sizeof(abbreviations) / sizeof(*abbreviations); i++)
		if (slice_is(word, abbreviations[i]))
			return true;
	return false;
}

/* What stands between a sentence's end and the next word. */
static bool
closes(char c)
{
	return c == ' ' || c == '"' || c == '\'' || c == ')' || c == ']' ||
	       c == '}';
}

/* Whether the folded bytes between tokens ${t} and ${t} + 1 end a sentence.
 * Behind a dot a blank must stand before the next word. */
static bool
stops_behind(const struct matcher *m, uint32_t t)
{
	const struct text *text = m->text;
	const char *p = text->bytes + text->end[t];
	const char *end = text->bytes + text->at[t + 1], *dot = NULL;
	uint32_t dots = 0;

	for (const char *q = p; q < end; q++) {
		if (*q == '!' || *q == '?')
			return true;
		if (*q == '.') {
			dot = q;
			dots++;
		}
		for (size_t i = 0; (*q & 0x80) && i < sizeof(stops) /
		     sizeof(*stops); i++)
			if ((size_t)(end - q) >= strlen(stops[i]) &&
			    !memcmp(q, stops[i], strlen(stops[i])))
				return true;
	}
	if (dot == NULL)
		return false;
	if (dots == 1 && dot == p && abbreviated(m, t))
		return false;
	for (dot++; dot < end && closes(*dot); dot++)
		if (*dot == ' ')
			return true;
	return false;
}

/* Whether a line ends between tokens ${t} and ${t} + 1, as posted. */
static bool
line_ends_behind(const struct matcher *m, uint32_t t)
{
	const struct text *text = m->text;
	uint32_t from = text->until[text->end[t] - 1];
	uint32_t to = text->map[text->at[t + 1]];
	const char *p = m->post->text.data;

	for (uint32_t i = from; i < to; i++)
		if (p[i] == '\n' || p[i] == '\r' ||
		    (to - i >= 3 && (!memcmp(p + i, "\xe2\x80\xa8", 3) ||
					!memcmp(p + i, "\xe2\x80\xa9", 3))))
			return true;
	return false;
}

/* Where the bytes of the sentence that begins with token ${t} begin: its signs
 * and open quotes are its own. */
static uint32_t
begins_at(const struct matcher *m, uint32_t t)
{
	const struct text *text = m->text;
	uint32_t from = text->at[t], least = t > 0 ? text->end[t - 1] : 0;

	while (from > least && memchr("#@$\"'([{", text->bytes[from - 1], 9))
		from--;
	return from;
}

static void
add_sentence(struct matcher *m, uint32_t first)
{
	if (m->sentences_count == m->sentences_room) {
		m->sentences_room = m->sentences_room * 2 + 256;
		m->sentences = must_grow(m->sentences,
		    sizeof(*m->sentences) * m->sentences_room);
	}
	m->sentences[m->sentences_count++] = first;
}

void
matcher_sentences(struct matcher *m)
{
	uint32_t tokens = m->text->tokens, title = m->text->title_tokens;

	if (m->sentences_known)
		return;
	m->sentences_known = true;
	m->sentences_count = 0;
	matcher_map(m);
	if (title > 0)
		add_sentence(m, 0);
	if (title < tokens)
		add_sentence(m, title);
	for (uint32_t t = title; t + 1 < tokens; t++)
		if (stops_behind(m, t) || line_ends_behind(m, t))
			add_sentence(m, t + 1);
	add_sentence(m, tokens);
	m->sentences_count--;
}

/* ---- narrowing --------------------------------------------------------- */

static bool
narrow(struct matcher *m, struct scope to)
{
	struct scope *s = &m->scope;

	if (to.first > s->first)
		s->first = to.first;
	if (to.from > s->from)
		s->from = to.from;
	if (to.end < s->end)
		s->end = to.end;
	if (to.to < s->to)
		s->to = to.to;
	s->narrow = true;
	if (s->end < s->first)
		s->end = s->first;
	return s->from < s->to;
}

/* Bytes of the title, without the newline behind them. */
static uint32_t
title_bytes(const struct matcher *m)
{
	const struct text *text = m->text;
	const char *end = m->post->title.len == 0
			      ? NULL
			      : memchr(text->bytes, '\n', text->len);

	return end == NULL ? 0 : (uint32_t)(end - text->bytes);
}

bool
matcher_enter_part(struct matcher *m, bool title)
{
	const struct text *text = m->text;
	uint32_t end = title_bytes(m);
	uint32_t body = m->post->title.len == 0 ? 0 : end + 1;

	if (title)
		return narrow(m,
		    (struct scope){0, text->title_tokens, 0, end, true});
	return narrow(m, (struct scope){text->title_tokens, text->tokens, body,
			     text->len, true});
}

bool
matcher_enter_sentence(struct matcher *m, uint32_t i)
{
	const struct text *text = m->text;
	uint32_t first = m->sentences[i], end = m->sentences[i + 1];
	struct scope s = {first, end, 0, text->len, true};
	uint32_t title = title_bytes(m);

	if (first < text->title_tokens)
		s.to = title;
	else if (first > text->title_tokens)
		s.from = begins_at(m, first);
	else
		s.from = m->post->title.len == 0 ? 0 : title + 1;
	if (end < text->tokens && end > text->title_tokens)
		s.to = begins_at(m, end);
	while (s.to > s.from && text->bytes[s.to - 1] == ' ')
		s.to--;
	return narrow(m, s);
}
