/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "engine/base/mathx.h"
#include "engine/base/must.h"
#include "engine/density/key_parts.h"
#include "engine/density/keys_table.h"
#include "engine/pages.h"

struct keys *
keys_new(void)
{
	struct keys *k = must_alloc(sizeof(*k));

	k->names = names_new();
	k->arena = arena_new();
	k->start = MINUTE_NONE;
	return k;
}

static void
free_map(struct keys *k)
{
	free(k->sectors);
	free(k->brands);
	free(k->topics);
	free(k->pseudo);
	free(k->brand_keys);
	free(k->topic_reasons);
	free(k->rule_reasons);
	free(k->brand_names);
	free(k->topics_fr);
	free(k->topics_en);
	free(k->sectors_fr);
	free(k->sectors_en);
	free(k->departments);
	free(k->rule_departments);
	free(k->sector_brands);
}

static void
empty_key(struct key *key)
{
	keys_told(key);
	keys_let_go(key);
	free(key->asleep);
	window_day_forget(&key->day, INT64_MAX);
	free(key->parts);
}

void
keys_free(struct keys *k)
{
	if (k == NULL)
		return;
	for (uint32_t i = 0; i < k->serials; i++)
		empty_key(k->all[i]);
	free(k->all);
	free(k->active);
	free_map(k);
	buf_fini(&k->scratch);
	names_free(k->names);
	arena_free(k->arena);
	free(k);
}

const char *
keys_intern(struct keys *k, struct slice text)
{
	return names_give(k->names, text, MINUTE_NONE)->text;
}

/* The name "kind:a\nb\nc" under which a thing is watched. */
struct name *
keys_watched(struct keys *k, const char *kind, struct slice a, struct slice b,
    struct slice c, int64_t since)
{
	buf_clear(&k->scratch);
	buf_text(&k->scratch, kind);
	buf_slice_put(&k->scratch, a);
	buf_char(&k->scratch, '\n');
	buf_slice_put(&k->scratch, b);
	buf_char(&k->scratch, '\n');
	buf_slice_put(&k->scratch, c);
	return names_give(k->names, buf_slice(&k->scratch), since);
}

static const char *
topic_reason(struct keys *k, struct slice id)
{
	buf_clear(&k->scratch);
	buf_text(&k->scratch, "topic:");
	buf_slice_put(&k->scratch, id);
	return keys_intern(k, buf_slice(&k->scratch));
}

#define ARRAY(count, type) must_alloc(((count) + 1ul) * sizeof(type))

static void
map_room(struct keys *k, const struct catalogue *c)
{
	free_map(k);
	k->sectors_count = c->sectors_count;
	k->brands_count = c->brands_count;
	k->topics_count = c->topics_count;
	k->rules_count = c->rules_count;
	k->sectors = ARRAY(c->sectors_count, struct name *);
	k->pseudo = ARRAY(c->sectors_count, struct key *);
	k->sectors_fr = ARRAY(c->sectors_count, const char *);
	k->sectors_en = ARRAY(c->sectors_count, const char *);
	k->sector_brands = ARRAY(c->sectors_count, uint32_t);
	k->brands = ARRAY(c->brands_count, struct name *);
	k->brand_keys = ARRAY(c->brands_count, struct key *);
	k->brand_names = ARRAY(c->brands_count, const char *);
	k->topics = ARRAY(c->topics_count, struct name *);
	k->topics_fr = ARRAY(c->topics_count, const char *);
	k->topics_en = ARRAY(c->topics_count, const char *);
	k->departments = ARRAY(c->topics_count, const char *);
	k->topic_reasons = ARRAY(c->topics_count, const char *);
	k->rule_reasons = ARRAY(c->rules_count, const char *);
	k->rule_departments = ARRAY(c->rules_count, struct rule_department);
	k->rule_departments_count = 0;
}

static struct slice
or_id(struct slice name, struct slice id)
{
	return name.len > 0 ? name : id;
}

static bool
has_own_department(const struct catalogue *c, const struct rules_rule *r)
{
	return r->department.len > 0 && (r->topic == RULES_NONE ||
	    !slice_equal(r->department, c->topics[r->topic].department));
}

void
keys_map(struct keys *k, const struct catalogue *c, int64_t minute)
{
	const struct slice none = SLICE_NONE;

	map_room(k, c);
	for (uint32_t i = 0; i < c->sectors_count; i++) {
		const struct rules_sector *s = &c->sectors[i];

		k->sectors[i] =
		    keys_watched(k, "sector:", s->id, none, none, minute);
		if (s->name_fr.len == 0)
			continue;
		k->sectors_fr[i] = keys_intern(k, s->name_fr);
		k->sectors_en[i] = keys_intern(k, s->name_en);
	}
	for (uint32_t i = 0; i < c->brands_count; i++) {
		const struct rules_brand *b = &c->brands[i];

		k->brands[i] = keys_watched(k, "brand:",
		    c->sectors[b->sector].id, b->id, none, minute);
		k->brand_keys[i] = k->brands[i]->thing;
		k->brand_names[i] = keys_intern(k, or_id(b->name, b->id));
		if (k->brand_keys[i] != NULL)
			k->brand_keys[i]->name = k->brand_names[i];
		k->sector_brands[b->sector]++;
	}
	for (uint32_t i = 0; i < c->topics_count; i++) {
		const struct rules_topic *t = &c->topics[i];

		k->topics[i] = keys_watched(k, "topic:", t->id, none, none,
		    minute);
		k->topics_fr[i] = keys_intern(k, or_id(t->name_fr, t->id));
		k->topics_en[i] = keys_intern(k, or_id(t->name_en, t->id));
		k->topic_reasons[i] = topic_reason(k, t->id);
		if (t->department.len > 0)
			k->departments[i] = keys_intern(k, t->department);
	}
	for (uint32_t i = 0; i < c->rules_count; i++) {
		k->rule_reasons[i] = keys_intern(k, c->rules[i].id);
		if (has_own_department(c, &c->rules[i]))
			k->rule_departments[k->rule_departments_count++] =
			    (struct rule_department){k->rule_reasons[i],
			        keys_intern(k, c->rules[i].department)};
	}
	keys_label_sort(k);
}

