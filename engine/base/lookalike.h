/*
 * Look-alike letters: which letters a to z a character may be read as.
 *
 * For disguised: only.  Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_LOOKALIKE_H
#define ENGINE_BASE_LOOKALIKE_H

#include <stdint.h>

/** lookalike_letters(c): the set of letters that ${c}, as folded, may be read
 * as, bit 0 for 'a'; 0 when it looks like none. */
uint32_t lookalike_letters(uint32_t c);

#endif
