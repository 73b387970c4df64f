/*
 * What the paths in plain C of the index and of stencils share.
 *
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_JSON_PLAIN_H
#define CONNECTORS_JSON_PLAIN_H

#include <stdint.h>
#include <string.h>

#define ONES UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

/* Highest bits of the eight bytes at ${p} that need a look within a string;
 * behind the first one there may be too many. */
static inline uint64_t
stops(const char *p)
{
	uint64_t word, quote, slash;

	memcpy(&word, p, sizeof(word));
	quote = word ^ ONES * '"';
	slash = word ^ ONES * '\\';
	return (word | (word - ONES * 0x20) | (quote - ONES) |
		   (slash - ONES)) & HIGHS;
}

#endif
