/*
 * One kind of alert beside risk density: what a signal is.
 *
 * A signal watches the posts of every brand and sector for one pattern - a
 * relay of great reach, a new hashtag, a border crossed - and raises news.
 * Everything density already knows (H, N, E, evidence, rules) is told beside
 * the news, because the message is made from the same finding.
 *
 * To add one: a kind in alert.h and its name in alert.c, signal_<name>.c with
 * its table signal_<name>, one line in signals.def, its members in
 * docs/ALERTS.md, a test.  The loop in signals.c does the rest.
 *
 * Rules that hold for all:
 *  - one message per (signal, key, item, minute), listing all that it found:
 *    the id of CONTRACT 8 has no room for two.  Most have no items;
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
#include "engine/density/keys.h"
#include "engine/settings.h"
#include "engine/density/voices.h"

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

/* What a signal found; texts are complete plain sentences that name whom
 * they are about (key->name). */
struct signal_news {
	struct key *key;
	enum alert_kind kind;
	uint8_t level;          /* 1..4; 0: what lasted is over */
	struct buf fr, en;
	struct buf members;     /* JSON object of the signal's own facts, with
				 * its braces; nothing stands for {} */
	struct buf item;        /* id of what it is about, part of the
				 * message's id; mostly nothing */
	/* filled by signals.c */
	uint8_t previous_level;
	uint32_t rev;
	int64_t first_minute;
	unsigned signal;        /* its row in signals.def */
};

/* Where news goes; signals.c behind it. */
struct signal_out;

/**
 * signal_news_put(out, kind, key, level): news to be filled in before the
 * signal returns; owned by ${out}, told of at the end of the open minute.
 * When the signal has put some about that key in this minute already, it
 * gets that back, texts and all (level: the higher), to be amended.
 */
struct signal_news *signal_news_put(struct signal_out *out,
    enum alert_kind kind, struct key *key, uint8_t level);

/** signal_news_item(out, kind, key, item, level): the same about one of
 * several things that may be told of the key in one minute. */
struct signal_news *signal_news_item(struct signal_out *out,
    enum alert_kind kind, struct key *key, const char *item, uint8_t level);

#define SIGNAL_NEVER INT64_MAX

/* A post that a term of a condition counts. */
struct signal_tally {
	const struct ruleset *rules;
	const struct term_hit *hit;
	struct keys *keys; /* of those rules */
	struct counters *counters;
	uint64_t account;
	int64_t minute;      /* of the post */
	int64_t open_minute; /* not yet closed */
};

/* What a post has; signals ask for it, so that they need not look at each. */
enum signal_has {
	SIGNAL_HARM = 1,
	SIGNAL_OWN = 2,
	SIGNAL_ANSWERS = 4,
	SIGNAL_RELAY = 8,
	SIGNAL_POST = 16, /* each has that */
};

struct signal_type {
	enum alert_kind kind;
	const char *name; /* in alerts and in `signals:` of vigie.yaml */
	const char *help;
	/* What it began lasts until it puts news of level 0: one episode, with
	 * one id, per key and item.  Else each news is a message of its own. */
	bool lasting;
	/* What an open episode absorbs is told at once: the episode rings
	 * again, instead of waiting for its next message. */
	bool urgent;
	/* rows over its own struct of ${settings_bytes}, or NULL; every row has
	 * a default, for that is what create gets without a configuration */
	const struct setting *settings;
	size_t settings_bytes;
	void *(*create)(const void *settings);
	void (*destroy)(void *self);
	/* a hint that a post about ${key} comes soon that has what it wants:
	 * fetch, change nothing; may be NULL */
	void (*ahead)(const void *self, const struct key *key);
	/* the same once more, of a post that does harm; or NULL */
	void (*ahead_harm)(const void *self, const struct key *key,
	    const struct batch *batch, const struct record *r);
	/* each share of each post, own accounts' included, that has one of
	 * ${wants}, bits of enum signal_has; may be NULL */
	unsigned wants;
	void (*on_post)(void *self, const struct signal_post *post,
	    struct signal_out *out);
	/* each term of a condition that a post counts for; may be NULL */
	void (*on_tally)(void *self, const struct signal_tally *tally,
	    struct signal_out *out);
	/* ${minute} is over, all keys were measured and decided; may be NULL.
	 * In a minute in which nobody is talked of it is called only when
	 * next() asked for it. */
	void (*on_minute)(void *self, int64_t minute, struct keys *keys,
	    struct signal_out *out);
	/* the next minute that it must see though nobody speaks, or
	 * SIGNAL_NEVER; NULL: never.  A day of silence must cost nothing. */
	int64_t (*next)(const void *self);
	/* what must outlive the process, or both NULL; load returns false
	 * when it is not of this version.  ${keys} are those of the saving:
	 * their serials are as they were */
	void (*save)(const void *self, struct buf *out);
	bool (*load)(void *self, struct slice saved, const struct keys *keys);
	/* how often a bound cut its memory; NULL: never */
	uint64_t (*forgotten)(const void *self);
};

#endif
