/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/density/keys.h"

/* Sentences of one message's text: it is read in a hurry. */
#define SENTENCES_SHOWN 2u

void
keys_told(struct key *key)
{
	if (key->news == NULL)
		return;
	buf_fini(&key->news->json);
	buf_fini(&key->news->fr);
	buf_fini(&key->news->en);
	free(key->news);
	key->news = NULL;
}

bool
keys_note(struct key *key, struct slice json)
{
	struct key_news *n = key->news;

	if (n == NULL)
		n = key->news = must_alloc(sizeof(*key->news));
	if (n->count == SIGNALS_LISTED_MAX)
		return false;
	if (n->count++ > 0)
		buf_char(&n->json, ',');
	buf_slice_put(&n->json, json);
	return true;
}

void
keys_show(struct key *key, struct slice fr, struct slice en, bool first)
{
	struct key_news *n = key->news;

	REQUIRE(n != NULL);
	if (first) {
		buf_clear(&n->fr);
		buf_clear(&n->en);
		n->shown = 0;
	}
	if (n->shown == SENTENCES_SHOWN)
		return;
	n->shown++;
	buf_char(&n->fr, ' ');
	buf_slice_put(&n->fr, fr);
	buf_char(&n->en, ' ');
	buf_slice_put(&n->en, en);
}
