/*
 * Goal: sources deliver what they were given, one slow client delays no
 * other, limits refuse, and all of it closes.  Method: one real loop per
 * test; the pipeline's decoder echoes lines (fake.h); the loop runs until
 * what is expected is seen.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "connectors/listener.h"
#include "connectors/source_memory.h"
#include "tests/unit/connectors/bed.h"

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

/* As if all had happened so much earlier. */
static void
age(struct bed *b, uint64_t ms)
{
	for (struct stream *st = ((struct listener *)b->s)->streams;
	     st != NULL; st = st->next)
		st->heard_ms -= ms;
}

static void
the_silent_make_room(void **state)
{
	struct bed b = {0};
	struct counters *counts;
	int fds[4];
	char c;

	(void)state;
	bed_make(&b, "tcp", "listen: 127.0.0.1:0\nidle: 1h\n", 2);
	bed_open(&b);
	counts = pipeline_counters(b.p);
	for (int i = 0; i < 2; i++) {
		fds[i] = connect_tcp(&b);
		while (counts->values[COUNTER_connections_total] <=
		    (uint64_t)i)
			uv_run(&b.loop, UV_RUN_ONCE);
	}
	age(&b, 2 * 3600000); /* silent for two hours, and nobody minds */
	say(fds[0], "a word\n");
	saw(&b, "a word\n");
	fds[2] = connect_tcp(&b);
	say(fds[2], "me\n");
	saw(&b, "a word\nme\n");
	assert_int_equal(read(fds[1], &c, 1), 0); /* not the one who spoke */
	assert_int_equal(
	    counts->values[COUNTER_connections_silent_total], 1);
	assert_int_equal(
	    counts->values[COUNTER_connections_refused_total], 0);
	age(&b, 3000000); /* 50 minutes: not yet */
	fds[3] = connect_tcp(&b);
	while (counts->values[COUNTER_connections_refused_total] == 0)
		uv_run(&b.loop, UV_RUN_ONCE);
	assert_int_equal(
	    counts->values[COUNTER_connections_silent_total], 1);
	bed_end(&b);
	for (int i = 0; i < 4; i++)
		close(fds[i]);
}

/* idle: 0s; and who is paused cannot speak. */
static void
no_silence_is_too_long(void **state)
{
	struct bed b = {0};
	struct counters *counts;
	int fds[2];

	(void)state;
	for (int paused = 0; paused < 2; paused++) {
		memset(&b, 0, sizeof(b));
		bed_make(&b, "tcp", paused ? "listen: 127.0.0.1:0\n" :
		    "listen: 127.0.0.1:0\nidle: 0s\n", 1);
		bed_open(&b);
		counts = pipeline_counters(b.p);
		fds[0] = connect_tcp(&b);
		while (counts->values[COUNTER_connections_total] == 0)
			uv_run(&b.loop, UV_RUN_ONCE);
		age(&b, 1000000000);
		if (paused) {
			b.s->paused = true;
			b.s->type->pause(b.s);
		}
		fds[1] = connect_tcp(&b);
		while (counts->values[COUNTER_connections_refused_total] == 0)
			uv_run(&b.loop, UV_RUN_ONCE);
		assert_int_equal(
		    counts->values[COUNTER_connections_silent_total], 0);
		bed_end(&b);
		close(fds[0]);
		close(fds[1]);
	}
}

static void
assert_refused(const char *config, const char *why)
{
	const struct source_type *type = connectors_source("tcp");
	struct source *source = calloc(1, type->size);
	struct arena *arena = arena_new();
	struct diag *diag = diag_new();
	const char *path = diag_file(diag, "test.yaml", slice_of(config));
	struct yaml *map = yaml_parse(arena, path, slice_of(config), diag);
	char *said = NULL;
	size_t bytes;
	FILE *out = open_memstream(&said, &bytes);

	assert_non_null(source);
	assert_non_null(out);
	assert_false(settings_read(
	    type->settings, map, "type", source, arena, diag));
	diag_print(diag, out, false);
	fclose(out);
	assert_non_null(strstr(said, "test.yaml:1:9: error: "));
	assert_non_null(strstr(said, why));
	free(said);
	free(source);
	diag_free(diag);
	arena_free(arena);
}

static void
tcp_refuses_what_others_could_reach(void **state)
{
	static const char *const bad[] = {"listen: 0.0.0.0:7777\n",
	    "listen: '[::]:0'\n", "listen: 10.1.2.3:1\n", "listen: nonsense\n",
	    "listen: 127.0.0.1:99999\n"};

	(void)state;
	for (size_t i = 0; i < 5; i++)
		assert_refused(bad[i],
		    i < 3 ? "could be reached from other hosts"
		          : "is no address and port");
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

/* libuv would bind what fits of a path, and nobody would find the socket. */
static void
unix_says_what_is_wrong_with_its_path(void **state)
{
	char config[200], longest[109];
	struct err err = {0};
	struct bed b;

	(void)state;
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	for (int missing = 0; missing < 2; missing++) {
		memset(&b, 0, sizeof(b));
		assert_int_equal(make_folder(&b), 0);
		snprintf(config, sizeof(config), "path: %s/%s\n", b.folder,
		    missing ? "none/a.sock" : longest);
		bed_make(&b, "unix", config, 4);
		assert_true(source_set_open(b.set, &err) < 0);
		if (strstr(err.text, missing ? "there is no such folder"
			: "a socket's path has at most 107 bytes") == NULL)
			fail_msg("%s", err.text);
		bed_end(&b);
		assert_int_equal(rmdir(b.folder), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(memory_gives_all),
	    cmocka_unit_test(slow_clients_delay_nobody),
	    cmocka_unit_test(connections_above_the_limit_are_refused),
	    cmocka_unit_test(the_silent_make_room),
	    cmocka_unit_test(no_silence_is_too_long),
	    cmocka_unit_test(tcp_refuses_what_others_could_reach),
	    cmocka_unit_test(back_pressure_reaches_the_client),
	    cmocka_unit_test(unix_takes_over_a_stale_socket),
	    cmocka_unit_test(unix_says_what_is_wrong_with_its_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
