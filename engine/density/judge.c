/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "engine/base/log.h"
#include "engine/base/mathx.h"
#include "engine/base/must.h"
#include "engine/density/evidence_ring.h"
#include "engine/density/judge_parts.h"
#include "engine/lifecycle/nomarketing.h"
#include "engine/tell.h"

/* The one alert that is too many for the week is told of in the log, too. */
static uint32_t
alerts_of_week(struct judge *j, const struct key *key, int64_t minute,
    bool begins)
{
	uint32_t count;

	if (j->budget == NULL)
		return 0;
	count = budget_count(j->budget, key, minute, begins);
	if (!begins || count <= j->o.density.budget)
		return count;
	counters_bump(j->o.counters, alerts_over_budget_total);
	if (count == j->o.density.budget + 1)
		log_warn("judge", "%s: %u alerts in seven days, over its "
				  "budget of %lld; all are told",
		    key->name, count, (long long)j->o.density.budget);
	return count;
}

static struct tell_context
telling(struct judge *j, const struct key *key, int64_t minute, bool begins)
{
	if (j->authors == NULL)
		j->authors = pseudonym_new(j->o.author_key);
	return (struct tell_context){&j->o.density, j->voices,
	    j->authors, j->keys, alerts_of_week(j, key, minute, begins)};
}

static void
tell(void *self, struct key *key, enum alert_kind kind, int64_t minute)
{
	struct judge *j = self;
	struct tell_context context =
	    telling(j, key, minute, !key->episode.open);

	if (j->o.nomarketing != NULL && !key->episode.open)
		judge_nomarketing_opens(j, key, minute);
	counters_bump(j->o.counters, alerts_total);
	j->o.on_alert(j->o.self,
	    tell_alert(&context, key, kind, minute, j->o.next_seq++),
	    j->ruleset);
}

static void
tell_news(void *self, const struct signal_news *news, int64_t minute)
{
	struct judge *j = self;
	struct tell_context context =
	    telling(j, news->key, minute, news->rev == 0);

	counters_bump(j->o.counters, alerts_total);
	j->o.on_alert(j->o.self,
	    tell_signal(&context, news, minute, j->o.next_seq++),
	    j->ruleset);
}

static void
note_news(void *self, struct slice json)
{
	struct judge *j = self;

	if (j->o.on_news != NULL)
		j->o.on_news(j->o.self, json);
}

static void
decided(void *self, int64_t minute)
{
	struct judge *j = self;

	signals_decided(j->signals, minute, j->keys);
}

static void
tell_sector(void *self, const struct key *key, int64_t minute)
{
	struct judge *j = self;

	j->o.on_sector(j->o.self, (minute + 1) * MINUTE_MS, key->sector,
	    key->live->amounts.density);
}

struct judge *
judge_new(const struct judge_options *options)
{
	struct judge *j = must_alloc(sizeof(*j));

	REQUIRE(options->on_alert != NULL && options->counters != NULL);
	j->o = *options;
	j->keys = keys_new();
	j->voices = voices_new(VOICES_MAX, COPIES_MAX);
	j->seen = seen_new(IDS_MAX);
	j->ring = evidence_ring_new(EVIDENCE_RING_BYTES);
	j->now_ms = TIME_NONE;
	j->minute = j->passed = MINUTE_NONE;
	j->context = (struct minute_context){.keys = j->keys,
	    .voices = j->voices, .settings = &j->o.density, .tell = tell,
	    .sector = options->on_sector != NULL ? tell_sector : NULL,
	    .self = j};
	if (options->density.budget > 0)
		j->budget = budget_new();
	if (options->signals != NULL) {
		struct signals_host host = {.counters = options->counters,
		    .tell = tell_news, .absorbed = note_news, .self = j};

		j->signals = signals_new(options->signals, &host);
		j->context.decided = decided;
	}
	return j;
}

void
judge_free(struct judge *j)
{
	if (j == NULL)
		return;
	signals_free(j->signals);
	keys_free(j->keys);
	evidence_ring_free(j->ring);
	voices_free(j->voices);
	budget_free(j->budget);
	pseudonym_free(j->authors);
	seen_free(j->seen);
	if (j->rules != NULL)
		ruleset_unref(j->rules);
	free(j->parts);
	free(j);
}

void
judge_catalogue(struct judge *j, const struct catalogue *c)
{
	keys_map(j->keys, c, j->minute);
	if (j->o.tap != NULL)
		j->o.tap->renamed(j->o.tap->self);
}

