/*
 * The id of a set: of its contents, in whatever order they were read.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <xxhash.h>

#include "engine/base/must.h"
#include "rules/files.h"

void
files_hash_add(struct files *f, uint64_t hash)
{
	if (f->hashes_count == f->hashes_room) {
		f->hashes_room = f->hashes_room * 2 + 16;
		f->hashes = must_grow(
		    f->hashes, f->hashes_room * sizeof(*f->hashes));
	}
	f->hashes[f->hashes_count++] = hash;
}

void
files_hash(struct files *f, struct slice bytes)
{
	files_hash_add(f, XXH3_64bits(bytes.data, bytes.len));
}

static int
by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

uint64_t
files_hash_id(struct files *f)
{
	unsigned char *bytes = must_alloc(f->hashes_count * 8);
	uint64_t id;

	if (f->hashes_count > 1)
		qsort(f->hashes, f->hashes_count, sizeof(*f->hashes),
		    by_value);
	for (size_t i = 0; i < f->hashes_count; i++)
		for (int k = 0; k < 8; k++)
			bytes[i * 8 + (size_t)k] =
			    (unsigned char)(f->hashes[i] >> (8 * k));
	id = XXH3_64bits(bytes, f->hashes_count * 8);
	free(bytes);
	return id;
}
