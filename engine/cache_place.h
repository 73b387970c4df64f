/*
 * Where compiled sets of rules lie: in the folder that the configuration
 * names, else in one of the user's.
 *
 * Thread: any.  Owns: a place owns its text until cache_place_fini.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_CACHE_PLACE_H
#define ENGINE_CACHE_PLACE_H

#include "engine/config.h"
#include "engine/options.h"
#include "rules/rules.h"

/** cache_place_own(): $XDG_CACHE_HOME/vigie, else $HOME/.cache/vigie, to be
 * freed; NULL where neither is absolute. */
char *cache_place_own(void);

/** cache_place_set(o, config, rules): fill in the cache of ${rules}; returns
 * what is to be freed once they are loaded, or NULL. */
char *cache_place_set(const struct options *o, const struct config *config,
    struct rules_options *rules);

#endif
