/*
 * Goal: every source delivers what it was given, one slow client delays no
 * other, limits refuse, files are followed over rotation, and all of it
 * closes.  Method: one real loop per test; the pipeline's decoder echoes
 * lines (fake.h); the loop runs until what is expected is seen.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <zlib.h>

#include "connectors/connectors.h"
#include "connectors/source_memory.h"
#include "engine/base/log.h"
#include "engine/source_set.h"
#include "tests/unit/engine/fake.h"

struct bed {
	uv_loop_t loop;
	struct seen seen;
	struct pipeline *p;
	struct source_set *set;
	struct source *s;
	struct arena *arena;
	struct diag *diag;
	char folder[64];
};

/* A source of ${kind} with settings from the YAML ${config}. */
static void
bed_make(struct bed *b, const char *kind, const char *config, unsigned inputs)
{
	const struct source_type *type = connectors_source(kind);
	struct pipeline_options o = {
	    .workers = 2,
	    .inputs_max = inputs,
	    .loop = &b->loop,
	    .clock = clock_wall(),
	    .decoder = &fake_decoder,
	    .job = fake_job,
	    .consumer = {seen_on_batch, seen_may_go_on, seen_on_end, &b->seen},
	};
	const char *path;
	struct yaml *map;

	assert_non_null(type);
	assert_int_equal(uv_loop_init(&b->loop), 0);
	b->p = pipeline_new(&o);
	b->set = source_set_new(b->p, &b->loop);
	b->s = source_set_add(b->set, type);
	b->arena = arena_new();
	b->diag = diag_new();
	path = diag_file(b->diag, "test.yaml", slice_of(config));
	map = yaml_parse(b->arena, path, slice_of(config), b->diag);
	assert_non_null(map);
	assert_true(settings_read(
	    type->settings, map, "type", b->s, b->arena, b->diag));
}

static void
bed_open(struct bed *b)
{
	struct err err = {0};

	if (source_set_open(b->set, &err) < 0)
		fail_msg("%s", err.text);
}

/* Ends by itself or is ended here; then all must be gone. */
static void
bed_end(struct bed *b)
{
	source_set_close(b->set);
	while (b->seen.ends == 0)
		uv_run(&b->loop, UV_RUN_ONCE);
	uv_run(&b->loop, UV_RUN_NOWAIT);
	source_set_free(b->set);
	pipeline_close(b->p, seen_closed, &b->seen);
	uv_run(&b->loop, UV_RUN_DEFAULT);
	assert_true(b->seen.closed);
	assert_int_equal(uv_loop_close(&b->loop), 0);
	diag_free(b->diag);
	arena_free(b->arena);
	buf_fini(&b->seen.out);
}

static void
run_until(struct bed *b, size_t bytes)
{
	while (b->seen.out.len < bytes)
		uv_run(&b->loop, UV_RUN_ONCE);
}

static void
saw(struct bed *b, const char *text)
{
	run_until(b, strlen(text));
	assert_int_equal(b->seen.out.len, strlen(text));
	assert_memory_equal(b->seen.out.data, text, strlen(text));
}

static void
memory_gives_all(void **state)
{
	struct buf text = {0};

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_printf(&text, "line %d\n", i);
	for (size_t piece = 999; piece < 2000000; piece *= 40) {
		struct bed b = {0};

		bed_make(&b, "memory", "{}\n", 1);
		source_memory_fill(b.s, buf_slice(&text), piece);
		bed_open(&b);
		while (b.seen.ends == 0)
			uv_run(&b.loop, UV_RUN_ONCE);
		assert_int_equal(b.seen.out.len, text.len);
		assert_memory_equal(b.seen.out.data, text.data, text.len);
		bed_end(&b);
	}
	buf_fini(&text);
}

/* ---- sockets ------------------------------------------------------------- */

