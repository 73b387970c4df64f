/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/signals.h"

#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/settings_value.h"
#include "engine/density/signal_out.h"
#include "engine/density/signals_lasting.h"

/* The parts of save: "row-name bytes\n", then so many bytes. */
#define LASTING "lasting"
#define NEWS "news"

_Static_assert(COUNTER_signals_first + 2 * SIGNALS_COUNT == COUNTERS_COUNT,
    "the counters of signals are the last");

struct signals {
	struct signals_host host;
	void *selves[SIGNALS_COUNT]; /* NULL: off */
	struct {
		const struct signal_type *type;
		unsigned row;
	} posted[SIGNALS_COUNT]; /* want posts */
	unsigned posted_count;
	/* of those, by what a post has: who wants it, and of them who wants to
	 * know before, as bits */
	uint32_t wanted[2 * SIGNAL_POST], wanted_ahead[2 * SIGNAL_POST];
	struct signal_out out; /* news of the open minute */
	struct signals_lasting lasting;
	uint64_t forgotten; /* as counted */
};

static void
note_wants(struct signals *s, unsigned k)
{
	const struct signal_type *type = s->posted[k].type;

	for (unsigned has = 0; has < 2 * SIGNAL_POST; has++) {
		if ((type->wants & has) == 0)
			continue;
		s->wanted[has] |= 1u << k;
		if (type->ahead != NULL)
			s->wanted_ahead[has] |= 1u << k;
	}
}

struct signals *
signals_new(const struct signals_settings *settings,
    const struct signals_host *host)
{
	struct signals *s = must_alloc(sizeof(*s));

	REQUIRE(host->tell != NULL && host->counters != NULL);
	s->host = *host;
	for (unsigned i = 0; i < SIGNALS_COUNT; i++) {
		const struct signal_type *type = signals_type(i);

		if (settings->off[i])
			continue;
		s->selves[i] = type->create(settings->of[i]);
		if (type->on_post != NULL) {
			s->posted[s->posted_count].type = type;
			s->posted[s->posted_count].row = i;
			note_wants(s, s->posted_count++);
		}
	}
	return s;
}

void
signals_free(struct signals *s)
{
	if (s == NULL)
		return;
	for (uint32_t i = 0; i < s->out.count; i++)
		signal_news_free(s->out.items[i]);
	for (unsigned i = 0; i < SIGNALS_COUNT; i++)
		if (s->selves[i] != NULL)
			signals_type(i)->destroy(s->selves[i]);
	signals_lasting_fini(&s->lasting);
	free(s->out.items);
	free(s);
}

void
signals_calm(struct signals *s)
{
	signals_lasting_fini(&s->lasting);
}

bool
signals_quiet(const struct signals *s)
{
	return s->out.count == 0;
}

static unsigned
has(const struct record *r, bool harm, bool own)
{
	return SIGNAL_POST | (harm ? SIGNAL_HARM : 0) |
	    (own ? SIGNAL_OWN : 0) |
	    (r->answers != 0 ? SIGNAL_ANSWERS : 0) |
	    (r->relay != RELAY_NONE ? SIGNAL_RELAY : 0);
}

void
signals_post(struct signals *s, const struct signal_post *post)
{
	uint32_t left = s->wanted[has(
	    post->record, post->sums.harm > 0, post->own)];

	for (; left != 0; left &= left - 1) {
		unsigned k = (unsigned)__builtin_ctz(left);
		unsigned row = s->out.signal = s->posted[k].row;

		s->posted[k].type->on_post(s->selves[row], post, &s->out);
	}
}

void
signals_ahead(const struct signals *s, const struct key *key,
    const struct record *r, const struct share *share)
{
	bool harm = share->harm > 0 && share->gravity > 0;
	uint32_t left = s->wanted_ahead[has(r, harm, share->own)];

	for (; left != 0; left &= left - 1) {
		unsigned k = (unsigned)__builtin_ctz(left);

		s->posted[k].type->ahead(s->selves[s->posted[k].row], key);
	}
}

