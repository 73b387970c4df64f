/*
 * Which brands and topics there are: those that are declared, or, while
 * single entries are patched, those of the set before.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "rules/files.h"
#include "rules/ruleset.h"

bool
files_world_brand(const struct files *f, struct slice name, uint32_t *index,
    uint32_t *sector)
{
	const struct files_id *id;

	if (f->world != NULL) {
		if (!ruleset_find(f->world, HIT_BRAND, name, index))
			return false;
		*sector = f->world->brands[*index].sector;
		return true;
	}
	id = files_ids_find(&f->brands, name);
	if (id == NULL)
		return false;
	*index = id->index;
	*sector = f->decls->brands[id->index].d.sector;
	return true;
}

bool
files_world_topic(
    const struct files *f, struct slice name, struct files_topic *out)
{
	const struct files_id *id;
	const struct topic_decl *t;

	if (f->world != NULL) {
		const struct rules_topic *w;

		if (!ruleset_find(f->world, HIT_TOPIC, name, &out->index))
			return false;
		w = &f->world->topics[out->index];
		out->sector = w->sector;
		out->severity = w->severity;
		out->family = w->family;
		out->department = w->department;
		return true;
	}
	id = files_ids_find(&f->topics, name);
	if (id == NULL)
		return false;
	t = &f->decls->topics[id->index];
	*out = (struct files_topic){id->index, t->d.sector, t->severity,
	    t->family, t->department};
	return true;
}
