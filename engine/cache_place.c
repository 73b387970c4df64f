/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cache_place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/must.h"

static char *
below(const char *variable, const char *rest)
{
	/* secure: what runs with the rights of another user has none */
	const char *folder = secure_getenv(variable);
	size_t room;
	char *path;

	if (folder == NULL || folder[0] != '/')
		return NULL;
	room = strlen(folder) + strlen(rest) + 1;
	path = must_alloc(room);
	snprintf(path, room, "%s%s", folder, rest);
	return path;
}

char *
cache_place_own(void)
{
	char *path = below("XDG_CACHE_HOME", "/vigie");

	return path != NULL ? path : below("HOME", "/.cache/vigie");
}

char *
cache_place_set(const struct options *o, const struct config *config,
    struct rules_options *rules)
{
	char *own;

	rules->cache = NULL;
	rules->cache_own = false;
	if (o->no_cache || (config != NULL && config->no_cache))
		return NULL;
	if (config != NULL && config->cache != NULL) {
		rules->cache = config->cache;
		return NULL;
	}
	own = cache_place_own();
	rules->cache = own;
	rules->cache_own = true;
	return own;
}
