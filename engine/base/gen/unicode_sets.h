/*
 * Characters that the fold treats in ways of its own, beside Unicode.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_BASE_GEN_UNICODE_SETS_H
#define ENGINE_BASE_GEN_UNICODE_SETS_H

#include <stdbool.h>
#include <stdint.h>

/* Signs of trade marks and rights: they end a name, and NFKC would make
 * letters of some of them. */
static bool
is_rights(uint32_t c)
{
	return c == 0xa9 || c == 0xae || c == 0x2117 || c == 0x2120 ||
	    c == 0x2122;
}

/* Vowel points and the like of Arabic and Hebrew, which are written for
 * children and in verse, and the stroke that makes Arabic words longer. */
static bool
is_pointing(int32_t c)
{
	return (c >= 0x591 && c <= 0x5bd) || c == 0x5bf || c == 0x5c1 ||
	    c == 0x5c2 || c == 0x5c4 || c == 0x5c5 || c == 0x5c7 ||
	    (c >= 0x610 && c <= 0x61a) || c == 0x640 ||
	    (c >= 0x64b && c <= 0x65f) || c == 0x670 ||
	    (c >= 0x6d6 && c <= 0x6dc) || (c >= 0x6df && c <= 0x6e4) ||
	    c == 0x6e7 || c == 0x6e8 || (c >= 0x6ea && c <= 0x6ed);
}

#endif
