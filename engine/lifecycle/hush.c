/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/lifecycle/hush.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/json.h"
#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/base/pack.h"
#include "engine/organisation/organisation_read.h"

#define NEAR_MS INT64_C(900000)

/* Its texts and what its match became live in an organisation of its own. */
struct row {
	struct hush_item item;
	struct alert_match match;
	struct organisation *home;
	struct buf json; /* the entry */
};

struct hush {
	struct row rows[HUSH_MAX];
	uint32_t count;
};

struct hush *
hush_new(void)
{
	return must_alloc(sizeof(struct hush));
}

static void
drop(struct hush *h, uint32_t i)
{
	organisation_free(h->rows[i].home);
	buf_fini(&h->rows[i].json);
	h->count--;
	memmove(&h->rows[i], &h->rows[i + 1],
	    (h->count - i) * sizeof(*h->rows));
}

void
hush_free(struct hush *h)
{
	while (h != NULL && h->count > 0)
		drop(h, h->count - 1);
	free(h);
}

static bool
squeeze(struct slice json, struct buf *out)
{
	bool quoted = false;

	for (size_t i = 0; i < json.len; i++) {
		char c = json.data[i];

		if (!quoted && strchr(" \t\r\n", c) != NULL && c != '\0')
			continue;
		buf_char(out, c);
		if (quoted && c == '\\' && i + 1 < json.len)
			buf_char(out, json.data[++i]);
		else if (c == '"')
			quoted = !quoted;
	}
	return out->len > 2 && out->data[0] == '{';
}

bool
hush_match(struct slice json, struct buf *out)
{
	struct organisation *o = organisation_new();
	struct alert_match match;
	bool ok = squeeze(json, out) &&
	    organisation_read_match_text(o, buf_slice(out), &match);

	organisation_free(o);
	return ok;
}

static uint32_t
find(const struct hush *h, struct slice match)
{
	uint32_t i = 0;

	while (i < h->count && !slice_is(match, h->rows[i].item.match))
		i++;
	return i;
}

const struct hush_item *
hush_find(const struct hush *h, struct slice match)
{
	uint32_t i = find(h, match);

	return i < h->count ? &h->rows[i].item : NULL;
}

bool
hush_full(const struct hush *h)
{
	return h->count == HUSH_MAX;
}

/* ---- entries ------------------------------------------------------------- */

/* The text of the next piece, in the row's arena; NULL: there is none. */
static const char *
keep(struct row *r, struct json *j, struct buf *text)
{
	if (json_next(j) != JSON_TEXT)
		return NULL;
	buf_clear(text);
	json_text(j, text);
	return arena_text(r->home->arena, buf_slice(text)).data;
}

static const char *
keep_match(struct row *r, struct json *j, struct buf *text)
{
	const char *from = j->at;
	bool good = json_skip(j);

	from = memchr(from, '{', (size_t)(j->at - from));
	buf_clear(text);
	if (!good || from == NULL ||
	    !squeeze((struct slice){from, (size_t)(j->at - from)}, text))
		return NULL;
	return arena_text(r->home->arena, buf_slice(text)).data;
}

static int64_t
keep_time(struct row *r, struct json *j, struct buf *text)
{
	const char *given = keep(r, j, text);
	int64_t ms;

	return given != NULL && clock_parse(slice_of(given), &ms) ? ms
								  : TIME_NONE;
}

static bool
read_entry(struct row *r, struct slice json)
{
	struct hush_item *item = &r->item;
	struct buf text = {0};
	struct json j;

	json_init(&j, json);
	json_next(&j);
	item->until_ms = item->at_ms = TIME_NONE;
	while (json_next(&j) == JSON_KEY) {
		if (json_is(&j, "at"))
			item->at_ms = keep_time(r, &j, &text);
		else if (json_is(&j, "team"))
			item->team = keep(r, &j, &text);
		else if (json_is(&j, "by"))
			item->by = keep(r, &j, &text);
		else if (json_is(&j, "reason"))
			item->reason = keep(r, &j, &text);
		else if (json_is(&j, "until"))
			item->until_ms = keep_time(r, &j, &text);
		else if (json_is(&j, "match"))
			item->match = keep_match(r, &j, &text);
		else if (!json_skip(&j))
			break;
	}
	buf_fini(&text);
	return item->match != NULL && item->by != NULL &&
	    item->team != NULL && item->reason != NULL &&
	    item->at_ms != TIME_NONE &&
	    organisation_read_match_text(
		r->home, slice_of(item->match), &r->match);
}

bool
hush_take(struct hush *h, uint64_t number, struct slice json)
{
	struct row r = {.item.number = number, .home = organisation_new()};
	bool ok = read_entry(&r, json);
	uint32_t old = ok ? find(h, slice_of(r.item.match)) : h->count;

	if (old < h->count)
		drop(h, old);
	ok = ok && (r.item.until_ms == TIME_NONE || h->count < HUSH_MAX);
	if (!ok || r.item.until_ms == TIME_NONE) {
		organisation_free(r.home);
		return ok;
	}
	buf_slice_put(&r.json, json);
	h->rows[h->count++] = r;
	return true;
}

/* ---- what they do -------------------------------------------------------- */

const struct hush_item *
hush_holds(const struct hush *h, const struct organisation *o,
    const struct alert *alert, int64_t now_ms)
{
	for (uint32_t i = 0; h != NULL && i < h->count; i++)
		if (now_ms < h->rows[i].item.until_ms &&
		    organisation_match(&h->rows[i].match, o, alert))
			return &h->rows[i].item;
	return NULL;
}

const struct hush_item *
hush_near(const struct hush *h, int64_t now_ms)
{
	for (uint32_t i = 0; i < h->count; i++) {
		const struct hush_item *item = &h->rows[i].item;
		int64_t near_ms = (item->until_ms - item->at_ms) / 4;

		if (near_ms > NEAR_MS)
			near_ms = NEAR_MS;
		if (!item->warned && now_ms >= item->until_ms - near_ms)
			return item;
	}
	return NULL;
}

void
hush_warned(struct hush *h, uint64_t number)
{
	for (uint32_t i = 0; i < h->count; i++)
		if (h->rows[i].item.number == number)
			h->rows[i].item.warned = true;
}

void
hush_expire(struct hush *h, int64_t now_ms)
{
	for (uint32_t i = h->count; i-- > 0;)
		if (now_ms >= h->rows[i].item.until_ms)
			drop(h, i);
}

void
hush_each(const struct hush *h,
    void (*visit)(void *self, const struct hush_item *item), void *self)
{
	for (uint32_t i = 0; i < h->count; i++)
		visit(self, &h->rows[i].item);
}

void
hush_save(const struct hush *h, struct buf *out)
{
	pack_uint(out, h->count);
	for (uint32_t i = 0; i < h->count; i++) {
		pack_uint(out, h->rows[i].item.number);
		pack_uint(out, h->rows[i].item.warned);
		pack_text(out, buf_slice(&h->rows[i].json));
	}
}

bool
hush_load(struct hush *h, struct slice saved)
{
	struct unpack in = unpack_of(saved);
	uint64_t count = unpack_most(&in, HUSH_MAX);
	bool ok = true;

	for (uint64_t i = 0; i < count && ok; i++) {
		uint64_t number = unpack_uint(&in);
		bool warned = unpack_most(&in, 1) == 1;

		ok = hush_take(h, number, unpack_text(&in));
		if (warned)
			hush_warned(h, number);
	}
	ok = ok && unpack_over(&in);
	while (!ok && h->count > 0)
		drop(h, h->count - 1);
	return ok;
}
