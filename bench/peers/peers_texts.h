/*
 * Posts of a file as a worker would hand them to the matcher: decoded, folded,
 * side by side in memory.
 *
 * Thread: one.  Owns: the texts, until peers_texts_free.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_PEERS_PEERS_TEXTS_H
#define BENCH_PEERS_PEERS_TEXTS_H

#include "engine/base/post.h"
#include "engine/base/text.h"

struct peers_texts {
	struct text *texts; /* packed views, TEXT_PADDING around them */
	struct post *posts; /* empty but for the text */
	uint32_t count;
	size_t bytes; /* folded */
};

/** peers_texts_read(path, max): the first ${max} posts of NDJSON; NULL with a
 * word on stderr. */
struct peers_texts *peers_texts_read(const char *path, uint32_t max);
void peers_texts_free(struct peers_texts *t);

#endif
