/*
 * The ids under which what rules declare stands in files, as an index means
 * something for one set of rules only; names, and who answers for what.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/density/keys_table.h"

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

const char *
keys_name(const struct key *key, bool french)
{
	const char *name = french ? key->topic_fr : key->topic_en;

	return key->subject == ALERT_SECTOR && name != NULL ? name : key->name;
}

const char *
keys_reason(struct keys *k, enum hit_kind kind, uint32_t index)
{
	if (kind == HIT_RULE) {
		REQUIRE(index < k->rules_count);
		return k->rule_reasons[index];
	}
	REQUIRE(kind == HIT_TOPIC && index < k->topics_count);
	return k->topic_reasons[index];
}

void
keys_reason_ahead(const struct keys *k, enum hit_kind kind, uint32_t index)
{
	__builtin_prefetch(kind == HIT_RULE ? &k->rule_reasons[index] :
					      &k->topic_reasons[index]);
}

const char *
keys_department(const struct keys *k, const char *topic)
{
	uint32_t low = 0, high = k->topics_count;

	while (topic != NULL && low < high) {
		uint32_t middle = (low + high) / 2;
		int order = strcmp(
		    k->topic_reasons[middle] + strlen("topic:"), topic);

		if (order == 0)
			return k->departments[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static int
by_reason(const void *a, const void *b)
{
	const struct rule_department *x = a, *y = b;

	return strcmp(x->reason, y->reason);
}

void
keys_label_sort(struct keys *k)
{
	qsort(k->rule_departments, k->rule_departments_count,
	    sizeof(*k->rule_departments), by_reason);
}

const char *
keys_rule_department(const struct keys *k, const char *reason)
{
	const struct rule_department asked = {reason, NULL}, *found;

	found = bsearch(&asked, k->rule_departments,
	    k->rule_departments_count, sizeof(asked), by_reason);
	return found != NULL ? found->department : NULL;
}
