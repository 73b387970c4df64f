/*
 * Which files a set was made of, and whether they are still the same: by
 * name, inode, size and time of change, so that it costs a stat each.
 *
 * Files that are new below a folder count as a change, too.
 * Thread: one at a time.  Owns: copies of the paths.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_RELOAD_FILES_H
#define ENGINE_RELOAD_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reload_files;

struct reload_files *reload_files_new(void);
void reload_files_free(struct reload_files *f);

/** reload_files_root(f, path): a file or folder that was named; of a folder
 * every *.yaml below it counts. */
void reload_files_root(struct reload_files *f, const char *path);

/** reload_files_mark(f): remember how the roots look now. */
void reload_files_mark(struct reload_files *f);

/** reload_files_add(f, path): a file that is about to be read; remember how
 * it looks now. */
void reload_files_add(struct reload_files *f, const char *path);

/** reload_files_look(f): one number for how all of them look now. */
uint64_t reload_files_look(const struct reload_files *f);

/** reload_files_seen(f): the same as it was when they were read. */
uint64_t reload_files_seen(const struct reload_files *f);

/** reload_files_folders(f, tell, self): each folder whose events may concern
 * one of them; some more than once. */
void reload_files_folders(const struct reload_files *f,
    void (*tell)(void *self, const char *folder), void *self);

#endif
