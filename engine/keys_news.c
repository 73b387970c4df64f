/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/keys.h"

void
keys_told(struct key *key)
{
	if (key->news == NULL)
		return;
	buf_fini(key->news);
	free(key->news);
	key->news = NULL;
	key->news_count = 0;
}

bool
keys_note(struct key *key, struct slice json)
{
	if (key->news_count == SIGNALS_LISTED_MAX)
		return false;
	if (key->news == NULL)
		key->news = must_alloc(sizeof(*key->news));
	if (key->news_count++ > 0)
		buf_char(key->news, ',');
	buf_slice_put(key->news, json);
	return true;
}
