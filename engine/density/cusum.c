/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/cusum.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/mathx.h"
#include "engine/base/pack.h"

#define VOICES 5.0              /* added to a day before the logarithm */
#define SPREAD_LEAST 0.2236068  /* 1 / (2 sqrt VOICES) */
#define MAD_TO_SD 1.4826        /* of a normal distribution */
#define MEDIAN_ERROR_SQ 1.5625  /* 1.25 squared: sd of a median by sd/sqrt n */
#define CLIP 3.0
#define CALM_DAYS 3
#define RINGING_DAYS_MOST CUSUM_NORM_DAYS
#define RUN_LEAST (5 * MATHX_MICRO) /* voices a day, as for level 1 */

static int
order(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *v, int count)
{
	qsort(v, (size_t)count, sizeof(*v), order);
	return count % 2 == 1 ? v[count / 2] :
				(v[count / 2 - 1] + v[count / 2]) / 2.0;
}

static double
log_of(int64_t harm)
{
	return mathx_ln((double)harm / (double)MATHX_MICRO + VOICES);
}

/* sqrt by Newton from above: the same bits everywhere. */
static double
root(double x)
{
	double r = x > 1.0 ? x : 1.0;

	for (int i = 0; i < 40; i++)
		r = (r + x / r) / 2.0;
	return r;
}

/* The norm as of day ${c->taken}, which is not in the ring yet; the number of
 * its days. */
static int
learn(struct cusum *c)
{
	int64_t from = c->taken - CUSUM_DAYS, to = c->taken - CUSUM_GAP_DAYS;
	double v[CUSUM_NORM_DAYS];
	int count = 0;

	for (int64_t d = from < 0 ? 0 : from; d < to; d++)
		v[count++] = log_of(c->days[d % CUSUM_DAYS]);
	if (count == 0)
		return 0;
	c->middle = median(v, count);
	for (int i = 0; i < count; i++)
		v[i] = v[i] > c->middle ? v[i] - c->middle : c->middle - v[i];
	c->spread = MAD_TO_SD * median(v, count);
	if (c->spread < SPREAD_LEAST)
		c->spread = SPREAD_LEAST;
	c->allowance = 0.5 + root(MEDIAN_ERROR_SQ / (double)count);
	c->norm = mathx_micro(mathx_exp(c->middle) - VOICES);
	return count;
}

static void
calm(struct cusum *c)
{
	c->ringing = false;
	c->sum_micro = 0;
	c->run_days = c->calm_days = c->ringing_days = 0;
	c->run_harm = 0;
}

static enum cusum_change
judge(struct cusum *c, const struct cusum_settings *s, int64_t harm)
{
	double u = (log_of(harm) - c->middle) / c->spread;
	int64_t step;
	bool fell;

	if (u > CLIP)
		u = CLIP;
	step = mathx_micro(u - c->allowance);
	c->sum_micro += step;
	if (c->sum_micro <= 0 && !c->ringing) {
		calm(c);
		return CUSUM_SAME;
	}
	c->run_days++;
	c->run_harm += harm;
	if (!c->ringing) {
		if (c->sum_micro <= s->rings_micro ||
		    c->run_harm < RUN_LEAST * c->run_days)
			return CUSUM_SAME;
		c->ringing = true;
		return CUSUM_RINGS;
	}
	c->ringing_days++;
	c->calm_days = step < 0 ? c->calm_days + 1 : 0;
	if (c->calm_days < CALM_DAYS && c->ringing_days < RINGING_DAYS_MOST)
		return CUSUM_SAME;
	fell = c->calm_days >= CALM_DAYS;
	calm(c);
	return fell ? CUSUM_CALM : CUSUM_NORMAL;
}

enum cusum_change
cusum_day(struct cusum *c, const struct cusum_settings *s, int64_t harm)
{
	enum cusum_change change = CUSUM_SAME;

	if (c->ringing || learn(c) >= s->history)
		change = judge(c, s, harm);
	c->days[c->taken++ % CUSUM_DAYS] = harm;
	return change;
}

void
cusum_late(struct cusum *c, int64_t harm)
{
	if (c->taken > 0)
		c->days[(c->taken - 1) % CUSUM_DAYS] += harm;
}

/* A member that is added is to be saved here; raise the VERSION of
 * signal_creeping.c. */
_Static_assert(sizeof(struct cusum) == (CUSUM_DAYS + 4) * sizeof(int64_t) +
	    4 * sizeof(int32_t) + 3 * sizeof(double),
    "all of it is saved");

void
cusum_save(const struct cusum *c, struct buf *out)
{
	pack_int(out, c->taken);
	for (unsigned i = 0; i < CUSUM_DAYS; i++)
		pack_int(out, c->days[i]);
	pack_int(out, c->sum_micro);
	pack_int(out, c->run_harm);
	pack_int(out, c->run_days);
	pack_int(out, c->calm_days);
	pack_int(out, c->ringing_days);
	pack_u8(out, c->ringing);
	pack_double(out, c->middle);
	pack_double(out, c->spread);
	pack_double(out, c->allowance);
	pack_int(out, c->norm);
}

void
cusum_load(struct cusum *c, struct unpack *in)
{
	c->taken = unpack_int(in);
	if (c->taken < 0)
		in->bad = true;
	for (unsigned i = 0; i < CUSUM_DAYS; i++)
		c->days[i] = unpack_int(in);
	c->sum_micro = unpack_int(in);
	c->run_harm = unpack_int(in);
	c->run_days = (int32_t)unpack_int(in);
	c->calm_days = (int32_t)unpack_int(in);
	c->ringing_days = (int32_t)unpack_int(in);
	c->ringing = unpack_u8(in);
	c->middle = unpack_double(in);
	c->spread = unpack_double(in);
	c->allowance = unpack_double(in);
	c->norm = unpack_int(in);
}
