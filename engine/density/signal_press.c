/*
 * press: news outlets take up a conversation that is above its norm, or has
 * been in the last two days.
 *
 * An outlet is a site, or an account of the press list.  One of the list is
 * enough; of articles from elsewhere two outlets are wanted.  It speaks at
 * the first and at the fifth outlet, then no more until the press has been
 * silent for three days.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/density/memo.h"
#include "engine/density/signal_text.h"

#include <stdlib.h>
#include <xxhash.h>

#include "engine/base/must.h"

#define VERSION 1
/* Press items trail the social networks by 2 to 48 hours. */
#define TRAIL_MIN (48 * 60)
#define QUIET_MIN (72 * 60)
#define UNLISTED_LEAST 2u
#define MANY 5u

struct item {
	int64_t above_until;
	int64_t first, last; /* harmful article */
	struct signal_accounts outlets;
	uint32_t told; /* outlets at the last news */
	uint32_t listed;
};

static void *
create(const void *settings)
{
	(void)settings;
	return memo_new(sizeof(struct item), VERSION);
}

static void
destroy(void *self)
{
	memo_free(self);
}

/* "https://www.example.org/x": example.org; else nothing. */
static struct slice
site_of(struct slice url)
{
	const char *at = NULL;
	struct slice host;

	for (size_t i = 0; i + 3 < url.len && at == NULL; i++)
		if (!memcmp(url.data + i, "://", 3))
			at = url.data + i + 3;
	if (at == NULL)
		return SLICE_NONE;
	host.data = at;
	host.len = 0;
	while (at + host.len < url.data + url.len &&
	    !strchr("/:?#", at[host.len]))
		host.len++;
	if (host.len > 4 && !memcmp(host.data, "www.", 4)) {
		host.data += 4;
		host.len -= 4;
	}
	return host;
}

static uint64_t
outlet_of(const struct signal_post *post)
{
	struct slice site =
	    signal_text_part(post, post->record->url);

	site = site_of(site);
	if (site.len == 0)
		return post->account;
	return XXH3_64bits(site.data, site.len);
}

static void
say(struct signal_news *n, const struct item *item,
    const struct signal_post *post)
{
	struct slice site = site_of(signal_text_part(post, post->record->url));
	struct buf quote = {0};
	char count[12];

	snprintf(count, sizeof(count), "%u", item->outlets.count);
	signal_text_quote(post, &quote);
	if (item->outlets.count == 1)
		signal_text_add(n,
		    "$0" SIGNAL_NBSP ": la presse s'empare du sujet, un "
		    "premier média le reprend" SIGNAL_NBSP ": «" SIGNAL_NBSP
		    "$1" SIGNAL_NBSP "».",
		    "$0: the press takes up the subject, a first outlet "
		    "carries it: \"$1\".",
		    (const char *[]){quote.data}, NULL);
	else
		signal_text_add(n,
		    "$0" SIGNAL_NBSP ": la presse s'empare du sujet, $1 médias "
		    "le reprennent" SIGNAL_NBSP "; le dernier" SIGNAL_NBSP
		    ": «" SIGNAL_NBSP "$2" SIGNAL_NBSP "».",
		    "$0: the press takes up the subject, $1 outlets carry it; "
		    "the latest: \"$2\".",
		    (const char *[]){count, quote.data}, NULL);
	buf_fini(&quote);
	buf_clear(&n->members);
	buf_printf(&n->members, "{\"outlets\":%s,\"listed\":%u,\"since\":\"",
	    count, item->listed);
	buf_utc(&n->members, item->first * MINUTE_MS);
	buf_text(&n->members, "\",\"site\":");
	if (site.len == 0)
		buf_text(&n->members, "null");
	else
		buf_json(&n->members, site);
	buf_char(&n->members, '}');
}

static void
article(struct item *item, const struct signal_post *post,
    struct signal_out *out)
{
	bool listed = post->record->relay == RELAY_PRESS;
	uint32_t count;

	if (item->last == 0 || post->minute > item->last + QUIET_MIN) {
		item->outlets.count = item->told = item->listed = 0;
		item->first = post->minute;
	}
	item->last = post->minute;
	if (!signal_text_account(&item->outlets, outlet_of(post)))
		return;
	item->listed += listed;
	count = item->outlets.count;
	if (post->minute > item->above_until ||
	    (item->listed == 0 && count < UNLISTED_LEAST) ||
	    (item->told > 0 && (item->told >= MANY || count < MANY)))
		return;
	item->told = count;
	say(signal_news_put(out, ALERT_PRESS, post->key, 2), item, post);
}

static void
on_post(void *self, const struct signal_post *post, struct signal_out *out)
{
	bool press = post->record->relay == RELAY_PRESS ||
	    post->record->kind == POST_ARTICLE;
	bool above;

	if (post->own || post->key->pseudo || post->sums.harm == 0)
		return;
	above = signal_text_above(post->key);
	if (above) {
		struct item *item = memo_of(self, post->key, post->minute);

		item->above_until = post->minute + TRAIL_MIN;
	}
	if (press && signal_text_harms(post)) {
		/* The outlets before the norm was passed count as well. */
		article(memo_of(self, post->key, post->minute), post, out);
	}
}

static void
save(const void *self, struct buf *out)
{
	memo_save(self, out);
}

static bool
load(void *self, struct slice saved, const struct keys *keys)
{
	(void)keys;
	return memo_load(self, &saved);
}

static uint64_t
forgotten(const void *self)
{
	return memo_forgotten(self);
}

const struct signal_type signal_press = {
    .kind = ALERT_PRESS,
    .name = "press",
    .help = "news outlets take up a conversation that is above its norm",
    .create = create,
    .destroy = destroy,
    .wants = SIGNAL_HARM,
    .on_post = on_post,
    .save = save,
    .load = load,
    .forgotten = forgotten,
};
