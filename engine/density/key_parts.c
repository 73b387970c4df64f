/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/key_parts.h"

#include "engine/base/must.h"

int
key_parts_order(const struct key *a, const struct key *b)
{
	int order;

	if (a->subject != b->subject)
		return a->subject < b->subject ? -1 : 1;
	if (a->subject == ALERT_SECTOR)
		return strcmp(a->sector, b->sector);
	if (a->pseudo != b->pseudo)
		return a->pseudo ? 1 : -1;
	order = a->pseudo ? strcmp(a->sector, b->sector) :
			    strcmp(a->brand, b->brand);
	if (order == 0 && a->subject == ALERT_PAIR)
		order = strcmp(a->topic, b->topic);
	return order;
}

void
key_parts_add(struct key *up, struct key *part)
{
	uint32_t count = up->parts_count++, from = 0, to = count;

	part->up = up;
	if ((count & (count + 1)) == 0) /* grow at 0, 1, 3, 7, ... */
		up->parts = must_grow(up->parts,
		    (count * 2ul + 1) * sizeof(*up->parts));
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;

		if (key_parts_order(up->parts[middle], part) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	memmove(&up->parts[from + 1], &up->parts[from],
	    (count - from) * sizeof(*up->parts));
	up->parts[from] = part;
}

struct key *
key_parts_pair(const struct key *brand, const char *topic)
{
	uint32_t from = 0, to = brand->parts_count;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		int order = strcmp(brand->parts[middle]->topic, topic);

		if (order == 0)
			return brand->parts[middle];
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}

bool
key_parts_active(const struct key *key)
{
	for (uint32_t i = 0; i < key->parts_count; i++)
		if (key->parts[i]->active)
			return true;
	return false;
}
