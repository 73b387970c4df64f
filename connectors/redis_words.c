/* SPDX-License-Identifier: Apache-2.0 */
#include "connectors/redis_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/must.h"

void
redis_words_text(struct redis_words *w, const char *text)
{
	REQUIRE(w->count < (int)REDIS_WORDS_MAX);
	w->words[w->count] = text;
	w->lens[w->count++] = strlen(text);
}

/* The digits of ${n} before ${end}: where they begin. */
static char *
put_digits(char *end, uint64_t n)
{
	do {
		*--end = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	return end;
}

/* By hand: there is one for each entry. */
void
redis_words_id(struct redis_words *w, struct redis_id id)
{
	char *text = w->texts[w->texts_count++];
	char *end = text + REDIS_WORDS_ID - 1, *from = put_digits(end, id.seq);

	*--from = '-';
	from = put_digits(from, id.ms);
	*end = '\0';
	w->words[w->count] = from;
	w->lens[w->count++] = (size_t)(end - from);
}

void
redis_words_number(struct redis_words *w, int64_t number)
{
	char *text = w->texts[w->texts_count++];

	snprintf(text, REDIS_WORDS_ID, "%" PRId64, number);
	redis_words_text(w, text);
}

void
redis_words_begin(struct redis_words *w, const char *name, const char *second)
{
	w->count = 0;
	w->texts_count = 0;
	redis_words_text(w, name);
	if (second != NULL)
		redis_words_text(w, second);
}
