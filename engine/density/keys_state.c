/*
 * The keys as bytes of a file, and back: by their ids, in the order in which
 * they were made, so that their numbers stay.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "engine/base/must.h"
#include "engine/base/pack.h"
#include "engine/density/detector_asleep.h"
#include "engine/density/key_parts.h"
#include "engine/density/keys_table.h"

/* A member that is added is to be saved here, or to be of no use after a
 * restart; raise STATE_NORMS_VERSION. */
_Static_assert(offsetof(struct key, density) ==
	    4 * sizeof(uint32_t) + 6 * sizeof(int64_t) &&
	    offsetof(struct key, day) - offsetof(struct key, density) ==
		sizeof(struct density) + 6 * sizeof(int64_t) &&
	    offsetof(struct key, of_sector) - offsetof(struct key, day) ==
		sizeof(struct day) + sizeof(int64_t) +
		    sizeof(struct episode) + 2 * sizeof(int64_t) &&
	    sizeof(struct key) - offsetof(struct key, of_sector) <
		sizeof(int64_t) + KEY_LINE,
    "all of a key is saved");
_Static_assert(offsetof(struct live, window) == sizeof(int64_t) +
		sizeof(struct sums) + sizeof(struct amounts) +
		4 * sizeof(int64_t) &&
	    sizeof(struct live) - offsetof(struct live, window) ==
		sizeof(struct window) + sizeof(struct detector_answer) +
		    sizeof(struct detector) &&
	    sizeof(struct key_sector) == 4 * sizeof(int64_t),
    "and of what it has while it is active, or as a sector");
_Static_assert(sizeof(struct episode) == 2 * sizeof(int64_t) &&
	    sizeof(struct amounts) == 5 * sizeof(int64_t) &&
	    sizeof(struct detector_answer) == 3 * sizeof(int64_t),
    "all of it is saved");

static void
save_name(void *self, const struct name *name)
{
	struct buf *out = self;

	/* "kind:a\nb\nc", or a text that was interned. */
	if (strchr(name->text, '\n') == NULL)
		return;
	pack_word(out, name->text);
	pack_int(out, name->since);
}

/* Of one that is not active nothing is left of it. */
static void
save_amounts(const struct key *key, struct buf *out)
{
	static const struct live nothing;
	static const struct key_sector no_sector = {
	    .borrowed_at = MINUTE_NONE};
	const struct live *l = key->live != NULL ? key->live : &nothing;
	const struct key_sector *s =
	    key->of_sector != NULL ? key->of_sector : &no_sector;
	const struct amounts *a = &l->amounts;
	struct detector_answer answer =
	    key->live != NULL ? keys_answer(key) : nothing.answer;

	pack_int(out, a->harm);
	pack_int(out, a->mass);
	pack_int(out, a->norm);
	pack_int(out, a->excess);
	pack_int(out, a->density);
	pack_int(out, answer.z_micro);
	pack_int(out, answer.s_micro);
	pack_u8(out, answer.rings);
	pack_u8(out, key->change);
	pack_int(out, key->live != NULL ? keys_live_norm(key) : 0);
	pack_int(out, s->borrowed_norm);
	pack_int(out, s->borrowed_at);
	pack_int(out, key->of_sector != NULL ? keys_breadth(key) : 0);
}

static void
load_amounts(struct key *key, struct unpack *in)
{
	struct live nothing = {0};
	struct live *l = key->live != NULL ? key->live : &nothing;
	struct key_sector no_sector = {0};
	struct key_sector *s =
	    key->of_sector != NULL ? key->of_sector : &no_sector;
	struct amounts *a = &l->amounts;

	a->harm = unpack_int(in);
	a->mass = unpack_int(in);
	a->norm = unpack_int(in);
	a->excess = unpack_int(in);
	a->density = unpack_int(in);
	l->answer.z_micro = unpack_int(in);
	l->answer.s_micro = unpack_int(in);
	l->answer.rings = unpack_u8(in);
	key->change = unpack_u8(in);
	l->norm = unpack_int(in);
	s->borrowed_norm = unpack_int(in);
	s->borrowed_at = unpack_int(in);
	s->breadth = unpack_int(in);
}

static void
save_episode(const struct episode *e, struct buf *out)
{
	pack_u8(out, e->open);
	pack_u8(out, e->said_level);
	pack_u8(out, e->kind);
	pack_int(out, e->first_ms);
	pack_uint(out, e->rev);
}

static void
load_episode(struct episode *e, struct unpack *in)
{
	e->open = unpack_u8(in);
	e->said_level = unpack_u8(in);
	e->kind = unpack_u8(in);
	e->first_ms = unpack_int(in);
	e->rev = (uint32_t)unpack_most(in, UINT32_MAX);
}

