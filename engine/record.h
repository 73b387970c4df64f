/*
 * What a batch tells the windows about one post that matched.
 *
 * Workers make records (record_add); the loop alone ranks and sums them, in
 * sequence order.  Amounts are integers in millionths, so that sums do not
 * depend on their order.  The clock: record.clock_ms is the largest event
 * time among the posts of this batch up to and with this one (matched or
 * not), batch.clock_ms that of all; the loop takes the maximum with its own.
 * Thread: a worker writes, then the loop reads; never both.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_RECORD_H
#define ENGINE_RECORD_H

#include "engine/base/post.h"
#include "rules/rules.h"

#define MICRO INT64_C(1000000)

/* A piece of batch.text. */
struct part {
	uint32_t at, len; /* len 0: none */
};

enum record_flags {
	RECORD_OWN = 1,     /* by an own account of a brand: never counted */
	RECORD_UNTIMED = 2, /* no time: t is the arrival, else the clock */
	RECORD_FUTURE = 4,  /* from the future: t is the arrival */
	RECORD_DELETED = 8,
	RECORD_KEYED = 16,  /* from a file: author_key is an account, author
			     * holds the digits of its pseudonym */
};

/* One brand that the post is about, or the sector's pseudo-brand. */
struct share {
	uint32_t sector, brand; /* brand RULES_NONE: the pseudo-brand */
	int32_t weight_milli;   /* w: rules fired for it plus topics matched */
	uint32_t harm;          /* p in millionths; 0: nothing positive */
	uint32_t gravity;       /* g in millionths */
	uint8_t severity;       /* highest fired */
	uint8_t roles;          /* enum rules_role, of its topics */
	bool own;               /* by an own account of that brand */
	uint16_t topics_count;
	uint32_t topics_first;  /* into batch.topics: topic indices */
	uint16_t reasons_count;
	uint32_t reasons_first; /* into batch.reasons */
};

/* One rule or topic that speaks for a share, for the explanation. */
struct reason {
	enum hit_kind kind; /* HIT_RULE or HIT_TOPIC */
	uint32_t index;
	int32_t weight_milli;
	struct part words; /* the words that decided, as posted, ", " between */
};

struct record {
	int64_t ts_ms;    /* event time t; TIME_NONE: take the clock */
	int64_t clock_ms; /* TIME_NONE while no post of the batch had a time */
	uint64_t id_key;     /* XXH3 of source and id */
	uint64_t author_key; /* XXH3 of source and author; 0: no author */
	uint64_t sketch;     /* near-copies share it (record_sketch) */
	uint64_t followers;  /* POST_UNKNOWN */
	uint32_t reach;      /* a in millionths */
	uint32_t shares_first, shares_count; /* into batch.shares */
	uint64_t answers;    /* id_key of what it replies to, quotes or
			      * reposts; 0: nothing known */
	uint32_t tallies_first, tallies_count; /* into batch.tallies */
	uint32_t line;       /* of the batch, from 0 */
	uint32_t language, country; /* record_code; 0: not said */
	uint16_t flags;
	uint8_t kind;        /* enum post_kind */
	uint8_t relay;       /* enum rules_relay, where there is harm */
	/* hashtags (with their sign) and long words, folded, where there is
	 * harm or the post is the brand's own: into batch.terms */
	uint32_t terms_first, terms_count;
	/* pieces of batch.text: the source, and for evidence the rest */
	struct part source, id, author, text, lang, url;
};

/**
 * record_code(text): "fr-CA" and "FR" to the same number, the letters of the
 * first part in small; 0 when it is none, or "und".  record_code_text writes
 * it back, at least 5 bytes.
 */
uint32_t record_code(struct slice text);
void record_code_text(uint32_t code, char out[5]);

struct batch;
struct outline;

/**
 * record_add(batch, post, text, verdict, t, flags): append the record of one
 * post, with its shares, topics, reasons and texts, to ${batch}.  To be
 * called for every post with a hit, matched or not: N counts all that is
 * said of a brand; nothing is appended when no brand and no sector is spoken
 * of.  Topics must have been looked for without a brand too (MATCH_TOPICS),
 * and MATCH_SPANS gives the quoted words.  Also for every deletion: its
 * record has no share and takes the post out of the evidence.
 * The event time was settled by record_time().  Thread: the worker.
 */
void record_add(struct batch *batch, const struct post *post,
    const struct text *text, const struct verdict *verdict, int64_t t_ms,
    unsigned flags);

/** record_terms(batch, r, post, text, outline): the terms of ${post} to
 * batch.terms; for record_add.  ${outline} is that of the first tokens of
 * ${text}. */
void record_terms(struct batch *batch, struct record *r,
    const struct post *post, const struct text *text,
    const struct outline *outline);

/**
 * record_time(post, arrival_ms, &flags): event time t of CONTRACT 2, or
 * TIME_NONE when neither ts, seen nor the arrival is known.  Asked of every
 * post.
 */
static inline int64_t
record_time(const struct post *post, int64_t arrival_ms, unsigned *flags)
{
	int64_t seen = post->seen_ms;
	int64_t arrival = arrival_ms != TIME_NONE ? arrival_ms : seen;

	if (post->ts_ms == TIME_NONE) {
		*flags |= RECORD_UNTIMED;
		return arrival;
	}
	if ((seen != TIME_NONE && post->ts_ms > seen + FUTURE_MS_MAX) ||
	    (arrival != TIME_NONE && post->ts_ms > arrival + FUTURE_MS_MAX)) {
		*flags |= RECORD_FUTURE;
		return arrival;
	}
	return post->ts_ms;
}

#endif
