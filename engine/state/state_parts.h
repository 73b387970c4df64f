/*
 * The inside of the state, for state.c (opening, closing), state_start.c (the
 * way back in) and state_write.c (the way out).
 *
 * Thread: as in state.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_STATE_PARTS_H
#define ENGINE_STATE_PARTS_H

#include "engine/pseudonym.h"
#include "engine/state/recent.h"
#include "engine/state/series.h"
#include "engine/state/state.h"

#define STATE_STARTS 128u

/* What stands for a sink's name where a message that is held back is saved. */
#define STATE_HELD "\nheld"

/* The first frame of recent that began in a minute. */
struct state_start {
	int64_t minute;
	uint64_t frame;
};

/* Where norms stand in the log of recent posts. */
struct state_place {
	uint64_t tables; /* frame from which the last hour can be recalled */
	uint64_t next;   /* first frame that the norms do not know */
};

/* Ids of deleted posts whose texts are to go. */
struct state_ids {
	uint64_t ids[DELETES_MAX];
	uint32_t count;
};

struct state {
	char *folder;
	int lock;
	struct disk disk;
	struct clock clock;
	struct counters *counters;
	unsigned char key[PSEUDONYM_KEY_BYTES];
	int64_t norms_gap_ms;
	struct pseudonym *pseudonym;
	struct judge_tap tap;
	struct frames *posts, *entries, *cursors, *rows;
	struct recent *recent;
	struct series *series;
	bool learning;   /* no posts are kept */
	uint64_t told;   /* seq of the next message that the journal lacks */
	struct state_place place; /* of the norms on the disk */
	/* gathered on the loop */
	struct state_start starts[STATE_STARTS];
	uint32_t starts_count;
	int64_t now_ms;       /* W of the last event */
	int64_t saved_minute; /* of the last norms */
	int64_t saved_tick_ms;
	int64_t synced_tick_ms, tidied_tick_ms, deleted_tick_ms;
	/* waiting: for a file's end; leaving: what the flight strips */
	struct state_ids deleted, waiting, leaving;
	bool turning;         /* that end was asked for */
	struct buf norms, spool, spool_said;
	struct state_place norms_place;
	uint64_t journal_keep; /* entries from it on are waited for */
	bool norms_due;
	struct desk *desk; /* whose cases are saved with the norms; or NULL */
	struct buf cases;
	bool cases_due;
	bool spool_synced;    /* the sinks are known on the disk */
	/* on their way */
	struct {
		struct buf norms, cases;
		struct state_place place;
		bool has_cases, has_norms, sync, tidy, journal;
		struct state_ids strip;
		uint64_t journal_next, journal_keep;
		int64_t now_ms, wall_ms;
		uint64_t trimmed[3];
		bool busy;
	} flight;
};

#define STATE_NORMS_MAGIC "VIGIENRM"
#define STATE_NORMS_VERSION 3u

/** state_tick_ms(s): monotonic. */
int64_t state_tick_ms(const struct state *s);

/** state_tables(s): the frame from which norms of now would recall. */
uint64_t state_tables(struct state *s, int64_t minute);

/** state_start_put(s, minute, frame): ${frame} begins in ${minute}. */
void state_start_put(struct state *s, int64_t minute, uint64_t frame);

/** state_desk_save(s, judge): its cases are due. */
void state_desk_save(struct state *s, const struct judge *judge);

/** state_delete(s, id_key): that post's text is to go. */
void state_delete(struct state *s, uint64_t id_key);

#endif
