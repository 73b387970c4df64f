/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/detector.h"

#include <math.h>
#include <string.h>

#include "engine/base/mathx.h"
#include "engine/base/must.h"

/* A mean over about three ticks, and at half and at double that time. */
static const double smoothing[DETECTOR_SCALES] = {0.15, 0.3, 0.6};
#define LEVEL_NOTHING 1e-6 /* below it the level is 0: amounts are millionths */
#define SPREAD_LEAST 0.3   /* sd of the logarithm */
#define WINSOR 4.0         /* sd that one tick may pull the norm */
#define LEARNING 0.001     /* a: half-life 2.4 days */
#define WARM_TICKS 200u    /* a = 1/(t+2) until then */
#define BIN_FROM (-2.0)
#define BIN_TO 9.0
#define BIN_DECAY 0.9999   /* per tick: half-life 24 days */
#define BEYOND 0.02        /* per sigma past the last bin */
#define DAY_TICKS 288u     /* half-life of the cool-down; a chunk of rest */
#define RARE_SURELY 2.999  /* sd: below 3 however it was rounded */
#define RING_AGAIN 1.1     /* s must exceed the cool-down by 10 % */
#define LN_BIN_DECAY (-1.0000500033335834e-4)
#define LN_KEPT (-1.0005003335835335e-3) /* ln(1 - a) */
#define LN_HALF (-0.69314718055994531)
#define TICK_KEPT 0x1.fec4eb9ab3d3p-1 /* mathx_exp(LN_HALF / DAY_TICKS) */

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
 * The norm after ${ticks} of silence, the first of them number ${at}.  Tick by
 * tick while it is warming up or cut at 4 sd; after that y = 0 and e = -mu for
 * good, so that with r = 1 - a
 *	mu_n = mu r^n,  var_n = var r^n + mu^2 r^(n-1) (1 - r^n)
 */
static void
rest_norm(struct detector_scale *s, uint32_t at, uint32_t ticks)
{
	uint32_t i = 0;
	double kept;

	for (; i < ticks; i++, at++) {
		double limit = WINSOR * spread(s->var);
		double e = s->mu > limit ? -limit : -s->mu;
		double a = learning(at);

		if (at > WARM_TICKS && s->mu <= limit)
			break;
		s->mu += a * e;
		s->var += a * (e * e - s->var);
	}
	if (i == ticks)
		return;
	kept = mathx_exp(LN_KEPT * (ticks - i));
	s->var = s->var * kept +
	    s->mu * s->mu * kept / (1.0 - LEARNING) * (1.0 - kept);
	s->mu *= kept;
}

/* z of nothing at all, at the scale where it is least. */
static double
silent_z(const struct detector *d)
{
	double least = 0.0;

	for (unsigned i = 0; i < DETECTOR_SCALES; i++) {
		double z = -d->scales[i].mu / spread(d->scales[i].var);

		least = z < least ? z : least;
	}
	return least;
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
	unsigned bin = bin_of(silent_z(d));

	for (unsigned i = 0; i < DETECTOR_SCALES; i++)
		rest_norm(&d->scales[i], d->ticks, ticks);
	d->ticks = d->ticks < UINT32_MAX - ticks ? d->ticks + ticks :
						   UINT32_MAX;
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
	double level[DETECTOR_SCALES], e[DETECTOR_SCALES], z;
	struct detector_answer answer;
};

/*
 * -log10 of how often a deviation was at or above ${z}.  A bin is taken to be
 * filled evenly, so that s does not jump where a bin ends; the last one, which
 * has no end, counts whole.
 */
static double
share_above(const struct detector *d, double z)
{
	double width = (BIN_TO - BIN_FROM) / DETECTOR_BINS;
	unsigned bin = bin_of(z);
	double share = bin + 1 - (z - BIN_FROM) / width;
	double above = 0.0, all = 0.0;

	if (bin == 0 || bin == DETECTOR_BINS - 1)
		share = 1.0;
	for (unsigned i = 0; i < DETECTOR_BINS; i++) {
		all += d->bins[i];
		above += i > bin ? d->bins[i] : 0.0f;
	}
	above += d->bins[bin] * share;
	return -mathx_log10((above + 1.0) / (all + 1.0));
}

/* s before the effect gate; past the last bin it grows with z. */
static double
rarity(const struct detector *d, double z)
{
	double s = share_above(d, z);

	return z > BIN_TO ? s + BEYOND * (z - BIN_TO) : s;
}

