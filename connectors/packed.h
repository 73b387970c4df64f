/*
 * Whether an input is packed, from its first bytes: only then is a copy
 * through inflate.h worth it.
 * Thread: any.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_PACKED_H
#define CONNECTORS_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/** packed_looks(head, len): the first ${len} bytes could be gzip or zstd (a
 * skippable frame too).  No JSON begins so; one byte is enough to say no. */
static inline bool
packed_looks(const char *head, size_t len)
{
	static const unsigned char gzip[] = {0x1f, 0x8b};
	static const unsigned char zstd[] = {0x28, 0xb5, 0x2f, 0xfd};
	const unsigned char *h = (const unsigned char *)head;

	if (len == 0)
		return false;
	return !memcmp(head, gzip, len < 2 ? len : 2) ||
	    !memcmp(head, zstd, len < 4 ? len : 4) || (h[0] & 0xf0) == 0x50;
}

#endif
