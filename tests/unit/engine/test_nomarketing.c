/*
 * Goal: an author who did harm is marked once per post, with the hash that
 * others compute; a mark ends with its last post; what waits is bounded, keeps
 * its order over a fault, and is counted when it is dropped.
 * Method: records made by hand, a port that keeps what it is given; the hash
 * against one of openssl (docs/NOMARKETING.md).
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/clock.h"
#include "engine/base/err.h"
#include "engine/base/limits.h"
#include "engine/lifecycle/nomarketing_port.h"

#define PUTS_MAX 20000

struct fake {
	struct nomarketing_port port;
	struct nomarketing_item items[PUTS_MAX]; /* that are done */
	char json[400];                          /* of the last */
	uint32_t count, flight;
};

static struct fake *fake; /* the only one */

static int
fake_open(struct nomarketing_port *p, const struct sink *s, uv_loop_t *loop,
    struct err *err)
{
	(void)s;
	(void)loop;
	(void)err;
	fake = (struct fake *)p;
	return 0;
}

static void
fake_put(struct nomarketing_port *p, const struct nomarketing_item *items,
    uint32_t count)
{
	struct fake *f = (struct fake *)p;

	assert_int_equal(f->flight, 0);
	f->flight = count;
	assert_true(f->count + count <= PUTS_MAX);
	memcpy(f->items + f->count, items, count * sizeof(*items));
	snprintf(f->json, sizeof(f->json), "%.*s",
	    SLICE_ARG(items[count - 1].json));
}

static void
fake_close(struct nomarketing_port *p,
    void (*on_closed)(struct nomarketing_port *p))
{
	on_closed(p);
}

static const struct nomarketing_type port_type = {
    .size = sizeof(struct fake),
    .open = fake_open,
    .put = fake_put,
    .close = fake_close,
};
static const struct sink_type sink_type = {
    .name = "fake", .nomarketing = &port_type};

struct bed {
	struct nomarketing *n;
	struct counters counts;
	struct sink sink;
	int64_t now_ms;
	bool closed;
};

/* All that is under way is there. */
static void
take(void)
{
	while (fake->flight > 0) {
		fake->count += fake->flight;
		fake->flight = 0;
		nomarketing_port_done(&fake->port);
	}
}

static void
open_bed(struct bed *b, bool up)
{
	struct nomarketing_settings settings = {
	    .on = true, .ttl_ms = 3600000, .harm_micro = 500000};
	struct clock clock = clock_fixed(&b->now_ms);
	struct nomarketing_setup setup = {.settings = &settings,
	    .clock = &clock, .counters = &b->counts};
	struct err err;

	memset(b, 0, sizeof(*b));
	b->now_ms = 1268820000000; /* 2010-03-17T10:00:00Z */
	b->sink.type = &sink_type;
	snprintf(b->sink.name, sizeof(b->sink.name), "fake");
	for (unsigned char i = 0; i < NOMARKETING_KEY_BYTES; i++)
		settings.key[i] = i;
	b->n = nomarketing_new(&setup);
	assert_false(nomarketing_is_open(b->n));
	assert_int_equal(nomarketing_open(b->n, &b->sink, NULL, &err), 0);
	assert_true(nomarketing_is_open(b->n));
	if (up)
		nomarketing_port_up(&fake->port);
}

static void
on_closed(void *self)
{
	*(bool *)self = true;
}

static void
close_bed(struct bed *b)
{
	nomarketing_close(b->n, on_closed, &b->closed);
	assert_true(b->closed);
}

static void
harm(struct bed *b, uint64_t id, const char *author, uint32_t blame,
    unsigned flags)
{
	static const char brand[] = "kitkat";
	char text[64];
	struct record r = {.id_key = id, .flags = (uint16_t)flags,
	    .source = {0, 1}, .author = {1, (uint32_t)strlen(author)}};

	snprintf(text, sizeof(text), "x%s", author);
	nomarketing_harmed(b->n,
	    &(struct nomarketing_post){.record = &r, .text = text,
		.blame = blame, .brand = brand, .name = "KitKat",
		.level = 2});
}

