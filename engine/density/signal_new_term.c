/*
 * new_term: a hashtag, or with more care a word, that was never used in harm
 * to this brand before and that ten accounts use within a day of its birth.
 *
 * Three of them must have written it themselves, so that one viral post does
 * not count.  A word wants twice the accounts, each in a text of its own, and
 * a brand of which a thousand harmful posts were read: of a small one every
 * word is new.  What the brand itself wrote, its names and those of its
 * sector are no news.  One message a day and brand.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/density/memo.h"
#include "engine/density/signal_text.h"
#include "engine/density/terms.h"

#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/density/minute.h"

/* Terms are short: the call would cost as much as the hash. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#define VERSION 1
#define ORIGINALS 3u
#define WORD_FACTOR 2u
#define WORD_POSTS 1000u
#define DAY_MINUTES 1440
/* Texts of harmful posts that are known to have none but settled terms, in
 * rows of a line of the caches: their copies are not read again. */
#define SAME 8192u
#define SAME_ROW 8u

struct item {
	int64_t told;   /* minute; 0: never */
	uint32_t posts; /* harmful ones read, up to WORD_POSTS */
	uint32_t padding;
};

struct settings {
	int64_t accounts, hours;
};

struct new_term {
	struct memo *memo;
	struct terms *terms;
	uint32_t accounts;
	int64_t young_min;
	/* Of the terms of a post and its brand, where all are settled: 0 or
	 * same_as().  Holds as long as terms_turn(), which is kept. */
	uint64_t *same;
	uint32_t turn;
};

static const struct setting rows[] = {
    {.name = "accounts", .type = SETTING_INT, .fallback = "10", .min = 3,
	.max = TERM_ACCOUNTS_MAX / WORD_FACTOR,
	.offset = offsetof(struct settings, accounts),
	.help = "accounts that must use a hashtag; twice as many for a word"},
    {.name = "hours", .type = SETTING_INT, .fallback = "24", .min = 1,
	.max = 168, .offset = offsetof(struct settings, hours),
	.help = "hours from its first use within which they must"},
    {.name = NULL},
};

static void *
create(const void *settings)
{
	const struct settings *s = settings;
	struct new_term *t = must_alloc(sizeof(*t));

	t->memo = memo_new(sizeof(struct item), VERSION);
	t->terms = terms_new();
	t->same = must_lines(SAME / SAME_ROW);
	memset(t->same, 0, SAME * sizeof(*t->same));
	t->accounts = (uint32_t)s->accounts;
	t->young_min = s->hours * 60;
	return t;
}

static void
destroy(void *self)
{
	struct new_term *t = self;

	memo_free(t->memo);
	terms_free(t->terms);
	free(t->same);
	free(t);
}

/* Whether ${term} is ${name} but for case and what is no letter or digit:
 * "#kitkat" is "Kit Kat".  Names beyond ASCII are compared byte by byte. */
static bool
is_name(struct slice term, const char *name)
{
	size_t i = 0;

	for (; name != NULL && *name != '\0'; name++) {
		char c = *name;

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			(c & 0x80)))
			continue;
		if (i == term.len || term.data[i++] != c)
			return false;
	}
	return i == term.len;
}

static bool
is_any_name(struct slice term, const struct key *key)
{
	const struct key *sector = key->up;

	if (term.len > 0 && term.data[0] == '#') {
		term.data++;
		term.len--;
	}
	if (is_name(term, sector->sector))
		return true;
	for (uint32_t i = 0; i < sector->parts_count; i++)
		if (is_name(term, sector->parts[i]->brand) ||
		    is_name(term, sector->parts[i]->name))
			return true;
	return false;
}

