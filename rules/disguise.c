/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/disguise.h"

#include "engine/base/lookalike.h"
#include "engine/base/unicode.h"
#include "engine/base/utf8.h"

/* Signs at one edge, and in a row inside a word. */
#define SIGNS_MAX 2u

/* Letters one by one: so many with blanks between them, or with a sign. */
#define SPACED_MIN 4u
#define DOTTED_MIN 3u

enum look { LOOK_BREAK, LOOK_WORD, LOOK_SIGN };

static enum look
look_at(const struct text *text, uint32_t at, uint32_t *n)
{
	unsigned char first = (unsigned char)text->bytes[at];
	unsigned class;
	uint32_t c;

	*n = 1;
	if (at >= text->len || first == '_')
		return LOOK_BREAK;
	if ((first >= 'a' && first <= 'z') || (first >= '0' && first <= '9'))
		return LOOK_WORD;
	*n = (uint32_t)utf8_decode(text->bytes + at, text->len - at, &c);
	class = UNICODE_CLASS(unicode_get(c));
	if (class == UNICODE_WORD || class == UNICODE_MARK)
		return LOOK_WORD;
	if (lookalike_letters(c) == 0)
		return LOOK_BREAK;
	return c >= 0x1f000 ? LOOK_WORD : LOOK_SIGN;
}

/* Behind the signs at ${at}, at most ${most}; ${at} when there are more, or
 * at a '!' or its like, which end sentences, unless ${inner}. */
static uint32_t
skip_signs(const struct text *text, uint32_t at, bool inner)
{
	uint32_t n, i = at;

	for (uint32_t k = 0; look_at(text, i, &n) == LOOK_SIGN; k++) {
		if (k == SIGNS_MAX ||
		    (!inner && memchr("!|+", text->bytes[i], 3) != NULL))
			return at;
		i += n;
	}
	return i;
}

static struct disguise_word *
add(struct matcher *m)
{
	if (m->disguises_count == m->disguises_room) {
		m->disguises_room = m->disguises_room * 2 + 256;
		m->disguises = must_grow(m->disguises,
		    sizeof(*m->disguises) * m->disguises_room);
	}
	m->disguises[m->disguises_count] = (struct disguise_word){0};
	return &m->disguises[m->disguises_count++];
}

/* The word at ${from}; ${lead}: where signs before it begin.  Returns where
 * it ends. */
static uint32_t
read_word(struct matcher *m, uint32_t lead, uint32_t from)
{
	const struct text *text = m->text;
	struct disguise_word *w = add(m);
	uint32_t i = from, n;

	*w = (struct disguise_word){.lead = lead, .from = from,
	    .next = m->disguises_count};
	for (;;) {
		enum look look = look_at(text, i, &n);

		if (look == LOOK_SIGN) {
			uint32_t behind = skip_signs(text, i, true);

			if (behind == i ||
			    look_at(text, behind, &n) != LOOK_WORD)
				break;
			w->odd = true;
			i = behind;
		} else if (look == LOOK_WORD) {
			w->odd |= text->bytes[i] < 'a' || text->bytes[i] > 'z';
			i += n;
		} else {
			break;
		}
	}
	w->to = i;
	w->trail = skip_signs(text, i, false);
	w->part = (from > 0 && text->bytes[from - 1] == '_') ||
		  (i < text->len && text->bytes[i] == '_');
	return i;
}

static bool
is_letter_alone(const struct text *text, const struct disguise_word *w)
{
	uint32_t n;

	return look_at(text, w->from, &n) == LOOK_WORD && w->from + n == w->to;
}

/* Whether the bytes between words ${i} and ${i} + 1 are one character that
 * people set letters apart with; its length. */
static uint32_t
gap(const struct matcher *m, uint32_t i)
{
	const char *p = m->text->bytes + m->disguises[i].to;
	uint32_t len = m->disguises[i + 1].from - m->disguises[i].to;

	if (len == 1 && memchr(" .-_~/*", *p, 7) != NULL)
		return 1;
	return len == 2 && !memcmp(p, "\xc2\xb7", 2) ? 2 : 0;
}

/* Letters one by one from word ${i} on: as many as there are with the same
 * gap.  Returns the last word that cannot begin another such run. */
static uint32_t
read_spaced(struct matcher *m, uint32_t i, uint32_t count)
{
	const struct text *text = m->text;
	uint32_t k = i, len, least;

	if (!is_letter_alone(text, &m->disguises[i]) || i + 1 == count)
		return i;
	len = gap(m, i);
	while (len > 0 && k + 1 < count &&
	       is_letter_alone(text, &m->disguises[k + 1]) &&
	       gap(m, k) == len &&
	       !memcmp(text->bytes + m->disguises[k].to,
		   text->bytes + m->disguises[i].to, len))
		k++;
	least = text->bytes[m->disguises[i].to] == ' ' ? SPACED_MIN
						       : DOTTED_MIN;
	if (k + 1 - i >= least) {
		struct disguise_word *w = add(m);

		w->lead = w->from = m->disguises[i].from;
		w->to = w->trail = m->disguises[k].to;
		w->next = k + 1;
		w->odd = w->spaced = true;
		m->disguises[i].wide = m->disguises_count - 1;
	}
	return k > i ? k - 1 : i;
}

