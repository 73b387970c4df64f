/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/seen.h"

#include <stdlib.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/density/ranks.h"

struct seen {
	struct ranks *ids;
};

struct seen *
seen_new(uint32_t ids)
{
	struct seen *s = must_alloc(sizeof(*s));

	s->ids = ranks_new(ids, NULL);
	return s;
}

void
seen_free(struct seen *s)
{
	if (s == NULL)
		return;
	ranks_free(s->ids);
	free(s);
}

void
seen_advance(struct seen *s, int64_t minute)
{
	ranks_advance(s->ids, minute);
}

void
seen_prepare(const struct seen *s, uint64_t id)
{
	ranks_prepare(s->ids, ranks_key(id, 0));
}

bool
seen_before(struct seen *s, uint64_t id, int64_t minute)
{
	return !ranks_add_first(s->ids, ranks_key(id, 0), minute);
}

uint64_t
seen_forgotten(const struct seen *s)
{
	return ranks_forgotten(s->ids);
}
