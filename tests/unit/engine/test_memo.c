/*
 * Goal: what signals remember comes back byte by byte, a torn or foreign
 * save is refused, and the memory is bounded: the least lately touched goes.
 * Method: a memo by itself; then every signal that saves, fed by hand, saved,
 * loaded into a fresh one and saved again, and cut at every length.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "engine/base/rand.h"
#include "engine/density/keys_table.h"
#include "engine/density/memo.h"
#include "engine/density/signal_out.h"
#include "engine/density/terms.h"
#include "tests/unit/engine/signal_posts.h"

static struct key
key_of(uint32_t serial, const char *brand)
{
	return (struct key){.subject = ALERT_BRAND, .serial = serial,
	    .sector = "food", .brand = brand, .name = brand};
}

static void
items_are_found_by_their_ids(void **state)
{
	struct memo *m = memo_new(12, 1), *n = memo_new(12, 1);
	struct memo *foreign = memo_new(16, 1), *newer = memo_new(12, 2);
	struct key kitkat = key_of(1, "kitkat"), mars = key_of(2, "mars");
	struct key again = key_of(7, "mars");
	struct buf saved = {0};
	struct slice rest;

	(void)state;
	assert_null(memo_find(m, &kitkat));
	*(uint32_t *)memo_of(m, &kitkat, 1) = 11;
	*(uint32_t *)memo_of(m, &mars, 2) = 22;
	assert_int_equal(*(uint32_t *)memo_find(m, &kitkat), 11);
	memo_save(m, &saved);
	buf_text(&saved, "rest");
	rest = buf_slice(&saved);
	assert_false(memo_load(foreign, &rest));
	assert_false(memo_load(newer, &rest));
	assert_true(memo_load(n, &rest));
	assert_true(slice_is(rest, "rest"));
	/* Another place among the keys, the same ids. */
	assert_int_equal(*(uint32_t *)memo_of(n, &again, 3), 22);
	kitkat.serial = 90;
	assert_int_equal(*(uint32_t *)memo_find(n, &kitkat), 11);
	memo_free(m);
	memo_free(n);
	memo_free(foreign);
	memo_free(newer);
	buf_fini(&saved);
}

static void
the_oldest_goes_first(void **state)
{
	struct memo *m = memo_new(4, 1);
	char name[24];
	struct key key;

	(void)state;
	for (uint32_t i = 1; i <= MEMO_ITEMS_MAX; i++) {
		snprintf(name, sizeof(name), "brand-%u", i);
		key = key_of(i, name);
		*(uint32_t *)memo_of(m, &key, i) = i;
	}
	assert_int_equal(memo_forgotten(m), 0);
	key = key_of(1, "brand-1");
	memo_of(m, &key, MEMO_ITEMS_MAX + 1);
	key = key_of(MEMO_ITEMS_MAX + 1, "one-more");
	assert_int_equal(*(uint32_t *)memo_of(m, &key, MEMO_ITEMS_MAX + 2), 0);
	assert_int_equal(memo_forgotten(m), 1);
	key = key_of(1, "brand-1");
	assert_int_equal(*(uint32_t *)memo_find(m, &key), 1);
	key = key_of(2, "brand-2");
	assert_null(memo_find(m, &key));
	memo_free(m);
}

/* One harmful post of everything, about key ${key}; returns how much news
 * that was. */
static unsigned
feed(const struct signal_type *type, void *self, struct key *key)
{
	struct batch *b = posts_batch();
	struct post_by_hand p = {.t_ms = POSTS_START, .author = 5, .id = 6,
	    .brand = 1, .topic = 0, .harm = 900000};
	struct signal_post post = {.batch = b, .key = key, .account = 5,
	    .minute = POSTS_START / MINUTE_MS, .t_ms = POSTS_START,
	    .sums = {.harm = 900000, .posts = 1, .harmful = 1},
	    .voice = {MICRO, 1, 1}};
	struct signal_out out = {0};
	struct record *r;

	posts_add(b, &p);
	r = vec_at(&b->records, struct record, 0);
	r->relay = RELAY_NGO;
	r->language = record_code(SLICE("de"));
	r->kind = POST_ARTICLE;
	r->source = posts_text(b, "tv");
	*vec_push(&b->terms, struct part) = posts_text(b, "#tag");
	r->terms_count = 1;
	vec_at(&b->shares, struct share, 0)->roles = ROLE_REMOVAL;
	post.record = r;
	post.share = vec_at(&b->shares, struct share, 0);
	type->on_post(self, &post, &out);
	post.own = true;
	post.minute++;
	type->on_post(self, &post, &out);
	for (uint32_t i = 0; i < out.count; i++)
		signal_news_free(out.items[i]);
	free(out.items);
	posts_free(b);
	return out.count;
}

