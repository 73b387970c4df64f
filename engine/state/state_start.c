/*
 * The way back in after a stop, a kill or a power cut.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

#include "engine/base/limits.h"
#include "engine/base/log.h"
#include "engine/base/must.h"
#include "engine/base/pack.h"
#include "engine/state/state_parts.h"

static int
refuse(const char *path, const char *why, struct err *err)
{
	return err_set(err, -EBADMSG,
	    "%s %s; move it away to start with what is in recent/, then the "
	    "brands learn again", path, why);
}

static void
take_ids(struct state *s, struct unpack *in)
{
	uint64_t count = unpack_most(in, 3 * (uint64_t)DELETES_MAX);

	for (uint64_t i = 0; i < count && !in->bad; i++)
		state_delete(s, unpack_u64(in));
}

static int
parse_norms(struct state *s, const char *path, struct slice file,
    struct judge *judge, struct err *err)
{
	struct unpack in, sum;
	struct slice body;

	if (file.len < 20 || memcmp(file.data, STATE_NORMS_MAGIC, 8) != 0)
		return refuse(path, "is damaged", err);
	sum = unpack_of((struct slice){file.data + file.len - 8, 8});
	file.len -= 8;
	if (XXH3_64bits(file.data, file.len) != unpack_u64(&sum))
		return refuse(path, "is damaged", err);
	in = unpack_of((struct slice){file.data + 8, file.len - 8});
	if (unpack_u32(&in) != STATE_NORMS_VERSION)
		return refuse(path, "is of another version of vigie", err);
	s->place.tables = unpack_uint(&in);
	s->place.next = unpack_uint(&in);
	take_ids(s, &in);
	body = unpack_text(&in);
	if (!unpack_over(&in) || !judge_load(judge, body))
		return refuse(path, "cannot be understood", err);
	return 1;
}

int
state_load(struct state *s, struct judge *judge, struct err *err)
{
	struct buf file = {0};
	char path[4096];
	int rc;

	snprintf(path, sizeof(path), "%s/norms", s->folder);
	rc = disk_read(path, NORMS_BYTES_MAX, &file, err);
	if (rc == 0)
		rc = parse_norms(s, path, buf_slice(&file), judge, err);
	else if (rc == -ENOENT)
		rc = 0;
	buf_fini(&file);
	if (rc == 1) {
		s->now_ms = judge_now(judge);
		s->saved_minute = s->now_ms / MINUTE_MS;
	}
	return rc;
}

/* The number behind the last message in the journal. */
static bool
see_entry(void *self, uint64_t number, struct slice payload)
{
	struct state *s = self;
	struct journal_entry entry;
	struct unpack note;

	if (!journal_parse(number, payload, &entry) ||
	    !slice_is(entry.kind, "alert"))
		return true;
	note = unpack_of(entry.note);
	s->told = unpack_uint(&note) + 1;
	return true;
}

struct hearing {
	struct state *state;
	struct judge *judge;
	struct recent_reader *reader;
	bool recalled;
	uint64_t recalls, posts, damaged;
};

static bool
was_late(void *self, uint32_t i)
{
	return recent_late(self, i);
}

static bool
hear(void *self, uint64_t number, struct slice payload)
{
	struct hearing *h = self;
	struct state *s = h->state;
	struct batch *b;

	if (frames_begins(s->posts, number))
		recent_reader_start(h->reader);
	if (number >= s->place.next && !h->recalled) {
		judge_recalled(h->judge);
		h->recalled = true;
	}
	b = recent_read(h->reader, payload, number >= s->place.tables);
	if (b == NULL) {
		h->damaged++;
		return true;
	}
	if (b->records.count > 0)
		state_start_put(s, vec_at(&b->records, struct record, 0)
					->clock_ms / MINUTE_MS, number);
	if (number < s->place.next) {
		h->recalls += b->records.count;
		judge_recall(h->judge, b, was_late, h->reader);
	} else {
		h->posts += b->records.count;
		judge_rehear(h->judge, b);
	}
	return true;
}

