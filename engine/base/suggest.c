/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/suggest.h"

#include "engine/base/buf.h"

/* Longest word that is compared; longer ones are no slips of a finger. */
#define WORD_MAX 64

/* Steps that are still "near". */
#define STEPS_MAX 2u

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

unsigned
suggest_steps(struct slice a, struct slice b, unsigned most)
{
	/* rows i - 2, i - 1, i of the table */
	unsigned rows[3][WORD_MAX + 1];
	size_t longer = a.len > b.len ? a.len : b.len;
	size_t shorter = a.len > b.len ? b.len : a.len;

	if (longer > WORD_MAX || longer - shorter > most)
		return most + 1;
	for (unsigned j = 0; j <= b.len; j++)
		rows[0][j] = j;
	for (unsigned i = 1; i <= a.len; i++) {
		unsigned *now = rows[i % 3], *up = rows[(i + 2) % 3];
		unsigned *two = rows[(i + 1) % 3];
		char x = lower(a.data[i - 1]);

		now[0] = i;
		for (unsigned j = 1; j <= b.len; j++) {
			char y = lower(b.data[j - 1]);

			now[j] = least(up[j - 1] + (x != y),
			    least(up[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && x == lower(b.data[j - 2]) &&
			    y == lower(a.data[i - 2]))
				now[j] = least(now[j], two[j - 2] + 1);
		}
	}
	return least(rows[a.len % 3][b.len], most + 1);
}

void
suggest_start(struct suggest *s, struct slice word)
{
	*s = (struct suggest){.word = word, .best_steps = STEPS_MAX + 1};
	if (word.len < 6)
		s->best_steps = 2; /* "tv" is no slip for "rx" */
}

void
suggest_offer(struct suggest *s, struct slice candidate)
{
	unsigned steps =
	    suggest_steps(s->word, candidate, s->best_steps - 1);

	if (s->offered < SUGGEST_LISTED_MAX)
		s->listed[s->offered] = candidate;
	s->offered++;
	if (steps < s->best_steps && steps * 2 < s->word.len) {
		s->best = candidate;
		s->best_steps = steps;
	}
}

void
suggest_say(const struct suggest *s, const char *what, struct buf *out)
{
	if (s->best.data != NULL)
		buf_printf(out, "did you mean '%.*s'? ", SLICE_ARG(s->best));
	if (s->offered == 0)
		buf_printf(out, "there are no %s", what);
	else
		buf_printf(out, "%s: ", what);
	for (uint32_t i = 0; i < s->offered && i < SUGGEST_LISTED_MAX; i++)
		buf_printf(out, "%s%.*s", i > 0 ? ", " : "",
		    SLICE_ARG(s->listed[i]));
	if (s->offered > SUGGEST_LISTED_MAX)
		buf_printf(out, " ... (%u)", s->offered);
	buf_char(out, '\0');
	out->len--;
}
