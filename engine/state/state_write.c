/*
 * The way out: what was gathered on the loop, written by whoever has the time.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

#include "engine/base/limits.h"
#include "engine/base/log.h"
#include "engine/base/must.h"
#include "engine/base/pack.h"
#include "engine/state/state_parts.h"

#define TIDY_MS 60000

static void
save(struct state *s, const struct judge *judge)
{
	struct buf *out = &s->norms;
	const struct state_ids *lists[] = {&s->deleted, &s->waiting,
	    &s->leaving};
	struct buf body = {0};

	s->norms_place = (struct state_place){
	    state_tables(s, judge_now(judge) / MINUTE_MS),
	    frames_next(s->posts)};
	buf_clear(out);
	buf_text(out, STATE_NORMS_MAGIC);
	pack_u32(out, STATE_NORMS_VERSION);
	pack_uint(out, s->norms_place.tables);
	pack_uint(out, s->norms_place.next);
	pack_uint(out, lists[0]->count + lists[1]->count + lists[2]->count);
	for (unsigned k = 0; k < 3; k++)
		for (uint32_t i = 0; i < lists[k]->count; i++)
			pack_u64(out, lists[k]->ids[i]);
	judge_save(judge, &body);
	pack_text(out, buf_slice(&body));
	buf_fini(&body);
	pack_u64(out, XXH3_64bits(out->data, out->len));
	s->norms_due = true;
	if (s->desk != NULL)
		state_desk_save(s, judge);
	s->saved_minute = judge_now(judge) / MINUTE_MS;
	s->saved_tick_ms = state_tick_ms(s);
}

/* Texts of deleted posts go in three steps: the file that may hold them is
 * ended, what comes next begins another, then the ended ones are rewritten. */
static void
see_deletions(struct state *s)
{
	if (s->turning || s->deleted.count == 0 || s->waiting.count > 0)
		return;
	if (s->deleted.count < DELETES_MAX &&
	    state_tick_ms(s) - s->deleted_tick_ms < DELETES_MS)
		return;
	s->waiting = s->deleted;
	s->deleted.count = 0;
	s->deleted_tick_ms = state_tick_ms(s);
	s->turning = true;
	recent_turn(s->recent);
}

void
state_batch(struct state *s, const struct judge *judge, bool force)
{
	int64_t minute = judge_now(judge) / MINUTE_MS;

	recent_seal(s->recent);
	see_deletions(s);
	if (judge_now(judge) == TIME_NONE)
		return;
	if (!force &&
	    (minute - s->saved_minute < NORMS_MINUTES || s->norms_due ||
		state_tick_ms(s) - s->saved_tick_ms < s->norms_gap_ms ||
		(!judge_quiet(judge) &&
		    minute - s->saved_minute < 3 * NORMS_MINUTES)))
		return;
	save(s, judge);
}

bool
state_full(const struct state *s)
{
	return frames_gathered(s->posts) + frames_gathered(s->entries) +
	    frames_gathered(s->rows) >
	    STATE_GATHER_BYTES;
}

static void
put_cursor(void *self, const char *name, uint64_t next)
{
	struct state *s = self;

	pack_text(&s->spool, slice_of(name));
	pack_uint(&s->spool, next);
	if (next < s->journal_keep)
		s->journal_keep = next;
}

/* Messages held back, one by one, so that a long silence does not make a
 * restart send again all that came after it. */
static void
put_held(void *self, const struct alert *alert)
{
	put_cursor(self, STATE_HELD, alert->number);
}

void
state_cursors(struct state *s, struct dispatch *d)
{
	s->journal_keep = frames_next(s->entries);
	buf_clear(&s->spool);
	dispatch_sinks(d, put_cursor, s);
	dispatch_held(d, put_held, s);
	if (slice_equal(buf_slice(&s->spool), buf_slice(&s->spool_said)))
		return;
	buf_clear(&s->spool_said);
	buf_slice_put(&s->spool_said, buf_slice(&s->spool));
	frames_turn(s->cursors, clock_now(&s->clock), false);
	frames_put(s->cursors, buf_slice(&s->spool));
}

static void
take_norms(struct state *s)
{
	struct buf old = s->flight.norms;

	s->flight.has_norms = s->norms_due;
	if (!s->norms_due)
		return;
	s->flight.has_cases = s->cases_due;
	if (s->cases_due) {
		struct buf cases = s->flight.cases;

		s->flight.cases = s->cases;
		s->cases = cases;
		s->cases_due = false;
	}
	s->flight.norms = s->norms;
	s->flight.place = s->norms_place;
	s->norms = old;
	s->norms_due = false;
}

bool
state_take(struct state *s, struct dispatch *dispatch)
{
	int64_t tick_ms = state_tick_ms(s);
	bool any;

	if (s->flight.busy)
		return true;
	s->flight.journal_next = frames_next(s->entries);
	if (dispatch != NULL)
		state_cursors(s, dispatch);
	s->flight.journal_keep = s->journal_keep;
	counters_bump_by(s->counters, state_bytes,
	    frames_gathered(s->posts) + frames_gathered(s->entries) +
		frames_gathered(s->cursors) + frames_gathered(s->rows) +
		(s->norms_due ? s->norms.len : 0));
	any = frames_take(s->posts);
	s->flight.journal = frames_take(s->entries);
	any |= s->flight.journal;
	any |= frames_take(s->cursors);
	any |= frames_take(s->rows);
	take_norms(s);
	any |= s->flight.has_norms;
	s->flight.sync = s->flight.journal || s->flight.has_norms ||
	    tick_ms - s->synced_tick_ms >= STATE_SYNC_MS;
	s->flight.tidy = tick_ms - s->tidied_tick_ms >= TIDY_MS;
	s->flight.now_ms = s->now_ms;
	s->flight.wall_ms = clock_now(&s->clock); /* the loop's alone */
	if (s->turning && recent_turned(s->recent)) {
		s->flight.strip = s->leaving = s->waiting;
		s->waiting.count = 0;
		s->turning = false;
		any = true;
	}
	if (any && s->flight.sync)
		s->synced_tick_ms = tick_ms;
	if (any && s->flight.tidy)
		s->tidied_tick_ms = tick_ms;
	s->flight.busy = any;
	return any;
}

