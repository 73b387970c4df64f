/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/detector.h"

#include <math.h>
#include <string.h>

#include "engine/base/mathx.h"
#include "engine/base/must.h"

#define SMOOTHING 0.3      /* a mean over about three ticks */
#define LEVEL_NOTHING 1e-12 /* below it the level is 0: far under 1e-6 */
#define SPREAD_LEAST 0.3   /* sd of the logarithm */
#define WINSOR 4.0         /* sd that one tick may pull the norm */
#define LEARNING 0.001     /* a: half-life 2.4 days */
#define WARM_TICKS 200u    /* a = 1/(t+2) until then */
#define BIN_FROM (-2.0)
#define BIN_TO 9.0
#define BIN_DECAY 0.9999   /* per tick: half-life 24 days */
#define BEYOND 0.02        /* per sigma past the last bin */
#define DAY_TICKS 288u     /* half-life of the cool-down; a chunk of rest */
#define RING_AGAIN 1.1     /* s must exceed the cool-down by 10 % */
#define LN_BIN_DECAY (-1.0000500033335834e-4)
#define LN_KEPT (-1.0005003335835335e-3) /* ln(1 - a) */
#define LN_HALF (-0.69314718055994531)

static double
spread(double var)
{
	return var > SPREAD_LEAST * SPREAD_LEAST ? sqrt(var) : SPREAD_LEAST;
}

static double
learning(uint32_t ticks)
{
	return ticks <= WARM_TICKS ? 1.0 / (ticks + 2.0) : LEARNING;
}

static unsigned
bin_of(double z)
{
	double width = (BIN_TO - BIN_FROM) / DETECTOR_BINS;
	double at = floor((z - BIN_FROM) / width);

	if (at < 0)
		return 0;
	return at >= DETECTOR_BINS ? DETECTOR_BINS - 1 : (unsigned)at;
}

/*
 * The norm after ${ticks} of silence.  Tick by tick while it is warming up or
 * cut at 4 sd; after that y = 0 and e = -mu for good, so that with r = 1 - a
 *	mu_n = mu r^n,  var_n = var r^n + mu^2 r^(n-1) (1 - r^n)
 */
static void
rest_norm(struct detector *d, uint32_t ticks)
{
	uint32_t i = 0;
	double kept;

	for (; i < ticks; i++) {
		double limit = WINSOR * spread(d->var);
		double e = d->mu > limit ? -limit : -d->mu;
		double a = learning(d->ticks);

		if (d->ticks > WARM_TICKS && d->mu <= limit)
			break;
		d->mu += a * e;
		d->var += a * (e * e - d->var);
		d->ticks++;
	}
	if (i == ticks)
		return;
	ticks -= i;
	kept = mathx_exp(LN_KEPT * ticks);
	d->var = d->var * kept +
	    d->mu * d->mu * kept / (1.0 - LEARNING) * (1.0 - kept);
	d->mu *= kept;
	d->ticks = d->ticks < UINT32_MAX - ticks ? d->ticks + ticks :
						   UINT32_MAX;
}

/*
 * ${ticks} <= DAY_TICKS ticks of silence at once: the norm by its formula, the
 * histogram as if z had stayed in the bin where it began (all such bins lie
 * under every z that could be rare).
 */
static void
rest_apply(struct detector *d, uint32_t ticks)
{
	double kept = mathx_exp(LN_BIN_DECAY * ticks);
	unsigned bin = bin_of(-d->mu / spread(d->var));

	rest_norm(d, ticks);
	for (unsigned i = 0; i < DETECTOR_BINS; i++)
		d->bins[i] = (float)(d->bins[i] * kept);
	d->bins[bin] += (float)((1.0 - kept) / (1.0 - BIN_DECAY));
	d->maximum *= mathx_exp(LN_HALF * ticks / DAY_TICKS);
}

/* Whole days of rest may be folded in at any time: always at the same count
 * of silent ticks, so the state does not depend on when. */