static void
say(struct signal_news *n, struct slice term, const struct young_term *young)
{
	struct buf text = {0};
	char count[12];

	buf_plain(&text, term);
	buf_char(&text, '\0');
	snprintf(count, sizeof(count), "%u", young->count);
	if (term.data[0] == '#')
		signal_text_add(n,
		    "$0" SIGNAL_NBSP ": un mot-dièse nouveau dans les messages "
		    "nuisibles, $1 ($2 comptes).",
		    "$0: a new hashtag in harmful posts, $1 ($2 accounts).",
		    (const char *[]){text.data, count}, NULL);
	else
		signal_text_add(n,
		    "$0" SIGNAL_NBSP ": un mot nouveau dans les messages "
		    "nuisibles, «" SIGNAL_NBSP "$1" SIGNAL_NBSP "» ($2 "
		    "comptes).",
		    "$0: a new word in harmful posts, \"$1\" ($2 accounts).",
		    (const char *[]){text.data, count}, NULL);
	if (n->members.len == 0) {
		buf_text(&n->members, "{\"terms\":[");
	} else {
		n->members.len -= 2;
		buf_char(&n->members, ',');
	}
	buf_text(&n->members, "{\"term\":");
	buf_json(&n->members, term);
	buf_printf(&n->members, ",\"accounts\":%s,\"originals\":%u,"
	    "\"born\":\"", count, young->originals);
	buf_utc(&n->members, young->born * MINUTE_MS);
	buf_text(&n->members, "\"}]}");
	buf_fini(&text);
}

static bool
count_account(struct young_term *young, uint64_t account, bool original)
{
	for (uint32_t i = 0; i < young->count; i++)
		if (young->accounts[i] == account)
			return false;
	if (young->count == TERM_ACCOUNTS_MAX)
		return false;
	young->accounts[young->count++] = account;
	young->originals += original;
	return true;
}

/* True when it is settled by now. */
static bool
used(struct new_term *t, struct item *item, uint64_t key, struct slice term,
    const struct signal_post *post, struct signal_out *out)
{
	bool tag = term.data[0] == '#';
	bool original = post->voice.copy_rank <= 1;
	struct young_term *young;

	if (terms_settled(t->terms, key))
		return true;
	young = terms_find(t->terms, key);
	if (post->own || minute_learning(post->key, post->minute) ||
	    (young != NULL && post->minute > young->born + t->young_min)) {
		terms_learn(t->terms, key);
		return true;
	}
	if (!tag && (!original || item->posts < WORD_POSTS)) {
		if (item->posts >= WORD_POSTS)
			return false;
		terms_learn(t->terms, key);
		return true;
	}
	young = terms_young(t->terms, key, post->minute);
	if (!count_account(young, post->account, original) ||
	    young->originals < ORIGINALS ||
	    young->count < t->accounts * (tag ? 1 : WORD_FACTOR))
		return false;
	if (!is_any_name(term, post->key) && (item->told == 0 ||
		post->minute == item->told ||
		post->minute >= item->told + DAY_MINUTES)) {
		item->told = post->minute;
		say(signal_news_put(out, ALERT_NEW_TERM, post->key, 1), term,
		    young);
	}
	terms_learn(t->terms, key);
	return true;
}

static void
ahead(const void *self, const struct key *key)
{
	memo_ahead(((const struct new_term *)self)->memo, key, 0,
	    sizeof(struct item));
}

static uint64_t
key_of(struct slice term, uint64_t seed)
{
	return XXH3_64bits_withSeed(term.data, term.len, seed) | 1;
}

/* One number of all terms of ${r} for the brand of ${seed}; 0 when they do not
 * lie one behind the other, as workers write them. */
static uint64_t
same_as(const struct batch *batch, const struct record *r, uint64_t seed)
{
	const struct part *parts =
	    vec_at(&batch->terms, struct part, r->terms_first);
	uint32_t at = parts->at;

	for (uint32_t i = 0; i < r->terms_count; i++) {
		if (parts[i].at != at)
			return 0;
		at += parts[i].len;
		seed = (seed ^ parts[i].len) * 0x9e3779b97f4a7c15u;
	}
	return XXH3_64bits_withSeed(batch->text.data + parts->at,
	    at - parts->at, seed) | 1;
}