static int
by_id(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static bool
is_deleted(void *self, uint64_t id_key)
{
	const struct state_ids *ids = self;

	return bsearch(&id_key, ids->ids, ids->count, sizeof(id_key),
		   by_id) != NULL;
}

static bool
strip(void *self, struct slice payload, struct buf *out)
{
	return recent_strip(payload, is_deleted, self, out);
}

static void
tidy(struct state *s)
{
	int64_t now_ms = s->flight.now_ms, wall_ms = s->flight.wall_ms;

	s->flight.trimmed[0] = frames_trim(s->posts,
	    now_ms == TIME_NONE ? INT64_MIN : now_ms - RECENT_KEPT_MS,
	    s->place.tables, RECENT_DISK_BYTES);
	s->flight.trimmed[1] = frames_trim(s->entries,
	    now_ms == TIME_NONE ? INT64_MIN : now_ms - JOURNAL_KEPT_MS,
	    s->flight.journal_keep, JOURNAL_DISK_BYTES);
	s->flight.trimmed[2] = frames_trim(s->rows,
	    now_ms == TIME_NONE ? INT64_MIN : now_ms - SERIES_KEPT_MS,
	    UINT64_MAX, SERIES_DISK_BYTES);
	/* What is kept aside goes when what it was would have. */
	if (wall_ms != TIME_NONE)
		frames_forget_aside(s->posts, wall_ms - RECENT_KEPT_MS);
	/* Only the last word of each sink counts. */
	frames_trim(s->cursors, INT64_MIN, UINT64_MAX, 0);
}

int
state_write(struct state *s, struct err *err)
{
	int rc = frames_write(s->posts, s->flight.sync, err);

	if (rc == 0)
		rc = frames_write(s->entries, s->flight.journal, err);
	/* Before tidy() lets the file go that holds the last ones. */
	if (rc == 0)
		rc = frames_write(s->cursors,
		    !s->spool_synced || s->flight.tidy, err);
	s->spool_synced |= rc == 0;
	if (rc == 0)
		rc = frames_write(s->rows,
		    s->flight.has_norms || s->flight.tidy, err);
	if (rc == 0 && s->flight.has_norms) {
		rc = disk_replace(&s->disk, s->folder, "norms",
		    buf_slice(&s->flight.norms), err);
		if (rc == 0) {
			s->place = s->flight.place;
			s->flight.has_norms = false;
		}
	}
	if (rc == 0 && s->flight.has_cases) {
		rc = disk_replace(&s->disk, s->folder, "lifecycle",
		    buf_slice(&s->flight.cases), err);
		s->flight.has_cases = rc != 0;
	}
	if (rc == 0 && s->flight.strip.count > 0) {
		qsort(s->flight.strip.ids, s->flight.strip.count,
		    sizeof(uint64_t), by_id);
		rc = frames_rewrite(s->posts, strip, &s->flight.strip, err);
		if (rc == 0)
			s->flight.strip.count = 0;
	}
	if (rc == 0 && s->flight.tidy) {
		tidy(s);
		s->flight.tidy = false;
	}
	return rc;
}

uint64_t
state_written(struct state *s)
{
	uint64_t *gone = s->flight.trimmed;
	uint32_t anew = frames_anew(s->posts) + frames_anew(s->entries) +
	    frames_anew(s->cursors) + frames_anew(s->rows);

	REQUIRE(s->flight.busy);
	if (anew > 0)
		log_warn("state", "the disk had not kept what was written; "
				  "files written anew: %" PRIu32
				  "; nothing is lost, but look at that disk",
		    anew);
	counters_bump_by(s->counters, state_anew_total, anew);
	s->flight.busy = false;
	s->leaving.count = 0;
	counters_bump(s->counters, state_commits_total);
	counters_bump_by(s->counters, recent_trimmed_total, gone[0]);
	counters_bump_by(s->counters, journal_trimmed_total, gone[1]);
	counters_bump_by(s->counters, series_trimmed_total, gone[2]);
	memset(gone, 0, sizeof(s->flight.trimmed));
	return s->flight.journal_next;
}

int
state_flush(struct state *s, struct dispatch *dispatch, struct err *err)
{
	int rc = 0;

	/* Twice: what was on its way, then what was gathered meanwhile. */
	for (unsigned i = 0; i < 2 && rc == 0 && state_take(s, dispatch); i++) {
		/* Nobody calls again later: once more, at once.  What a disk
		 * did not keep is written anew then. */
		for (unsigned tries = 0; tries < 2; tries++) {
			rc = state_write(s, err);
			if (rc == 0)
				break;
			counters_bump(s->counters, state_errors_total);
		}
		if (rc == 0)
			state_written(s);
	}
	return rc;
}