/* What ${amount} means against the state as it is. */
static struct step
step_of(const struct detector *d, double amount)
{
	struct step step = {.z = INFINITY};

	for (unsigned i = 0; i < DETECTOR_SCALES; i++) {
		const struct detector_scale *scale = &d->scales[i];
		double level = d->ticks == 0 ? amount :
		    scale->level + smoothing[i] * (amount - scale->level);
		double z;

		if (level < LEVEL_NOTHING)
			level = 0.0;
		step.level[i] = level;
		step.e[i] = d->ticks == 0 ? 0.0 :
					    mathx_ln(level + 1.0) - scale->mu;
		z = step.e[i] / spread(scale->var);
		step.z = z < step.z ? z : step.z;
	}
	step.answer = (struct detector_answer){.z_micro = mathx_micro(step.z)};
	if (step.answer.z_micro < DETECTOR_EFFECT_MICRO)
		return step;
	step.answer.s_micro = mathx_micro(rarity(d, step.z));
	step.answer.rings = step.answer.s_micro > 0 &&
	    step.answer.s_micro >
		mathx_micro(RING_AGAIN * d->maximum * TICK_KEPT);
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

/* Less than exp(x) - 1 of x > 0, by a few percent where brands are quiet:
 * its series, cut. */
static double
expm1_least(double x)
{
	double sum = 1.0;

	for (int i = 6; i >= 2; i--)
		sum = 1.0 + sum * x * (1.0 / i);
	return x > 0.0 ? x * sum : 0.0;
}

/* z at the slow scale alone, solved for the amount; far enough below 3 sd that
 * no rounding matters. */
double
detector_rare_from(const struct detector *d)
{
	const struct detector_scale *slow = &d->scales[DETECTOR_SLOW];
	double level;

	if (d->rest > 0 || d->ticks == 0)
		return 0.0;
	level = expm1_least(slow->mu + RARE_SURELY * spread(slow->var));
	return slow->level +
	    (level - slow->level) / smoothing[DETECTOR_SLOW];
}

int64_t
detector_rarity(const struct detector *d, double amount)
{
	struct detector awake = *d;

	rest_end(&awake);
	return mathx_micro(rarity(&awake, step_of(&awake, amount).z));
}

/* The norm of one scale learns from its step, cut at 4 sd. */
static void
learn(struct detector_scale *scale, double level, double e, uint32_t ticks)
{
	double a = learning(ticks), limit = WINSOR * spread(scale->var);

	scale->level = level;
	if (ticks == 0)
		scale->mu = mathx_ln(level + 1.0);
	if (e > limit)
		e = limit;
	if (e < -limit)
		e = -limit;
	scale->mu += a * e;
	scale->var += a * (e * e - scale->var);
}

static bool
is_still(const struct detector *d)
{
	for (unsigned i = 0; i < DETECTOR_SCALES; i++)
		if (d->scales[i].level > 0.0)
			return false;
	return true;
}

struct detector_answer
detector_tick(struct detector *d, double amount)
{
	struct step step;
	double s;

	REQUIRE(amount >= 0.0);
	if (amount == 0.0 && is_still(d)) {
		detector_silence(d, 1);
		return (struct detector_answer){0};
	}
	rest_end(d);
	step = step_of(d, amount);
	for (unsigned i = 0; i < DETECTOR_SCALES; i++)
		learn(&d->scales[i], step.level[i], step.e[i], d->ticks);
	for (unsigned i = 0; i < DETECTOR_BINS; i++)
		d->bins[i] *= (float)BIN_DECAY;
	d->bins[bin_of(step.z)] += 1.0f;
	d->maximum *= TICK_KEPT;
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
	while (ticks > 0 && !is_still(d)) {
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
		return mathx_exp(d->scales[DETECTOR_MIDDLE].mu) - 1.0;
	awake = *d;
	rest_end(&awake);
	return mathx_exp(awake.scales[DETECTOR_MIDDLE].mu) - 1.0;
}

double
detector_of_harm(int64_t harm)
{
	return (double)harm / (double)DETECTOR_COMPLAINT_MICRO;
}

int64_t
detector_harm(double amount, unsigned ticks)
{
	return mathx_micro(amount * ticks *
	    ((double)DETECTOR_COMPLAINT_MICRO / (double)MATHX_MICRO));
}