static void
tell(const struct hearing *h, int64_t ms)
{
	char at[24];
	int64_t now_ms = judge_now(h->judge);

	if (now_ms == TIME_NONE)
		return; /* a first start */
	clock_format(now_ms, at);
	log_info("state", "taken up again at %s in %" PRId64 " ms: %" PRIu64
			  " posts recalled, %" PRIu64 " judged again",
	    at, ms, h->recalls, h->posts);
	if (h->damaged > 0)
		log_warn("state", "%" PRIu64 " damaged groups of posts were "
				  "left out", h->damaged);
	if (recent_unknown(h->reader) > 0)
		log_info("state", "%" PRIu64 " posts were about what the "
				  "rules do not know any more",
		    recent_unknown(h->reader));
}

int
state_rehear(struct state *s, struct judge *judge, struct err *err)
{
	struct hearing h = {.state = s, .judge = judge};
	int64_t start_ms = state_tick_ms(s);
	int rc = 0;

	if (frames_next(s->entries) > 0)
		rc = frames_read(s->entries, frames_next(s->entries) - 1,
		    see_entry, s, err);
	if (s->told < judge_next_seq(judge))
		s->told = judge_next_seq(judge);
	if (frames_next(s->posts) < s->place.next) {
		log_warn("state", "posts of after the norms are missing; who "
				  "spoke in the last hour is not all known");
		frames_leap(s->posts, s->place.next);
	}
	if (s->place.next > 0)
		state_start_put(s, INT64_MIN, s->place.tables);
	h.reader = recent_reader_new(judge_keys(judge));
	if (rc == 0 && frames_first(s->posts) < frames_next(s->posts))
		rc = frames_read(s->posts, s->place.tables, hear, &h, err);
	if (rc == 0 && !h.recalled)
		judge_recalled(judge);
	if (rc == 0) {
		tell(&h, state_tick_ms(s) - start_ms);
		judge_seq(judge, s->told);
		s->now_ms = judge_now(judge);
	}
	recent_reader_free(h.reader);
	return rc;
}

uint64_t
state_told(const struct state *s)
{
	return s->told;
}

/* ---- what sinks still wait for ------------------------------------------ */

struct cursor {
	char *name;
	uint64_t next;
};

struct refill {
	struct state *state;
	struct dispatch *dispatch;
	struct desk *desk;  /* with a port, the last of the sinks; or NULL */
	struct cursor *old; /* as the spool said */
	uint32_t old_count;
	uint64_t *next; /* by sink; UINT64_MAX: a new one */
	uint64_t *held; /* numbers, in order */
	uint32_t held_count;
	uint32_t sinks;
	uint64_t least, end, messages, damaged;
};

static bool
see_cursors(void *self, uint64_t number, struct slice payload)
{
	struct refill *r = self;
	struct unpack in = unpack_of(payload);

	(void)number;
	for (uint32_t i = 0; i < r->old_count; i++)
		free(r->old[i].name);
	r->old_count = 0;
	while (in.at < in.end && !in.bad) {
		struct slice name = unpack_text(&in);
		uint64_t next = unpack_uint(&in);

		if (in.bad)
			break;
		r->old = must_grow(r->old,
		    (r->old_count + 1) * sizeof(*r->old));
		r->old[r->old_count++] = (struct cursor){
		    strndup(name.data, name.len), next};
	}
	return true;
}

static int
by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* What was held back stands among the cursors. */
static void
take_held(struct refill *r)
{
	uint32_t kept = 0;

	r->held = must_alloc((r->old_count + 1) * sizeof(*r->held));
	for (uint32_t i = 0; i < r->old_count; i++) {
		if (strcmp(r->old[i].name, STATE_HELD) != 0) {
			r->old[kept++] = r->old[i];
			continue;
		}
		r->held[r->held_count++] = r->old[i].next;
		free(r->old[i].name);
	}
	r->old_count = kept;
	qsort(r->held, r->held_count, sizeof(*r->held), by_number);
	if (r->held_count > 0)
		r->least = r->held[0];
}