void
judge_rules(struct judge *j, const struct ruleset *rules)
{
	struct catalogue *c;

	if (rules == j->rules)
		return;
	c = catalogue_of(rules);
	judge_catalogue(j, c);
	catalogue_free(c);
	if (j->rules != NULL)
		ruleset_unref(j->rules);
	/* The count is the only thing of a set that changes. */
	j->rules = ruleset_ref((struct ruleset *)(uintptr_t)rules);
	j->ruleset = ruleset_id(rules);
}

/* Silence is skipped: with no active key, minutes have nothing to say, but
 * for those that a signal waits for.  False: none before ${minute}. */
static bool
skip_silence(struct judge *j, int64_t minute)
{
	int64_t next = SIGNAL_NEVER;
	uint32_t active;

	keys_active(j->keys, &active);
	if (active > 0)
		return true;
	if (j->signals != NULL)
		next = signals_next(j->signals);
	if (next > j->minute)
		j->minute = next < minute ? next : minute;
	return j->minute < minute;
}

static void
close_minute(struct judge *j)
{
	int64_t minute = j->minute++;

	minute_close(&j->context, minute);
	if (j->signals != NULL)
		signals_tell(j->signals, minute);
	if (j->o.tap != NULL && (minute + 1) % DETECTOR_TICK_MINUTES == 0)
		j->o.tap->tick(j->o.tap->self, minute, j->keys, j->voices);
}

void
judge_pass(struct judge *j, int64_t ms)
{
	int64_t minute = ms / MINUTE_MS;

	if (ms < 0 || (j->now_ms != TIME_NONE && ms <= j->now_ms))
		return;
	if (j->now_ms == TIME_NONE) {
		j->minute = minute;
		keys_start(j->keys, minute);
	}
	j->now_ms = ms;
	if (minute == j->passed)
		return;
	j->passed = minute;
	while (j->minute < minute && skip_silence(j, minute)) {
		close_minute(j);
		voices_advance(j->voices, j->minute);
	}
	voices_advance(j->voices, j->minute);
	seen_advance(j->seen, j->minute);
}

static void
add_to(struct judge *j, struct key *key, struct addition *a, bool blame)
{
	keys_wake(j->keys, key, j->minute);
	keys_add(key, a->minute, j->minute, &a->sums);
	if (a->sums.harm == 0)
		return;
	if (blame)
		voices_blame(j->voices, key->serial, a->account, a->minute);
	judge_harm(j, key, a);
}

static void
show_signals(struct judge *j, const struct addition *a, struct key *brand)
{
	struct signal_post post = {.batch = a->batch, .record = a->record,
	    .share = a->share, .key = brand, .account = a->account,
	    .minute = a->minute, .t_ms = a->t_ms, .sums = a->sums,
	    .voice = a->voice, .own = a->share->own};

	signals_post(j->signals, &post);
}

static void
add_share(struct judge *j, struct addition *a)
{
	const struct share *s = a->share;
	struct key *brand = keys_brand(j->keys, s->sector, s->brand);
	int64_t harm = mathx_ratio(s->harm, s->gravity, MICRO);
	int64_t mass, single;

	a->voice = voices_rank(j->voices, brand->serial, a->account,
	    a->record->sketch, a->minute, harm > 0);
	single = MICRO / a->voice.account_rank;
	mass = mathx_ratio(a->voice.independence, a->record->reach, MICRO);
	a->sums = (struct sums){.harm = mathx_ratio(mass, harm, MICRO),
	    .mass = mass, .voices = a->voice.independence,
	    .singles = single, .unshared = a->record->kind == POST_REPOST ?
		single : a->voice.independence, .posts = 1,
	    .harmful = harm > 0};
	if (a->sums.harm > 0)
		judge_harm_ready(j, brand, a);
	add_to(j, brand->up, a, true);
	add_to(j, brand, a, false);
	for (uint32_t i = 0; i < s->topics_count; i++) {
		uint32_t topic = *vec_at(&a->batch->topics, uint32_t,
		    s->topics_first + i);

		add_to(j, keys_pair(j->keys, brand, topic), a, true);
	}
	if (j->signals != NULL)
		show_signals(j, a, brand);
	if (s->severity == 4 && harm > 0 && !brand->pseudo)
		minute_severe(&j->context, brand, j->minute);
	if (j->o.nomarketing != NULL && harm > 0 && !brand->pseudo)
		judge_nomarketing(j, brand, a);
}

/* The share of a brand's own account: in no window, but signals may want to
 * know what the brand itself says. */
static void
show_own(struct judge *j, struct addition *a)
{
	struct key *brand;

	if (j->signals == NULL || !a->share->own)
		return;
	brand = keys_brand(j->keys, a->share->sector, a->share->brand);
	keys_wake(j->keys, brand->up, j->minute);
	keys_wake(j->keys, brand, j->minute);
	keys_window(brand->up, j->minute);
	keys_window(brand, j->minute);
	show_signals(j, a, brand);
}

