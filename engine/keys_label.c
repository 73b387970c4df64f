/*
 * The ids under which what rules declare stands in files: an index means
 * something for one set of rules only.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/must.h"
#include "engine/keys_table.h"

/* Of "kind:a\nb\nc" the part "a", or "a\nb". */
static struct slice
ids_of(const struct name *name, unsigned parts)
{
	const char *from = strchr(name->text, ':') + 1, *end = from;

	for (; parts > 0; parts--)
		end = strchr(end, '\n') + 1;
	return (struct slice){from, (size_t)(end - 1 - from)};
}

uint32_t
keys_count(const struct keys *k, enum keys_what what)
{
	const uint32_t counts[] = {k->sectors_count, k->brands_count,
	    k->topics_count, k->rules_count};

	return counts[what];
}

struct slice
keys_label(const struct keys *k, enum keys_what what, uint32_t index)
{
	REQUIRE(index < keys_count(k, what));
	switch (what) {
	case KEYS_SECTOR:
		return ids_of(k->sectors[index], 1);
	case KEYS_BRAND:
		return ids_of(k->brands[index], 2);
	case KEYS_TOPIC:
		return ids_of(k->topics[index], 1);
	case KEYS_RULE:
		return slice_of(k->rule_reasons[index]);
	}
	UNREACHABLE("what a label is of");
}

uint32_t
keys_index(const struct keys *k, enum keys_what what, struct slice label)
{
	uint32_t count = keys_count(k, what);

	for (uint32_t i = 0; i < count; i++)
		if (slice_equal(keys_label(k, what, i), label))
			return i;
	return RULES_NONE;
}