static void
rest_whole_days(struct detector *d)
{
	while (d->rest >= DAY_TICKS) {
		struct detector before = *d;

		rest_apply(d, DAY_TICKS);
		d->rest -= DAY_TICKS;
		before.ticks = d->ticks;
		before.rest = d->rest;
		if (!memcmp(&before, d, sizeof(before)))
			d->rest %= DAY_TICKS; /* nothing moves any more */
	}
}

static void
rest_end(struct detector *d)
{
	rest_whole_days(d);
	if (d->rest > 0)
		rest_apply(d, d->rest);
	d->rest = 0;
}

struct step {
	double level, e, z;
	struct detector_answer answer;
};

/* -log10 of how often a deviation was in ${bin} or above. */
static double
rarity(const struct detector *d, unsigned bin)
{
	double above = 0.0, all = 0.0;

	for (unsigned i = 0; i < DETECTOR_BINS; i++) {
		all += d->bins[i];
		above += i >= bin ? d->bins[i] : 0.0f;
	}
	return -mathx_log10((above + 1.0) / (all + 1.0));
}

/* What ${amount} means against the state as it is. */
static struct step
step_of(const struct detector *d, double amount)
{
	struct step step;
	double y, s;

	step.level = d->ticks == 0 ? amount :
	    d->level + SMOOTHING * (amount - d->level);
	if (step.level < LEVEL_NOTHING)
		step.level = 0.0;
	y = mathx_ln(step.level + 1.0);
	step.e = d->ticks == 0 ? 0.0 : y - d->mu;
	step.z = step.e / spread(d->var);
	step.answer = (struct detector_answer){.z_micro = mathx_micro(step.z)};
	if (step.answer.z_micro < DETECTOR_EFFECT_MICRO)
		return step;
	s = rarity(d, bin_of(step.z));
	if (step.z > BIN_TO)
		s += BEYOND * (step.z - BIN_TO);
	step.answer.s_micro = mathx_micro(s);
	step.answer.rings = step.answer.s_micro > 0 &&
	    step.answer.s_micro > mathx_micro(RING_AGAIN * d->maximum *
		mathx_exp(LN_HALF / DAY_TICKS));
	return step;
}

struct detector_answer
detector_peek(const struct detector *d, double amount)
{
	struct detector awake;

	if (d->rest == 0)
		return step_of(d, amount).answer;
	awake = *d;
	rest_end(&awake);
	return step_of(&awake, amount).answer;
}

struct detector_answer
detector_tick(struct detector *d, double amount)
{
	struct step step;
	double a, limit, s;

	REQUIRE(amount >= 0.0);
	if (amount == 0.0 && d->level == 0.0) {
		detector_silence(d, 1);
		return (struct detector_answer){0};
	}
	rest_end(d);
	step = step_of(d, amount);
	a = learning(d->ticks);
	limit = WINSOR * spread(d->var);
	d->level = step.level;
	if (d->ticks == 0)
		d->mu = mathx_ln(step.level + 1.0);
	if (step.e > limit)
		step.e = limit;
	if (step.e < -limit)
		step.e = -limit;
	d->mu += a * step.e;
	d->var += a * (step.e * step.e - d->var);
	for (unsigned i = 0; i < DETECTOR_BINS; i++)
		d->bins[i] *= (float)BIN_DECAY;
	d->bins[bin_of(step.z)] += 1.0f;
	d->maximum *= mathx_exp(LN_HALF / DAY_TICKS);
	s = (double)step.answer.s_micro / 1e6;
	if (s > d->maximum)
		d->maximum = s;
	if (d->ticks < UINT32_MAX)
		d->ticks++;
	return step.answer;
}

void
detector_silence(struct detector *d, uint64_t ticks)
{
	while (ticks > 0 && d->level > 0.0) {
		detector_tick(d, 0.0);
		ticks--;
	}
	REQUIRE(ticks < UINT32_MAX - d->rest);
	d->rest += (uint32_t)ticks;
	rest_whole_days(d);
}

double
detector_norm(const struct detector *d)
{
	struct detector awake;

	if (d->rest == 0)
		return mathx_exp(d->mu) - 1.0;
	awake = *d;
	rest_end(&awake);
	return mathx_exp(awake.mu) - 1.0;
}
