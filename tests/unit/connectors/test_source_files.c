/*
 * Goal: files and standard input are read to their end, unpacked, followed
 * over rotation.  Method: as in test_sources.c; files written here.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <zlib.h>

#include "tests/unit/connectors/bed.h"

static void
append(const char *path, const char *text)
{
	FILE *f = fopen(path, "a");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void
file_is_read_to_its_end(void **state)
{
	struct bed b;
	char path[120], config[160];
	gzFile gz;

	(void)state;
	for (int packed = 0; packed < 2; packed++) {
		assert_int_equal(make_folder(&b), 0);
		snprintf(path, sizeof(path), "%s/posts", b.folder);
		snprintf(config, sizeof(config), "path: %s\n", path);
		if (packed) {
			gz = gzopen(path, "w");
			gzputs(gz, "one\ntwo\nthree");
			gzclose(gz);
		} else {
			append(path, "one\ntwo\nthree");
		}
		bed_make(&b, "file", config, 1);
		bed_open(&b);
		while (b.seen.ends == 0)
			uv_run(&b.loop, UV_RUN_ONCE);
		saw(&b, "one\ntwo\nthree\n");
		bed_end(&b);
		unlink(path);
		rmdir(b.folder);
	}
}

static void
file_is_followed_over_rotation(void **state)
{
	struct bed b;
	char path[120], old[130], config[160];

	(void)state;
	assert_int_equal(make_folder(&b), 0);
	snprintf(path, sizeof(path), "%s/posts", b.folder);
	snprintf(old, sizeof(old), "%s.1", path);
	snprintf(
	    config, sizeof(config), "path: %s\nfollow: true\n", path);
	append(path, "one\n");
	bed_make(&b, "file", config, 2);
	bed_open(&b);
	saw(&b, "one\n");
	append(path, "two\nthr");
	saw(&b, "one\ntwo\n");
	append(path, "ee\n");
	saw(&b, "one\ntwo\nthree\n");
	assert_int_equal(rename(path, old), 0);
	append(old, "four\n"); /* its writer has not noticed yet */
	saw(&b, "one\ntwo\nthree\nfour\n");
	append(path, "five\n");
	saw(&b, "one\ntwo\nthree\nfour\nfive\n");
	assert_int_equal(truncate(path, 0), 0);
	append(path, "6\n");
	saw(&b, "one\ntwo\nthree\nfour\nfive\n6\n");
	assert_int_equal(b.seen.ends, 0);
	bed_end(&b);
	unlink(path);
	unlink(old);
	rmdir(b.folder);
}

static void
on_time(uv_timer_t *timer)
{
	uv_stop(timer->loop);
}

/* Its writer goes on for a while in the file that was renamed: until it has
 * been quiet for a second, what comes there is read, and before the new one. */
static void
a_late_writer_is_heard(void **state)
{
	struct bed b;
	char path[120], old[130], config[160];
	uv_timer_t timer;

	(void)state;
	assert_int_equal(make_folder(&b), 0);
	snprintf(path, sizeof(path), "%s/posts", b.folder);
	snprintf(old, sizeof(old), "%s.1", path);
	snprintf(
	    config, sizeof(config), "path: %s\nfollow: true\n", path);
	append(path, "one\n");
	bed_make(&b, "file", config, 2);
	bed_open(&b);
	saw(&b, "one\n");
	assert_int_equal(rename(path, old), 0);
	append(path, "new\n");
	uv_timer_init(&b.loop, &timer); /* it looks every 200 ms */
	uv_timer_start(&timer, on_time, 450, 0);
	uv_run(&b.loop, UV_RUN_DEFAULT);
	uv_close((uv_handle_t *)&timer, NULL);
	append(old, "late\n");
	saw(&b, "one\nlate\nnew\n");
	bed_end(&b);
	unlink(path);
	unlink(old);
	rmdir(b.folder);
}

/* Who rotates may make the new file before we may read it. */
static void
what_cannot_be_opened_yet_ends_nothing(void **state)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	struct bed b;
	char path[100], config[160];
	uv_timer_t timer;
	int fd;

	(void)state;
	assert_int_equal(make_folder(&b), 0);
	snprintf(path, sizeof(path), "%s/posts", b.folder);
	snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	snprintf(
	    config, sizeof(config), "path: %s\nfollow: true\n", path);
	append(path, "one\n");
	bed_make(&b, "file", config, 2);
	bed_open(&b);
	saw(&b, "one\n");
	assert_int_equal(unlink(path), 0);
	fd = socket(AF_UNIX, SOCK_STREAM, 0); /* which root cannot open */
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	close(fd);
	uv_timer_init(&b.loop, &timer); /* it looks every 200 ms */
	uv_timer_start(&timer, on_time, 450, 0);
	uv_run(&b.loop, UV_RUN_DEFAULT);
	uv_close((uv_handle_t *)&timer, NULL);
	assert_int_equal(b.seen.ends, 0);
	assert_int_equal(unlink(path), 0);
	append(path, "two\n");
	saw(&b, "one\ntwo\n");
	bed_end(&b);
	unlink(path);
	rmdir(b.folder);
}

static void
missing_file_is_said(void **state)
{
	struct bed b = {0};
	struct err err = {0};

	(void)state;
	bed_make(&b, "file", "path: /nonexistent/posts\n", 1);
	assert_true(source_set_open(b.set, &err) < 0);
	assert_non_null(strstr(err.text, "/nonexistent/posts"));
	bed_end(&b);
}

static void
stdin_from(int fd, const char *expected)
{
	struct bed b = {0};
	int keep = dup(0);

	assert_int_equal(dup2(fd, 0), 0);
	close(fd);
	bed_make(&b, "stdin", "{}\n", 1);
	bed_open(&b);
	while (b.seen.ends == 0)
		uv_run(&b.loop, UV_RUN_ONCE);
	saw(&b, expected);
	bed_end(&b);
	dup2(keep, 0);
	close(keep);
}

static void
stdin_may_be_anything(void **state)
{
	char path[] = "/tmp/vigie-stdin-XXXXXX";
	int fd = mkstemp(path), fds[2];
	char packed[200];
	ssize_t n;
	gzFile gz;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	say(fds[1], "by pipe\nlast");
	close(fds[1]);
	stdin_from(fds[0], "by pipe\nlast\n");
	say(fd, "by file\n");
	lseek(fd, 0, SEEK_SET);
	stdin_from(fd, "by file\n");
	gz = gzopen(path, "w");
	gzputs(gz, "packed\nby pipe\n");
	gzclose(gz);
	fd = open(path, O_RDONLY);
	n = read(fd, packed, sizeof(packed));
	close(fd);
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], packed, (size_t)n), n);
	close(fds[1]);
	stdin_from(fds[0], "packed\nby pipe\n");
	unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(file_is_read_to_its_end),
	    cmocka_unit_test(file_is_followed_over_rotation),
	    cmocka_unit_test(a_late_writer_is_heard),
	    cmocka_unit_test(what_cannot_be_opened_yet_ends_nothing),
	    cmocka_unit_test(missing_file_is_said),
	    cmocka_unit_test(stdin_may_be_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
