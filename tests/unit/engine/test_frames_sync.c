/*
 * Goal: what a disk did not keep although it was written is written again, not
 * only synced again: after a sync that failed the next one succeeds and the
 * bytes are gone.
 * Method: a disk that drops what was written since the last good sync when a
 * sync of its choice fails, as the page cache does; a log on it, each of whose
 * syncs fails in turn, read again at the end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/state/frames_file.h"
#include "tests/unit/engine/state_bed.h"

#define FDS 64
#define ROUNDS 30u

struct lossy {
	struct disk disk;
	uint64_t from[FDS], to[FDS]; /* written, not synced */
	unsigned syncs, fails_at, also_fails;
	unsigned failed;
};

static ssize_t
lossy_write(void *self, int fd, const void *data, size_t bytes, uint64_t at)
{
	struct lossy *l = self;
	ssize_t n = disk_system().write(NULL, fd, data, bytes, at);

	assert_in_range(fd, 0, FDS - 1);
	if (l->to[fd] == 0 || at < l->from[fd])
		l->from[fd] = at;
	if (n > 0 && at + (uint64_t)n > l->to[fd])
		l->to[fd] = at + (uint64_t)n;
	return n;
}

static int
lossy_sync(void *self, int fd)
{
	struct lossy *l = self;
	bool fails = l->syncs == l->fails_at || l->syncs == l->also_fails;

	l->syncs++;
	for (; fails && l->from[fd] < l->to[fd]; l->from[fd]++)
		disk_system().write(NULL, fd, "", 1, l->from[fd]);
	l->from[fd] = l->to[fd] = 0;
	l->failed += fails;
	return fails ? -EIO : 0;
}

static void
lossy_init(struct lossy *l, unsigned fails_at, unsigned also_fails)
{
	*l = (struct lossy){.disk = disk_system(), .fails_at = fails_at,
	    .also_fails = also_fails};
	l->disk.write = lossy_write;
	l->disk.sync = lossy_sync;
	l->disk.self = l;
}

static bool
see(void *self, uint64_t number, struct slice payload)
{
	uint64_t *seen = self;

	assert_int_equal(number, *seen);
	assert_int_equal(payload.len, 3);
	assert_int_equal(payload.data[0], 'a' + (int)(number % 26));
	++*seen;
	return true;
}

/* A frame each round, a new file every seventh, a sync every other; the syncs
 * that fail are called again, as the engine does. */
static unsigned
write_all(const char *folder, struct lossy *l, struct counters *counters)
{
	struct frames *f;
	struct err err;
	unsigned anew = 0;

	f = frames_open(&(struct frames_options){.disk = &l->disk,
	    .folder = folder, .kind = "test", .version = 1,
	    .file_bytes = 1 << 20, .counters = counters}, &err);
	assert_non_null(f);
	for (unsigned i = 0; i < ROUNDS; i++) {
		char text[3];

		memset(text, 'a' + (int)(i % 26), sizeof(text));
		frames_turn(f, i, i % 7 == 0);
		frames_put(f, (struct slice){text, sizeof(text)});
		assert_true(frames_take(f));
		while (frames_write(f, i % 2 == 1, &err) != 0) {
			assert_int_equal(err.code, -EIO);
			assert_in_range(l->syncs, 0, 500);
		}
		anew += frames_anew(f);
	}
	frames_close(f);
	return anew;
}

static void
no_sync_that_fails_loses_a_frame(void **state)
{
	unsigned syncs = 0, anew = 0;

	(void)state;
	for (unsigned at = 0; at < 200; at++) {
		struct counters counters = {0};
		struct lossy l;
		struct frames *f;
		struct err err;
		char folder[200];
		uint64_t seen = 0;

		lossy_init(&l, at, at + 1 + at % 3);
		new_folder(folder);
		anew += write_all(folder, &l, &counters);
		syncs = l.syncs;
		f = frames_open(&(struct frames_options){.disk = &l.disk,
		    .folder = folder, .kind = "test", .version = 1,
		    .file_bytes = 1, .counters = &counters}, &err);
		assert_non_null(f);
		assert_int_equal(frames_read(f, 0, see, &seen, &err), 0);
		assert_int_equal(seen, ROUNDS);
		assert_int_equal(
		    counters.values[COUNTER_state_torn_total], 0);
		frames_close(f);
		drop_folder(folder);
		if (l.failed == 0) /* that was beyond the last */
			break;
	}
	assert_in_range(syncs, 20, 199);
	assert_in_range(anew, 15, 200);
}

