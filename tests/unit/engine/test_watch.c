/*
 * Goal: a change that raises no event is found by looking now and then, and
 * told of once it has come to rest; of a set that is a single file, too.
 * Method: a link to a file in a folder that nobody listens to, as on a file
 * system that tells nothing.  The timers of the loop are found in it and made
 * due by hand: nothing waits for five seconds.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/base/limits.h"
#include "engine/base/must.h"
#include "engine/reload/watch.h"

struct bed {
	char folder[40], here[64], away[64], link[80], file[80];
	uv_loop_t loop;
	uv_timer_t *poll, *settle;
	struct watch *watch;
	unsigned changes;
};

static void
on_change(void *self)
{
	((struct bed *)self)->changes++;
}

static void
write_file(const struct bed *bed, const char *text)
{
	FILE *f = fopen(bed->file, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void
find_timer(uv_handle_t *handle, void *arg)
{
	struct bed *bed = arg;
	uv_timer_t *timer = (uv_timer_t *)handle;

	if (handle->type != UV_TIMER)
		return;
	if (uv_timer_get_repeat(timer) > 0)
		bed->poll = timer;
	else
		bed->settle = timer;
}

/* Its time has come; what it begins in the pool ends, too. */
static void
fire(struct bed *bed, uv_timer_t *timer)
{
	uint64_t repeat = uv_timer_get_repeat(timer);

	assert_true(uv_is_active((uv_handle_t *)timer));
	uv_timer_set_repeat(timer, 1);
	uv_timer_again(timer);
	uv_timer_set_repeat(timer, repeat);
	uv_ref((uv_handle_t *)timer);
	while (uv_is_active((uv_handle_t *)timer) &&
	    uv_timer_get_due_in(timer) <= 1)
		uv_run(&bed->loop, UV_RUN_ONCE);
	uv_unref((uv_handle_t *)timer);
	uv_run(&bed->loop, UV_RUN_DEFAULT);
}

static bool
settling(const struct bed *bed)
{
	return uv_is_active((uv_handle_t *)bed->settle);
}

/* Whether an event has come of what was just done. */
static bool
told(struct bed *bed)
{
	uv_ref((uv_handle_t *)bed->poll);
	uv_run(&bed->loop, UV_RUN_NOWAIT);
	uv_unref((uv_handle_t *)bed->poll);
	return settling(bed);
}

static void
begin(struct bed *bed)
{
	struct reload_files *files = reload_files_new();

	memset(bed, 0, sizeof(*bed));
	snprintf(bed->folder, sizeof(bed->folder), "/tmp/vigie-watch-XXXXXX");
	assert_non_null(mkdtemp(bed->folder));
	snprintf(bed->here, sizeof(bed->here), "%s/here", bed->folder);
	snprintf(bed->away, sizeof(bed->away), "%s/away", bed->folder);
	snprintf(bed->link, sizeof(bed->link), "%s/r.yaml", bed->here);
	snprintf(bed->file, sizeof(bed->file), "%s/r.yaml", bed->away);
	assert_int_equal(mkdir(bed->here, 0700), 0);
	assert_int_equal(mkdir(bed->away, 0700), 0);
	write_file(bed, "one");
	assert_int_equal(symlink(bed->file, bed->link), 0);
	reload_files_root(files, bed->link);
	reload_files_mark(files);
	reload_files_add(files, bed->link);
	assert_int_equal(uv_loop_init(&bed->loop), 0);
	bed->watch = watch_new(&bed->loop, on_change, bed);
	uv_walk(&bed->loop, find_timer, bed);
	assert_non_null(bed->poll);
	assert_non_null(bed->settle);
	watch_files(bed->watch, files);
	/* The look that follows each load: nothing has changed. */
	fire(bed, bed->settle);
	assert_false(settling(bed));
	assert_int_equal(bed->changes, 0);
}

static void
end(struct bed *bed)
{
	watch_close(bed->watch);
	uv_run(&bed->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&bed->loop), 0);
	unlink(bed->link);
	unlink(bed->file);
	rmdir(bed->here);
	rmdir(bed->away);
	rmdir(bed->folder);
}

static void
found_without_an_event(void **state)
{
	struct bed bed;

	(void)state;
	begin(&bed);
	write_file(&bed, "two, longer");
	assert_false(told(&bed));
	assert_int_equal(uv_timer_get_repeat(bed.poll), WATCH_POLL_MS);
	assert_in_range(uv_timer_get_due_in(bed.poll), 1, WATCH_POLL_MS);
	fire(&bed, bed.poll);
	assert_int_equal(bed.changes, 0);
	assert_in_range(uv_timer_get_due_in(bed.settle), 1, WATCH_SETTLE_MS);
	fire(&bed, bed.settle);
	assert_int_equal(bed.changes, 1);
	/* Once: the same again is no change, and it goes on looking. */
	fire(&bed, bed.poll);
	fire(&bed, bed.poll);
	assert_int_equal(bed.changes, 1);
	assert_false(settling(&bed));
	assert_in_range(uv_timer_get_due_in(bed.poll), 1, WATCH_POLL_MS);
	end(&bed);
}

static void
told_of_at_rest(void **state)
{
	struct bed bed;

	(void)state;
	begin(&bed);
	write_file(&bed, "half");
	fire(&bed, bed.poll);
	write_file(&bed, "half and more");
	fire(&bed, bed.settle);
	assert_int_equal(bed.changes, 0);
	assert_true(settling(&bed));
	fire(&bed, bed.settle);
	assert_int_equal(bed.changes, 1);
	/* Gone is a change, too. */
	unlink(bed.file);
	assert_false(told(&bed));
	fire(&bed, bed.poll);
	fire(&bed, bed.settle);
	assert_int_equal(bed.changes, 2);
	end(&bed);
}

/* An event is heard, so that what is asserted above can fail. */
static void
events_come_sooner(void **state)
{
	struct bed bed;

	(void)state;
	begin(&bed);
	unlink(bed.link);
	assert_true(told(&bed));
	fire(&bed, bed.settle);
	fire(&bed, bed.settle);
	assert_int_equal(bed.changes, 1);
	end(&bed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(found_without_an_event),
	    cmocka_unit_test(told_of_at_rest),
	    cmocka_unit_test(events_come_sooner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
