/*
 * Goal: what a key shows, saves and forgets is the same whether its latest
 * posts lie in the ring that all keys share or in copies of its own, however
 * small the ring is.
 * Method: the same made-up posts to two sets of keys, one with a ring that
 * wraps every few posts; each is compared after each post.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/pack.h"
#include "engine/base/rand.h"
#include "engine/density/evidence_ring.h"

#define KEYS 9u
#define POSTS 2000u

static const unsigned char secret[EVIDENCE_KEY_BYTES];

struct pair {
	struct evidence *own, *shared;
};

struct world {
	struct rand rand;
	struct evidence_ring *ring;
	struct pair pairs[KEYS];
	uint64_t posts;
	int64_t now_ms;
};

static void
renew(struct pair *p)
{
	evidence_free(p->own);
	evidence_free(p->shared);
	p->own = evidence_new();
	p->shared = evidence_new();
}

static void
write_down(const struct evidence *e, int64_t minute, struct buf *out)
{
	evidence_encode(e, NULL, minute, out);
	buf_text(out, evidence_traits(e, minute).lang);
	evidence_save(e, minute, secret, out);
}

static void
compare(const struct world *w, const struct pair *p)
{
	struct buf a = {0}, b = {0};

	write_down(p->own, w->now_ms / MINUTE_MS, &a);
	write_down(p->shared, w->now_ms / MINUTE_MS, &b);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.data, b.data, a.len);
	buf_fini(&a);
	buf_fini(&b);
}

/* As it comes back from a file. */
static struct evidence *
reloaded(struct evidence *e, int64_t minute)
{
	struct buf saved = {0};
	struct unpack in;
	struct evidence *again;

	evidence_save(e, minute, secret, &saved);
	in = unpack_of(buf_slice(&saved));
	again = evidence_load(&in);
	assert_non_null(again);
	assert_true(unpack_over(&in));
	buf_fini(&saved);
	evidence_free(e);
	return again;
}

/* One post to the first ${count} keys from ${first} on. */
static void
say(struct world *w, unsigned first, unsigned count)
{
	char text[640];
	uint32_t head = (uint32_t)snprintf(text, sizeof(text), "id%llu me ",
	    (unsigned long long)w->posts);
	uint32_t rest = rand_below(&w->rand, 600);
	struct record r = {.id_key = w->posts, .kind = POST_REPLY,
	    .followers = rand_below(&w->rand, 4) == 0 ?
		POST_UNKNOWN : rand_below(&w->rand, 5000),
	    .sketch = (1ull + rand_below(&w->rand, 200)) << 32 |
		(1000 + w->posts),
	    .language = rand_below(&w->rand, 3) * ('a' + 256u * 'b'),
	    .flags = RECORD_KEYED, .id = {0, head - 4},
	    .author = {head - 3, 2}, .text = {head, rest}};
	struct evidence_post post = {.record = &r, .text = text,
	    .t_ms = w->now_ms - rand_below(&w->rand, 300000),
	    .blame = rand_below(&w->rand, 1000000),
	    .copies = 1 + rand_below(&w->rand, 3)};
	struct evidence_place place = {.ring = w->ring};

	memset(text + head, 'a' + (int)(w->posts % 26), rest);
	for (unsigned i = 0; i < count; i++) {
		struct pair *p = &w->pairs[(first + i) % KEYS];

		evidence_add(p->own, &post, NULL);
		evidence_add(p->shared, &post, &place);
		compare(w, p);
	}
	w->posts++;
}

static void
disturb(struct world *w, struct pair *p)
{
	int64_t minute = w->now_ms / MINUTE_MS;

	switch (rand_below(&w->rand, 40)) {
	case 0:
		renew(p);
		break;
	case 1:
		p->own = reloaded(p->own, minute);
		p->shared = reloaded(p->shared, minute);
		break;
	case 2:
		evidence_pin(p->own, minute);
		evidence_pin(p->shared, minute);
		break;
	case 3:
		evidence_unpin(p->own);
		evidence_unpin(p->shared);
		break;
	case 4: /* one of the latest posts of some keys */
		for (unsigned i = 0; i < KEYS; i++) {
			evidence_forget(w->pairs[i].own, w->posts - 2);
			evidence_forget(w->pairs[i].shared, w->posts - 2);
			compare(w, &w->pairs[i]);
		}
		break;
	default:
		break;
	}
}

static void
run(uint32_t ring_bytes)
{
	struct world w = {.ring = evidence_ring_new(ring_bytes), .posts = 1,
	    .now_ms = 100 * MINUTE_MS};

	rand_seed(&w.rand, ring_bytes);
	for (unsigned i = 0; i < KEYS; i++)
		renew(&w.pairs[i]);
	for (unsigned i = 0; i < POSTS; i++) {
		/* The first is busy, the last hears of little. */
		unsigned a = rand_below(&w.rand, KEYS);
		unsigned b = rand_below(&w.rand, KEYS);

		say(&w, a < b ? a : b, 1 + (unsigned)(w.posts % KEYS));
		w.now_ms += rand_below(&w.rand, 20000);
		disturb(&w, &w.pairs[a]);
	}
	for (unsigned i = 0; i < KEYS; i++) {
		evidence_free(w.pairs[i].own);
		evidence_free(w.pairs[i].shared);
	}
	evidence_ring_free(w.ring);
}

static void
a_ring_of_any_size_shows_the_same(void **state)
{
	(void)state;
	run(2048);
	run(8192);
	run(65536);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_ring_of_any_size_shows_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
