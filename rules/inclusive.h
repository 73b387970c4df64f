/*
 * Inclusive writing: salarié·e·s is salarié, salariée, salariés, salariées.
 *
 * Found once per post, before anything is looked up.  A form is a word that
 * has no token of its own: it stands for all tokens of its group.
 * Thread: the matcher's.  Owns: nothing; the groups are the matcher's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef RULES_INCLUSIVE_H
#define RULES_INCLUSIVE_H

#include <stdbool.h>
#include <stdint.h>

struct matcher;
struct flat_token;

/* Groups of one post, bytes of a form with the zeros behind it. */
#define INCLUSIVE_MAX 64u
#define INCLUSIVE_BYTES 64u
#define INCLUSIVE_FORMS 4u

struct inclusive {
	uint32_t token, next; /* its first token, and the one behind it */
	uint32_t len[INCLUSIVE_FORMS];
	char forms[INCLUSIVE_FORMS][INCLUSIVE_BYTES];
};

/* Endings that begin a group without a point médian: whole tokens that the
 * prefilter looks for. */
#define INCLUSIVE_KEYS 8u
extern const char inclusive_keys[INCLUSIVE_KEYS][8];

/** inclusive_hint(m, t): whether token ${t} is such an ending, whatever
 * stands before it. */
bool inclusive_hint(const struct matcher *m, uint32_t t);

/** inclusive_find(m): fill m->inclusives. */
void inclusive_find(struct matcher *m);

/** inclusive_at(m, t): the group that begins with token ${t}, or NULL. */
const struct inclusive *inclusive_at(const struct matcher *m, uint32_t t);

/** inclusive_fits(m, group, token): whether one of its forms is ${token}. */
bool inclusive_fits(const struct matcher *m, const struct inclusive *group,
    const struct flat_token *token);

#endif
