/*
 * What fuzz targets do to bytes before they hand them on: text as decoders
 * give it, and a file that readers of paths can open.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_FUZZ_FUZZ_BYTES_H
#define TESTS_FUZZ_FUZZ_BYTES_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/must.h"
#include "engine/base/slice.h"
#include "engine/base/utf8.h"

/* A copy of its exact size in which each broken byte is a '?': decoders let
 * nothing but UTF-8 through.  To be freed. */
static inline char *
fuzz_utf8(const uint8_t *data, size_t size)
{
	char *clean = malloc(size > 0 ? size : 1);
	uint32_t c;

	REQUIRE(clean != NULL);
	if (size > 0)
		memcpy(clean, data, size);
	for (size_t i = 0, n; i < size; i += n == 0 ? 1 : n) {
		n = utf8_decode(clean + i, size - i, &c);
		if (n == 0)
			clean[i] = '?';
	}
	return clean;
}

#endif
