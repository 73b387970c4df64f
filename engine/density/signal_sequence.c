/*
 * sequence: accusation, then removal or statement, then mirrors, in that
 * order: the Streisand pattern.
 *
 *	accusation  harm of others above the norm
 *	removal     three accounts tell that something was taken down (topics
 *	            of role removal), or the brand itself speaks
 *	mirrors     five accounts put it up again or call for a boycott (role
 *	            mirror); ten when nothing but a statement came before
 *
 * Each stage has a day from the one before; a brand is told once a week.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/density/memo.h"
#include "engine/density/signal_text.h"

#include <stdlib.h>

#include "engine/base/must.h"

#define VERSION 1
#define REMOVALS 3u
#define MIRRORS 5u
#define MIRRORS_OF_STATEMENT 10u

struct item {
	int64_t accused, above; /* first and latest minute above the norm */
	int64_t removal;        /* third account; 0: not yet */
	int64_t statement;      /* of the brand; 0: none */
	int64_t told;
	struct signal_accounts removals, mirrors, answers;
};

struct settings {
	int64_t hours, quiet_days;
};

struct sequence {
	struct memo *memo;
	int64_t stage_min, quiet_min;
};

static const struct setting rows[] = {
    {.name = "hours", .type = SETTING_INT, .fallback = "24", .min = 1,
	.max = 168, .offset = offsetof(struct settings, hours),
	.help = "hours from each stage within which the next one must come"},
    {.name = "quiet_days", .type = SETTING_INT, .fallback = "7", .min = 1,
	.max = 90, .offset = offsetof(struct settings, quiet_days),
	.help = "days after it in which the brand is not told of it again"},
    {.name = NULL},
};

static void *
create(const void *settings)
{
	const struct settings *set = settings;
	struct sequence *s = must_alloc(sizeof(*s));

	s->memo = memo_new(sizeof(struct item), VERSION);
	s->stage_min = set->hours * 60;
	s->quiet_min = set->quiet_days * 1440;
	return s;
}

static void
destroy(void *self)
{
	struct sequence *s = self;

	memo_free(s->memo);
	free(s);
}

static void
begin(struct item *item, int64_t minute)
{
	item->accused = minute;
	item->removal = item->statement = 0;
	item->removals.count = item->mirrors.count = item->answers.count = 0;
}

static void
put_time(struct buf *out, int64_t minute)
{
	buf_utc(out, minute * MINUTE_MS);
	out->len -= strlen(":00Z");
	out->data[out->len - strlen("00:00") - 1] = ' ';
	buf_text(out, " UTC");
	buf_char(out, '\0');
}

static void
put_stage(struct buf *out, const char *name, int64_t minute)
{
	buf_printf(out, "\"%s\":", name);
	buf_json_time(out, minute == 0 ? TIME_NONE : minute * MINUTE_MS);
}

static void
say(struct signal_news *n, const struct item *item, uint32_t mirrors)
{
	struct buf accused = {0}, second = {0};
	char count[12];

	snprintf(count, sizeof(count), "%u", mirrors);
	put_time(&accused, item->accused);
	put_time(&second, item->removal > 0 ? item->removal :
					      item->statement);
	signal_text_add(n,
	    item->removal > 0
		? "$0" SIGNAL_NBSP ": accusation ($1), puis retrait ($2), et "
		  "maintenant des copies et des appels au boycott ($3 "
		  "comptes)."
		: "$0" SIGNAL_NBSP ": accusation ($1), puis prise de parole de "
		  "la marque ($2), et maintenant des copies et des appels au "
		  "boycott ($3 comptes).",
	    item->removal > 0
		? "$0: accusation ($1), then a removal ($2), and now copies "
		  "and calls for a boycott ($3 accounts)."
		: "$0: accusation ($1), then a statement by the brand ($2), "
		  "and now copies and calls for a boycott ($3 accounts).",
	    (const char *[]){accused.data, second.data, count}, NULL);
	buf_text(&n->fr, " Un retrait, à présent, multiplie d'ordinaire le "
			 "volume" SIGNAL_NBSP ": ne faites rien retirer.");
	buf_text(&n->en, " A removal now usually multiplies volume: have "
			 "nothing taken down.");
	buf_char(&n->members, '{');
	put_stage(&n->members, "accusation", item->accused);
	buf_char(&n->members, ',');
	put_stage(&n->members, "removal", item->removal);
	buf_char(&n->members, ',');
	put_stage(&n->members, "statement", item->statement);
	buf_printf(&n->members, ",\"removal_accounts\":%u,"
	    "\"mirror_accounts\":%u,\"warning\":{\"fr\":\"un retrait, à "
	    "présent, multiplie d'ordinaire le volume\",\"en\":\"a removal "
	    "now usually multiplies volume\"}}",
	    item->removals.count, mirrors);
	buf_fini(&accused);
	buf_fini(&second);
}

