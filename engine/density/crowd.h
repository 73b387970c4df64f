/*
 * How many different accounts spoke within a sliding window.
 *
 * Exact up to CROWD_MAX accounts.  Beyond it a sample is kept, chosen by the
 * account's hash (adaptive sampling, Wegman; Flajolet 1990): each time the
 * table is full the half whose next bit is set goes, and those that stay count
 * double.  The standard error is then 1.2 / sqrt(CROWD_MAX), 4 %.  Who is kept
 * hangs on accounts alone, not on their order.
 * Thread: one at a time.  Owns: its table, at most 32 KiB.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_CROWD_H
#define ENGINE_CROWD_H

#include <stdint.h>

/* All zero is empty. */
struct crowd {
	struct crowd_member *slots; /* open addressing, at most half full */
	uint32_t room, count;
	uint32_t depth; /* an account is kept when so many bits are 0 */
	uint64_t size;  /* sum of what each stands for */
};

void crowd_fini(struct crowd *c);

/** crowd_add(c, account, minute): ${account} spoke in ${minute}. */
void crowd_add(struct crowd *c, uint64_t account, int64_t minute);

/** crowd_expire(c, before): forget who last spoke before ${before}. */
void crowd_expire(struct crowd *c, int64_t before);

/** crowd_save(c, out), crowd_load(c, in): for a file; into an empty one. */
struct buf;
struct unpack;
void crowd_save(const struct crowd *c, struct buf *out);
void crowd_load(struct crowd *c, struct unpack *in);

/** crowd_size(c): different accounts, or the estimate. */
static inline uint64_t
crowd_size(const struct crowd *c)
{
	return c->size;
}

#endif
