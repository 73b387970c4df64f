/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cmd_inputs.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "connectors/decode.h"

/* Lines are written when so many bytes have come together. */
#define WRITE_BYTES (64u << 10)

/* So many at once are written from where they are: a worker made them, and a
 * copy would fetch them from its processor. */
#define PUT_BYTES (8u << 10)

static int64_t
replay_now(void *self)
{
	(void)self;
	return TIME_NONE;
}

void
cmd_inputs_start(struct cmd_inputs *in, const struct options *o)
{
	in->o = o;
	in->clock = clock_wall();
	in->start_ns = in->clock.tick_ns(in->clock.self);
}

void
cmd_inputs_open(struct cmd_inputs *in, struct ruleset *rules, unsigned workers,
    struct job job, struct consumer consumer)
{
	const struct pipeline_options options = {
	    .workers = workers,
	    .inputs_max = 1,
	    .clock = {replay_now, in->clock.tick_ns, in->clock.self},
	    .decoder = &decode_auto,
	    .job = job,
	    .consumer = consumer,
	    .complaints = stderr,
	};

	in->pipeline = pipeline_new(&options);
	pipeline_rules(in->pipeline, rules);
	pipeline_complaints(in->pipeline)->before = progress_clear;
	pipeline_complaints(in->pipeline)->self = &in->progress;
	in->ready_ns = in->clock.tick_ns(in->clock.self);
}

/* Somebody else made standard output answer at once: a shell over ssh, or a
 * program that started us. */
static bool
wait_for_room(void)
{
	struct pollfd fd = {.fd = STDOUT_FILENO, .events = POLLOUT};

	return poll(&fd, 1, -1) >= 0 || errno == EINTR;
}

static void
write_all(struct cmd_inputs *in, struct slice text)
{
	size_t at = 0;

	while (at < text.len && !in->stopped) {
		ssize_t n =
		    write(STDOUT_FILENO, text.data + at, text.len - at);

		if (n >= 0) {
			at += (size_t)n;
		} else if (errno != EINTR &&
		    !(errno == EAGAIN && wait_for_room())) {
			in->stopped = true;
			if (errno != EPIPE) /* `head` has seen enough */
				err_set(&in->err, -errno,
				    "cannot write the results: %s",
				    strerror(errno));
		}
	}
}

void
cmd_inputs_write(struct cmd_inputs *in, bool all)
{
	if (!all && !in->at_once && in->out.len < WRITE_BYTES)
		return;
	write_all(in, buf_slice(&in->out));
	buf_clear(&in->out);
}

void
cmd_inputs_put(struct cmd_inputs *in, struct slice text)
{
	if (text.len < PUT_BYTES) {
		buf_slice_put(&in->out, text);
		cmd_inputs_write(in, false);
		return;
	}
	cmd_inputs_write(in, true);
	write_all(in, text);
}

static bool
on_turn(void *self)
{
	struct cmd_inputs *in = self;
	uint64_t posts =
	    pipeline_counters(in->pipeline)->values[COUNTER_posts_total];

	if (in->reader != NULL)
		progress_tick(&in->progress,
		    in->bytes_before + reader_bytes(in->reader), posts);
	if (in->on_turn != NULL)
		in->on_turn(in->self, posts);
	return !in->stopped;
}

static int
read_input(struct cmd_inputs *in, const char *path)
{
	struct pull_input input = {
	    .name = strcmp(path, "-") ? path : "stdin",
	    .read = reader_read,
	};
	struct err err;
	int rc = reader_open(path, &in->reader, &err);

	if (rc == 0) {
		input.self = in->reader;
		input.fd = reader_waits(in->reader);
		in->at_once = input.fd >= 0;
		rc = pull_read(in->pipeline, &input, on_turn, in, &err);
		in->bytes_before += reader_bytes(in->reader);
		reader_close(in->reader);
		in->reader = NULL;
	}
	progress_clear(&in->progress);
	if (rc < 0)
		fprintf(stderr, "vigie %s: %s\n", in->o->command, err.text);
	return rc;
}

int
cmd_inputs_read(struct cmd_inputs *in)
{
	static char dash[] = "-";
	char *only[] = {dash};
	size_t count = in->o->args_count > 0 ? in->o->args_count : 1;
	char **paths = in->o->args_count > 0 ? in->o->args : only;
	uint64_t total = 0;
	int rc = 0;

	for (size_t i = 0; i < count; i++)
		total += reader_size(paths[i]);
	progress_start(&in->progress, stderr, in->clock, total);
	for (size_t i = 0; i < count && !in->stopped; i++)
		if (read_input(in, paths[i]) < 0)
			rc = -1;
	pull_end(in->pipeline);
	progress_clear(&in->progress);
	return rc;
}

int
cmd_inputs_pull(struct cmd_inputs *in, const struct pull_input *input)
{
	struct err err;
	int rc;

	in->at_once = input->fd >= 0;
	rc = pull_read(in->pipeline, input, on_turn, in, &err);
	pull_end(in->pipeline);
	if (rc < 0)
		fprintf(stderr, "vigie %s: %s\n", in->o->command, err.text);
	return rc;
}

int
cmd_inputs_close(struct cmd_inputs *in, unsigned workers,
    const struct ruleset *rules, int rc)
{
	struct stats stats = {.command = in->o->command,
	    .workers = workers,
	    .ready_ns = in->ready_ns - in->start_ns,
	    .rules = rules,
	    .budget = buf_slice(&in->budget)};

	cmd_inputs_write(in, true);
	pipeline_stop(in->pipeline, &stats.stages);
	stats.elapsed_ns = in->clock.tick_ns(in->clock.self) - in->ready_ns;
	stats.counters = pipeline_counters(in->pipeline);
	if (in->o->stats_json != NULL && in->err.code == 0)
		stats_write(&stats, in->o->stats_json, &in->err);
	if (in->err.code != 0)
		fprintf(stderr, "vigie %s: %s\n", in->o->command, in->err.text);
	if (in->err.code != 0)
		rc = -1;
	pipeline_close(in->pipeline, NULL, NULL);
	buf_fini(&in->out);
	buf_fini(&in->budget);
	return rc < 0 ? EXIT_FOUND : EXIT_DONE;
}
