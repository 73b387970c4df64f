/*
 * What the engine says to the people who run it: one line on stderr.
 *
 *	2026-11-22T03:31:39Z warn redis: cannot connect to 127.0.0.1:6379 ...
 *
 * Never from a worker: workers count, the loop speaks.  Repeats of one format
 * within a second are folded by the caller (see source.c), not here.
 * Thread: the loop, and main before it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_LOG_H
#define ENGINE_BASE_LOG_H

#include "engine/base/clock.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/** log_setup(level, clock): say ${level} and worse, stamped by ${clock}. */
void log_setup(enum log_level level, const struct clock *clock);

/** log_say(level, topic, format, ...): one line; no newline in it. */
void log_say(enum log_level level, const char *topic, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define log_error(...) log_say(LOG_ERROR, __VA_ARGS__)
#define log_warn(...) log_say(LOG_WARN, __VA_ARGS__)
#define log_info(...) log_say(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_say(LOG_DEBUG, __VA_ARGS__)

#endif
