/*
 * Recorded history told again: a documented crisis as a seeded stream of
 * posts, from a plan in YAML (docs/SCENARIOS.md).
 *
 * A plan says who speaks how often and of what; every text is the project's
 * own.  Streams are steady talk, logistic waves, or counts that were
 * documented; posts of one's own accounts come at their minute.  The same
 * plan, seed and wave give the same bytes.
 * Thread: one.  Owns: a plan its texts, a generator its memory.
 * Never: the clock, or any chance but the seed's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SCENARIO_H
#define ENGINE_SCENARIO_H

#include "engine/base/arena.h"
#include "engine/base/buf.h"
#include "engine/base/diag.h"

struct scenario;

/** scenario_load(path, diag): the plan of one file; NULL after at least one
 * located error. */
struct scenario *scenario_load(const char *path, struct diag *diag);
void scenario_free(struct scenario *s);

const char *scenario_name(const struct scenario *s);

/** scenario_title(s, french): one line for people. */
const char *scenario_title(const struct scenario *s, bool french);

/** scenario_rules(s, &count): paths of the rules that it is about. */
const char *const *scenario_rules(const struct scenario *s, size_t *count);

/** scenario_is_about(s, brand): one of those whose warning counts; NULL:
 * a whole sector. */
bool scenario_is_about(const struct scenario *s, const char *brand);

/** When it starts and ends, when trouble begins and when the company first
 * spoke: TIME_NONE where there is neither. */
int64_t scenario_from_ms(const struct scenario *s);
int64_t scenario_to_ms(const struct scenario *s);
int64_t scenario_crisis_ms(const struct scenario *s);
int64_t scenario_statement_ms(const struct scenario *s);

/** scenario_find(folder, rules, count, name, arena): the plan of ${name}, in
 * ${folder} if there is one, else beside the ${count} paths of ${rules}, in
 * rules/scenarios, or where Vigie is installed; NULL: nowhere. */
const char *scenario_find(const char *folder, const char *const *rules,
    size_t count, const char *name, struct arena *arena);

/** scenario_list(folder, rules, count, out): a line of name and title each,
 * in order of name; false when there is no folder of them. */
bool scenario_list(const char *folder, const char *const *rules, size_t count,
    bool french, struct buf *out);

struct scenario_maker;

/** scenario_maker_new(s, seed, wave): the crisis is scaled by ${wave}: 1 as
 * it was, 0 nothing but ordinary talk. */
struct scenario_maker *scenario_maker_new(const struct scenario *s,
    uint64_t seed, double wave);
void scenario_maker_free(struct scenario_maker *m);

/** scenario_minute(m, out): append the posts of the next minute, one a line,
 * in order of time; false when the scenario is over. */
bool scenario_minute(struct scenario_maker *m, struct buf *out);

/** scenario_minute_ms(m): where the next minute starts. */
int64_t scenario_minute_ms(const struct scenario_maker *m);

#endif
