/*
 * Goal: a power cut right after the spool went on in a new file does not
 * forget what the sinks still wait for.
 * Method: a disk that knows which files hold bytes that were never synced; no
 * file of the spool may go while the newest one is such a file.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/engine/state_bed.h"

#define FDS 256

static bool dirty[FDS];
static unsigned removed;

static bool
is_spool(int fd)
{
	char link[40], path[300] = "";

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	return readlink(link, path, sizeof(path) - 1) > 0 &&
	    strstr(path, "/spool/") != NULL;
}

static ssize_t
write_noted(void *self, int fd, const void *data, size_t bytes, uint64_t at)
{
	assert_in_range(fd, 0, FDS - 1);
	dirty[fd] = true;
	return disk_system().write(self, fd, data, bytes, at);
}

static int
sync_noted(void *self, int fd)
{
	(void)self;
	dirty[fd] = false;
	return 0;
}

static int
remove_noted(void *self, const char *path)
{
	for (int fd = 0; fd < FDS && strstr(path, "/spool/") != NULL; fd++)
		if (dirty[fd] && is_spool(fd))
			fail_msg("%s went before what follows it was safe",
			    path);
	removed++;
	return disk_system().remove(self, path);
}

/* One word of the sinks, in a new file if ${turn}. */
static void
say(struct state *s, const char *text, bool turn)
{
	struct err err;

	frames_turn(s->cursors, 0, turn);
	frames_put(s->cursors, slice_of(text));
	assert_true(state_take(s, NULL));
	assert_int_equal(state_write(s, &err), 0);
	state_written(s);
}

static void
the_spool_is_safe_before_its_old_file_goes(void **state)
{
	static const unsigned char key[PSEUDONYM_KEY_BYTES] = {7};
	struct disk disk = disk_system();
	struct counters counters = {0};
	int64_t now_ms = 0;
	char folder[200];
	struct state *s;
	struct err err;

	(void)state;
	disk.write = write_noted;
	disk.sync = sync_noted;
	disk.remove = remove_noted;
	s = state_open(&(struct state_options){.folder = new_folder(folder),
	    .disk = &disk, .clock = clock_fixed(&now_ms),
	    .counters = &counters, .key = key}, &err);
	assert_non_null(s);
	say(s, "one", false);
	say(s, "two", false);
	now_ms += 2 * MINUTE_MS; /* old files are looked for again */
	say(s, "three", true);
	assert_int_equal(removed, 1);
	state_close(s);
	drop_folder(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_spool_is_safe_before_its_old_file_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
