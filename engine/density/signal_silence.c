/*
 * silence: a brand that is always talked of is not, or the sources that
 * always speak do not.
 *
 * Silence is two whole hours or more without one post, when twenty were sure
 * to come (pace.h): a quiet night, or a lean day a week ago, is none.
 *
 * A silent source explains a silent brand: while one is silent no brand is
 * told of.  One message for all sources that fall silent together, and one
 * when all of them speak again; the same for each brand.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/density/heard.h"
#include "engine/density/memo.h"
#include "engine/pace.h"
#include "engine/density/signal_text.h"

#include <stdlib.h>
#include <xxhash.h>

#include "engine/base/must.h"

#define VERSION 1
#define NAME_BYTES 48u

struct item {
	struct pace pace;
};

struct source {
	uint64_t key;
	char name[NAME_BYTES];
	struct pace pace;
};

struct settings {
	int64_t hours, posts;
};

struct silence {
	struct memo *memo;
	struct heard *heard; /* brands */
	struct source sources[SILENCE_SOURCES_MAX];
	uint32_t sources_count;
	struct key *sector; /* the last one that a source spoke of */
	bool told;          /* of the sources */
	int64_t told_since;
	uint64_t unwatched; /* posts of sources beyond the limit */
	int64_t watched;  /* hour of the first post since the start; 0 */
	int64_t checked;  /* last hour whose end was seen */
	int64_t hours, posts;
};

static const struct setting rows[] = {
    {.name = "hours", .type = SETTING_INT, .fallback = "2", .min = 1,
	.max = 48, .offset = offsetof(struct settings, hours),
	.help = "whole hours without a post before silence is told of"},
    {.name = "posts", .type = SETTING_INT, .fallback = "20", .min = 5,
	.max = 10000, .offset = offsetof(struct settings, posts),
	.help = "posts that were sure to come in them"},
    {.name = NULL},
};

static void
tell_pace(void *memo, const struct key *key, const struct heard_posts *posts)
{
	struct item *item = memo_of(memo, key, posts->last);

	pace_hear(&item->pace, posts->latest, posts->count);
}

static void *
create(const void *settings)
{
	const struct settings *set = settings;
	struct silence *s = must_alloc(sizeof(*s));

	s->memo = memo_new(sizeof(struct item), VERSION);
	s->heard = heard_new(tell_pace, s->memo);
	s->hours = set->hours;
	s->posts = set->posts;
	return s;
}

static void
destroy(void *self)
{
	struct silence *s = self;

	memo_free(s->memo);
	heard_free(s->heard);
	free(s);
}

static bool
is_silent(const struct silence *s, const struct pace *p, int64_t hour)
{
	int64_t whole;

	return pace_missed(p, hour, s->watched, &whole) >= s->posts &&
	    whole >= s->hours;
}

static struct source *
source_of(struct silence *s, struct slice name)
{
	uint64_t key = XXH3_64bits(name.data, name.len);
	struct source *made;

	for (uint32_t i = 0; i < s->sources_count; i++)
		if (s->sources[i].key == key)
			return &s->sources[i];
	if (s->sources_count == SILENCE_SOURCES_MAX)
		return NULL;
	made = &s->sources[s->sources_count++];
	made->key = key;
	if (name.len >= NAME_BYTES)
		name.len = NAME_BYTES - 1;
	while (name.len > 0 && name.len == NAME_BYTES - 1 &&
	    (name.data[name.len] & 0xc0) == 0x80)
		name.len--;
	memcpy(made->name, name.data, name.len);
	return made;
}

static bool
is_first_share(const struct signal_post *post)
{
	return post->share == vec_at(&post->batch->shares, struct share,
	    post->record->shares_first);
}

static void
ahead(const void *self, const struct key *key)
{
	const struct silence *s = self;

	heard_ahead(s->heard, key);
}

static void
on_post(void *self, const struct signal_post *post, struct signal_out *out)
{
	struct silence *s = self;
	struct slice name = signal_text_part(post, post->record->source);
	struct source *source;

	(void)out;
	if (s->watched == 0)
		s->watched = post->minute / PACE_HOUR_MINUTES;
	if (name.len > 0 && is_first_share(post)) {
		source = source_of(s, name);
		if (source == NULL)
			s->unwatched++;
		else
			pace_hear(&source->pace, post->minute, 1);
		s->sector = post->key->up;
	}
	if (!post->own && !post->key->pseudo)
		heard_add(s->heard, post->key, post->minute);
}