void
signals_ahead_harm(const struct signals *s, const struct key *key,
    const struct batch *batch, const struct record *r)
{
	for (unsigned k = 0; k < s->posted_count; k++)
		if (s->posted[k].type->ahead_harm != NULL)
			s->posted[k].type->ahead_harm(
			    s->selves[s->posted[k].row], key, batch, r);
}

void
signals_tally(struct signals *s, const struct batch *batch,
    const struct record *r, const struct signal_tally *of)
{
	struct signal_tally tally = *of;

	tally.rules = batch->rules;
	for (unsigned i = 0; i < SIGNALS_COUNT; i++) {
		if (s->selves[i] == NULL || signals_type(i)->on_tally == NULL)
			continue;
		s->out.signal = i;
		for (uint32_t k = 0; k < r->tallies_count; k++) {
			tally.hit = vec_at(&batch->tallies, struct term_hit,
			    r->tallies_first + k);
			signals_type(i)->on_tally(s->selves[i], &tally,
			    &s->out);
		}
	}
}

/* Whether the key's episode is open at the news' level, or opens now. */
static bool
covered(const struct signal_news *n)
{
	const struct key *key = n->key;

	return n->level > 0 && key->density.level >= n->level &&
	    (key->episode.open ||
		(key->subject != ALERT_PAIR && key->change == DENSITY_UP));
}

/* In the text of the key's next message, which is due now if it is urgent. */
static void
show(const struct signal_news *n, bool urgent)
{
	keys_show(n->key, buf_slice(&n->fr), buf_slice(&n->en), urgent);
	if (!urgent || n->key->change != DENSITY_SAME)
		return;
	n->key->change = DENSITY_AGAIN;
	n->key->density.because = DENSITY_SIGNAL;
}

/* What the key's next message lists. */
static void
absorb(struct signals *s, const struct signal_news *n, int64_t minute)
{
	struct buf json = {0};

	signal_news_json(n, minute, &json);
	if (s->host.absorbed != NULL)
		s->host.absorbed(s->host.self, buf_slice(&json));
	if (!keys_note(n->key, buf_slice(&json)))
		counters_bump(s->host.counters, signals_unlisted_total);
	else
		show(n, signals_type(n->signal)->urgent);
	s->host.counters->values[COUNTER_signals_first +
	    2 * n->signal + 1]++;
	buf_fini(&json);
}

/* Of one piece of news: told later (true), absorbed or dropped. */
static bool
settle(struct signals *s, struct signal_news *n, int64_t minute)
{
	enum signals_said said = SIGNALS_TELL;

	n->first_minute = minute;
	if (signals_type(n->signal)->lasting)
		said = signals_lasting_say(&s->lasting, n, minute, covered(n));
	else if (n->level == 0)
		said = SIGNALS_DROP;
	else if (covered(n))
		said = SIGNALS_ABSORB;
	if (said == SIGNALS_ABSORB)
		absorb(s, n, minute);
	return said == SIGNALS_TELL;
}

static void
count_forgotten(struct signals *s)
{
	uint64_t all = 0;

	for (unsigned i = 0; i < SIGNALS_COUNT; i++)
		if (s->selves[i] != NULL && signals_type(i)->forgotten != NULL)
			all += signals_type(i)->forgotten(s->selves[i]);
	counters_bump_by(
	    s->host.counters, signals_forgotten_total, all - s->forgotten);
	s->forgotten = all;
}

void
signals_decided(struct signals *s, int64_t minute, struct keys *keys)
{
	uint32_t kept = 0;

	for (unsigned i = 0; i < SIGNALS_COUNT; i++) {
		const struct signal_type *type = signals_type(i);

		s->out.signal = i;
		if (s->selves[i] != NULL && type->on_minute != NULL)
			type->on_minute(s->selves[i], minute, keys, &s->out);
	}
	signal_news_sort(&s->out);
	for (uint32_t i = 0; i < s->out.count; i++) {
		struct signal_news *n = s->out.items[i];

		if (settle(s, n, minute))
			s->out.items[kept++] = n;
		else
			signal_news_free(n);
	}
	s->out.count = kept;
	count_forgotten(s);
}