/* A message to everybody, not a word to one customer. */
static bool
is_statement(const struct signal_post *post)
{
	return post->own && post->record->answers == 0 &&
	    post->record->kind != POST_REPLY &&
	    post->record->kind != POST_COMMENT;
}

static void
mirror(const struct sequence *s, struct item *item,
    const struct signal_post *post, struct signal_out *out)
{
	int64_t minute = post->minute;
	uint32_t mirrors = 0;

	if (item->removal > 0 && minute <= item->removal + s->stage_min) {
		signal_text_account(&item->mirrors, post->account);
		if (item->mirrors.count >= MIRRORS)
			mirrors = item->mirrors.count;
	} else if (item->removal == 0 && item->statement > 0 &&
	    minute <= item->statement + s->stage_min) {
		signal_text_account(&item->answers, post->account);
		if (item->answers.count >= MIRRORS_OF_STATEMENT)
			mirrors = item->answers.count;
	}
	if (mirrors == 0 ||
	    (item->told > 0 && minute < item->told + s->quiet_min))
		return;
	item->told = minute;
	say(signal_news_put(out, ALERT_SEQUENCE, post->key,
		item->removal > 0 ? 3 : 2), item, mirrors);
	begin(item, minute);
}

static void
ahead(const void *self, const struct key *key)
{
	/* Nearly all that are above the norm have a level by then. */
	if (key->density.level > 0)
		memo_ahead(((const struct sequence *)self)->memo, key, 0,
		    offsetof(struct item, removals));
}

static void
on_post(void *self, const struct signal_post *post, struct signal_out *out)
{
	struct sequence *s = self;
	uint8_t roles = post->share->roles;
	bool above;
	struct item *item;

	if (post->key->pseudo)
		return;
	above = signal_text_above(post->key);
	if (!above && roles == 0 && !post->own)
		return;
	item = above ? memo_of(s->memo, post->key, post->minute) :
		       memo_find(s->memo, post->key);
	if (item == NULL)
		return;
	if (above) {
		if (item->above == 0 ||
		    post->minute > item->above + s->stage_min)
			begin(item, post->minute);
		item->above = post->minute;
	}
	if (post->minute > item->above + s->stage_min)
		return;
	if (is_statement(post) && item->statement == 0)
		item->statement = post->minute;
	if (post->own)
		return;
	if (item->removal > 0 && post->minute > item->removal + s->stage_min) {
		item->removal = 0;
		item->removals.count = item->mirrors.count = 0;
	}
	if (roles & ROLE_MIRROR)
		mirror(s, item, post, out);
	if (roles & ROLE_REMOVAL && item->removal == 0 &&
	    signal_text_account(&item->removals, post->account) &&
	    item->removals.count >= REMOVALS)
		item->removal = post->minute;
}

static void
save(const void *self, struct buf *out)
{
	memo_save(((const struct sequence *)self)->memo, out);
}

static bool
load(void *self, struct slice saved, const struct keys *keys)
{
	(void)keys;
	return memo_load(((struct sequence *)self)->memo, &saved);
}

static uint64_t
forgotten(const void *self)
{
	return memo_forgotten(((const struct sequence *)self)->memo);
}

const struct signal_type signal_sequence = {
    .kind = ALERT_SEQUENCE,
    .name = "sequence",
    .help = "accusation, removal, mirrors, in that order",
    .urgent = true,
    .settings = rows,
    .settings_bytes = sizeof(struct settings),
    .create = create,
    .destroy = destroy,
    .ahead = ahead,
    .wants = SIGNAL_POST,
    .on_post = on_post,
    .save = save,
    .load = load,
    .forgotten = forgotten,
};