/* "2010-03-17 15:40 UTC" */
static void
put_since(struct buf *out, int64_t minute)
{
	buf_utc(out, minute * MINUTE_MS);
	out->len -= strlen(":00Z");
	out->data[out->len - strlen("00:00") - 1] = ' ';
	buf_text(out, " UTC");
	buf_char(out, '\0');
}

static void
members(struct buf *out, const char *what, const char *names, int64_t since,
    int64_t expected)
{
	buf_printf(out, "{\"what\":\"%s\",\"sources\":[%s],\"since\":\"", what,
	    names);
	buf_utc(out, since * MINUTE_MS);
	buf_printf(out, "\",\"expected_posts\":%lld}", (long long)expected);
}

static void
say_sources(struct signal_news *n, bool over, const struct buf *names,
    const struct buf *list, int64_t since, int64_t expected)
{
	struct buf at = {0};

	put_since(&at, since);
	if (over)
		signal_text_add(n,
		    "Sources" SIGNAL_NBSP ": toutes parlent de nouveau, après "
		    "le silence de $1 depuis le $2.",
		    "Sources: all of them speak again, after the silence of $1 "
		    "since $2.",
		    (const char *[]){list->data, at.data}, NULL);
	else
		signal_text_add(n,
		    "Sources" SIGNAL_NBSP ": plus rien n'arrive de $1 depuis "
		    "le $2. C'est sans doute une panne de collecte" SIGNAL_NBSP
		    "; un silence des marques ne prouve rien tant qu'elle "
		    "dure.",
		    "Sources: nothing has come from $1 since $2. It is "
		    "probably a fault of collection; silence about brands "
		    "proves nothing while it lasts.",
		    (const char *[]){list->data, at.data}, NULL);
	buf_clear(&n->members);
	members(&n->members, "sources", names->len > 0 ? names->data : "",
	    since, over ? 0 : expected);
	buf_fini(&at);
}

/* One episode for all sources: it begins with the first that falls silent
 * and ends when none is. */
static void
check_sources(struct silence *s, int64_t hour, struct signal_out *out)
{
	struct buf names = {0}, list = {0};
	int64_t since = INT64_MAX, expected = 0, whole;
	uint32_t silent = 0;

	for (uint32_t i = 0; i < s->sources_count; i++) {
		struct source *source = &s->sources[i];
		bool now = is_silent(s, &source->pace, hour);

		/* Who was silent keeps its name until the end of it all. */
		if (now && !source->pace.told)
			source->pace.told = true;
		if (!source->pace.told)
			continue;
		silent += now;
		buf_text(&names, names.len > 0 ? "," : "");
		buf_json(&names, slice_of(source->name));
		buf_text(&list, list.len > 0 ? ", " : "");
		buf_plain(&list, slice_of(source->name));
		if (now && source->pace.minute < since)
			since = source->pace.minute;
		if (now)
			expected += pace_missed(&source->pace, hour, s->watched,
			    &whole);
	}
	buf_char(&names, '\0');
	buf_char(&list, '\0');
	if (silent > 0 && !s->told && s->sector != NULL) {
		s->told = true;
		s->told_since = since;
		say_sources(signal_news_item(out, ALERT_SILENCE, s->sector,
				"sources", 1),
		    false, &names, &list, since, expected);
	} else if (silent == 0 && s->told && s->sector != NULL) {
		s->told = false;
		say_sources(signal_news_item(out, ALERT_SILENCE, s->sector,
				"sources", 0),
		    true, &names, &list, s->told_since, 0);
		for (uint32_t i = 0; i < s->sources_count; i++)
			s->sources[i].pace.told = false;
	}
	buf_fini(&names);
	buf_fini(&list);
}

static void
check_brand(struct silence *s, struct key *key, int64_t hour,
    struct signal_out *out)
{
	struct item *item = memo_find(s->memo, key);
	struct buf at = {0};
	struct signal_news *n;
	int64_t whole;

