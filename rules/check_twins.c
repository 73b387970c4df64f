/*
 * Entries that ask the same: every post that one matches, the other does.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/buf.h"
#include "rules/check.h"

static void
put(struct buf *out, uint64_t n)
{
	buf_put(out, &n, sizeof(n));
}

static void
put_decl(struct check *c, const struct decl *d, struct buf *out)
{
	put(out, d->sector);
	put(out, d->match == NULL ? 0 : check_key(&c->memo, d->match));
	put(out, d->not == NULL ? 0 : check_key(&c->memo, d->not ));
}

static void
meet(struct check *c, struct check_set *met, struct buf *key,
    const struct decl *d, const char *what, const char *help)
{
	const struct decl *twin = check_set_add(
	    met, check_key_bytes(key->data, key->len, 0), d);

	if (twin != NULL)
		diag_add(c->diag, DIAG_WARNING, d->place, "twin", help,
		    "the %s '%.*s' asks the same as '%.*s' (%s:%u)", what,
		    SLICE_ARG(d->id), SLICE_ARG(twin->id), twin->place.path,
		    twin->place.line);
	buf_clear(key);
}

static void
meet_rule(struct check *c, struct check_set *met, struct buf *key,
    const struct rule_decl *r)
{
	if (r->is_term || r->d.disabled)
		return;
	put_decl(c, &r->d, key);
	put(key, r->topic);
	put(key, r->every_brand);
	buf_put(key, r->brands, r->brands_count * sizeof(*r->brands));
	/* Who gives other points, or tells other people, does something. */
	put(key, (uint64_t)(int64_t)r->weight_milli);
	put(key, r->severity);
	put(key, r->group);
	put(key, r->family);
	put(key, r->replaces_count);
	for (uint32_t i = 0; i < r->replaces_count; i++) {
		put(key, r->replaces[i].topic);
		put(key, r->replaces[i].index);
	}
	buf_slice_put(key, r->department);
	meet(c, met, key, &r->d, "rule",
	    "their points are added up: take one of them out, and give the "
	    "other its weight");
}

void
check_twins(struct check *c)
{
	const struct decls *d = c->decls;
	struct check_set met = {0};
	struct buf key = {0};

	for (uint32_t i = 0; i < d->brands_count; i++) {
		if (d->brands[i].d.disabled)
			continue;
		put_decl(c, &d->brands[i].d, &key);
		meet(c, &met, &key, &d->brands[i].d, "brand",
		    "both are named by the same posts: take one of them out, "
		    "or tell them apart");
	}
	check_set_clear(&met);
	for (uint32_t i = 0; i < d->topics_count; i++) {
		if (d->topics[i].d.disabled)
			continue;
		put_decl(c, &d->topics[i].d, &key);
		meet(c, &met, &key, &d->topics[i].d, "topic",
		    "their points are added up: take one of them out");
	}
	check_set_clear(&met);
	for (uint32_t i = 0; i < d->rules_count; i++)
		meet_rule(c, &met, &key, &d->rules[i]);
	check_set_fini(&met);
	buf_fini(&key);
}