enum { ACTIVE = 1, FLOOD = 2, CAUSES = 4, EVIDENCE = 8 };

static void
save_live(const struct key *key, int64_t minute, const unsigned char *secret,
    struct buf *out)
{
	window_save(&key->live->window, out);
	if (key->causes != NULL)
		causes_save(key->causes, out);
	if (key->evidence != NULL)
		evidence_save(key->evidence, minute, secret, out);
}

static void
save_news(const struct key_news *n, struct buf *out)
{
	pack_uint(out, n == NULL ? 0 : n->count);
	if (n == NULL || n->count == 0)
		return;
	pack_uint(out, n->shown);
	pack_text(out, buf_slice(&n->json));
	pack_text(out, buf_slice(&n->fr));
	pack_text(out, buf_slice(&n->en));
}

static void
save_detector(const struct key *key, struct buf *out)
{
	struct detector awake;

	if (key->live == NULL)
		detector_awake(&awake, key->asleep);
	detector_save(key->live != NULL ? &key->live->detector : &awake, out);
}

static void
save_key(const struct key *key, int64_t minute, const unsigned char *secret,
    struct buf *out)
{
	pack_u8(out, (uint8_t)key->subject);
	pack_word(out, key->sector);
	pack_word(out, key->brand);
	pack_word(out, key->topic);
	pack_word(out, key->name);
	pack_word(out, key->topic_fr);
	pack_word(out, key->topic_en);
	pack_u8(out, (uint8_t)((key->active ? ACTIVE : 0) |
			 (key->flood ? FLOOD : 0) |
			 (key->causes != NULL ? CAUSES : 0) |
			 (key->evidence != NULL ? EVIDENCE : 0)));
	pack_uint(out,
	    key->of_sector != NULL ? key->of_sector->brands_count : 0);
	pack_int(out, key->born);
	pack_int(out, key->live != NULL ? key->live->closed : key->closed);
	window_day_save(&key->day, out);
	save_detector(key, out);
	density_save(&key->density, out);
	save_episode(&key->episode, out);
	save_amounts(key, out);
	save_news(key->news, out);
	if (key->active)
		save_live(key, minute, secret, out);
}

void
keys_save(struct keys *k, int64_t minute, const unsigned char *secret,
    struct buf *out)
{
	pack_int(out, k->start);
	names_each(k->names, save_name, out);
	pack_word(out, NULL);
	pack_uint(out, k->serials);
	for (uint32_t i = 0; i < k->serials; i++) {
		if (k->all[i]->active) /* what is open, to the window */
			keys_window(k->all[i],
			    k->all[i]->live->open_minute);
		save_key(k->all[i], minute, secret, out);
	}
}

/* A key by its ids; NULL when it cannot be. */
static struct key *
revive(struct keys *k, enum alert_subject subject, struct slice sector,
    struct slice brand, struct slice topic)
{
	struct name *name = NULL;
	struct key *key;

	if (subject > ALERT_PAIR || sector.data == NULL ||
	    k->start == MINUTE_NONE ||
	    (subject == ALERT_PAIR) != (topic.data != NULL))
		return NULL;
	if (subject != ALERT_PAIR)
		name = keys_watched(k,
		    subject == ALERT_SECTOR ? "sector:" : "brand:", sector,
		    brand, SLICE_NONE, MINUTE_NONE);
	if (name != NULL && name->thing != NULL)
		return NULL;
	key = keys_make(k, MINUTE_NONE, subject);
	if (name != NULL)
		name->thing = key;
	key->pseudo = subject != ALERT_SECTOR && brand.data == NULL;
	key->sector = keys_intern(k, sector);
	if (brand.data != NULL)
		key->brand = keys_intern(k, brand);
	if (topic.data != NULL)
		key->topic = keys_intern(k, topic);
	return key;
}

/* To the key above it, once all are there: a brand may be older than its
 * sector. */
static bool
link_up(struct keys *k, struct key *key)
{
	struct slice sector = slice_of(key->sector);
	const struct name *up;

	if (key->subject == ALERT_SECTOR)
		return true;
	up = key->subject == ALERT_BRAND ?
	    keys_watched(k, "sector:", sector, SLICE_NONE, SLICE_NONE,
		MINUTE_NONE) :
	    keys_watched(k, "brand:", sector, slice_of(key->brand),
		SLICE_NONE, MINUTE_NONE);
	if (up->thing == NULL)
		return false;
	key_parts_add(up->thing, key);
	return true;
}

static const char *
intern(void *self, struct slice name)
{
	return keys_intern(self, name);
}

static const char *
word(struct keys *k, struct unpack *in)
{
	struct slice text = unpack_word(in);

	return text.data == NULL ? NULL : keys_intern(k, text);
}

