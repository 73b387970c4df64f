/*
 * Who did harm is left alone by campaigns: authors of harmful posts go, as a
 * keyed hash with an end, to where tools that send messages look them up
 * (docs/NOMARKETING.md).
 *
 * Marks wait in a bounded queue until the port has them; when it is full the
 * oldest goes.  Nothing of it is on the disk: a kill loses what waits, and
 * which post a mark came from, so that its deletion is not noticed any more.
 * Thread: the loop.  Owns: what waits, the port.  Never: an author's name
 * outside, an author read back from the state (its name is not there).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_NOMARKETING_H
#define ENGINE_NOMARKETING_H

#include "engine/counters.h"
#include "engine/record.h"

#define NOMARKETING_KEY_BYTES 32
#define NOMARKETING_HEX 32 /* digits of a hash: the first half of it */

struct clock;
struct err;
struct sink;
struct uv_loop_s;

/* nomarketing: of vigie.yaml (nomarketing_read.h). */
struct nomarketing_settings {
	bool on;
	unsigned char key[NOMARKETING_KEY_BYTES];
	int64_t ttl_ms;
	int64_t harm_micro; /* the least p g */
};

struct nomarketing;

struct nomarketing_setup {
	const struct nomarketing_settings *settings; /* copied */
	const struct clock *clock;                   /* copied; real time */
	struct counters *counters;
	/* fewer wait than before; or NULL */
	void (*on_change)(void *self);
	void *self;
};

struct nomarketing *nomarketing_new(const struct nomarketing_setup *setup);

/** nomarketing_free(n): its port was never opened, or is closed; or NULL. */
void nomarketing_free(struct nomarketing *n);

/** nomarketing_open(n, sink, loop, err): a port beside ${sink}, if it can have
 * one and there is none yet. */
int nomarketing_open(struct nomarketing *n, struct sink *sink,
    struct uv_loop_s *loop, struct err *err);
bool nomarketing_is_open(const struct nomarketing *n);

/** nomarketing_close(n, on_closed, self): the port; then ${n} is freed. */
void nomarketing_close(struct nomarketing *n,
    void (*on_closed)(void *self), void *self);

/* A post that harmed a brand while it had a level. */
struct nomarketing_post {
	const struct record *record;
	const char *text;     /* what its parts point into */
	uint32_t blame;       /* g p in millionths */
	const char *brand;    /* its id; interned, compared as a pointer */
	const char *name;
	uint8_t level;
};

/** nomarketing_harmed(n, post): mark its author, if it is as harmful as the
 * settings say and its author is known by name. */
void nomarketing_harmed(struct nomarketing *n,
    const struct nomarketing_post *post);

/** nomarketing_deleted(n, id_key): its mark goes, unless its author has
 * another one. */
void nomarketing_deleted(struct nomarketing *n, uint64_t id_key);

/** nomarketing_hash(key, network, author, hex): the name of a mark, not
 * terminated. */
void nomarketing_hash(const unsigned char key[NOMARKETING_KEY_BYTES],
    struct slice network, struct slice author, char hex[NOMARKETING_HEX]);

/** nomarketing_waiting(n): that the port does not have yet; 0 for NULL. */
uint32_t nomarketing_waiting(const struct nomarketing *n);

#endif
