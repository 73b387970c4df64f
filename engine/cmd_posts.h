/*
 * Posts of files, one after another, to a function: for the commands that
 * only look at them.
 *
 * Thread: main; by one thread, in the order of the files.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_CMD_POSTS_H
#define ENGINE_CMD_POSTS_H

#include "engine/options.h"
#include "rules/rules.h"

typedef void cmd_posts_fn(
    void *self, const struct post *post, struct text *text);

/**
 * cmd_posts_each(o, args, count, rules, fn, self): call ${fn} with each post of
 * the files ${args} ("-": standard input; none: nothing is read), folded.
 * Returns an exit code, EXIT_FOUND when a file could not be read; it was said.
 */
int cmd_posts_each(const struct options *o, char **args, size_t count,
    struct ruleset *rules, cmd_posts_fn *fn, void *self);

#endif