static void
load_news(struct key *key, struct unpack *in)
{
	uint32_t count = (uint32_t)unpack_most(in, SIGNALS_LISTED_MAX);
	struct key_news *n;

	if (count == 0)
		return;
	n = key->news = must_alloc(sizeof(*key->news));
	n->count = count;
	n->shown = (uint32_t)unpack_most(in, SIGNALS_LISTED_MAX);
	buf_slice_put(&n->json, unpack_text(in));
	buf_slice_put(&n->fr, unpack_text(in));
	buf_slice_put(&n->en, unpack_text(in));
}

static void
load_live(struct keys *k, struct key *key, uint8_t flags, struct unpack *in)
{
	window_load(&key->live->window, in);
	if (flags & CAUSES) {
		key->causes = causes_new(0);
		causes_load(key->causes, in, intern, k);
	}
	if (flags & EVIDENCE)
		key->evidence = evidence_load(in);
	keys_activate(k, key);
}

static void
load_key(struct keys *k, struct unpack *in)
{
	enum alert_subject subject = (enum alert_subject)unpack_u8(in);
	struct slice sector = unpack_word(in), brand = unpack_word(in);
	struct slice topic = unpack_word(in);
	struct key *key = NULL;
	struct detector detector;
	uint32_t brands;
	uint8_t flags;

	if (!in->bad)
		key = revive(k, subject, sector, brand, topic);
	if (key == NULL) {
		in->bad = true;
		return;
	}
	key->name = word(k, in);
	key->topic_fr = word(k, in);
	key->topic_en = word(k, in);
	flags = unpack_u8(in);
	key->flood = (flags & FLOOD) != 0;
	brands = (uint32_t)unpack_most(in, UINT32_MAX);
	if (key->of_sector != NULL)
		key->of_sector->brands_count = brands;
	key->born = unpack_int(in);
	key->closed = unpack_int(in);
	window_day_load(&key->day, in);
	detector_load(&detector, in);
	key->asleep = detector_asleep(NULL, &detector);
	if (flags & ACTIVE && !in->bad)
		keys_enliven(key);
	density_load(&key->density, in);
	load_episode(&key->episode, in);
	load_amounts(key, in);
	load_news(key, in);
	if (key->live != NULL && !in->bad)
		load_live(k, key, flags, in);
}

bool
keys_load(struct keys *k, struct unpack *in)
{
	uint64_t count;
	struct slice name;

	REQUIRE(k->serials == 0);
	k->start = unpack_int(in);
	while ((name = unpack_word(in)).data != NULL && !in->bad) {
		int64_t since = unpack_int(in);

		names_give(k->names, name, since)->since = since;
	}
	count = unpack_most(in, UINT32_MAX);
	for (uint64_t i = 0; i < count && !in->bad; i++)
		load_key(k, in);
	for (uint32_t i = 0; i < k->serials && !in->bad; i++)
		in->bad = !link_up(k, k->all[i]);
	return !in->bad;
}

struct key *
keys_at(const struct keys *k, uint64_t serial)
{
	return serial == 0 || serial > k->serials ? NULL : k->all[serial - 1];
}

void
keys_calm(struct keys *k)
{
	/* as long as there is what it is computed from */
	for (uint32_t i = 0; i < k->serials; i++)
		if (k->all[i]->active && k->all[i]->of_sector != NULL)
			keys_breadth(k->all[i]);
	for (uint32_t i = 0; i < k->serials; i++) {
		struct key *key = k->all[i];

		memset(&key->density, 0, sizeof(key->density));
		memset(&key->episode, 0, sizeof(key->episode));
		key->flood = false;
		keys_told(key);
		if (!key->active)
			continue;
		memset(&key->live->window.total, 0,
		    sizeof(key->live->window.total));
		memset(&key->live->open, 0, sizeof(key->live->open));
	}
	keys_retire(k);
}

void
keys_absent(struct keys *k, int64_t from, int64_t to, void (*pass)(void *self),
    void *self)
{
	for (uint32_t i = 0; i < k->serials; i++)
		if (!k->all[i]->active)
			keys_catch_up(k->all[i], from - 1);
	pass(self);
	for (uint32_t i = 0; i < k->serials; i++) {
		struct key *key = k->all[i];

		if (key->active || key->closed >= to - 1)
			continue;
		key->born += to - 1 - key->closed;
		key->closed = to - 1;
	}
}

void
keys_tell(const struct keys *k, int64_t minute, struct keys_summary *s)
{
	memset(s, 0, sizeof(*s));
	for (uint32_t i = 0; i < k->serials; i++) {
		const struct key *key = k->all[i];

		s->counts[key->subject]++;
		if (minute - key->born < DENSITY_LEARN_MINUTES)
			s->learning[key->subject]++;
	}
}
