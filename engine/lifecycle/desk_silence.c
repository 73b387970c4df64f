/*
 * Silences by command: asked for, told of before they end, lifted.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <inttypes.h>

#include "engine/base/pack.h"
#include "engine/lifecycle/desk_parts.h"
#include "engine/lifecycle/lifecycle_line.h"

#define NBSP "\xc2\xa0"

static void
put_text(struct buf *out, const char *key, struct slice text)
{
	buf_printf(out, ",\"%s\":", key);
	if (text.len > 0)
		buf_json(out, text);
	else
		buf_text(out, "null");
}

/* What the journal says of it; ${ends}: it is over with this. */
static void
note(struct desk *d, const struct command *c, struct slice match, bool ends,
    int64_t now_ms)
{
	struct buf json = {0};

	buf_text(&json, "{\"v\":1,\"at\":\"");
	buf_utc(&json, now_ms);
	buf_char(&json, '"');
	put_text(&json, "team", c->team);
	put_text(&json, "by", c->by);
	put_text(&json, "command", c->id);
	buf_text(&json, ",\"match\":");
	buf_slice_put(&json, match);
	put_text(&json, "reason", c->reason);
	buf_text(&json, ",\"until\":");
	if (ends) {
		buf_text(&json, "null}");
	} else {
		buf_char(&json, '"');
		buf_utc(&json, c->until_ms);
		buf_text(&json, "\"}");
	}
	hush_take(d->hush, journal_next(d->setup.journal), buf_slice(&json));
	desk_entry(d, "silence", buf_slice(&json));
	buf_fini(&json);
}

static bool
is_team(const struct desk *d, struct slice id)
{
	const struct organisation *o = d->setup.organisation;

	for (size_t i = 0; o != NULL && i < o->teams_count; i++)
		if (slice_is(id, o->teams[i].id))
			return true;
	return false;
}

int
desk_silence(struct desk *d, const struct command *c, int64_t now_ms)
{
	struct buf match = {0};
	int refusal = LIFECYCLE_NONE;
	bool ends = c->until_ms != TIME_NONE && !d->setup.posts_time &&
	    c->until_ms <= now_ms;

	if (c->team.len == 0 || c->by.len == 0 || c->reason.len == 0 ||
	    c->match.len == 0 || c->until_ms == TIME_NONE)
		refusal = REFUSAL_missing;
	else if (!is_team(d, c->team))
		refusal = REFUSAL_unknown_team;
	else if (!hush_match(c->match, &match))
		refusal = REFUSAL_bad_match;
	else if (hush_find(d->hush, buf_slice(&match)) == NULL)
		refusal = ends         ? REFUSAL_past
		    : hush_full(d->hush) ? REFUSAL_too_many
					 : LIFECYCLE_NONE;
	if (refusal == LIFECYCLE_NONE)
		note(d, c, buf_slice(&match), ends, now_ms);
	buf_fini(&match);
	return refusal;
}

/* Its team hears of it as of other deadlines. */
static void
tell_end(struct desk *d, const struct hush_item *item, int64_t now_ms)
{
	struct buf fr = {0}, en = {0}, when = {0}, key = {0};
	const struct team *team = d->setup.organisation == NULL
	    ? NULL
	    : organisation_team(d->setup.organisation, item->team);
	const char *channel = team != NULL ? team->channel : item->team;
	struct notice n = {.at_ms = now_ms, .kind = NOTICE_silence_ends,
	    .to = {&item->team, &channel, 1}};

	buf_utc(&when, item->until_ms);
	buf_char(&when, '\0');
	buf_printf(&fr,
	    "Le silence demandé par %s («" NBSP "%s" NBSP "»)"
	    " prend fin le %.10s à %.5s UTC.",
	    item->by, item->reason, when.data, when.data + 11);
	buf_printf(&en,
	    "The silence that %s asked for (\"%s\") ends on %.10s at %.5s UTC.",
	    item->by, item->reason, when.data, when.data + 11);
	buf_char(&fr, '\0');
	buf_char(&en, '\0');
	n.fr = fr.data;
	n.en = en.data;
	pack_uint(&key, item->number);
	hush_warned(d->hush, item->number);
	desk_notice(d, &n, buf_slice(&key));
	buf_fini(&fr);
	buf_fini(&en);
	buf_fini(&when);
	buf_fini(&key);
}

void
desk_silence_tick(struct desk *d, int64_t now_ms)
{
	const struct hush_item *item;

	if (d->setup.posts_time)
		return; /* they go by another time */
	while ((item = hush_near(d->hush, now_ms)) != NULL)
		tell_end(d, item, now_ms);
	hush_expire(d->hush, now_ms);
}

bool
desk_silence_replay(struct desk *d, const struct journal_entry *e)
{
	struct unpack in = unpack_of(e->note);

	if (slice_is(e->kind, "silence")) {
		hush_take(d->hush, e->number, e->json);
		return true;
	}
	/* A notice about an alert has its whole state beside it. */
	if (!slice_is(e->kind, "notice") || e->note.len > 10)
		return false;
	hush_warned(d->hush, unpack_uint(&in));
	return true;
}

const struct hush *
desk_hush(const struct desk *d)
{
	return d->hush;
}
