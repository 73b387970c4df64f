/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/log.h"

#include <stdarg.h>
#include <stdio.h>

static struct {
	enum log_level level;
	struct clock clock;
} state = {.level = LOG_INFO};

static const char *const names[] = {"error", "warn", "info", "debug"};

void
log_setup(enum log_level level, const struct clock *clock)
{
	state.level = level;
	if (clock != NULL)
		state.clock = *clock;
}

void
log_say(enum log_level level, const char *topic, const char *format, ...)
{
	char line[2048], stamp[24] = "-";
	va_list args;

	if (level > state.level)
		return;
	if (state.clock.now_ms != NULL) {
		int64_t now = clock_now(&state.clock);

		if (now != TIME_NONE)
			clock_format(now, stamp);
	}
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	fprintf(stderr, "%s %s %s: %s\n", stamp, names[level], topic, line);
}