static bool
was_held(const struct refill *r, uint64_t number)
{
	return bsearch(&number, r->held, r->held_count, sizeof(*r->held),
		   by_number) != NULL;
}

/* Sinks of one name are told apart by their order. */
static void
find_cursor(void *self, const char *name, uint64_t next)
{
	struct refill *r = self;
	uint64_t from = UINT64_MAX;

	(void)next;
	for (uint32_t i = 0; i < r->old_count; i++) {
		if (r->old[i].name == NULL || strcmp(r->old[i].name, name))
			continue;
		from = r->old[i].next;
		free(r->old[i].name);
		r->old[i].name = NULL;
		break;
	}
	r->next = must_grow(r->next, (r->sinks + 1) * sizeof(*r->next));
	r->next[r->sinks++] = from;
	if (from < r->least)
		r->least = from;
}

static bool
refill_entry(void *self, uint64_t number, struct slice payload)
{
	struct refill *r = self;
	struct journal_entry entry;
	struct alert *a;
	bool held;

	if (number < r->least || number >= r->end)
		return true;
	if (!journal_parse(number, payload, &entry)) {
		r->damaged++;
		return true;
	}
	if (r->desk != NULL && number >= r->next[r->sinks - 1])
		desk_again(r->desk, &entry);
	if (!slice_is(entry.kind, "alert"))
		return true;
	a = alert_again(entry.json, entry.note);
	if (a == NULL) {
		r->damaged++;
		return true;
	}
	a->number = number;
	held = was_held(r, number);
	for (uint32_t i = 0; i < r->sinks; i++)
		if (number >= r->next[i]) {
			dispatch_again(r->dispatch, i, a);
			r->messages++;
		} else if (held && r->next[i] != UINT64_MAX) {
			dispatch_again_held(r->dispatch, i, a);
		}
	alert_unref(a);
	return true;
}

int
state_refill(struct state *s, struct dispatch *dispatch, struct err *err)
{
	struct refill r = {.state = s, .dispatch = dispatch,
	    .end = frames_next(s->entries), .least = UINT64_MAX};
	int rc = 0;

	REQUIRE(frames_gathered(s->entries) == 0);
	dispatch_durable(dispatch, r.end);
	if (frames_next(s->cursors) > 0)
		rc = frames_read(s->cursors, frames_next(s->cursors) - 1,
		    see_cursors, &r, err);
	take_held(&r);
	if (rc == 0)
		dispatch_sinks(dispatch, find_cursor, &r);
	if (dispatch_desk(dispatch) != NULL &&
	    desk_name(dispatch_desk(dispatch)) != NULL)
		r.desk = dispatch_desk(dispatch);
	if (rc == 0 && r.least < r.end)
		rc = frames_read(s->entries, r.least, refill_entry, &r, err);
	for (uint32_t i = 0; i < r.old_count; i++) {
		if (rc == 0 && r.old[i].name != NULL && r.old[i].next < r.end)
			log_warn("state", "%s is no sink any more: entries "
					  "%" PRIu64 " to %" PRIu64
					  " of the journal do not go there",
			    r.old[i].name, r.old[i].next, r.end - 1);
		free(r.old[i].name);
	}
	if (r.messages > 0)
		log_info("state", "%" PRIu64 " alert%s of before the restart "
		    "to be delivered now", r.messages,
		    r.messages == 1 ? "" : "s");
	if (r.damaged > 0)
		log_error("state", "%" PRIu64 " damaged entries of the "
				   "journal cannot be delivered", r.damaged);
	free(r.old);
	free(r.next);
	free(r.held);
	/* Before the first entry: a sink without a cursor begins at the end. */
	return rc == 0 ? state_flush(s, dispatch, err) : rc;
}
