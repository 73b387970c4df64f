/*
 * What another organisation would have meant for the alerts of the past: who
 * gains and loses which, who would own them, which would be nobody's.
 *
 * Each message is routed by both; an episode is owned by whom it had at its
 * highest level, and told to whoever got any of its messages.  A team in
 * shadow counts as seeing what it would have got.
 * Thread: one.  Owns: copies.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_REGROUP_H
#define ENGINE_REGROUP_H

#include "engine/alert.h"
#include "engine/names.h"
#include "engine/organisation/organisation.h"

/* One organisation's view of an episode; bits of its teams by index. */
struct regroup_side {
	const struct team *owner; /* or NULL */
	uint8_t *told, *shadow;
};

struct regroup_episode {
	char id[33];
	char about[96];
	int64_t first_ms;
	uint8_t highest;
	struct regroup_side sides[2]; /* old, new */
};

/* A team of either file. */
struct regroup_team {
	const char *id;
	const struct team *teams[2]; /* NULL: not in that file */
	uint32_t owned[2], told[2], shadow[2];
	uint32_t gained, lost;       /* alerts told of */
	uint32_t owns_more, owns_less;
};

struct regroup {
	const struct organisation *o[2];
	struct regroup_episode *episodes;
	uint32_t episodes_count, episodes_room;
	struct names *ids; /* of episodes; their thing: index, from 1 */
	struct regroup_team *teams; /* in order of id */
	uint32_t teams_count;
	uint32_t unowned[2], moved; /* moved: another owner than before */
};

void regroup_start(struct regroup *g, const struct organisation *old,
    const struct organisation *new);
void regroup_fini(struct regroup *g);

/** regroup_take(g, alert): each message without teams, in order. */
void regroup_take(struct regroup *g, const struct alert *alert);

/** regroup_end(g): after the last one: the counts. */
void regroup_end(struct regroup *g);

/** regroup_text(g, french, rows, out): teams, then at most ${rows} alerts with
 * another owner; regroup_json: all of them, one object. */
void regroup_text(const struct regroup *g, bool french, uint32_t rows,
    struct buf *out);
void regroup_json(const struct regroup *g, struct buf *out);

#endif
