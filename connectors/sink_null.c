/*
 * Takes every message and forgets it: the reference of what a sink must do,
 * and the sink of measurements.
 *
 * To write another: copy this file, fill publish, add one line to
 * connectors.def and one test.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "connectors/connectors.h"

struct sink_null {
	struct sink sink; /* first: the engine knows only this part */
};

static const struct setting settings[] = {{0}};

static int
null_open(struct sink *s, uv_loop_t *loop, struct err *err)
{
	(void)s;
	(void)loop;
	(void)err;
	return 0;
}

/* A real sink would send the message and say sink_done when it is safe. */
static void
null_publish(struct sink *s, const char *channel, struct alert *a,
    uint64_t token)
{
	(void)channel;
	(void)a;
	sink_done(s, token);
}

static uint32_t
null_room(const struct sink *s)
{
	(void)s;
	return 1;
}

static void
null_close(struct sink *s, void (*on_closed)(struct sink *s))
{
	on_closed(s);
}

const struct sink_type sink_null_type = {
    .name = "null",
    .help = "forgets every message, for measurements",
    .settings = settings,
    .size = sizeof(struct sink_null),
    .open = null_open,
    .publish = null_publish,
    .room = null_room,
    .close = null_close,
    .per_alert = true,
};
