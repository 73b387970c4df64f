/*
 * Inside of duty*.c: what is promised, the week in segments, and findings.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_DUTY_PARTS_H
#define ENGINE_DUTY_PARTS_H

#include "engine/base/arena.h"
#include "engine/organisation/duty.h"
#include "engine/organisation/route_chain.h"

#define DUTY_CODES_MAX 63u /* languages, countries: bits of a word */
#define DUTY_NONE UINT32_MAX
#define DUTY_ANY "any" /* a file that names none answers for any */

struct duty_brand {
	const char *id, *name; /* id NULL: the sector as a whole */
	const char *sector;
};

struct duty_topic {
	const char *id, *department; /* both NULL: no topic at all */
	const char *sector;          /* NULL: of every sector */
};

/* Sets of bits, each once. */
struct duty_sets {
	uint32_t words, count, room, slots;
	uint64_t *bits;
	uint32_t *table; /* by hash: 1 + number, or 0 */
};

enum duty_kind { DUTY_HOLE, DUTY_OVERLAP, DUTY_LONE };

/* What a finding is about; brand and topic are first one of them, then a set
 * of them, the rest sets as bits. */
enum duty_field {
	FIELD_KIND, FIELD_A, FIELD_B, FIELD_GAP, FIELD_BRAND, FIELD_TOPIC,
	FIELD_LEVELS, FIELD_LANGS, FIELD_COUNTRIES,
	FIELDS,
};

struct duty_finding {
	uint64_t field[FIELDS]; /* FIELD_A, B: index of a team, DUTY_NONE */
};

struct duty {
	const struct organisation *o;
	struct arena *arena;
	int64_t from_ms;
	bool from_rules;
	struct duty_brand *brands;
	size_t brands_count;
	struct duty_topic *topics; /* the first: none */
	size_t topics_count;
	const char **langs;     /* at least one, which may be NULL */
	size_t langs_count;
	const char **countries; /* the first NULL: not known */
	size_t countries_count;
	/* the week */
	uint32_t *starts; /* first minute of each segment, and the end */
	uint32_t segments, words;
	uint64_t *on_duty, *second; /* by team */
	uint64_t *promised[ORGANISATION_LEVELS]; /* NULL: not at all */
	uint64_t *scratch; /* DUTY_SCRATCH sets of a week */
	struct route_chain chain;
	/* findings */
	struct duty_finding *findings;
	size_t findings_count, findings_room;
	struct duty_sets gaps, brand_sets, topic_sets;
	uint64_t cells, checked; /* cells of the week; chains that were built */
};

#define DUTY_SCRATCH 4u

/** duty_world(d, rules): what is promised to whom. */
void duty_world(struct duty *d, const struct ruleset *rules);

/** duty_week(d): segments and who is there in each. */
void duty_week(struct duty *d);

/** duty_at(d, ms): the segment of a time in the week. */
uint32_t duty_at(const struct duty *d, int64_t ms);

static inline bool
duty_bit(const uint64_t *bits, uint32_t i)
{
	return (bits[i / 64] >> (i % 64) & 1) != 0;
}

/** duty_team(d, bits, team): the segments of a team in on_duty or second. */
const uint64_t *duty_team(const struct duty *d, const uint64_t *bits,
    const struct team *team);

/**
 * duty_cell(d, teams, count, s, tell, self): build the chain of ${s} and tell
 * each kind of fault with its teams (DUTY_NONE) and segments.
 */
void duty_cell(struct duty *d, const struct team *const *teams, size_t count,
    const struct route_subject *s,
    void (*tell)(void *self, enum duty_kind kind, uint32_t a, uint32_t b,
	const uint64_t *gap),
    void *self);

/** duty_sets_add(s, bits): its number. */
uint32_t duty_sets_add(struct duty_sets *s, const uint64_t *bits);
const uint64_t *duty_sets_at(const struct duty_sets *s, uint64_t i);
void duty_sets_fini(struct duty_sets *s);

/** duty_merge(d): findings that differ in one thing alone become one. */
void duty_merge(struct duty *d);

/** duty_tell(d, f, french, diag): one finding as an error. */
void duty_tell(const struct duty *d, const struct duty_finding *f, bool french,
    struct diag *diag);

/** duty_spans(d, gap, french, out): "from Saturday 21 March 18:00 to ...". */
void duty_spans(const struct duty *d, const uint64_t *gap, bool french,
    struct buf *out);

/** duty_capacity(d, french, diag): who would own more than it can hold. */
void duty_capacity(struct duty *d, bool french, struct diag *diag);

/** duty_concerned(d, sector, brand, topic, teams): those of the organisation
 * that may own it; returns how many. */
size_t duty_concerned(const struct duty *d, const struct duty_brand *brand,
    const struct duty_topic *topic, const struct team **teams);

#endif
