/*
 * Each alert as one line of JSON on standard output.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <unistd.h>

#include "connectors/connectors.h"
#include "connectors/lines.h"

struct sink_stdout {
	struct sink sink;
	struct lines lines;
};

static const struct setting settings[] = {{0}};

static struct sink_stdout *
self(struct sink *s)
{
	return (struct sink_stdout *)s;
}

static int
stdout_open(struct sink *s, uv_loop_t *loop, struct err *err)
{
	(void)err;
	lines_open(&self(s)->lines, s, loop, STDOUT_FILENO, false);
	return 0;
}

static void
stdout_publish(struct sink *s, const char *channel, struct alert *a,
    uint64_t token)
{
	(void)channel;
	lines_put(&self(s)->lines, a, token);
}

static uint32_t
stdout_room(const struct sink *s)
{
	return lines_room(&((const struct sink_stdout *)s)->lines);
}

static void
stdout_close(struct sink *s, void (*on_closed)(struct sink *s))
{
	lines_close(&self(s)->lines, on_closed);
}

const struct sink_type sink_stdout_type = {
    .name = "stdout",
    .help = "one JSON object per line on standard output",
    .settings = settings,
    .size = sizeof(struct sink_stdout),
    .open = stdout_open,
    .publish = stdout_publish,
    .room = stdout_room,
    .close = stdout_close,
    .per_alert = true,
};
