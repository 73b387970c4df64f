/*
 * The judge over a restart: what it saves, and how it hears again what came
 * after.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/log.h"
#include "engine/base/mathx.h"
#include "engine/base/must.h"
#include "engine/base/pack.h"
#include "engine/density/judge_parts.h"

void
judge_save(const struct judge *j, struct buf *out)
{
	struct buf signals = {0};

	pack_int(out, j->now_ms);
	pack_int(out, j->minute);
	pack_uint(out, j->o.next_seq);
	keys_save(j->keys, j->minute, j->o.author_key, out);
	if (j->signals != NULL)
		signals_save(j->signals, &signals);
	pack_text(out, buf_slice(&signals));
	buf_fini(&signals);
	if (j->budget != NULL)
		budget_save(j->budget, out);
	else
		pack_uint(out, 0);
}

/* One that is no longer wanted is read past. */
static void
load_budget(struct judge *j, struct unpack *in)
{
	struct budget *aside = j->budget == NULL ? budget_new() : NULL;

	budget_load(aside != NULL ? aside : j->budget, in, j->keys);
	budget_free(aside);
}

/* Norms are of use without them, so they are no reason to refuse a file. */
static void
load_signals(struct judge *j, struct slice saved)
{
	struct buf names = {0};
	unsigned count = signals_load(j->signals, saved, j->keys, &names);

	counters_bump_by(j->o.counters, signals_unread_total, count);
	if (count > 0)
		log_warn("state", "what signals had learnt cannot be read and "
				  "begins anew: %.*s",
		    (int)names.len, names.data);
	buf_fini(&names);
}

bool
judge_load(struct judge *j, struct slice saved)
{
	struct unpack in = unpack_of(saved);
	struct slice signals;

	REQUIRE(j->now_ms == TIME_NONE && j->rules == NULL);
	j->now_ms = unpack_int(&in);
	j->minute = unpack_int(&in);
	j->o.next_seq = unpack_uint(&in);
	if (!keys_load(j->keys, &in))
		return false;
	signals = unpack_text(&in);
	load_budget(j, &in);
	if (!unpack_over(&in))
		return false;
	if (j->signals != NULL)
		load_signals(j, signals);
	if (j->minute != MINUTE_NONE) {
		voices_advance(j->voices, j->minute - WINDOW_MINUTES);
		seen_advance(j->seen, j->minute - WINDOW_MINUTES);
	}
	return true;
}

bool
judge_quiet(const struct judge *j)
{
	return j->signals == NULL || signals_quiet(j->signals);
}

/* Who spoke in a share, as add_share of judge.c ranks it. */
static void
recall_share(struct judge *j, const struct batch *b, const struct record *r,
    const struct share *s, int64_t minute)
{
	struct key *brand = keys_brand(j->keys, s->sector, s->brand);
	bool harm = mathx_ratio(s->harm, s->gravity, MICRO) > 0;
	uint64_t account = judge_account(j, r);

	voices_rank(j->voices, brand->serial, account, r->sketch, minute,
	    harm);
	if (!harm)
		return;
	voices_blame(j->voices, brand->up->serial, account, minute);
	for (uint32_t i = 0; i < s->topics_count; i++) {
		uint32_t topic = *vec_at(&b->topics, uint32_t,
		    s->topics_first + i);

		voices_blame(j->voices,
		    keys_pair(j->keys, brand, topic)->serial, account, minute);
	}
}

static void
recall(struct judge *j, const struct batch *b, const struct record *r,
    bool late)
{
	int64_t now = r->clock_ms / MINUTE_MS, minute = r->ts_ms / MINUTE_MS;

	/* Before the hour that counts, or of nobody. */
	if (r->flags & RECORD_DELETED || now <= j->minute - WINDOW_MINUTES ||
	    now > j->minute)
		return;
	voices_advance(j->voices, now);
	seen_advance(j->seen, now);
	if (seen_before(j->seen, r->id_key, now) || late ||
	    r->flags & RECORD_OWN || minute > now ||
	    minute <= now - WINDOW_MINUTES)
		return;
	for (uint32_t i = 0; i < r->shares_count; i++) {
		const struct share *s = vec_at(&b->shares, struct share,
		    r->shares_first + i);

		if (!s->own)
			recall_share(j, b, r, s, minute);
	}
}

void
judge_recall(struct judge *j, const struct batch *batch,
    bool (*late)(void *self, uint32_t i), void *self)
{
	for (uint32_t i = 0; i < batch->records.count; i++)
		recall(j, batch, vec_at(&batch->records, struct record, i),
		    late(self, i));
}

void
judge_recalled(struct judge *j)
{
	if (j->minute == MINUTE_NONE)
		return;
	voices_advance(j->voices, j->minute);
	seen_advance(j->seen, j->minute);
}

void
judge_rehear(struct judge *j, struct batch *batch)
{
	struct counters *counters = j->o.counters;
	struct counters aside = {{0}};

	batch->rules = j->rules;
	j->o.counters = &aside;
	j->deaf = true;
	judge_batch(j, batch);
	j->deaf = false;
	j->o.counters = counters;
	batch->rules = NULL;
}

void
judge_seq(struct judge *j, uint64_t next)
{
	if (j->o.next_seq < next)
		j->o.next_seq = next;
}

struct absence {
	struct judge *judge;
	int64_t now_ms;
};

static void
pass(void *self)
{
	struct absence *a = self;

	judge_pass(a->judge, a->now_ms);
}

void
judge_absent(struct judge *j, int64_t now_ms)
{
	struct absence a = {j, now_ms};

	if (j->minute == MINUTE_NONE || now_ms <= j->now_ms)
		return;
	keys_absent(j->keys, j->minute, now_ms / MINUTE_MS, pass, &a);
	if (j->o.tap != NULL)
		j->o.tap->clock(j->o.tap->self, j->now_ms);
}

void
judge_calm(struct judge *j)
{
	keys_calm(j->keys);
	if (j->signals != NULL)
		signals_calm(j->signals);
	if (j->budget != NULL) {
		budget_free(j->budget);
		j->budget = budget_new();
	}
	j->o.next_seq = 0; /* nobody was told */
}

const struct keys *
judge_keys(const struct judge *j)
{
	return j->keys;
}

void
judge_budget(const struct judge *j, struct buf *out)
{
	struct buf rows = {0};
	uint32_t over = 0;

	if (j->budget != NULL)
		over = budget_json(j->budget,
		    j->minute == MINUTE_NONE ? 0 : j->minute,
		    j->o.density.budget, &rows);
	buf_printf(out, "\"budget\":%lld,\"over\":%u,\"week\":",
	    (long long)j->o.density.budget, over);
	buf_slice_put(out, rows.len > 0 ? buf_slice(&rows) : SLICE("[]"));
	buf_fini(&rows);
}

void
judge_over_budget(const struct judge *j, struct buf *out)
{
	struct buf who = {0};
	uint32_t over = 0;

	if (j->budget != NULL)
		over = budget_over(j->budget, j->o.density.budget, &who);
	if (over > 0) {
		buf_printf(out, "%u over the budget of %lld alerts a week: ",
		    over, (long long)j->o.density.budget);
		buf_slice_put(out, buf_slice(&who));
	}
	buf_fini(&who);
}
