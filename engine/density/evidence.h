/*
 * The posts that an alert shows: few, and different from each other.
 *
 * Per key the first harmful post of the window (of the episode, while one is
 * open), the one of the widest reach, the most harmful, the most copied and
 * the latest.  Each of these keeps a few posts that differ, so that three to
 * five are shown when there are as many; what is nearly the same is shown
 * once, and a post that did less than half the harm of the worst only when
 * there are not three without it.
 * Thread: the loop.  Owns: copies of the posts' texts.  Never: an author's
 * name in the output, only its keyed hash.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_EVIDENCE_H
#define ENGINE_EVIDENCE_H

#include "engine/base/buf.h"
#include "engine/record.h"

#define EVIDENCE_KEY_BYTES 32

struct evidence;

/* What is known of a post beside its record. */
struct evidence_post {
	const struct record *record;
	const char *text;  /* batch.text */
	int64_t t_ms;
	uint32_t blame;    /* g p in millionths */
	uint32_t copies;   /* j */
};

/* Where the keys of one post find it among the latest of all keys
 * (evidence_ring.h).  For each post anew with the ring and 0. */
struct evidence_ring;
struct evidence_place {
	struct evidence_ring *ring;
	uint32_t at; /* 0: not written yet */
};

struct evidence *evidence_new(void);
void evidence_free(struct evidence *e);

/** evidence_add(e, post, place): consider one harmful post; ${place} is that
 * of ${post} for all of its keys, NULL: ${e} keeps a copy of its own. */
void evidence_add(struct evidence *e, const struct evidence_post *post,
    struct evidence_place *place);

/** evidence_ahead(e, post): a hint that ${post} is added soon: what it will
 * be compared with, where it may be kept, is fetched. */
void evidence_ahead(const struct evidence *e,
    const struct evidence_post *post);

/** evidence_all_ahead(e): fetch the posts that are about to be chosen from:
 * each lies somewhere else in memory. */
void evidence_all_ahead(const struct evidence *e);

/** evidence_pin(e, minute): an episode begins; its first post stays. */
void evidence_pin(struct evidence *e, int64_t minute);

/** evidence_unpin(e): the episode is over. */
void evidence_unpin(struct evidence *e);

/** evidence_forget(e, id): the post was deleted by its author. */
void evidence_forget(struct evidence *e, uint64_t id_key);

/**
 * evidence_encode(e, authors, minute, out): a JSON array, in order of time;
 * posts older than the window at ${minute} are left out, but for the first.
 */
struct pseudonym;
void evidence_encode(const struct evidence *e, struct pseudonym *authors,
    int64_t minute, struct buf *out);

/** evidence_each(e, minute, visit, self): the posts that evidence_encode
 * shows; ${e} may be NULL. */
void evidence_each(const struct evidence *e, int64_t minute,
    void (*visit)(void *self, const struct evidence_post *post), void *self);

/** evidence_save(e, minute, key, out): for a file, what is not too old at
 * ${minute}, authors under ${key}; evidence_load(in): NULL when bad. */
struct unpack;
void evidence_save(const struct evidence *e, int64_t minute,
    const unsigned char key[EVIDENCE_KEY_BYTES], struct buf *out);
struct evidence *evidence_load(struct unpack *in);

/** evidence_quote(e, minute): the text of one of the posts that
 * evidence_encode shows: the widest reach, else the most harmful; cut like
 * those.  Empty when there is none; ${e} may be NULL. */
struct slice evidence_quote(const struct evidence *e, int64_t minute);

/* The language, country and source of most of the posts that are kept; of
 * equally many the first in time.  Empty: not known. */
struct evidence_traits {
	char lang[5], country[5];
	struct slice source;
};

/** evidence_traits(e, minute): ${e} may be NULL; borrowed. */
struct evidence_traits evidence_traits(const struct evidence *e,
    int64_t minute);

#endif
