/*
 * What notify.c knows of open episodes, of groups, and of how much each team
 * was told in a week.
 *
 * Thread: the loop.  Owns: a reference of the newest message of each episode.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_TOLD_H
#define ENGINE_TOLD_H

#include "engine/organisation/organisation_plan.h"

/* What one channel was told of an episode. */
struct told {
	uint64_t channel; /* hash of its name */
	int64_t at_ms;
	uint8_t level;
	uint32_t repeats; /* at that level */
};

struct told_episode {
	struct alert *last; /* its newest message */
	uint64_t begin;     /* of its id: others differ without being read */
	bool whole;         /* since its first one */
	struct told *told;
	uint32_t told_count;
};

struct told_group {
	uint64_t key;
	int64_t opened_ms;  /* TIME_NONE: nothing waits */
	int64_t flushed_ms; /* TIME_NONE: never */
};

struct told_team {
	char *id;
	int64_t day; /* newest of the ring */
	uint32_t days[7];
	int64_t warned_day; /* when it was last over its budget */
};

struct told_book {
	struct told_episode *episodes; /* in order of their beginning */
	uint32_t episodes_count;
	struct told_group *groups;
	uint32_t groups_count;
	struct told_team *teams;
	uint32_t teams_count;
	uint64_t forgotten; /* episodes and groups that went for room */
};

void told_fini(struct told_book *b);

/** told_see(b, alert): a message of an episode came; its entry. */
struct told_episode *told_see(struct told_book *b, struct alert *alert);

/** told_end(b, i): forget the ${i}-th episode. */
void told_end(struct told_book *b, uint32_t i);

/** told_find(b, id): or NULL. */
struct told_episode *told_find(const struct told_book *b, const char *id);

/** told_channel(e, name): what that channel was told; NULL: nothing. */
struct told *told_channel(const struct told_episode *e, const char *name);

/** told_note(e, name, level, now_ms): it was told now. */
void told_note(struct told_episode *e, const char *name, uint8_t level,
    int64_t now_ms);

/** told_group(b, alert, channel, by): the group of a message, made if need
 * be; good until the next call. */
struct told_group *told_group(struct told_book *b, const struct alert *alert,
    const char *channel, unsigned by);

/** told_due(group, g, now_ms): from when on its messages may go; a group in
 * which nothing waits begins to wait. */
int64_t told_due(struct told_group *group, const struct grouping *g,
    int64_t now_ms);

/** told_count(b, team, now_ms, budget): one more message to ${team}; true
 * when that is the first over its ${budget} of a week in seven days. */
bool told_count(struct told_book *b, const char *team, int64_t now_ms,
    int64_t budget);

/** told_week(b, team, now_ms): messages of the last seven days. */
uint32_t told_week(const struct told_book *b, const char *team,
    int64_t now_ms);

#endif
