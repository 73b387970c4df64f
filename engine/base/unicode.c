/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/unicode.h"

#include <stddef.h>

uint8_t
unicode_ccc(uint32_t c)
{
	uint32_t low = 0, high = unicode_ccc_count;

	while (low < high) {
		uint32_t middle = (low + high) / 2;
		const struct unicode_ccc_range *r = &unicode_ccc_ranges[middle];

		if (c < r->first)
			high = middle;
		else if (c > r->last)
			low = middle + 1;
		else
			return r->ccc;
	}
	return 0;
}

unsigned
unicode_iota(uint32_t c, uint32_t parts[static UNICODE_PARTS])
{
	uint32_t low = 0, high = unicode_iota_count;

	while (low < high) {
		uint32_t middle = (low + high) / 2;
		const struct unicode_iota_entry *e = &unicode_iotas[middle];
		unsigned n = 0;

		if (c < e->c) {
			high = middle;
			continue;
		}
		if (c > e->c) {
			low = middle + 1;
			continue;
		}
		for (; n < UNICODE_PARTS && e->parts[n] != 0; n++)
			parts[n] = e->parts[n];
		return n;
	}
	return 0;
}

uint32_t
unicode_pair(uint32_t a, uint32_t b)
{
	for (uint32_t i = 0; i < unicode_pair_count; i++)
		if (unicode_pairs[i].a == a && unicode_pairs[i].b == b)
			return unicode_pairs[i].c;
	return 0;
}