	if (item == NULL)
		return;
	if (item->pace.told ? item->pace.hour < hour :
		s->told || !is_silent(s, &item->pace, hour))
		return;
	item->pace.told = !item->pace.told;
	n = signal_news_put(out, ALERT_SILENCE, key, item->pace.told);
	if (item->pace.told) {
		put_since(&at, item->pace.minute);
		signal_text_add(n,
		    "$0" SIGNAL_NBSP ": on n'en parle plus depuis le $1, et "
		    "les sources fonctionnent. Vérifiez la règle de la marque "
		    "et ce que la marque a pu demander aux réseaux.",
		    "$0: nobody speaks of it since $1, and the sources work. "
		    "Check the brand's rule, and what the networks were asked "
		    "for.",
		    (const char *[]){at.data}, NULL);
		members(&n->members, "brand", "", item->pace.minute,
		    pace_missed(&item->pace, hour, s->watched, &whole));
	} else {
		signal_text_add(n, "$0" SIGNAL_NBSP ": on en parle de "
		    "nouveau.", "$0: it is spoken of again.", NULL, NULL);
		members(&n->members, "brand", "", item->pace.minute, 0);
	}
	buf_fini(&at);
}

static void
on_minute(void *self, int64_t minute, struct keys *keys,
    struct signal_out *out)
{
	struct silence *s = self;
	int64_t hour = (minute + 1) / PACE_HOUR_MINUTES - 1;

	(void)keys;
	if ((minute + 1) % PACE_HOUR_MINUTES != 0 || hour <= s->checked)
		return;
	s->checked = hour;
	heard_settle(s->heard);
	check_sources(s, hour, out);
	for (uint32_t i = 0; i < heard_count(s->heard); i++)
		check_brand(s, heard_at(s->heard, i), hour, out);
}

/* The end of each hour of the day that follows the latest post: then all has
 * been said that can be. */
static int64_t
next(const void *self)
{
	const struct silence *s = self;
	int64_t latest = 0;

	for (uint32_t i = 0; i < s->sources_count; i++)
		if (s->sources[i].pace.hour > latest)
			latest = s->sources[i].pace.hour;
	if (latest == 0 && heard_count(s->heard) > 0)
		latest = s->checked;
	if (s->checked == 0 || latest == 0 || s->checked >= latest + PACE_HOURS)
		return SIGNAL_NEVER;
	return (s->checked + 2) * PACE_HOUR_MINUTES - 1;
}

static void
save(const void *self, struct buf *out)
{
	const struct silence *s = self;
	int64_t header[3] = {s->sources_count, s->told, s->told_since};

	heard_settle(s->heard);
	memo_save(s->memo, out);
	buf_put(out, header, sizeof(header));
	buf_put(out, s->sources, s->sources_count * sizeof(*s->sources));
}

static bool
load(void *self, struct slice saved, const struct keys *keys)
{
	struct silence *s = self;
	int64_t header[3];

	(void)keys;
	if (!memo_load(s->memo, &saved) || saved.len < sizeof(header))
		return false;
	memcpy(header, saved.data, sizeof(header));
	if (header[0] < 0 || header[0] > (int64_t)SILENCE_SOURCES_MAX ||
	    saved.len - sizeof(header) !=
		(size_t)header[0] * sizeof(*s->sources))
		return false;
	s->sources_count = (uint32_t)header[0];
	s->told = header[1] != 0;
	s->told_since = header[2];
	memcpy(s->sources, saved.data + sizeof(header),
	    saved.len - sizeof(header));
	return true;
}

static uint64_t
forgotten(const void *self)
{
	const struct silence *s = self;

	return memo_forgotten(s->memo) + s->unwatched;
}

const struct signal_type signal_silence = {
    .kind = ALERT_SILENCE,
    .name = "silence",
    .help = "a brand that is always talked of, or the sources, fall silent",
    .lasting = true,
    .settings = rows,
    .settings_bytes = sizeof(struct settings),
    .create = create,
    .destroy = destroy,
    .ahead = ahead,
    .wants = SIGNAL_POST,
    .on_post = on_post,
    .on_minute = on_minute,
    .next = next,
    .save = save,
    .load = load,
    .forgotten = forgotten,
};
