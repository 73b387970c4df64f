/*
 * relay: a harmful post by an account of great reach, or by one on a list of
 * the operator's (journalists, press, NGOs, regulators, elected people).
 *
 * The first of its class in a day speaks; what the press does while the
 * conversation is above its norm already is for signal_press.c.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/density/memo.h"
#include "engine/density/signal_text.h"

#include <stdlib.h>

#include "engine/base/must.h"

#define VERSION 1
#define GRAVITY_SERIOUS 500000u

struct item {
	int64_t told[RELAYS_COUNT]; /* minute, 0: never */
};

struct settings {
	int64_t quiet_hours;
};

static const struct setting rows[] = {
    {.name = "quiet_hours", .type = SETTING_INT, .fallback = "24", .min = 1,
	.max = 720, .offset = offsetof(struct settings, quiet_hours),
	.help = "hours after a relay in which another one of its class about "
		"the same brand says nothing"},
    {.name = NULL},
};

static const struct {
	const char *id, *fr, *en;
} classes[RELAYS_COUNT] = {
    [RELAY_REACH] = {"reach", "un compte de grande portée",
	"an account of great reach"},
    [RELAY_JOURNALIST] = {"journalist", "un journaliste de votre liste",
	"a journalist on your list"},
    [RELAY_PRESS] = {"press", "un média de votre liste",
	"a news outlet on your list"},
    [RELAY_NGO] = {"ngo", "une ONG de votre liste", "an NGO on your list"},
    [RELAY_REGULATOR] = {"regulator", "une autorité de votre liste",
	"an authority on your list"},
    [RELAY_ELECTED] = {"elected", "un élu de votre liste",
	"an elected person on your list"},
};

struct relay {
	struct memo *memo;
	int64_t quiet_min;
};

static void *
create(const void *settings)
{
	const struct settings *s = settings;
	struct relay *r = must_alloc(sizeof(*r));

	r->memo = memo_new(sizeof(struct item), VERSION);
	r->quiet_min = s->quiet_hours * 60;
	return r;
}

static void
destroy(void *self)
{
	struct relay *r = self;

	memo_free(r->memo);
	free(r);
}

/* One more object in {"relays":[...]}. */
static void
add_member(struct buf *out, const struct signal_post *post)
{
	const struct record *r = post->record;

	if (out->len == 0) {
		buf_text(out, "{\"relays\":[");
	} else {
		out->len -= 2;
		buf_char(out, ',');
	}
	buf_printf(out, "{\"class\":\"%s\",\"followers\":",
	    classes[r->relay].id);
	if (r->followers == POST_UNKNOWN)
		buf_text(out, "null");
	else
		buf_printf(out, "%llu", (unsigned long long)r->followers);
	buf_text(out, ",\"id\":");
	buf_json(out, signal_text_part(post, r->id));
	buf_text(out, ",\"source\":");
	buf_json(out, signal_text_part(post, r->source));
	buf_text(out, ",\"severity\":");
	buf_int(out, post->share->severity);
	buf_text(out, "}]}");
}

static void
say(struct signal_news *n, const struct signal_post *post)
{
	const struct record *r = post->record;
	struct buf quote = {0}, fr = {0}, en = {0};

	buf_count(&en, r->followers);
	for (size_t i = 0; i < en.len; i++)
		if (en.data[i] == ',')
			buf_text(&fr, SIGNAL_NBSP);
		else
			buf_char(&fr, en.data[i]);
	buf_char(&fr, '\0');
	buf_char(&en, '\0');
	signal_text_quote(post, &quote);
	if (r->relay == RELAY_REACH || r->followers != POST_UNKNOWN)
		signal_text_add(n,
		    "$0" SIGNAL_NBSP ": $1 ($2 abonnés) relaie un propos qui "
		    "fait du tort" SIGNAL_NBSP ": «" SIGNAL_NBSP "$3"
		    SIGNAL_NBSP "».",
		    "$0: $1 ($2 followers) passes on something harmful: "
		    "\"$3\".",
		    (const char *[]){classes[r->relay].fr, fr.data,
			quote.data},
		    (const char *[]){classes[r->relay].en, en.data,
			quote.data});
	else
		signal_text_add(n,
		    "$0" SIGNAL_NBSP ": $1 relaie un propos qui fait du tort"
		    SIGNAL_NBSP ": «" SIGNAL_NBSP "$2" SIGNAL_NBSP "».",
		    "$0: $1 passes on something harmful: \"$2\".",
		    (const char *[]){classes[r->relay].fr, quote.data},
		    (const char *[]){classes[r->relay].en, quote.data});
	buf_fini(&quote);
	buf_fini(&fr);
	buf_fini(&en);
	add_member(&n->members, post);
}

static void
ahead(const void *self, const struct key *key)
{
	memo_ahead(((const struct relay *)self)->memo, key, 0,
	    sizeof(struct item));
}

static void
on_post(void *self, const struct signal_post *post, struct signal_out *out)
{
	struct relay *r = self;
	enum rules_relay class = post->record->relay;
	struct signal_news *n;
	struct item *item;

	if (class == RELAY_NONE || class >= RELAYS_COUNT ||
	    !signal_text_harms(post))
		return;
	if (class == RELAY_PRESS && signal_text_above(post->key))
		return;
	item = memo_of(r->memo, post->key, post->minute);
	if (item->told[class] > 0 &&
	    post->minute < item->told[class] + r->quiet_min)
		return;
	item->told[class] = post->minute;
	n = signal_news_put(out, ALERT_RELAY, post->key,
	    post->share->gravity >= GRAVITY_SERIOUS ? 2 : 1);
	say(n, post);
}

static void
save(const void *self, struct buf *out)
{
	memo_save(((const struct relay *)self)->memo, out);
}

static bool
load(void *self, struct slice saved, const struct keys *keys)
{
	(void)keys;
	return memo_load(((struct relay *)self)->memo, &saved);
}

static uint64_t
forgotten(const void *self)
{
	return memo_forgotten(((const struct relay *)self)->memo);
}

const struct signal_type signal_relay = {
    .kind = ALERT_RELAY,
    .name = "relay",
    .help = "a harmful post by an account of great reach or on a list",
    .settings = rows,
    .settings_bytes = sizeof(struct settings),
    .create = create,
    .destroy = destroy,
    .ahead = ahead,
    .wants = SIGNAL_RELAY,
    .on_post = on_post,
    .save = save,
    .load = load,
    .forgotten = forgotten,
};