void
signals_tell(struct signals *s, int64_t minute)
{
	for (uint32_t i = 0; i < s->out.count; i++) {
		struct signal_news *n = s->out.items[i];

		s->host.counters->values[COUNTER_signals_first +
		    2 * n->signal]++;
		s->host.tell(s->host.self, n, minute);
		signal_news_free(n);
	}
	s->out.count = 0;
}

int64_t
signals_next(const struct signals *s)
{
	int64_t next = SIGNAL_NEVER;

	for (unsigned i = 0; i < SIGNALS_COUNT; i++) {
		int64_t at = SIGNAL_NEVER;

		if (s->selves[i] != NULL && signals_type(i)->next != NULL)
			at = signals_type(i)->next(s->selves[i]);
		if (at < next)
			next = at;
	}
	return next;
}

static void
save_part(struct buf *out, const char *name, const struct buf *part)
{
	buf_printf(out, "%s %zu\n", name, part->len);
	buf_slice_put(out, buf_slice(part));
}

void
signals_save(const struct signals *s, struct buf *out)
{
	struct buf part = {0};

	signals_lasting_save(&s->lasting, &part);
	save_part(out, LASTING, &part);
	buf_clear(&part);
	signal_news_save(&s->out, &part);
	save_part(out, NEWS, &part);
	for (unsigned i = 0; i < SIGNALS_COUNT; i++) {
		const struct signal_type *type = signals_type(i);

		if (s->selves[i] == NULL || type->save == NULL)
			continue;
		buf_clear(&part);
		type->save(s->selves[i], &part);
		save_part(out, type->name, &part);
	}
	buf_fini(&part);
}

/* "name bytes\n" from the front of ${saved}; false at its end, or when it is
 * not that. */
static bool
next_part(struct slice *saved, struct slice *name, struct slice *part)
{
	const char *line = saved->data;
	const char *end = memchr(line, '\n', saved->len);
	const char *blank = end == NULL ? NULL :
	    memchr(line, ' ', (size_t)(end - line));
	int64_t bytes;

	if (blank == NULL ||
	    !settings_value_number(SETTING_INT,
		(struct slice){blank + 1, (size_t)(end - blank - 1)},
		&bytes) ||
	    bytes < 0 || (size_t)bytes > saved->len - (size_t)(end + 1 - line))
		return false;
	*name = (struct slice){line, (size_t)(blank - line)};
	*part = (struct slice){end + 1, (size_t)bytes};
	saved->len -= (size_t)(part->data + bytes - line);
	saved->data = part->data + bytes;
	return true;
}

static bool
load_part(struct signals *s, struct slice name, struct slice part,
    const struct keys *keys)
{
	unsigned i = 0;

	if (slice_is(name, LASTING))
		return signals_lasting_load(&s->lasting, part);
	if (slice_is(name, NEWS))
		return signal_news_load(&s->out, part, keys);
	while (i < SIGNALS_COUNT && !slice_is(name, signals_type(i)->name))
		i++;
	if (i == SIGNALS_COUNT || signals_type(i)->load == NULL)
		return false;
	return s->selves[i] == NULL ||
	    signals_type(i)->load(s->selves[i], part, keys);
}

unsigned
signals_load(struct signals *s, struct slice saved, const struct keys *keys,
    struct buf *skipped)
{
	struct slice name, part;
	unsigned count = 0;

	while (saved.len > 0) {
		bool whole = next_part(&saved, &name, &part);

		if (whole && load_part(s, name, part, keys))
			continue;
		buf_text(skipped, count++ > 0 ? ", " : "");
		buf_slice_put(skipped, whole ? name : SLICE("the rest"));
		if (!whole)
			break;
	}
	return count;
}
