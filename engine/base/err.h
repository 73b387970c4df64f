/*
 * Errors of the world: a file, a socket, a server said no.
 *
 * A function that can fail returns 0 or a negative errno-like code and fills
 * a struct err with one sentence for a person.  The error is said once, where
 * it is understood; callers pass it on unchanged.
 * Thread: any; a struct err belongs to one caller.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_ERR_H
#define ENGINE_BASE_ERR_H

struct err {
	int code;       /* 0 or negative, libuv / errno values */
	char text[480]; /* one sentence, no newline, what and which */
};

/**
 * err_set(err, code, format, ...): fill ${err} (may be NULL) and return
 * ${code}, which must be negative.
 */
int err_set(struct err *err, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
