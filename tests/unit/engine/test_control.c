/*
 * Goal: each line gets one answer, in order; clients that are slow, silent,
 * hostile, gone or too many cost themselves alone; the file is private and
 * never taken from a living engine.  Method: a control socket on a loop of
 * its own, blocking clients whose loop is turned by hand.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/base/must.h"
#include "engine/control/control_parts.h"

struct bed {
	char folder[32], path[64];
	uv_loop_t loop;
	uv_timer_t work; /* the socket does not keep a loop alive */
	struct counters counters;
	struct control *control;
	struct control_call *held; /* of "hold" */
	unsigned runs;
};

static void
run_echo(void *self, struct control_call *call)
{
	struct bed *bed = self;

	bed->runs++;
	buf_text(control_out(call), ",\"said\":");
	buf_json(control_out(call), control_argument(call));
	control_answer(call);
}

static void
run_hold(void *self, struct control_call *call)
{
	struct bed *bed = self;

	REQUIRE(bed->held == NULL);
	bed->held = call;
}

static void
run_flood(void *self, struct control_call *call)
{
	(void)self;
	buf_text(control_out(call), ",\"text\":\"");
	for (unsigned i = 0; i < 4u << 20; i++)
		buf_char(control_out(call), 'x');
	buf_char(control_out(call), '"');
	control_answer(call);
}

static void
on_work(uv_timer_t *timer)
{
	(void)timer;
}

static const struct control_row rows[] = {
    {"echo", "[TEXT]", "say it again", run_echo},
    {"hold", "", "answer later", run_hold},
    {"flood", "", "a long answer", run_flood},
    {NULL, NULL, NULL, NULL},
};

static struct control *
open_at(struct bed *bed, struct err *err)
{
	struct control_options o = {
	    .loop = &bed->loop,
	    .path = bed->path,
	    .rows = rows,
	    .counters = &bed->counters,
	    .self = bed,
	};

	return control_open(&o, err);
}

static int
start(void **state)
{
	struct bed *bed = calloc(1, sizeof(*bed));
	struct err err;

	snprintf(bed->folder, sizeof(bed->folder), "/tmp/vigie-ctl-XXXXXX");
	REQUIRE(mkdtemp(bed->folder) != NULL);
	snprintf(bed->path, sizeof(bed->path), "%s/c.sock", bed->folder);
	REQUIRE(uv_loop_init(&bed->loop) == 0);
	uv_timer_init(&bed->loop, &bed->work);
	uv_timer_start(&bed->work, on_work, 1000000, 0);
	bed->control = open_at(bed, &err);
	REQUIRE(bed->control != NULL);
	*state = bed;
	return 0;
}

static int
stop(void **state)
{
	struct bed *bed = *state;

	uv_close((uv_handle_t *)&bed->work, NULL);
	control_close(bed->control);
	uv_run(&bed->loop, UV_RUN_DEFAULT);
	REQUIRE(uv_loop_close(&bed->loop) == 0);
	REQUIRE(access(bed->path, F_OK) < 0);
	rmdir(bed->folder);
	free(bed);
	return 0;
}

static int
dial(struct bed *bed)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", bed->path);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static void
turn(struct bed *bed)
{
	for (int i = 0; i < 20; i++)
		uv_run(&bed->loop, UV_RUN_NOWAIT);
}

