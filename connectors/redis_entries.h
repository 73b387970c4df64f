/*
 * The entries of a stream, read where the reply lies.
 *
 * hiredis builds a tree of every reply: ten allocations for an entry with one
 * field.  Its reader takes other functions instead; these build nothing and
 * hand each entry on while it is still in the reader's buffer.  Replies that
 * hold no entries are built as ever.
 * Thread: the loop.  Owns: itself.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_REDIS_ENTRIES_H
#define CONNECTORS_REDIS_ENTRIES_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/slice.h"

struct redisReader;

struct redis_id {
	uint64_t ms, seq;
};

enum redis_entries_form {
	ENTRIES_NONE,  /* another reply */
	ENTRIES_READ,  /* XREADGROUP of one stream */
	ENTRIES_CLAIM, /* XAUTOCLAIM */
};

struct redis_entries;

/** redis_entries_new(field, on_entry, arg): of each entry its id and the value
 * of ${field}, good during the call; data NULL when it has none or was
 * deleted. */
struct redis_entries *redis_entries_new(const char *field,
    void (*on_entry)(void *arg, struct redis_id id, struct slice value),
    void *arg);
void redis_entries_free(struct redis_entries *e);

/** redis_entries_use(e, reader): ${reader} calls ${e} from now on; it must not
 * outlive it.  Only between replies. */
void redis_entries_use(struct redis_entries *e, struct redisReader *reader);

/** redis_entries_await(e, form): what the reply is that is read next. */
void redis_entries_await(struct redis_entries *e,
    enum redis_entries_form form);

/** redis_entries_end(e, next): the reply was read whole: how many entries it
 * had; where the next XAUTOCLAIM goes on into ${next}, 0-0: nowhere. */
uint32_t redis_entries_end(struct redis_entries *e, struct redis_id *next);

/** redis_entries_id(text, id): "1763800000000-12"; false when it is none. */
bool redis_entries_id(struct slice text, struct redis_id *id);

#endif
