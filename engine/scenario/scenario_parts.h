/*
 * The inside of a plan, for scenario_*.c.
 * Thread: one.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SCENARIO_PARTS_H
#define ENGINE_SCENARIO_PARTS_H

#include "engine/base/arena.h"
#include "engine/base/rand.h"
#include "engine/base/yaml.h"
#include "engine/scenario/scenario.h"

#define SCENARIO_LANGS_MAX 8u
#define SCENARIO_SHARES_MAX 24u
#define SCENARIO_POINTS_MAX 32u

/* One of several names with a weight each: talk, languages, networks. */
struct scenario_shares {
	uint32_t what[SCENARIO_SHARES_MAX], parts[SCENARIO_SHARES_MAX];
	uint32_t count, sum;
};

/* Words in one language, or in any (lang = SCENARIO_ANY). */
#define SCENARIO_ANY UINT32_MAX

struct scenario_words {
	const char *name; /* of the slot, or of the kind of talk */
	uint32_t lang;
	struct slice *items;
	uint32_t count;
};

/* Who speaks. */
struct scenario_group {
	const char *name;
	uint32_t accounts;
	double followers, spread; /* median, spread of the logarithm */
};

/* A kind of talk. */
struct scenario_kind {
	const char *name;
	uint32_t by; /* group */
	const char *source, *form; /* or NULL: by chance, "post" */
};

struct scenario_stream {
	const char *name;
	bool wave; /* part of the crisis: scaled */
	uint32_t reposts, bots; /* of 100 */
	double per_hour;
	int64_t at_ms, until_ms; /* TIME_NONE: steady talk */
	double doubling_min, half_life_min;
	/* documented counts instead: posts until then */
	struct {
		int64_t at_ms;
		double count;
	} points[SCENARIO_POINTS_MAX];
	uint32_t points_count;
	struct scenario_shares kinds, langs;
};

struct scenario_post {
	int64_t at_ms;
	uint32_t kind, lang, followers;
	const char *handle, *source;
	bool wave;
};

struct scenario {
	struct arena *arena;
	const char *name, *title_fr, *title_en;
	const char **rules;
	size_t rules_count;
	const char **brands; /* that it is about */
	size_t brands_count;
	int64_t from_ms, to_ms, crisis_ms, statement_ms;
	int32_t zone_min;
	double hours[24], weekend;
	const char *langs[SCENARIO_LANGS_MAX];
	uint32_t langs_count;
	const char *sources[SCENARIO_SHARES_MAX];
	struct scenario_shares default_langs, networks;
	struct scenario_group *groups;
	struct scenario_kind *kinds;
	struct scenario_words *texts, *slots;
	struct scenario_stream *streams;
	struct scenario_post *posts;
	uint32_t groups_count, kinds_count, texts_count, slots_count;
	uint32_t streams_count, posts_count;
};

/* Groups that every plan has. */
enum { SCENARIO_ORDINARY, SCENARIO_BOTS };

/* ---- scenario_read.c: values of a plan -------------------------------- */

/* What a reader has in hand; ${s} grows by what is read. */
struct scenario_reader {
	struct scenario *s;
	struct diag *diag;
};

const char *scenario_read_text(struct scenario_reader *r,
    const struct yaml *node);
bool scenario_read_number(struct scenario_reader *r, const struct yaml *node,
    double least, double most, double *v);
bool scenario_read_time(struct scenario_reader *r, const struct yaml *node,
    int64_t *ms);
bool scenario_read_minutes(struct scenario_reader *r, const struct yaml *node,
    double *minutes);

/** scenario_read_keys(r, map, keys): each key of ${map} is one of the blank-
 * separated ${keys}, or an error. */
void scenario_read_keys(struct scenario_reader *r, const struct yaml *map,
    const char *keys);

/** scenario_read_shares(r, map, index, to): {name: parts}; ${index} says
 * which a name is, SCENARIO_ANY after an error that it told. */
void scenario_read_shares(struct scenario_reader *r, const struct yaml *map,
    uint32_t (*index)(struct scenario_reader *r, const struct yaml *node),
    struct scenario_shares *to);

uint32_t scenario_read_lang(struct scenario_reader *r, struct slice code);

/** scenario_read_words(r, map, to, count): {name: [..]} or {name: {fr: [..]}}
 * added to a table; a later one of the same name and language counts. */
void scenario_read_words(struct scenario_reader *r, const struct yaml *map,
    struct scenario_words **to, uint32_t *count);

/* ---- scenario_streams.c ----------------------------------------------- */

/** scenario_streams_read(r, root): kinds, people, streams and posts. */
void scenario_streams_read(struct scenario_reader *r, const struct yaml *root);

/* ---- scenario_rate.c -------------------------------------------------- */

/** scenario_rate(s, stream, minute_ms): posts expected in that minute. */
double scenario_rate(const struct scenario *s,
    const struct scenario_stream *stream, int64_t minute_ms);

/** scenario_poisson(r, mean): so many came. */
uint32_t scenario_poisson(struct rand *r, double mean);

/** scenario_pick(r, shares): one of them by its weight. */
uint32_t scenario_pick(struct rand *r, const struct scenario_shares *shares);

/* ---- scenario_people.c ------------------------------------------------ */

struct scenario_person {
	char handle[24];
	uint32_t followers;
};

struct scenario_people;

struct scenario_people *scenario_people_new(const struct scenario *s,
    struct rand *r);
void scenario_people_free(struct scenario_people *people);

/** scenario_people_pick(people, r, group, lang): one; some talk more.  An
 * account speaks one language. */
const struct scenario_person *scenario_people_pick(
    struct scenario_people *people, struct rand *r, uint32_t group,
    uint32_t lang);

/* ---- scenario_text.c -------------------------------------------------- */

/** scenario_text(s, out, r, kind, lang): one sentence of that kind, slots
 * filled; three French ones in ten lose their accents.  Returns its language:
 * another where ${kind} is not spoken in ${lang}. */
uint32_t scenario_text(const struct scenario *s, struct buf *out,
    struct rand *r, uint32_t kind, uint32_t lang);

/** scenario_text_check(s, text, diag, place): each slot of ${text} is one
 * that something fills, or an error. */
void scenario_text_check(const struct scenario *s, struct slice text,
    struct diag *diag, struct place place);

#endif
