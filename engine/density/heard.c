/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/heard.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"

#define HOUR 60 /* minutes */

/* Of a brand in the hour that was not told of yet. */
struct count {
	uint32_t posts;
	uint8_t last, latest; /* minutes of the hour: in order, in time */
	bool ever;
};

struct heard {
	void (*tell)(void *self, const struct key *key,
	    const struct heard_posts *posts);
	void *self;
	struct count *counts; /* by serial */
	uint32_t counts_room;
	struct key **all;    /* in order */
	struct key **untold; /* of the hour; as much room */
	uint32_t all_count, all_room, untold_count;
	int64_t hour;
};

struct heard *
heard_new(void (*tell)(void *self, const struct key *key,
	      const struct heard_posts *posts),
    void *self)
{
	struct heard *h = must_alloc(sizeof(*h));

	h->tell = tell;
	h->self = self;
	return h;
}

void
heard_free(struct heard *h)
{
	if (h == NULL)
		return;
	free(h->counts);
	free(h->all);
	free(h->untold);
	free(h);
}

static void
remember(struct heard *h, struct key *key)
{
	if (h->all_count == h->all_room) {
		h->all_room = h->all_room * 2 + 16;
		h->all = must_grow(h->all, h->all_room * sizeof(*h->all));
		h->untold = must_grow(
		    h->untold, h->all_room * sizeof(*h->untold));
	}
	h->all[h->all_count++] = key;
}

static struct count *
count_of(struct heard *h, struct key *key)
{
	struct count *c;

	if (key->serial >= h->counts_room) {
		uint32_t room = key->serial * 2;

		h->counts = must_grow(h->counts, room * sizeof(*h->counts));
		memset(&h->counts[h->counts_room], 0,
		    (room - h->counts_room) * sizeof(*h->counts));
		h->counts_room = room;
	}
	c = &h->counts[key->serial];
	if (!c->ever)
		remember(h, key);
	c->ever = true;
	return c;
}

void
heard_settle(struct heard *h)
{
	int64_t first = h->hour * HOUR;

	for (uint32_t i = 0; i < h->untold_count; i++) {
		struct count *c = &h->counts[h->untold[i]->serial];
		struct heard_posts posts = {
		    c->posts, first + c->last, first + c->latest};

		h->tell(h->self, h->untold[i], &posts);
		c->posts = 0;
	}
	h->untold_count = 0;
}

void
heard_add(struct heard *h, struct key *key, int64_t minute)
{
	int64_t hour = minute / HOUR;
	uint8_t of_hour = (uint8_t)(minute % HOUR);
	struct count *c = count_of(h, key);

	if (hour != h->hour) {
		heard_settle(h);
		h->hour = hour;
	}
	if (c->posts == 0) {
		h->untold[h->untold_count++] = key;
		c->latest = of_hour;
	}
	c->posts++;
	c->last = of_hour;
	if (of_hour > c->latest)
		c->latest = of_hour;
	/* What a memo that is full forgets goes by the order of posts. */
	if (h->all_count > MEMO_ITEMS_MAX / 2)
		heard_settle(h);
}

void
heard_ahead(const struct heard *h, const struct key *key)
{
	if (key->serial < h->counts_room)
		__builtin_prefetch(&h->counts[key->serial], 1);
}

uint32_t
heard_count(const struct heard *h)
{
	return h->all_count;
}

struct key *
heard_at(const struct heard *h, uint32_t i)
{
	return h->all[i];
}
