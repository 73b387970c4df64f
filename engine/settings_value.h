/*
 * What the text of one setting means: numbers with units, yes and no.
 *
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SETTINGS_VALUE_H
#define ENGINE_SETTINGS_VALUE_H

#include "engine/settings.h"

/** settings_value_bool(text, v): true, yes, on; false, no, off. */
bool settings_value_bool(struct slice text, bool *v);

/**
 * settings_value_number(type, text, v): SETTING_INT "12"; SETTING_DURATION
 * "90s" in ms (ms s m h d, the unit is wanted); SETTING_SIZE "64KiB" in bytes
 * (B KiB MiB GiB).  Whole numbers only.  False when it is none.
 */
bool settings_value_number(enum setting_type type, struct slice text,
    int64_t *v);

/**
 * settings_value_micro(text, micro): a decimal number of at most six decimals
 * in millionths: "2.5" is 2500000.  False when it is none or too large.
 */
bool settings_value_micro(struct slice text, int64_t *micro);

/** settings_value_want(row, out, bytes): "a duration (ms s m h d) from ..". */
void settings_value_want(const struct setting *row, char *out, size_t bytes);

#endif
