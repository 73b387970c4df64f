/*
 * echo: what a statement of the brand itself did to the conversation.
 *
 * A post to everybody by an own account is a statement; those within an hour
 * of the one before belong to it.  An hour later the harm of that hour is
 * held against the hour before, and against what the rise before it would
 * have brought anyway: the half-hour's growth, twice over.  Speaks when it
 * got worse than that.  It measures; it cannot prove that the statement was
 * the cause.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/density/memo.h"
#include "engine/density/signal_text.h"

#include <stdlib.h>

#include "engine/base/mathx.h"
#include "engine/base/must.h"
#include "engine/base/pack.h"

#define VERSION 2
#define HALF_HOUR 30
/* Worse: twice the harm, five voices more, and half as much again as its own
 * rise would have brought. */
#define WORSE_VOICES (5 * MICRO)
#define GROWTH_MAX (4 * MICRO) /* of a half-hour: 16 in an hour */

struct statement {
	int64_t minute; /* 0: none */
	uint64_t id_key;
	int64_t harm, mass, growth; /* of the hour before it */
	uint32_t posts, harmful;
	uint32_t replies, harmful_replies;
};

struct item {
	struct statement open;
	uint32_t in_a_row; /* statements that made it worse */
	uint32_t told;
};

struct due {
	struct key *key;
	int64_t minute; /* the last of its hour */
};

struct echo {
	struct memo *memo;
	struct due *due; /* by minute: they come in order */
	uint32_t count, room;
	uint64_t dropped;
};

static void *
create(const void *settings)
{
	struct echo *e = must_alloc(sizeof(*e));

	(void)settings;
	e->memo = memo_new(sizeof(struct item), VERSION);
	return e;
}

static void
destroy(void *self)
{
	struct echo *e = self;

	memo_free(e->memo);
	free(e->due);
	free(e);
}

/* How much the harm of the last half-hour is of the one before; 1 at least. */
static int64_t
growth(const struct window *w)
{
	int64_t late = window_recent(w, HALF_HOUR);
	int64_t early = w->total.harm - late;
	int64_t g;

	if (late <= early)
		return MICRO;
	if (early == 0)
		return GROWTH_MAX;
	g = mathx_ratio(late, MICRO, early);
	return g < GROWTH_MAX ? g : GROWTH_MAX;
}

static void
add_due(struct echo *e, struct key *key, int64_t minute)
{
	if (e->count == e->room) {
		e->room = e->room == 0 ? 16 : e->room * 2;
		e->due = must_grow(e->due, e->room * sizeof(*e->due));
	}
	e->due[e->count++] = (struct due){key, minute};
}

static void
open_statement(struct echo *e, struct item *item,
    const struct signal_post *post)
{
	const struct window *w = &post->key->live->window;

	if (e->count == ECHO_OPEN_MAX) {
		e->dropped++;
		return;
	}
	item->open = (struct statement){.minute = post->minute,
	    .id_key = post->record->id_key, .harm = w->total.harm,
	    .mass = w->total.mass, .growth = growth(w),
	    .posts = w->total.posts, .harmful = w->total.harmful};
	add_due(e, post->key, post->minute + WINDOW_MINUTES);
}

static bool
is_statement(const struct signal_post *post)
{
	return post->own && !post->key->pseudo && post->record->answers == 0 &&
	    post->record->kind != POST_REPLY &&
	    post->record->kind != POST_COMMENT;
}

static void
on_post(void *self, const struct signal_post *post, struct signal_out *out)
{
	struct echo *e = self;
	struct item *item;

	(void)out;
	if (is_statement(post)) {
		item = memo_of(e->memo, post->key, post->minute);
		if (item->open.minute == 0)
			open_statement(e, item, post);
		return;
	}
	if (post->own || post->record->answers == 0)
		return;
	item = memo_find(e->memo, post->key);
	if (item == NULL || item->open.minute == 0 ||
	    item->open.id_key != post->record->answers)
		return;
	item->open.replies++;
	item->open.harmful_replies += post->sums.harm > 0;
}

static void
put_tenths(char out[24], int64_t micro, char point)
{
	int64_t tenths = (micro + MICRO / 20) / (MICRO / 10);

	if (tenths >= 100)
		snprintf(out, 24, "%lld", (long long)((tenths + 5) / 10));
	else
		snprintf(out, 24, "%lld%c%lld", (long long)(tenths / 10),
		    point, (long long)(tenths % 10));
}

static void
members(struct buf *out, const struct statement *s, const struct sums *after,
    int64_t expected, uint32_t in_a_row)
{
	buf_text(out, "{\"statement\":\"");
	buf_utc(out, s->minute * MINUTE_MS);
	buf_text(out, "\",\"before\":{\"harm\":");
	buf_fixed(out, s->harm, 6, 6);
	buf_text(out, ",\"voices\":");
	buf_fixed(out, s->mass, 6, 6);
	buf_printf(out, ",\"posts\":%u,\"harmful_posts\":%u},"
	    "\"after\":{\"harm\":", s->posts, s->harmful);
	buf_fixed(out, after->harm, 6, 6);
	buf_text(out, ",\"voices\":");
	buf_fixed(out, after->mass, 6, 6);
	buf_printf(out, ",\"posts\":%u,\"harmful_posts\":%u},"
	    "\"expected_after\":", after->posts, after->harmful);
	buf_fixed(out, expected, 6, 6);
	buf_printf(out, ",\"replies\":%u,\"harmful_replies\":%u,"
	    "\"worse_in_a_row\":%u}", s->replies, s->harmful_replies,
	    in_a_row);
}

