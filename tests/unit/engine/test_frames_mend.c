/*
 * Goal: nothing that may hold a frame is removed at the start: a file without
 * its header is read by its name, what cannot be read is kept aside, a bounded
 * number of times, and all of it is counted.
 * Method: logs of some files, damaged by hand and opened again.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/limits.h"
#include "engine/state/frames_file.h"
#include "tests/unit/engine/state_bed.h"

struct bed {
	char folder[200];
	struct disk disk;
	struct counters counters;
	struct frames *frames;
};

static void
open_log(struct bed *b)
{
	struct err err;

	b->frames = frames_open(&(struct frames_options){.disk = &b->disk,
	    .folder = b->folder, .kind = "test", .version = 1,
	    .file_bytes = 1 << 20, .counters = &b->counters}, &err);
	if (b->frames == NULL)
		fail_msg("%s", err.text);
}

/* ${count} frames, each file has two. */
static void
put(struct bed *b, unsigned count)
{
	struct err err;

	for (unsigned i = 0; i < count; i++) {
		frames_turn(b->frames, 0, frames_next(b->frames) % 2 == 0);
		frames_put(b->frames, SLICE("payload"));
		assert_true(frames_take(b->frames));
		assert_int_equal(frames_write(b->frames, true, &err), 0);
	}
}

static void
begin(struct bed *b, unsigned count)
{
	*b = (struct bed){.disk = disk_system()};
	new_folder(b->folder);
	open_log(b);
	put(b, count);
	frames_close(b->frames);
	b->frames = NULL;
}

static void
end(struct bed *b)
{
	frames_close(b->frames);
	drop_folder(b->folder);
}

/* ${text} over what stands in the file that begins with ${first}. */
static void
damage(struct bed *b, uint64_t first, uint64_t at, const char *text)
{
	char path[4096];
	int fd;

	frames_file_path(b->folder, first, path);
	fd = open(path, O_WRONLY);
	assert_int_equal(pwrite(fd, text, strlen(text), (off_t)at),
	    strlen(text));
	close(fd);
}

static bool
is_there(struct bed *b, uint64_t first, const char *end)
{
	char path[4096], whole[4120];

	frames_file_path(b->folder, first, path);
	snprintf(whole, sizeof(whole), "%s%s", path, end);
	return access(whole, F_OK) == 0;
}

static uint64_t
counted(const struct bed *b, enum counter which)
{
	return b->counters.values[which];
}

struct seen {
	uint64_t count, sum;
};

static bool
see(void *self, uint64_t number, struct slice payload)
{
	struct seen *seen = self;

	assert_true(slice_is(payload, "payload"));
	seen->count++;
	seen->sum += number;
	return true;
}

static struct seen
read_all(struct bed *b)
{
	struct seen seen = {0, 0};
	struct err err;

	assert_int_equal(frames_read(b->frames, 0, see, &seen, &err), 0);
	return seen;
}

static void
a_file_without_its_header_is_read(void **state)
{
	struct bed b;

	(void)state;
	begin(&b, 6); /* 0 1, 2 3, 4 5 */
	damage(&b, 4, 20, "torn");
	damage(&b, 2, 0, "\1\2\3");
	open_log(&b);
	assert_int_equal(frames_next(b.frames), 6);
	assert_int_equal(read_all(&b).count, 6);
	assert_int_equal(read_all(&b).sum, 15);
	assert_int_equal(counted(&b, COUNTER_state_torn_total), 2);
	/* All of it was read: there is nothing to be kept. */
	assert_int_equal(counted(&b, COUNTER_state_aside_total), 0);
	put(&b, 1);
	frames_close(b.frames);
	open_log(&b); /* it was mended for good */
	assert_int_equal(read_all(&b).count, 7);
	assert_int_equal(counted(&b, COUNTER_state_torn_total), 2);
	end(&b);
}

static void
a_file_of_which_nothing_is_left_is_kept(void **state)
{
	struct bed b;

	(void)state;
	begin(&b, 6);
	damage(&b, 4, 0, "nothing of this is what it was: neither a header, "
			 "which was here, nor a frame, nor another");
	damage(&b, 0, 0, "nothing of this is what it was: neither a header, "
			 "which was here, nor a frame, nor another");
	open_log(&b);
	assert_true(is_there(&b, 4, ".damaged"));
	assert_true(is_there(&b, 0, ".damaged"));
	assert_int_equal(read_all(&b).sum, 5); /* 2 and 3 */
	assert_int_equal(frames_first(b.frames), 2);
	assert_int_equal(counted(&b, COUNTER_state_torn_total), 2);
	assert_int_equal(counted(&b, COUNTER_state_aside_total), 2);
	assert_int_equal(frames_next(b.frames), 4);
	put(&b, 2);
	assert_int_equal(read_all(&b).sum, 14);
	end(&b);
}