static void
say(int fd, const char *text)
{
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

/* What ${fd} was told so far; "" nothing, NULL it was hung up. */
static const char *
hear(struct bed *bed, int fd)
{
	static char text[65536];
	ssize_t n;

	turn(bed);
	n = read(fd, text, sizeof(text) - 1);
	if (n == 0)
		return NULL;
	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void
lines_in_turn(void **state)
{
	struct bed *bed = *state;
	int fd = dial(bed);

	say(fd, "{\"command\":\"echo\",\"argument\":\"a\\u00e9\"}\n"
		"{\"command\":\"ehco\"}\nnonsense\n"
		"{\"command\":\"hold\",\"argument\":\"x\"}\n"
		"{\"command\":\"echo\"");
	assert_string_equal(hear(bed, fd),
	    "{\"ok\":true,\"command\":\"echo\",\"said\":\"a\xc3\xa9\"}\n"
	    "{\"ok\":false,\"error\":\"unknown command 'ehco'; did you mean "
	    "'echo'? known: echo, hold, flood\"}\n"
	    "{\"ok\":false,\"error\":\"a request is one JSON object a line: "
	    "{\\\"command\\\":\\\"status\\\"}\"}\n"
	    "{\"ok\":false,\"command\":\"hold\",\"error\":\"hold takes no "
	    "argument\"}\n");
	say(fd, "}\n");
	assert_string_equal(hear(bed, fd),
	    "{\"ok\":true,\"command\":\"echo\",\"said\":\"\"}\n");
	assert_int_equal(
	    bed->counters.values[COUNTER_control_requests_total], 5);
	assert_int_equal(
	    bed->counters.values[COUNTER_control_refused_total], 3);
	close(fd);
}

static void
a_last_line_without_newline(void **state)
{
	struct bed *bed = *state;
	int fd = dial(bed);

	say(fd, "{\"command\":\"echo\"}");
	assert_int_equal(shutdown(fd, SHUT_WR), 0);
	assert_string_equal(hear(bed, fd),
	    "{\"ok\":true,\"command\":\"echo\",\"said\":\"\"}\n");
	assert_null(hear(bed, fd));
	close(fd);
}

static void
others_do_not_wait(void **state)
{
	struct bed *bed = *state;
	int slow = dial(bed), quick = dial(bed);

	say(slow, "{\"command\":\"hold\"}\n{\"command\":\"echo\"}\n");
	say(quick, "{\"command\":\"echo\"}\n");
	assert_string_equal(hear(bed, quick),
	    "{\"ok\":true,\"command\":\"echo\",\"said\":\"\"}\n");
	assert_string_equal(hear(bed, slow), "");
	assert_non_null(bed->held);
	control_refuse(bed->held, "late: %d", 7);
	assert_string_equal(hear(bed, slow),
	    "{\"ok\":false,\"command\":\"hold\",\"error\":\"late: 7\"}\n"
	    "{\"ok\":true,\"command\":\"echo\",\"said\":\"\"}\n");
	close(slow);
	close(quick);
}

/* Who does not read what it asked for is not asked again, nor does it hold
 * the loop or more memory than one answer. */
static void
who_does_not_read(void **state)
{
	struct bed *bed = *state;
	int mute = dial(bed), quick = dial(bed);

	for (int i = 0; i < 100; i++)
		say(mute, "{\"command\":\"flood\"}\n");
	turn(bed);
	assert_int_equal(
	    bed->counters.values[COUNTER_control_requests_total], 1);
	say(quick, "{\"command\":\"echo\"}\n");
	assert_non_null(strstr(hear(bed, quick), "\"ok\":true"));
	close(mute);
	close(quick);
	turn(bed);
	assert_int_equal(control_clients(bed->control), 0);
}

static void
too_long_a_line(void **state)
{
	struct bed *bed = *state;
	char line[CONTROL_LINE_BYTES_MAX];
	int fd = dial(bed);

	memset(line, 'x', sizeof(line));
	assert_int_equal(write(fd, line, sizeof(line)), sizeof(line));
	assert_non_null(strstr(hear(bed, fd), "at most 4096 bytes"));
	assert_null(hear(bed, fd));
	close(fd);
}

static void
too_many(void **state)
{
	struct bed *bed = *state;
	int fds[CONTROL_CLIENTS_MAX], over;

	for (unsigned i = 0; i < CONTROL_CLIENTS_MAX; i++)
		fds[i] = dial(bed);
	turn(bed);
	over = dial(bed);
	assert_null(hear(bed, over));
	close(over);
	close(fds[0]);
	turn(bed);
	fds[0] = dial(bed);
	say(fds[0], "{\"command\":\"echo\"}\n");
	assert_non_null(strstr(hear(bed, fds[0]), "\"ok\":true"));
	for (unsigned i = 0; i < CONTROL_CLIENTS_MAX; i++)
		close(fds[i]);
}

static void
an_answer_to_nobody(void **state)
{
	struct bed *bed = *state;
	int fd = dial(bed);

	say(fd, "{\"command\":\"hold\"}\n");
	turn(bed);
	assert_non_null(bed->held);
	/* Gone, and told so by the end of the control. */
	close(fd);
	control_answer(bed->held);
	bed->held = NULL;
	turn(bed);
	assert_int_equal(control_clients(bed->control), 0);
}

/* A call that is open when the socket closes is still answered. */
static void
closing_with_an_open_call(void **state)
{
	struct bed *bed = *state;
	int fd = dial(bed);

	say(fd, "{\"command\":\"hold\"}\n{\"command\":\"echo\"}\n");
	turn(bed);
	control_close(bed->control);
	turn(bed);
	control_refuse(bed->held, "the end");
	assert_string_equal(hear(bed, fd),
	    "{\"ok\":false,\"command\":\"hold\",\"error\":\"the end\"}\n");
	assert_null(hear(bed, fd));
	assert_int_equal(bed->runs, 0);
	close(fd);
	bed->control = NULL;
}

static void
the_file(void **state)
{
	struct bed *bed = *state;
	struct stat st;
	struct err err;
	FILE *f;

	assert_int_equal(stat(bed->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_null(open_at(bed, &err));
	assert_non_null(strstr(err.text, "another vigie answers there"));
	control_close(bed->control);
	turn(bed);
	f = fopen(bed->path, "w");
	fclose(f);
	assert_null(open_at(bed, &err));
	assert_non_null(strstr(err.text, "no socket"));
	unlink(bed->path);
	bed->control = open_at(bed, &err);
	assert_non_null(bed->control);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(lines_in_turn, start, stop),
	    cmocka_unit_test_setup_teardown(
		a_last_line_without_newline, start, stop),
	    cmocka_unit_test_setup_teardown(others_do_not_wait, start, stop),
	    cmocka_unit_test_setup_teardown(who_does_not_read, start, stop),
	    cmocka_unit_test_setup_teardown(too_long_a_line, start, stop),
	    cmocka_unit_test_setup_teardown(too_many, start, stop),
	    cmocka_unit_test_setup_teardown(an_answer_to_nobody, start, stop),
	    cmocka_unit_test_setup_teardown(
		closing_with_an_open_call, start, stop),
	    cmocka_unit_test_setup_teardown(the_file, start, stop),
	};

	signal(SIGPIPE, SIG_IGN); /* as main does */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
