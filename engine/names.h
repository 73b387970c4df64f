/*
 * Every id once: the same text always gives the same pointer, for as long as
 * the table lives, however often rules are reloaded.
 *
 * Thread: the loop.  Owns: the texts.  Never: forgets one; the number of ids
 * that a set of rules has is the bound.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_NAMES_H
#define ENGINE_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/slice.h"

struct names;

struct name {
	const char *text; /* terminated */
	int64_t since;    /* minute in which it was first given */
	void *thing;      /* the key of this name, or NULL */
};

struct names *names_new(void);
void names_free(struct names *n);

/** names_give(n, text, since): the one entry of ${text}; it never moves. */
struct name *names_give(struct names *n, struct slice text, int64_t since);

/** names_each(n, visit, self): every entry, in no order. */
void names_each(const struct names *n,
    void (*visit)(void *self, const struct name *name), void *self);

#endif