static void
forget(struct judge *j, uint64_t id_key)
{
	uint32_t count;
	struct key **keys = keys_active(j->keys, &count);

	for (uint32_t i = 0; i < count; i++)
		if (keys[i]->evidence != NULL)
			evidence_forget(keys[i]->evidence, id_key);
}

/* To the files: what was taken in, once it was. */
static void
heard(struct judge *j, const struct addition *a, bool late)
{
	if (j->o.tap == NULL || j->deaf)
		return;
	j->o.tap->post(j->o.tap->self, j->keys,
	    &(struct recent_post){.batch = a->batch, .record = a->record,
		.account = a->account, .now_ms = j->now_ms,
		.t_ms = a->t_ms, .late = late});
}

static void
add_shares(struct judge *j, struct addition *a)
{
	const struct record *r = a->record;

	for (uint32_t i = 0; i < r->shares_count; i++) {
		a->share = vec_at(&a->batch->shares, struct share,
		    r->shares_first + i);
		if (r->flags & RECORD_OWN || a->share->own)
			show_own(j, a);
		else
			add_share(j, a);
	}
	if (r->tallies_count > 0 && !(r->flags & RECORD_OWN) &&
	    j->signals != NULL)
		signals_tally(j->signals, a->batch, r,
		    &(struct signal_tally){.keys = j->keys,
			.counters = j->o.counters, .account = a->account,
			.minute = a->minute, .open_minute = j->minute});
}

static void
add_record(struct judge *j, const struct batch *batch, const struct record *r)
{
	struct addition a = {.batch = batch, .record = r};

	if (r->clock_ms > j->now_ms)
		judge_pass(j, r->clock_ms);
	if (r->ts_ms > j->now_ms)
		judge_pass(j, r->ts_ms);
	a.t_ms = r->ts_ms != TIME_NONE ? r->ts_ms : j->now_ms;
	a.account = judge_account(j, r);
	if (r->flags & RECORD_DELETED) {
		forget(j, r->id_key);
		if (j->o.nomarketing != NULL)
			nomarketing_deleted(j->o.nomarketing, r->id_key);
		if (j->minute != MINUTE_NONE)
			heard(j, &a, false);
		return;
	}
	if (r->flags & RECORD_OWN && j->signals == NULL)
		return;
	if (j->minute == MINUTE_NONE || a.t_ms < 0) {
		counters_bump(j->o.counters, posts_late_total);
		return;
	}
	if (seen_before(j->seen, r->id_key, j->minute)) {
		counters_bump(j->o.counters, posts_repeated_total);
		return;
	}
	a.minute = a.t_ms / MINUTE_MS;
	if (a.minute <= j->minute - WINDOW_MINUTES) {
		counters_bump(j->o.counters, posts_late_total);
		heard(j, &a, true);
		return;
	}
	add_shares(j, &a);
	heard(j, &a, false);
}

static void
count_forgotten(struct judge *j)
{
	uint64_t voices = voices_forgotten(j->voices);
	uint64_t ids = seen_forgotten(j->seen);

	counters_bump_by(j->o.counters, voices_forgotten_total,
	    voices - j->voices_forgotten);
	counters_bump_by(j->o.counters, ids_forgotten_total,
	    ids - j->ids_forgotten);
	j->voices_forgotten = voices;
	j->ids_forgotten = ids;
}

/* Without a post: the files must know of the minutes that close. */
static void
pass_alone(struct judge *j, int64_t ms)
{
	int64_t minute = j->minute;

	judge_pass(j, ms);
	if (j->o.tap != NULL && !j->deaf && j->minute != minute)
		j->o.tap->clock(j->o.tap->self, j->now_ms);
}

void
judge_batch(struct judge *j, const struct batch *batch)
{
	if (batch->rules != NULL)
		judge_rules(j, batch->rules);
	for (uint32_t i = 0; i < batch->records.count; i++) {
		if (i % JUDGE_AHEAD == 0)
			judge_ahead(j, batch, i);
		add_record(j, batch,
		    vec_at(&batch->records, struct record, i));
	}
	pass_alone(j, batch->clock_ms);
	count_forgotten(j);
}

void
judge_clock(struct judge *j, int64_t now_ms)
{
	/* Before the first post too: silence is what was watched. */
	pass_alone(j, now_ms - CLOCK_LAG_MS);
}

void
judge_end(struct judge *j)
{
	if (j->minute != MINUTE_NONE)
		pass_alone(j, (j->minute + 1) * MINUTE_MS);
}

int64_t
judge_now(const struct judge *j)
{
	return j->now_ms;
}

uint64_t
judge_next_seq(const struct judge *j)
{
	return j->o.next_seq;
}