static int
connect_tcp(struct bed *b)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	const char *colon = strrchr(b->s->name, ':');
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_non_null(colon);
	a.sin_port = htons((uint16_t)atoi(colon + 1));
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(
	    connect(fd, (const struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static void
say(int fd, const char *text)
{
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static void
slow_clients_delay_nobody(void **state)
{
	struct bed b = {0};
	int slow[5], quick;
	char text[200] = "";

	(void)state;
	bed_make(&b, "tcp", "listen: 127.0.0.1:0\n", 8);
	bed_open(&b);
	for (int i = 0; i < 5; i++) {
		slow[i] = connect_tcp(&b);
		say(slow[i], "half a "); /* and then nothing */
	}
	quick = connect_tcp(&b);
	for (int i = 0; i < 5; i++) {
		say(quick, "quick\n");
		strcat(text, "quick\n");
		saw(&b, text);
	}
	for (int i = 0; i < 5; i++) {
		say(slow[i], "line\n");
		strcat(text, "half a line\n");
		saw(&b, text);
		say(slow[i], "last"); /* no newline: the end ends it */
		close(slow[i]);
		strcat(text, "last\n");
		saw(&b, text);
	}
	assert_int_equal(
	    pipeline_counters(b.p)->values[COUNTER_connections_total], 6);
	bed_end(&b); /* with one client still there */
	close(quick);
}

static void
connections_above_the_limit_are_refused(void **state)
{
	struct bed b = {0};
	struct counters *counts;
	int fds[3];
	char c;

	(void)state;
	bed_make(&b, "tcp", "listen: '[::1]:0'\n", 2);
	bed_open(&b);
	assert_memory_equal(b.s->name, "tcp [::1]:", 10);
	bed_end(&b);
	memset(&b, 0, sizeof(b));
	bed_make(&b, "tcp", "listen: localhost:0\n", 2);
	bed_open(&b);
	counts = pipeline_counters(b.p);
	for (int i = 0; i < 3; i++)
		fds[i] = connect_tcp(&b);
	while (counts->values[COUNTER_connections_refused_total] == 0)
		uv_run(&b.loop, UV_RUN_ONCE);
	uv_run(&b.loop, UV_RUN_NOWAIT);
	assert_int_equal(read(fds[2], &c, 1), 0); /* closed by us */
	close(fds[0]);
	say(fds[1], "still here\n");
	saw(&b, "still here\n");
	fds[0] = connect_tcp(&b); /* there is room again */
	say(fds[0], "so am I\n");
	saw(&b, "still here\nso am I\n");
	bed_end(&b);
	for (int i = 0; i < 3; i++)
		close(fds[i]);
}

static void
tcp_refuses_what_others_could_reach(void **state)
{
	static const char *const bad[] = {"listen: 0.0.0.0:7777\n",
	    "listen: '[::]:0'\n", "listen: 10.1.2.3:1\n", "listen: nonsense\n",
	    "listen: 127.0.0.1:99999\n"};

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		struct bed b = {0};
		struct err err = {0};

		bed_make(&b, "tcp", bad[i], 2);
		assert_true(source_set_open(b.set, &err) < 0);
		assert_non_null(strstr(err.text,
		    i < 3 ? "could be reached from other hosts"
		          : "is no address and port"));
		bed_end(&b);
	}
}

/* A client that sends without end, while the consumer is shut: the kernel's
 * buffers fill and ours do not. */
static void
back_pressure_reaches_the_client(void **state)
{
	struct bed b = {.seen = {.shut = true}};
	static char line[4096];
	size_t sent = 0, whole = 0, idle = 0;
	int fd;

	(void)state;
	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	bed_make(&b, "tcp", "listen: 127.0.0.1:0\n", 4);
	bed_open(&b);
	fd = connect_tcp(&b);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	while (b.seen.batches == 0 && idle < 2000) {
		ssize_t n = write(fd, line, sizeof(line));

		if (n > 0)
			sent += (size_t)n;
		if (n == (ssize_t)sizeof(line)) /* with its newline */
			whole = sent;
		idle = n > 0 ? 0 : idle + 1;
		uv_run(&b.loop, UV_RUN_NOWAIT);
	}
	assert_true(sent > 0);
	assert_true(b.s->paused);
	assert_true(
	    pipeline_counters(b.p)->values[COUNTER_source_pauses_total] > 0);
	b.seen.shut = false;
	pipeline_go_on(b.p);
	run_until(&b, whole);
	assert_false(b.s->paused);
	close(fd);
	bed_end(&b);
}

static int
make_folder(struct bed *b)
{
	memset(b, 0, sizeof(*b));
	strcpy(b->folder, "/tmp/vigie-source-XXXXXX");
	return mkdtemp(b->folder) == NULL;
}

static void
unix_takes_over_a_stale_socket(void **state)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	struct bed b;
	char config[120];
	int fd;

	(void)state;
	assert_int_equal(make_folder(&b), 0);
	snprintf(a.sun_path, sizeof(a.sun_path), "%s/posts.sock", b.folder);
	snprintf(config, sizeof(config), "path: %s\n", a.sun_path);
	fd = socket(AF_UNIX, SOCK_STREAM, 0); /* bound, and left behind */
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	close(fd);
	bed_make(&b, "unix", config, 4);
	bed_open(&b);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	say(fd, "by unix\n");
	saw(&b, "by unix\n");
	close(fd);
	bed_end(&b);
	rmdir(b.folder);
}

/* ---- files ---------------------------------------------------------------- */

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
	snprintf(config, sizeof(config), "path: %s\nfollow: true\n", path);
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

/* ---- standard input -------------------------------------------------------- */

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
	    cmocka_unit_test(memory_gives_all),
	    cmocka_unit_test(slow_clients_delay_nobody),
	    cmocka_unit_test(connections_above_the_limit_are_refused),
	    cmocka_unit_test(tcp_refuses_what_others_could_reach),
	    cmocka_unit_test(back_pressure_reaches_the_client),
	    cmocka_unit_test(unix_takes_over_a_stale_socket),
	    cmocka_unit_test(file_is_read_to_its_end),
	    cmocka_unit_test(file_is_followed_over_rotation),
	    cmocka_unit_test(missing_file_is_said),
	    cmocka_unit_test(stdin_may_be_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