static uint64_t *
same_row(const struct new_term *t, uint64_t same)
{
	return &t->same[(same >> 1) % (SAME / SAME_ROW) * SAME_ROW];
}

static bool
is_same(const struct new_term *t, uint64_t same)
{
	const uint64_t *row = same_row(t, same);
	bool any = false;

	for (unsigned i = 0; i < SAME_ROW; i++)
		any |= row[i] == same;
	return any && same != 0;
}

/* The first one leaves its row. */
static void
remember_same(const struct new_term *t, uint64_t same)
{
	uint64_t *row = same_row(t, same);

	memmove(row + 1, row, (SAME_ROW - 1) * sizeof(*row));
	row[0] = same;
}

static void
ahead_harm(const void *self, const struct key *key, const struct batch *batch,
    const struct record *r)
{
	const struct new_term *t = self;
	const struct item *item = memo_peek(t->memo, key);

	if (item != NULL && r->terms_count > 0)
		__builtin_prefetch(same_row(
		    t, same_as(batch, r, memo_key_of(item))), 1);
}

static void
on_post(void *self, const struct signal_post *post, struct signal_out *out)
{
	const struct record *r = post->record;
	struct new_term *t = self;
	uint32_t count = r->terms_count, turn = terms_turn(t->terms);
	uint64_t seed, keys[TERMS_MAX], same;
	bool settled[TERMS_MAX], all = true;
	struct slice terms[TERMS_MAX];
	struct item *item;

	REQUIRE(count <= TERMS_MAX);
	if (count == 0 || post->key->pseudo ||
	    (!post->own && post->sums.harm == 0))
		return;
	item = memo_of(t->memo, post->key, post->minute);
	if (!post->own && item->posts < WORD_POSTS)
		item->posts++;
	seed = memo_key_of(item);
	if (turn != t->turn) {
		memset(t->same, 0, SAME * sizeof(*t->same));
		t->turn = turn;
	}
	same = same_as(post->batch, r, seed);
	if (is_same(t, same))
		return;
	for (uint32_t i = 0; i < count; i++) {
		terms[i] = signal_text_part(post, *vec_at(&post->batch->terms,
		    struct part, r->terms_first + i));
		keys[i] = key_of(terms[i], seed);
		terms_ahead(t->terms, keys[i]);
	}
	for (uint32_t i = 0; i < count; i++)
		settled[i] = terms_prepare(t->terms, keys[i]);
	for (uint32_t i = 0; i < count; i++)
		if (!settled[i] || terms_turn(t->terms) != turn)
			all &= used(t, item, keys[i], terms[i], post, out);
	if (all && terms_turn(t->terms) == turn)
		remember_same(t, same);
}

static void
save(const void *self, struct buf *out)
{
	const struct new_term *t = self;

	memo_save(t->memo, out);
	terms_save(t->terms, out);
}

static bool
load(void *self, struct slice saved, const struct keys *keys)
{
	struct new_term *t = self;

	(void)keys;
	return memo_load(t->memo, &saved) && terms_load(t->terms, &saved);
}

static uint64_t
forgotten(const void *self)
{
	const struct new_term *t = self;

	return memo_forgotten(t->memo) + terms_forgotten(t->terms);
}

const struct signal_type signal_new_term = {
    .kind = ALERT_NEW_TERM,
    .name = "new_term",
    .help = "a hashtag or word that was never used in harm to the brand",
    .settings = rows,
    .settings_bytes = sizeof(struct settings),
    .create = create,
    .destroy = destroy,
    .ahead = ahead,
    .ahead_harm = ahead_harm,
    .wants = SIGNAL_HARM | SIGNAL_OWN,
    .on_post = on_post,
    .save = save,
    .load = load,
    .forgotten = forgotten,
};
