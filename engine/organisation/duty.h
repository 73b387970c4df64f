/*
 * The proof that nobody is missing: for every brand, topic, level, language
 * and minute of a week that an organisation promises there is exactly one
 * owner on duty, and a deputy where one is promised.
 *
 * Minutes with the same people on duty are one segment; a cell is then a few
 * machine words.  It goes by the chains that alerts go by (route_chain.h).
 * Thread: one at a time.  Owns: its tables; the organisation and the rules
 * are borrowed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_DUTY_H
#define ENGINE_DUTY_H

#include "engine/organisation/organisation_plan.h"
#include "rules/rules.h"

#define DUTY_MINUTES 10080u /* a week */

struct duty;

/**
 * duty_new(o, rules, from_ms): the week from the whole minute ${from_ms} on.
 * Brands and topics are those of ${rules}; with NULL those that ${o} names.
 */
struct duty *duty_new(const struct organisation *o,
    const struct ruleset *rules, int64_t from_ms);
void duty_free(struct duty *d);

/**
 * duty_prove(d, french, diag): holes, overlaps, missing deputies as errors;
 * owners over their capacity as warnings; naming team, days and hours.
 * Returns how many errors were added.  duty_names(d, rules, french, diag):
 * ids that the rules do not know.
 */
unsigned duty_prove(struct duty *d, bool french, struct diag *diag);
void duty_names(const struct duty *d, const struct ruleset *rules, bool french,
    struct diag *diag);

/** duty_say(d, french, out): what was proven and what the promise leaves
 * open, in lines for people; duty_json: one object. */
void duty_say(const struct duty *d, bool french, struct buf *out);
void duty_json(const struct duty *d, struct buf *out);

/* ---- one cell, for tests and for whoever asks about one */

struct duty_question {
	const char *sector, *brand, *topic, *department, *lang, *country;
	uint8_t level;
	int64_t ms; /* of the week */
};

struct duty_answer {
	bool promised, hole, overlap, lone; /* lone: no deputy */
};

/** duty_ask(d, q): what duty_prove finds about one cell and minute. */
struct duty_answer duty_ask(struct duty *d, const struct duty_question *q);

#endif