/* What was synced is gone too: nothing is written over it, and why is said. */
static void
a_disk_that_loses_more_is_told_of(void **state)
{
	struct counters counters = {0};
	struct frames *f;
	struct lossy l;
	struct err err;
	char folder[200], path[4096];

	(void)state;
	lossy_init(&l, 500, 500);
	f = frames_open(&(struct frames_options){.disk = &l.disk,
	    .folder = new_folder(folder), .kind = "test", .version = 1,
	    .file_bytes = 1 << 20, .counters = &counters}, &err);
	assert_non_null(f);
	for (unsigned i = 0; i < 2; i++) {
		frames_turn(f, 0, false);
		frames_put(f, SLICE("abc"));
		assert_true(frames_take(f));
		l.fails_at = i == 1 ? l.syncs : 500;
		assert_int_equal(frames_write(f, true, &err) == 0, i == 0);
	}
	frames_file_path(folder, 0, path);
	assert_int_equal(truncate(path, FRAMES_FILE_HEAD + 4), 0);
	assert_int_equal(frames_write(f, true, &err), -EIO);
	assert_non_null(strstr(err.text, "was lost by the disk"));
	assert_int_equal(frames_anew(f), 0);
	assert_int_equal(frames_file_bytes(path), FRAMES_FILE_HEAD + 4);
	frames_close(f);
	drop_folder(folder);
}

/* The whole state: what was told to have been written is there, and it says
 * how often it had to write it again. */
static void
the_state_tells_and_counts(void **state)
{
	static const unsigned char key[PSEUDONYM_KEY_BYTES] = {7};
	struct counters counters = {0};
	struct lossy l;
	int64_t now_ms = 0;
	char folder[200];
	struct state *s;
	struct err err;

	(void)state;
	lossy_init(&l, 1000, 1000);
	s = state_open(&(struct state_options){.folder = new_folder(folder),
	    .disk = &l.disk, .clock = clock_fixed(&now_ms),
	    .counters = &counters, .key = key}, &err);
	assert_non_null(s);
	for (unsigned i = 0; i < 3; i++) {
		frames_turn(s->entries, 0, false);
		frames_put(s->entries, SLICE("an entry"));
		assert_true(state_take(s, NULL));
		l.fails_at = i == 1 ? l.syncs : 1000;
		assert_int_equal(state_write(s, &err), i == 1 ? -EIO : 0);
		if (i == 1)
			assert_int_equal(state_write(s, &err), 0);
		state_written(s);
		assert_int_equal(
		    counters.values[COUNTER_state_anew_total], i > 0);
	}
	/* At the end nobody calls again later. */
	frames_put(s->entries, SLICE("the last"));
	l.fails_at = l.syncs;
	assert_int_equal(state_flush(s, NULL, &err), 0);
	assert_int_equal(counters.values[COUNTER_state_anew_total], 2);
	state_close(s);
	s = state_open(&(struct state_options){.folder = folder,
	    .clock = clock_fixed(&now_ms), .counters = &counters,
	    .key = key}, &err);
	assert_non_null(s);
	assert_int_equal(frames_next(s->entries), 4);
	assert_int_equal(counters.values[COUNTER_state_torn_total], 0);
	state_close(s);
	drop_folder(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_sync_that_fails_loses_a_frame),
	    cmocka_unit_test(a_disk_that_loses_more_is_told_of),
	    cmocka_unit_test(the_state_tells_and_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