void
disguise_words(struct matcher *m)
{
	const struct text *text = m->text;
	uint32_t i = 0, lead = 0, n, count;

	if (m->disguises_known)
		return;
	m->disguises_known = true;
	m->disguises_count = 0;
	for (bool signs = false; i < text->len;) {
		enum look look = look_at(text, i, &n);

		if (look == LOOK_WORD) {
			i = read_word(m, signs ? lead : i, i);
			signs = false;
			continue;
		}
		if (look == LOOK_SIGN && !signs)
			lead = i;
		signs = look == LOOK_SIGN;
		i += n;
	}
	count = m->disguises_words = m->disguises_count;
	for (i = 0; i < count; i++)
		i = read_spaced(m, i, count);
}

/* Whether the characters of [from, to) may be read as ${want}.  At least
 * half of them are letters: a price is no word. */
static bool
reads(const struct matcher *m, uint32_t from, uint32_t to, bool spaced,
    struct slice want)
{
	const char *bytes = m->text->bytes;
	uint32_t letters = 0, count = 0, n;
	size_t k = 0;

	while (from < to && k < want.len) {
		uint32_t c, a;

		n = (uint32_t)utf8_decode(bytes + from, to - from, &c);
		k += utf8_decode(want.data + k, want.len - k, &a);
		if (c != a && (a < 'a' || a > 'z' ||
				  !(lookalike_letters(c) >> (a - 'a') & 1)))
			return false;
		count++;
		letters += c >= 0x1f000 || (c > '9' && UNICODE_CLASS(
				unicode_get(c)) == UNICODE_WORD);
		from += n;
		if (spaced && from < to)
			from += (uint32_t)utf8_step(
			    bytes + from, to - from);
	}
	return from == to && k == want.len && 2 * letters + 1 >= count;
}

/* Whether word ${i} may be read as ${want}: without the signs at its edges,
 * or with them. */
static bool
fits(const struct matcher *m, uint32_t i, struct slice want, uint32_t *from,
    uint32_t *to, bool *odd)
{
	const struct disguise_word *w = &m->disguises[i];

	for (unsigned k = 0; k < 4 && !w->part; k++) {
		bool lead = k & 1, trail = k & 2;

		if ((lead && w->lead == w->from) ||
		    (trail && w->trail == w->to))
			continue;
		*from = lead ? w->lead : w->from;
		*to = trail ? w->trail : w->to;
		*odd |= w->odd || k > 0;
		if (reads(m, *from, *to, w->spaced, want))
			return true;
	}
	if (w->wide > 0 && !w->spaced)
		return fits(m, w->wide, want, from, to, odd);
	return false;
}

static struct slice
text_of(const struct matcher *m, const struct flat_token *token)
{
	return (struct slice){m->rs->bytes + token->text, token->len};
}

/* Whether no word that is none of letters (an emoji) stands between two, and
 * the title does not end there. */
static bool
in_a_row(const struct matcher *m, uint32_t from, uint32_t to)
{
	struct occ between = matcher_place(m, from, to);

	return between.first == between.end &&
	       memchr(m->text->bytes + from, '\n', to - from) == NULL;
}

bool
disguise_place(struct matcher *m, const struct flat_node *phrase, uint32_t i,
    uint32_t *from, uint32_t *to)
{
	bool odd = false;

	for (uint32_t k = 0; k < phrase->count; k++) {
		const struct flat_token *token =
		    &m->rs->tokens[phrase->first + k];
		uint32_t start, stop;
		bool one = false;

		if (i >= m->disguises_words ||
		    !fits(m, i, text_of(m, token), &start, &stop, &one))
			return false;
		odd |= one;
		if (k == 0)
			*from = start;
		else if (!in_a_row(m, *to, start))
			return false;
		*to = stop;
		i = stop > m->disguises[i].trail
			? m->disguises[m->disguises[i].wide].next
			: m->disguises[i].next;
	}
	return odd && *from >= m->scope.from && *to <= m->scope.to;
}

/* The letters that the character at ${at} may be read as. */
static uint32_t
letters_at(const struct text *text, uint32_t at)
{
	uint32_t c;

	utf8_decode(text->bytes + at, text->len - at, &c);
	return lookalike_letters(c);
}

/* Queue what hangs on entries [first, end) that word ${i} may be. */
static void
scan_bucket(struct matcher *m, const struct prefilter *table, uint32_t i,
    unsigned bucket)
{
	uint32_t end = table->disguised_first[bucket + 1];

	for (uint32_t k = table->disguised_first[bucket]; k < end; k++) {
		const struct disguised *d = &table->disguised[k];
		uint32_t from, to;
		bool odd = false;

		if (fits(m, i, text_of(m, &m->rs->tokens[d->token]), &from,
			&to, &odd))
			prefilter_queue(m, d->unit);
	}
}

void
disguise_scan(struct matcher *m, const struct prefilter *table)
{
	disguise_words(m);
	for (uint32_t i = 0; i < m->disguises_words; i++) {
		const struct disguise_word *w = &m->disguises[i];
		uint32_t set;

		if (!w->odd && w->wide == 0 && w->lead == w->from &&
		    w->trail == w->to)
			continue; /* the other anchors find it */
		set = letters_at(m->text, w->from) |
		      letters_at(m->text, w->lead);
		for (; set != 0; set &= set - 1)
			scan_bucket(
			    m, table, i, (unsigned)__builtin_ctz(set));
		scan_bucket(m, table, i, DISGUISED_OTHER);
	}
}