static void
every_signal_comes_back(void **state)
{
	struct signals_settings *settings = signals_settings_new();
	static struct live live;
	struct key sector = {.subject = ALERT_SECTOR, .serial = 1,
	    .sector = "food", .name = "food"};
	struct key key = key_of(2, "kitkat");
	struct key *all[] = {&sector, &key};
	struct keys keys = {.serials = 2, .all = all};
	unsigned tried = 0, relayed = 0;

	(void)state;
	window_init(&live.window, POSTS_START / MINUTE_MS);
	key.up = &sector;
	key.live = &live;
	key.active = true;
	key.density.level = 1; /* an accusation is under way */
	for (unsigned i = 0; i < SIGNALS_COUNT; i++) {
		const struct signal_type *type = signals_type(i);
		void *first, *second;
		struct buf a = {0}, b = {0};

		if (type->save == NULL || type->on_post == NULL)
			continue;
		tried++;
		first = type->create(settings->of[i]);
		second = type->create(settings->of[i]);
		relayed += feed(type, first, &key);
		type->save(first, &a);
		assert_true(a.len > 16);
		assert_true(type->load(second, buf_slice(&a), &keys));
		type->save(second, &b);
		relayed += feed(type, second, &key);
		assert_int_equal(a.len, b.len);
		assert_memory_equal(a.data, b.data, a.len);
		type->destroy(second);
		for (size_t len = 0; len < a.len; len += 1 + len / 7) {
			second = type->create(settings->of[i]);
			assert_false(type->load(second,
			    (struct slice){a.data, len}, &keys));
			type->destroy(second);
		}
		type->destroy(first);
		buf_fini(&a);
		buf_fini(&b);
	}
	assert_int_equal(tried, 8);
	/* What the first one had told of, the second does not tell again. */
	assert_int_equal(relayed, 1);
	signals_settings_free(settings);
}

static uint64_t
spread(uint64_t i)
{
	return (i + 1) * 0x9e3779b97f4a7c15u | 1;
}

static void
filters_forget_and_seldom_err(void **state)
{
	struct terms *t = terms_new();
	unsigned wrong = 0;

	(void)state;
	for (uint64_t i = 0; i < 2 * TERMS_PER_FILTER; i++)
		terms_learn(t, spread(i));
	for (uint64_t i = TERMS_PER_FILTER; i < 2 * TERMS_PER_FILTER; i++)
		assert_true(terms_known(t, spread(i)));
	for (uint64_t i = 0; i < 100000; i++)
		wrong += terms_known(t, spread(10000000 + i));
	if (wrong > 2500) /* two of a hundred, and a little */
		fail_msg("%u of 100000 new terms seem known", wrong);
	for (uint64_t i = 0; i < 2 * TERMS_PER_FILTER; i++)
		terms_learn(t, spread(20000000 + i));
	assert_true(terms_forgotten(t) > 0);
	wrong = 0;
	for (uint64_t i = 0; i < 1000; i++)
		wrong += terms_known(t, spread(i));
	assert_true(wrong < 100);
	terms_free(t);
}

static void
young_ones_have_a_row(void **state)
{
	struct terms *t = terms_new();
	uint64_t same = 5; /* keys of one row differ in their low bits */

	(void)state;
	for (uint64_t i = 0; i < 9; i++)
		terms_young(t, same + i * 2, 100 + (int64_t)i);
	assert_int_equal(terms_forgotten(t), 1);
	assert_null(terms_find(t, same));
	assert_true(terms_known(t, same)); /* the oldest is known now */
	assert_non_null(terms_find(t, same + 2));
	terms_learn(t, same + 2);
	assert_null(terms_find(t, same + 2));
	terms_free(t);
}

/* What is found at one look is what two would find, whatever was learned,
 * counted or forgotten in between. */
static void
settled_is_known_and_not_young(void **state)
{
	struct terms *t = terms_new();
	unsigned settled = 0;
	struct rand r;

	(void)state;
	rand_seed(&r, 11);
	for (uint32_t i = 0; i < 3 * TERMS_PER_FILTER; i++) {
		uint64_t key = spread(rand_below(&r, 4000));
		bool want = terms_find(t, key) == NULL && terms_known(t, key);

		assert_int_equal(terms_settled(t, key), want);
		settled += want;
		if (!want && rand_below(&r, 2) == 0)
			terms_young(t, key, i);
		else if (!want || rand_below(&r, 50) == 0)
			terms_learn(t, key);
		terms_learn(t, spread(1000000 + i));
	}
	assert_true(terms_forgotten(t) > 0 && settled > TERMS_PER_FILTER);
	terms_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(items_are_found_by_their_ids),
	    cmocka_unit_test(the_oldest_goes_first),
	    cmocka_unit_test(every_signal_comes_back),
	    cmocka_unit_test(filters_forget_and_seldom_err),
	    cmocka_unit_test(young_ones_have_a_row),
	    cmocka_unit_test(settled_is_known_and_not_young),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
