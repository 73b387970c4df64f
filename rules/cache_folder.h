/*
 * The folder of compiled sets that a user has without asking for one.
 *
 * Only a folder of the user alone serves: mode 0700, no link, nobody else's.
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_CACHE_FOLDER_H
#define RULES_CACHE_FOLDER_H

#include <stdbool.h>

/** cache_folder_serves(path): it is there, and the user's alone. */
bool cache_folder_serves(const char *path);

/** cache_folder_make(path): make it and the one above, where that is the
 * user's place; whether it serves now. */
bool cache_folder_make(const char *path);

#endif
