/*
 * The escapes of a JSON string undone, and numbers read.
 *
 * Thread: any.  Owns: nothing.
 * Never: writes more than it reads, but for JSON_UNESCAPE_SLACK bytes behind
 * the result that may be overwritten; allocates; looks at the locale.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_JSON_UNESCAPE_H
#define CONNECTORS_JSON_UNESCAPE_H

#include <stdint.h>

#include "engine/base/slice.h"

#define JSON_UNESCAPE_SLACK 32

/**
 * json_unescape(to, from): write what stands between two quotes without its
 * escapes; up to JSON_UNESCAPE_SLACK bytes behind ${from} are read.  Returns
 * the end of what was written, or NULL: no such escape.  ${to} does not
 * overlap ${from}.
 */
char *json_unescape(char *to, struct slice from);

/**
 * json_unescape_digits(text, &v): 1 to 18 digits and nothing else, without a
 * leading zero, as nearly every number is.  Up to 8 bytes behind ${text} are
 * read.
 */
bool json_unescape_digits(struct slice text, uint64_t *v);

/**
 * json_unescape_number(text, &whole, &exact): is ${text} a number by the
 * grammar of JSON, from end to end?  Its whole part, cut towards zero and at
 * +-INT64_MAX; ${exact} when it was written as an integer that fits.
 */
bool json_unescape_number(struct slice text, int64_t *whole, bool *exact);

#endif