/* Their numbers are not given twice: others know them by heart. */
static void
numbers_go_on_behind_the_only_file(void **state)
{
	struct bed b;

	(void)state;
	begin(&b, 4);
	open_log(&b);
	frames_trim(b.frames, INT64_MIN, UINT64_MAX, 0); /* 0 and 1 go */
	frames_close(b.frames);
	damage(&b, 2, 0, "nothing of this is what it was: neither a header, "
			 "which was here, nor a frame, nor another");
	open_log(&b);
	assert_int_equal(frames_next(b.frames), 2);
	put(&b, 1);
	assert_int_equal(frames_first(b.frames), 2);
	assert_true(is_there(&b, 2, ""));
	assert_true(is_there(&b, 2, ".damaged"));
	end(&b);
}

/* A crash leaves half a frame or zeros; anything else had been a frame. */
static void
damage_is_kept_and_a_torn_end_is_not(void **state)
{
	static const char half[] = "\40\0\0\0abc";
	struct bed b;
	char path[4096];
	int fd;

	(void)state;
	begin(&b, 2);
	frames_file_path(b.folder, 0, path);
	fd = open(path, O_WRONLY | O_APPEND);
	assert_int_equal(write(fd, half, sizeof(half)), sizeof(half));
	close(fd);
	open_log(&b);
	assert_int_equal(counted(&b, COUNTER_state_torn_total), 1);
	assert_int_equal(counted(&b, COUNTER_state_aside_total), 0);
	frames_close(b.frames);
	assert_int_equal(truncate(path, (off_t)frames_file_bytes(path) + 99),
	    0);
	open_log(&b);
	assert_int_equal(counted(&b, COUNTER_state_torn_total), 2);
	assert_int_equal(counted(&b, COUNTER_state_aside_total), 0);
	frames_close(b.frames);
	/* In the first frame: the second is good, and cannot be reached. */
	damage(&b, 0, FRAMES_FILE_HEAD + FRAMES_FRAME_HEAD, "X");
	open_log(&b);
	assert_int_equal(counted(&b, COUNTER_state_torn_total), 3);
	assert_int_equal(counted(&b, COUNTER_state_aside_total), 1);
	assert_true(is_there(&b, 0, ".damaged"));
	assert_int_equal(frames_next(b.frames), 0);
	end(&b);
}

static void
they_are_bounded_and_go_with_what_is_deleted(void **state)
{
	struct bed b;
	unsigned kept = 0;

	(void)state;
	begin(&b, 2 * FRAMES_ASIDE_MAX + 8);
	for (unsigned i = 0; i < FRAMES_ASIDE_MAX + 3; i++)
		damage(&b, 2 * i, 0, "nothing of this is what it was: neither "
				     "a header, nor a frame, nor another one");
	open_log(&b);
	for (unsigned i = 0; i < FRAMES_ASIDE_MAX + 3; i++)
		kept += is_there(&b, 2 * i, ".damaged");
	assert_int_equal(kept, FRAMES_ASIDE_MAX);
	assert_false(is_there(&b, 0, ".damaged"));
	assert_int_equal(counted(&b, COUNTER_state_aside_total),
	    FRAMES_ASIDE_MAX + 3);
	frames_forget_aside(b.frames, 1000);
	assert_true(is_there(&b, 2 * FRAMES_ASIDE_MAX, ".damaged"));
	frames_forget_aside(b.frames, INT64_MAX);
	assert_false(is_there(&b, 2 * FRAMES_ASIDE_MAX, ".damaged"));
	end(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_file_without_its_header_is_read),
	    cmocka_unit_test(a_file_of_which_nothing_is_left_is_kept),
	    cmocka_unit_test(numbers_go_on_behind_the_only_file),
	    cmocka_unit_test(damage_is_kept_and_a_torn_end_is_not),
	    cmocka_unit_test(they_are_bounded_and_go_with_what_is_deleted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
