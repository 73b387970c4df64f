/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/density/signal_out.h"

struct signal_news *
signal_news_item(struct signal_out *out, enum alert_kind kind,
    struct key *key, const char *item, uint8_t level)
{
	struct signal_news *n;

	REQUIRE(level <= DENSITY_LEVELS);
	if (key->pseudo) /* talk that names no brand is the sector's */
		key = key->up;
	for (uint32_t i = 0; i < out->count; i++) {
		n = out->items[i];
		if (n->key != key || n->kind != kind ||
		    !slice_is(buf_slice(&n->item), item))
			continue;
		if (level > n->level)
			n->level = level;
		return n;
	}
	if (out->count == out->room) {
		out->room = out->room == 0 ? 16 : out->room * 2;
		out->items = must_grow(out->items,
		    out->room * sizeof(*out->items));
	}
	n = must_alloc(sizeof(*n));
	n->key = key;
	n->kind = kind;
	n->level = level;
	n->signal = out->signal;
	buf_text(&n->item, item);
	return out->items[out->count++] = n;
}

struct signal_news *
signal_news_put(struct signal_out *out, enum alert_kind kind,
    struct key *key, uint8_t level)
{
	return signal_news_item(out, kind, key, "", level);
}

void
signal_news_free(struct signal_news *n)
{
	buf_fini(&n->fr);
	buf_fini(&n->en);
	buf_fini(&n->members);
	buf_fini(&n->item);
	free(n);
}

static int
order_text(const char *a, const char *b)
{
	return strcmp(a == NULL ? "" : a, b == NULL ? "" : b);
}

static int
order(const void *a, const void *b)
{
	const struct signal_news *x = *(struct signal_news *const *)a;
	const struct signal_news *y = *(struct signal_news *const *)b;
	struct slice p = buf_slice(&x->item), q = buf_slice(&y->item);
	int by;

	if (x->signal != y->signal)
		return x->signal < y->signal ? -1 : 1;
	if (x->key->subject != y->key->subject)
		return x->key->subject < y->key->subject ? -1 : 1;
	by = strcmp(x->key->sector, y->key->sector);
	if (by == 0)
		by = order_text(x->key->brand, y->key->brand);
	if (by == 0)
		by = order_text(x->key->topic, y->key->topic);
	if (by == 0 && p.len > 0 && q.len > 0)
		by = memcmp(p.data, q.data, p.len < q.len ? p.len : q.len);
	return by != 0 ? by : (p.len > q.len) - (p.len < q.len);
}

void
signal_news_sort(struct signal_out *out)
{
	if (out->count > 1)
		qsort(out->items, out->count, sizeof(*out->items), order);
}

void
signal_news_json(const struct signal_news *n, int64_t minute,
    struct buf *out)
{
	buf_printf(out, "{\"kind\":\"%s\",\"level\":%u,\"minute\":\"",
	    alert_kind_name(n->kind), n->level);
	buf_utc(out, minute * MINUTE_MS);
	buf_text(out, "\",\"sentence\":{\"fr\":");
	buf_json(out, buf_slice(&n->fr));
	buf_text(out, ",\"en\":");
	buf_json(out, buf_slice(&n->en));
	buf_text(out, "},\"signal\":");
	buf_slice_put(out, n->members.len > 0 ? buf_slice(&n->members) :
						SLICE("{}"));
	buf_char(out, '}');
}
