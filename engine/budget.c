/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/budget.h"

#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/base/pack.h"

#define DAYS 7
#define DAY_MINUTES 1440

struct row {
	const struct key *key;
	int64_t day; /* newest */
	uint16_t days[DAYS]; /* by day % DAYS */
	uint32_t worst; /* most in seven days since the start; not saved */
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
	if (sum > r->worst)
		r->worst = sum;
	return sum;
}

/* Of the days that still count. */
static uint32_t
week_of(const struct row *r, int64_t day)
{
	uint32_t sum = 0;

	for (int64_t d = day - DAYS + 1; d <= r->day; d++)
		if (d > r->day - DAYS && d >= 0)
			sum += r->days[d % DAYS];
	return sum;
}

uint32_t
budget_json(const struct budget *b, int64_t minute, int64_t budget,
    struct buf *out)
{
	uint32_t over = 0;
	bool first = true;

	buf_char(out, '[');
	for (uint32_t i = 0; i < b->count; i++) {
		const struct key *key = b->rows[i].key;
		uint32_t sum = week_of(&b->rows[i], minute / DAY_MINUTES);

		if (sum == 0)
			continue;
		over += sum > budget;
		buf_text(out, first ? "{\"sector\":" : ",{\"sector\":");
		first = false;
		buf_json(out, slice_of(key->sector));
		buf_text(out, ",\"brand\":");
		buf_json_text(out, key->brand);
		buf_printf(out, ",\"alerts\":%u,\"over\":%s}", sum,
		    sum > budget ? "true" : "false");
	}
	buf_char(out, ']');
	return over;
}

uint32_t
budget_over(const struct budget *b, int64_t budget, struct buf *out)
{
	uint32_t over = 0;

	for (uint32_t i = 0; i < b->count; i++) {
		const struct row *r = &b->rows[i];

		if (r->worst <= budget || ++over > BUDGET_NAMED_MAX)
			continue;
		buf_printf(out, "%s%s %u", over > 1 ? ", " : "", r->key->name,
		    r->worst);
	}
	if (over > BUDGET_NAMED_MAX)
		buf_printf(out, " and %u more", over - BUDGET_NAMED_MAX);
	return over;
}

void
budget_save(const struct budget *b, struct buf *out)
{
	pack_uint(out, b->count);
	for (uint32_t i = 0; i < b->count; i++) {
		pack_uint(out, b->rows[i].key->serial);
		pack_int(out, b->rows[i].day);
		for (int d = 0; d < DAYS; d++)
			pack_uint(out, b->rows[i].days[d]);
	}
}

void
budget_load(struct budget *b, struct unpack *in, const struct keys *keys)
{
	uint64_t count = unpack_most(in, UINT32_MAX);

	for (uint64_t i = 0; i < count && !in->bad; i++) {
		const struct key *key = keys_at(keys, unpack_uint(in));
		struct row *r;

		if (key == NULL) {
			in->bad = true;
			return;
		}
		r = row_of(b, key);
		r->day = unpack_int(in);
		for (int d = 0; d < DAYS; d++)
			r->days[d] = (uint16_t)unpack_most(in, UINT16_MAX);
	}
}