static void
say(struct signal_news *n, const struct statement *s, const struct sums *after,
    uint32_t in_a_row)
{
	char before_fr[24], before_en[24], after_fr[24], after_en[24];
	char row[12];
	struct buf at = {0};

	put_tenths(before_fr, s->harm, ',');
	put_tenths(before_en, s->harm, '.');
	put_tenths(after_fr, after->harm, ',');
	put_tenths(after_en, after->harm, '.');
	snprintf(row, sizeof(row), "%u", in_a_row);
	buf_utc(&at, s->minute * MINUTE_MS);
	at.len = strlen("2010-03-17T15:40");
	at.data[strlen("2010-03-17")] = ' ';
	buf_text(&at, " UTC");
	buf_char(&at, '\0');
	signal_text_add(n,
	    "$0" SIGNAL_NBSP ": l'heure qui a suivi sa prise de parole ($1) a "
	    "apporté plus de tort que celle d'avant, $2 voix nuisibles contre "
	    "$3.",
	    "$0: the hour after its statement ($1) brought more harm than the "
	    "hour before, $2 harmful voices against $3.",
	    (const char *[]){at.data, after_fr, before_fr},
	    (const char *[]){at.data, after_en, before_en});
	if (in_a_row > 1)
		signal_text_add(n,
		    "Chacune de ses $1 dernières prises de parole a aggravé la "
		    "situation.",
		    "Each of its last $1 statements made it worse.",
		    (const char *[]){row}, NULL);
	buf_fini(&at);
}

static void
measure(struct echo *e, const struct due *due, int64_t minute,
    struct signal_out *out)
{
	static const struct sums nothing;
	struct item *item = memo_find(e->memo, due->key);
	const struct sums *after = &nothing;
	struct statement s;
	struct signal_news *n;
	int64_t expected;

	if (item == NULL || item->open.minute == 0)
		return;
	s = item->open;
	item->open.minute = 0;
	if (minute == due->minute && due->key->live != NULL)
		after = &due->key->live->window.total;
	expected = mathx_ratio(mathx_ratio(s.harm, s.growth, MICRO), s.growth,
	    MICRO);
	if (after->harm < 2 * s.harm || after->harm < s.harm + WORSE_VOICES ||
	    after->harm < expected + expected / 2) {
		item->in_a_row = 0;
		return;
	}
	item->in_a_row++;
	n = signal_news_put(out, ALERT_ECHO, due->key,
	    item->in_a_row > 1 ? 2 : 1);
	say(n, &s, after, item->in_a_row);
	members(&n->members, &s, after, expected, item->in_a_row);
}

static void
on_minute(void *self, int64_t minute, struct keys *keys,
    struct signal_out *out)
{
	struct echo *e = self;
	uint32_t kept = 0;

	(void)keys;
	for (uint32_t i = 0; i < e->count; i++) {
		if (e->due[i].minute > minute)
			e->due[kept++] = e->due[i];
		else
			measure(e, &e->due[i], minute, out);
	}
	e->count = kept;
}

/* Those whose hour is not over yet, then all items. */
static void
save(const void *self, struct buf *out)
{
	const struct echo *e = self;

	pack_u8(out, VERSION);
	pack_uint(out, e->count);
	for (uint32_t i = 0; i < e->count; i++) {
		pack_uint(out, e->due[i].key->serial);
		pack_int(out, e->due[i].minute);
	}
	memo_save(e->memo, out);
}

static bool
load(void *self, struct slice saved, const struct keys *keys)
{
	struct echo *e = self;
	struct unpack in = unpack_of(saved);
	uint64_t count;

	if (unpack_u8(&in) != VERSION)
		return false;
	count = unpack_most(&in, ECHO_OPEN_MAX);
	for (uint64_t i = 0; i < count; i++) {
		struct key *key = keys_at(keys, unpack_uint(&in));
		int64_t minute = unpack_int(&in);

		if (key == NULL || in.bad)
			return false;
		add_due(e, key, minute);
	}
	saved.len = (size_t)(in.end - in.at);
	saved.data = in.at;
	return !in.bad && memo_load(e->memo, &saved);
}

static uint64_t
forgotten(const void *self)
{
	const struct echo *e = self;

	return memo_forgotten(e->memo) + e->dropped;
}

const struct signal_type signal_echo = {
    .kind = ALERT_ECHO,
    .name = "echo",
    .help = "a statement of the brand made things worse",
    .create = create,
    .destroy = destroy,
    .wants = SIGNAL_OWN | SIGNAL_ANSWERS,
    .on_post = on_post,
    .on_minute = on_minute,
    .save = save,
    .load = load,
    .forgotten = forgotten,
};
