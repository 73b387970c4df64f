/*
 * One kind of alert beside risk density: what a signal is.
 *
 * A signal watches the posts of every brand and sector for one pattern - a
 * relay of great reach, a new hashtag, a border crossed - and raises news.
 * Everything density already knows (H, N, E, evidence, rules) is told beside
 * the news, because the message is made from the same finding.
 *
 * To add one: a kind in alert.h, signal_<name>.c with its table, one line in
 * signals.def, its members in docs/ALERTS.md, a test.
 *
 * Rules that hold for all:
 *  - one message per (signal, key, minute), listing all its items: the id of
 *    CONTRACT 8 has no room for two;
 *  - while the key's episode is open at a level at or above the signal's, the
 *    news is absorbed: listed under "signals" in the key's next message and
 *    in no message of its own.  One event, one alert;
 *  - what it remembers is bounded by limits.h, counted when cut, and the same
 *    whatever the order of posts inside a minute, as far as that can be.
 * Thread: the loop, in sequence order.  Never: a clock, a socket.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_SIGNAL_H
#define ENGINE_SIGNAL_H

#include "engine/alert.h"
#include "engine/batch.h"
#include "engine/keys.h"
#include "engine/voices.h"

/* One post as a share of it was ranked and added. */
struct signal_post {
	const struct batch *batch;
	const struct record *record;
	const struct share *share;
	struct key *key;     /* brand, or the sector's pseudo-brand */
	uint64_t account;
	int64_t minute;      /* of the post */
	int64_t t_ms;
	struct sums sums;    /* what it added; zero for an own account's */
	struct voice voice;  /* same */
	bool own;            /* by an own account of that brand: not counted */
};

/* What a signal found; texts are complete plain sentences. */
struct signal_news {
	struct key *key;
	uint8_t level;          /* 1..4 */
	struct buf fr, en;
	struct buf members;     /* JSON object of the signal's own facts */
};

/* Where news goes; signals.c behind it. */
struct signal_out;

/** signal_news_put(out, kind, key, level): new, empty news to be filled in
 * before the signal returns; owned by ${out}. */
struct signal_news *signal_news_put(struct signal_out *out,
    enum alert_kind kind, struct key *key, uint8_t level);

struct signal_type {
	enum alert_kind kind;
	const char *name; /* in alerts and in `signals:` of vigie.yaml */
	const char *help;
	void *(*create)(void);
	void (*destroy)(void *self);
	/* each share of each post, own accounts' included; may be NULL */
	void (*on_post)(void *self, const struct signal_post *post,
	    struct signal_out *out);
	/* ${minute} is over, all keys were measured and decided; may be NULL */
	void (*on_minute)(void *self, int64_t minute, struct keys *keys,
	    struct signal_out *out);
	/* what must outlive the process, or both NULL; load returns false
	 * when it is not of this version */
	void (*save)(const void *self, struct buf *out);
	bool (*load)(void *self, struct slice saved);
};

#endif