static void
test_mark(void **state)
{
	struct bed b;

	(void)state;
	open_bed(&b, true);
	harm(&b, 1, "1234567890", 500000, 0);
	take();
	assert_int_equal(fake->count, 1);
	assert_memory_equal(fake->items[0].hash,
	    "e0115d1da0151d26d9287239ace488f7", NOMARKETING_HEX);
	assert_int_equal(fake->items[0].ttl_s, 3600);
	assert_string_equal(fake->json,
	    "{\"v\":1,\"reason\":{\"fr\":\"a publié contre KitKat pendant "
	    "une alerte de niveau 2 : à laisser hors des campagnes\",\"en\":"
	    "\"posted against KitKat during an alert of level 2: leave out "
	    "of campaigns\"},\"brand\":\"kitkat\","
	    "\"until\":\"2010-03-17T11:00:00Z\"}");
	/* Again, too mild, nobody, known by digits only. */
	harm(&b, 1, "1234567890", 500000, 0);
	harm(&b, 2, "mild", 499999, 0);
	harm(&b, 3, "", 500000, 0);
	harm(&b, 4, "0123456789abcdef", 500000, RECORD_KEYED);
	take();
	assert_int_equal(fake->count, 1);
	assert_int_equal(b.counts.values[COUNTER_nomarketing_total], 1);
	close_bed(&b);
}

static void
test_deleted(void **state)
{
	struct bed b;

	(void)state;
	open_bed(&b, true);
	harm(&b, 1, "a", 900000, 0);
	harm(&b, 2, "a", 900000, 0);
	take();
	nomarketing_deleted(b.n, 7); /* another's */
	nomarketing_deleted(b.n, 1); /* one is left */
	take();
	assert_int_equal(fake->count, 2);
	nomarketing_deleted(b.n, 2);
	take();
	assert_int_equal(fake->count, 3);
	assert_int_equal(fake->items[2].ttl_s, 0);
	assert_memory_equal(fake->items[2].hash, fake->items[0].hash,
	    NOMARKETING_HEX);
	assert_int_equal(b.counts.values[COUNTER_nomarketing_ended_total], 1);
	/* One that is over by itself is not taken back. */
	harm(&b, 3, "b", 900000, 0);
	take();
	b.now_ms += 3600000;
	nomarketing_deleted(b.n, 3);
	take();
	assert_int_equal(fake->count, 4);
	close_bed(&b);
}

static void
test_fault(void **state)
{
	struct bed b;

	(void)state;
	open_bed(&b, true);
	harm(&b, 1, "a", 900000, 0);
	harm(&b, 2, "b", 900000, 0);
	fake->flight = 0;
	nomarketing_port_down(&fake->port, "gone");
	b.now_ms += 600000;
	assert_int_equal(nomarketing_waiting(b.n), 2);
	nomarketing_port_up(&fake->port);
	assert_int_equal(fake->flight, 2);
	take();
	assert_int_equal(fake->count, 2);
	assert_memory_not_equal(fake->items[0].hash, fake->items[1].hash,
	    NOMARKETING_HEX);
	/* It ends when it would have. */
	assert_int_equal(fake->items[0].ttl_s, 3000);
	assert_int_equal(nomarketing_waiting(b.n), 0);
	close_bed(&b);
}

static void
test_bound(void **state)
{
	struct bed b;
	char want[NOMARKETING_HEX], author[16];
	const unsigned char key[NOMARKETING_KEY_BYTES] = {0, 1, 2, 3, 4, 5, 6,
	    7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
	    24, 25, 26, 27, 28, 29, 30, 31};

	(void)state;
	open_bed(&b, false);
	for (uint32_t i = 0; i < NOMARKETING_WAIT_MAX + 10; i++) {
		snprintf(author, sizeof(author), "a%u", i);
		harm(&b, i, author, 900000, 0);
	}
	assert_int_equal(nomarketing_waiting(b.n), NOMARKETING_WAIT_MAX);
	assert_int_equal(
	    b.counts.values[COUNTER_nomarketing_dropped_total], 10);
	nomarketing_port_up(&fake->port);
	take();
	assert_int_equal(fake->count, NOMARKETING_WAIT_MAX);
	nomarketing_hash(key, SLICE("x"), SLICE("a10"), want);
	assert_memory_equal(fake->items[0].hash, want, sizeof(want));
	close_bed(&b);
	/* What waits is freed with it. */
	open_bed(&b, false);
	harm(&b, 1, "a", 900000, 0);
	close_bed(&b);
}

static void
test_forgotten(void **state)
{
	struct bed b;

	(void)state;
	open_bed(&b, true);
	/* Nine of one row of eight. */
	for (uint64_t i = 0; i < 9; i++) {
		harm(&b, i * NOMARKETING_POSTS_MAX, "a", 900000, 0);
		take();
		b.now_ms += 1000;
	}
	assert_int_equal(
	    b.counts.values[COUNTER_nomarketing_forgotten_total], 1);
	nomarketing_deleted(b.n, 0);
	take();
	assert_int_equal(b.counts.values[COUNTER_nomarketing_ended_total], 0);
	close_bed(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_mark),
	    cmocka_unit_test(test_deleted),
	    cmocka_unit_test(test_fault),
	    cmocka_unit_test(test_bound),
	    cmocka_unit_test(test_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
