/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/budget.h"

#include <stdlib.h>

#include "engine/base/must.h"

#define DAYS 7
#define DAY_MINUTES 1440

struct row {
	const struct key *key;
	int64_t day; /* newest */
	uint16_t days[DAYS]; /* by day % DAYS */
};

struct budget {
	struct row *rows; /* by serial of the key */
	uint32_t count, room;
};

struct budget *
budget_new(void)
{
	return must_alloc(sizeof(struct budget));
}

void
budget_free(struct budget *b)
{
	if (b == NULL)
		return;
	free(b->rows);
	free(b);
}

static struct row *
row_of(struct budget *b, const struct key *key)
{
	uint32_t from = 0, to = b->count;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;

		if (b->rows[middle].key->serial < key->serial)
			from = middle + 1;
		else
			to = middle;
	}
	if (from < b->count && b->rows[from].key == key)
		return &b->rows[from];
	if (b->count == b->room) {
		b->room = b->room * 2 + 16;
		b->rows = must_grow(b->rows, b->room * sizeof(*b->rows));
	}
	memmove(&b->rows[from + 1], &b->rows[from],
	    (b->count - from) * sizeof(*b->rows));
	b->count++;
	b->rows[from] = (struct row){.key = key};
	return &b->rows[from];
}

uint32_t
budget_count(struct budget *b, const struct key *key, int64_t minute,
    bool begins)
{
	int64_t day = minute / DAY_MINUTES;
	struct row *r = row_of(b, key->subject == ALERT_PAIR ? key->up : key);
	uint32_t sum = 0;

	if (day - r->day >= DAYS) {
		memset(r->days, 0, sizeof(r->days));
		r->day = day;
	}
	while (r->day < day)
		r->days[++r->day % DAYS] = 0;
	if (begins && r->days[day % DAYS] < UINT16_MAX)
		r->days[day % DAYS]++;
	for (int i = 0; i < DAYS; i++)
		sum += r->days[i];
	return sum;
}