void
keys_start(struct keys *k, int64_t minute)
{
	k->start = minute;
}

/* The id in "kind:a\nb\nc": its part number ${n}. */
static const char *
id_part(struct keys *k, const struct name *name, unsigned n)
{
	const char *from = strchr(name->text, ':') + 1;

	for (; n > 0; n--)
		from = strchr(from, '\n') + 1;
	return keys_intern(k, (struct slice){from, strcspn(from, "\n")});
}

/* Keys begin with a line: what that wastes is wasted once for many. */
static struct key *
new_slab(struct keys *k)
{
	char *room = arena_alloc(k->arena,
	    KEYS_SLAB * sizeof(struct key) + KEY_LINE);

	return (void *)(room + (-(uintptr_t)room % KEY_LINE));
}

struct key *
keys_make(struct keys *k, int64_t since, enum alert_subject subject)
{
	struct key *key;

	REQUIRE(k->start != MINUTE_NONE);
	if (k->serials % KEYS_SLAB == 0)
		k->slab = new_slab(k);
	if (k->serials == KEYS_MANY)
		(void)pages_grow_large();
	key = &k->slab[k->serials % KEYS_SLAB];
	if (k->serials == k->all_room) {
		k->all_room = k->all_room == 0 ? 64 : k->all_room * 2;
		k->all = must_grow(k->all, k->all_room * sizeof(*k->all));
	}
	k->all[k->serials++] = key;
	key->serial = k->serials;
	key->subject = subject;
	key->born = since > k->start ? since : k->start;
	key->closed = key->born - 1;
	if (subject == ALERT_SECTOR) {
		key->of_sector =
		    arena_alloc(k->arena, sizeof(*key->of_sector));
		key->of_sector->borrowed_at = MINUTE_NONE;
	}
	return key;
}

struct key *
keys_sector(struct keys *k, uint32_t sector)
{
	struct name *name;
	struct key *key;

	REQUIRE(sector < k->sectors_count);
	name = k->sectors[sector];
	key = name->thing;
	if (key == NULL) {
		name->thing = key = keys_make(k, name->since, ALERT_SECTOR);
		key->sector = id_part(k, name, 0);
		key->name = key->sector;
	}
	key->topic_fr = k->sectors_fr[sector];
	key->topic_en = k->sectors_en[sector];
	key->of_sector->brands_count = k->sector_brands[sector];
	return key;
}

static struct key *
pseudo_brand(struct keys *k, uint32_t sector)
{
	struct key *up = keys_sector(k, sector);
	struct name *name;

	if (k->pseudo[sector] != NULL)
		return k->pseudo[sector];
	name = keys_watched(k, "brand:", slice_of(up->sector), SLICE_NONE,
	    SLICE_NONE, k->sectors[sector]->since);
	if (name->thing == NULL) {
		struct key *key = keys_make(k, name->since, ALERT_BRAND);

		name->thing = key;
		key->pseudo = true;
		key->sector = up->sector;
		key->name = up->sector;
		key_parts_add(up, key);
	}
	return k->pseudo[sector] = name->thing;
}

struct key *
keys_brand(struct keys *k, uint32_t sector, uint32_t brand)
{
	struct key *key;

	if (brand == RULES_NONE)
		return pseudo_brand(k, sector);
	REQUIRE(brand < k->brands_count);
	key = k->brand_keys[brand];
	if (key == NULL) {
		struct name *name = k->brands[brand];

		key = keys_make(k, name->since, ALERT_BRAND);
		name->thing = k->brand_keys[brand] = key;
		key->brand = id_part(k, name, 1);
		key->sector = id_part(k, name, 0);
		key->name = k->brand_names[brand];
		key_parts_add(keys_sector(k, sector), key);
	}
	return key;
}

struct key *
keys_brand_known(const struct keys *k, uint32_t sector, uint32_t brand)
{
	if (brand != RULES_NONE)
		return brand < k->brands_count ? k->brand_keys[brand] : NULL;
	return sector < k->sectors_count ? k->pseudo[sector] : NULL;
}

struct key *
keys_pair(struct keys *k, struct key *brand, uint32_t topic)
{
	const char *id;
	struct key *key;

	REQUIRE(topic < k->topics_count && brand->subject == ALERT_BRAND);
	id = k->topic_reasons[topic] + strlen("topic:");
	key = key_parts_pair(brand, id);
	if (key != NULL)
		return key;
	/* Known by its brand's parts, not by a name: there may be a million. */
	key = keys_make(k, k->topics[topic]->since, ALERT_PAIR);
	if (key->born < brand->born) {
		key->born = brand->born;
		key->closed = key->born - 1;
	}
	key->pseudo = brand->pseudo;
	key->sector = brand->sector;
	key->brand = brand->brand;
	key->topic = keys_intern(k, slice_of(id));
	key->name = brand->name;
	key->topic_fr = k->topics_fr[topic];
	key->topic_en = k->topics_en[topic];
	key_parts_add(brand, key);
	return key;
}
