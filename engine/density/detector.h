/*
 * Is this amount rare in the history of its own series?
 *
 * One number per tick of five minutes goes in.  It is smoothed at three time
 * scales, about 8, 15 and 30 minutes; of each the detector keeps the norm of
 * the logarithm (mu) and its spread (var), and of all together a decayed
 * histogram of past deviations, about 350 bytes.  It answers with
 *	z: by how many of its own standard deviations the amount is above, at
 *	   the scale where that is least: a burst stands out at all of them,
 *	s: -log10 of how often such a z has been seen here.
 * An upward burst is rare when z >= 3 and s >= 2.4; rarity alone rings on a
 * perfectly constant stream, size alone on a wild one.
 *
 * Silence is counted, not computed: once all smoothed amounts are 0, ticks with
 * 0 only add to `rest`, which is folded in by the next other tick.  So a year
 * of silence costs as much as a day and gives the same state however it was
 * cut into ticks.
 * Thread: one at a time.  Owns: nothing.  Never: a clock.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_DETECTOR_H
#define ENGINE_DETECTOR_H

#include <stdbool.h>
#include <stdint.h>

#define DETECTOR_BINS 64
#define DETECTOR_TICK_MINUTES 5
/* T and the effect gate, in millionths. */
#define DETECTOR_RARE_MICRO INT64_C(2400000)
#define DETECTOR_EFFECT_MICRO INT64_C(3000000)
/* Harm is given in complaints: an everyday one weighs a quarter of a voice.
 * The detector's logarithm and its least spread are made for counts, of which
 * one is the smallest; harm in whole voices it would hardly see. */
#define DETECTOR_COMPLAINT_MICRO INT64_C(250000)

enum { DETECTOR_SLOW, DETECTOR_MIDDLE, DETECTOR_FAST, DETECTOR_SCALES };

struct detector_scale {
	double level;   /* f: smoothed amount */
	double mu, var; /* of ln(f + 1) */
};

struct detector {
	struct detector_scale scales[DETECTOR_SCALES];
	double maximum; /* M: decayed maximum of s, the cool-down */
	uint32_t ticks; /* taken so far, rest included */
	uint32_t rest;  /* ticks of silence not yet folded in */
	float bins[DETECTOR_BINS];
};

struct detector_answer {
	int64_t z_micro;
	int64_t s_micro; /* after the effect gate, before the cool-down */
	bool rings;      /* s exceeds the cool-down and is not 0 */
};

/** detector_tick(d, amount): take one tick of ${amount} >= 0. */
struct detector_answer detector_tick(struct detector *d, double amount);

/** detector_ahead(d): fetch what detector_tick asks for. */
static inline void
detector_ahead(const struct detector *d)
{
	for (unsigned i = 0; i < sizeof(*d); i += 64)
		__builtin_prefetch((const char *)d + i, 1);
	__builtin_prefetch((const char *)(d + 1) - 1, 1);
}

/** detector_peek(d, amount): what detector_tick would answer; no change. */
struct detector_answer detector_peek(
    const struct detector *d, double amount);

/** detector_rare_from(d): of an amount below it detector_peek answers with z
 * < 3, as ${d} is now, which has taken a tick that was not silence; 0 when that
 * is not known. */
double detector_rare_from(const struct detector *d);

/** detector_rarity(d, amount): s of ${amount} in millionths before the effect
 * gate, by itself; no change. */
int64_t detector_rarity(const struct detector *d, double amount);

/** detector_silence(d, ticks): the same as ${ticks} ticks of amount 0. */
void detector_silence(struct detector *d, uint64_t ticks);

/** detector_norm(d): exp(mu) - 1 at the middle scale, the expected amount of
 * one tick. */
double detector_norm(const struct detector *d);

/** detector_of_harm(harm), detector_harm(amount, ticks): harm in millionths
 * of a voice as an amount of complaints, and ${ticks} times an amount back. */
double detector_of_harm(int64_t harm);
int64_t detector_harm(double amount, unsigned ticks);

/** detector_save(d, out), detector_load(d, in): for a file, exactly. */
struct buf;
struct unpack;
void detector_save(const struct detector *d, struct buf *out);
void detector_load(struct detector *d, struct unpack *in);

/** detector_rare(answer): z >= 3 and s >= T, without the cool-down. */
static inline bool
detector_rare(struct detector_answer a)
{
	return a.z_micro >= DETECTOR_EFFECT_MICRO &&
	    a.s_micro >= DETECTOR_RARE_MICRO;
}

#endif
