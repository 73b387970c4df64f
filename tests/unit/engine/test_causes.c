/*
 * The causes of the last hour are the sums of what was added in it.
 *
 * Method: random additions and advances, some over many minutes, against a
 * plain list of all that was added; through a file and back on the way.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/pack.h"
#include "engine/base/rand.h"
#include "engine/density/causes.h"

#define NAMES 9u
#define ROWS 4000u
#define START INT64_C(29700000)

static const char *const names[NAMES] = {"a", "b", "c", "d", "e", "f", "g",
    "topic:h", "topic:i"};

struct row {
	int64_t minute, harm;
	unsigned name;
};

static const char *
intern(void *self, struct slice name)
{
	(void)self;
	for (unsigned i = 0; i < NAMES; i++)
		if (slice_equal(name, slice_of(names[i])))
			return names[i];
	fail();
	return NULL;
}

static void
compare(const struct causes *c, const struct row *rows, unsigned count,
    int64_t now)
{
	uint32_t order[CAUSES_MAX], of = causes_ranked(c, order);

	for (unsigned n = 0; n < NAMES; n++) {
		int64_t harm = 0, found = 0;

		for (unsigned i = 0; i < count; i++)
			if (rows[i].name == n &&
			    rows[i].minute > now - WINDOW_MINUTES)
				harm += rows[i].harm;
		for (uint32_t i = 0; i < of; i++)
			if (c->items[order[i]].name == names[n]) {
				found++;
				assert_int_equal(c->items[order[i]].harm,
				    harm);
			}
		assert_int_equal(found, harm > 0);
	}
}

static void
file_and_back(struct causes *c)
{
	struct buf out = {0};
	struct unpack in;

	causes_save(c, &out);
	causes_fini(c);
	in = unpack_of(buf_slice(&out));
	causes_load(c, &in, intern, NULL);
	assert_false(in.bad);
	buf_fini(&out);
}

static void
they_are_what_was_added(void **state)
{
	static struct row rows[ROWS];
	struct causes c = {0};
	int64_t now = START;
	struct rand r;

	(void)state;
	rand_seed(&r, 101);
	causes_init(&c, now);
	for (unsigned i = 0; i < ROWS; i++) {
		struct row *row = &rows[i];

		*row = (struct row){.minute = now - rand_below(&r, 20) / 10 *
		    rand_below(&r, WINDOW_MINUTES),
		    .harm = rand_below(&r, 5), .name = rand_below(&r, NAMES)};
		causes_add(&c, row->minute, names[row->name], 1000,
		    row->harm, SLICE("\"word\""));
		if (rand_below(&r, 3) > 0)
			continue;
		now += rand_below(&r, 40) == 0 ? rand_below(&r, 80) : 1;
		causes_advance(&c, now);
		/* Those without harm leave when a minute does. */
		if (c.minute == now && !c.idle)
			compare(&c, rows, i + 1, now);
		if (rand_below(&r, 30) == 0)
			file_and_back(&c);
	}
	causes_fini(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(they_are_what_was_added),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
