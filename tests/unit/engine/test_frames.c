/*
 * Goal: a log says what it cannot read, leaves nothing behind that was to go,
 * and makes room although somebody took a file away.
 * Method: three files of one frame each, then damage by hand.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/state/frames_file.h"

#define FILES 3u

struct bed {
	char folder[64];
	struct disk disk;
	struct counters counters;
	struct err err;
	struct frames *frames;
};

static void
open_log(struct bed *b)
{
	b->frames = frames_open(&(struct frames_options){.disk = &b->disk,
	    .folder = b->folder, .kind = "test", .version = 1,
	    .file_bytes = 1, .counters = &b->counters}, &b->err);
	assert_non_null(b->frames);
}

/* Two frames a file: "0" and "1", "2" and "3", "4" and "5". */
static void
begin(struct bed *b)
{
	*b = (struct bed){.folder = "/tmp/vigie-frames-XXXXXX",
	    .disk = disk_system()};
	assert_non_null(mkdtemp(b->folder));
	open_log(b);
	for (unsigned i = 0; i < 2 * FILES; i++) {
		char digit = (char)('0' + i);

		frames_turn(b->frames, i, i % 2 == 0);
		frames_put(b->frames, (struct slice){&digit, 1});
		if (i % 2 == 0)
			continue;
		assert_true(frames_take(b->frames));
		assert_int_equal(frames_write(b->frames, true, &b->err), 0);
	}
}

static void
end(struct bed *b)
{
	char command[100];

	frames_close(b->frames);
	snprintf(command, sizeof(command), "rm -rf '%s'", b->folder);
	assert_int_equal(system(command), 0);
}

static bool
see(void *self, uint64_t number, struct slice payload)
{
	char *seen = self;

	assert_int_equal(payload.data[0], '0' + (int)number);
	strncat(seen, payload.data, payload.len);
	return true;
}

static void
damage_in_an_older_file_is_told(void **state)
{
	struct bed b;
	char path[4096], seen[16] = "";
	int fd;

	(void)state;
	begin(&b);
	frames_file_path(b.folder, 2, path);
	fd = open(path, O_WRONLY); /* the last byte: that of frame 3 */
	assert_int_equal(pwrite(fd, "x", 1,
			     (off_t)frames_file_bytes(path) - 1), 1);
	close(fd);
	for (unsigned times = 0; times < 2; times++) { /* told once */
		seen[0] = '\0';
		assert_int_equal(
		    frames_read(b.frames, 0, see, seen, &b.err), 0);
		assert_string_equal(seen, "01245");
		assert_int_equal(
		    b.counters.values[COUNTER_state_torn_total], 1);
	}
	end(&b);
}

static void
a_file_that_is_gone_stops_no_trimming(void **state)
{
	struct bed b;
	char path[4096];

	(void)state;
	begin(&b);
	frames_file_path(b.folder, 0, path);
	assert_int_equal(unlink(path), 0);
	frames_trim(b.frames, INT64_MIN, UINT64_MAX, 0);
	assert_int_equal(frames_first(b.frames), 4);
	frames_file_path(b.folder, 2, path);
	assert_int_equal(access(path, F_OK), -1);
	end(&b);
}

static ssize_t
no_write(void *self, int fd, const void *data, size_t bytes, uint64_t at)
{
	(void)self, (void)fd, (void)data, (void)bytes, (void)at;
	return -ENOSPC;
}

static bool
change(void *self, struct slice payload, struct buf *out)
{
	(void)self;
	buf_slice_put(out, payload);
	return true;
}

/* What was to be written anew has texts that were to go from there. */
static void
no_half_file_stays(void **state)
{
	struct bed b;
	char path[4096], half[4104];
	struct disk full;

	(void)state;
	begin(&b);
	frames_file_path(b.folder, 0, path);
	snprintf(half, sizeof(half), "%s.new", path);
	close(open(half, O_CREAT | O_WRONLY, 0600)); /* left by a kill */
	frames_close(b.frames);
	open_log(&b);
	assert_int_equal(access(half, F_OK), -1);
	frames_close(b.frames);
	full = b.disk;
	b.disk.write = no_write;
	open_log(&b);
	assert_int_equal(
	    frames_rewrite(b.frames, change, NULL, &b.err), -ENOSPC);
	assert_int_equal(access(half, F_OK), -1);
	b.disk = full;
	end(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(damage_in_an_older_file_is_told),
	    cmocka_unit_test(a_file_that_is_gone_stops_no_trimming),
	    cmocka_unit_test(no_half_file_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
