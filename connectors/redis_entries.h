/*
 * The entries of a stream, read where the reply lies.
 *
 * hiredis builds a tree of every reply: ten allocations for an entry with one
 * field.  This walks the bytes of replies that hold entries and hands each one
 * on from where it lies; it knows RESP 2, which is all that is asked for.
 * Thread: the loop.  Owns: itself.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONNECTORS_REDIS_ENTRIES_H
#define CONNECTORS_REDIS_ENTRIES_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/slice.h"

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

/** redis_entries_await(e, form): what the reply is that is read next. */
void redis_entries_await(struct redis_entries *e,
    enum redis_entries_form form);

/** redis_entries_awaits(e): a reply with entries, if it is an array; not so
 * for ENTRIES_NONE. */
bool redis_entries_awaits(const struct redis_entries *e);

/**
 * redis_entries_walk(e, bytes, used): the next bytes of that array: 1 when it
 * ended with them, 0 when more must come, -1 when it is no such reply.  ${used}
 * of them are done with; the rest is to be given again, with more behind it.
 */
int redis_entries_walk(
    struct redis_entries *e, struct slice bytes, size_t *used);

/** redis_entries_end(e, next): the reply was read whole: how many entries it
 * had; where the next XAUTOCLAIM goes on into ${next}, 0-0: nowhere. */
uint32_t redis_entries_end(struct redis_entries *e, struct redis_id *next);

/** redis_entries_id(text, id): "1763800000000-12"; false when it is none. */
bool redis_entries_id(struct slice text, struct redis_id *id);

#endif
