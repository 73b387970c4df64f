/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/density.h"

#include <stddef.h>

#include "engine/base/mathx.h"

#define AGAIN_MINUTES 30 /* least time between two at one level */
#define AGAIN_VOICES (5 * MATHX_MICRO) /* more than when it last spoke */
#define FREEZE_MINUTES (72 * 60)

const uint32_t density_accounts[DENSITY_LEVELS] = {5, 10, 10, 20};

void
density_defaults(struct density_settings *s)
{
	static const int64_t theta[DENSITY_LEVELS] = {5, 10, 20, 35};

	for (unsigned i = 0; i < DENSITY_LEVELS; i++)
		s->theta_micro[i] = theta[i] * MATHX_MICRO;
	s->alpha_micro = 20 * MATHX_MICRO;
	s->budget = DENSITY_BUDGET;
}

int64_t
density_norm(const struct density *d, int64_t live, int64_t minute)
{
	if (d->frozen && minute - d->frozen_at < FREEZE_MINUTES)
		return d->frozen_norm;
	return live;
}

int64_t
density_of(const struct density_settings *s, int64_t excess, int64_t mass)
{
	return mathx_ratio(excess, 100 * MATHX_MICRO, mass + s->alpha_micro);
}

bool
density_reaches(const struct density_settings *s, int64_t density)
{
	for (unsigned i = 0; i < DENSITY_LEVELS; i++)
		if (density >= s->theta_micro[i])
			return true;
	return false;
}

/* The highest level whose size and number of accounts are reached. */
static uint8_t
level_of(const struct density_settings *s, int64_t density, uint32_t accounts)
{
	for (uint8_t level = DENSITY_LEVELS; level > 0; level--)
		if (density >= s->theta_micro[level - 1] &&
		    accounts >= density_accounts[level - 1])
			return level;
	return 0;
}

static void
message(struct density *d, int64_t density, int64_t excess, int64_t minute)
{
	d->message_at = minute;
	d->message_density = density;
	d->message_excess = excess;
}

static void
rise(struct density *d, uint8_t level, int64_t norm, int64_t density,
    int64_t excess, int64_t minute)
{
	if (d->level == 0) {
		d->frozen = true;
		d->frozen_at = minute;
		d->frozen_norm = norm;
	}
	d->level = level;
	d->under = false;
	message(d, density, excess, minute);
}

/* Whether the level goes down now; keeps the time under half of it. */
static bool
falls(struct density *d, const struct density_settings *s, int64_t density,
    int64_t excess, int64_t minute)
{
	if (density * 2 >= s->theta_micro[d->level - 1]) {
		d->under = false;
		return false;
	}
	if (!d->under) {
		d->under = true;
		d->under_since = minute;
	}
	if (minute - d->under_since < DENSITY_HOLD_MINUTES)
		return false;
	d->level--;
	d->under = false;
	d->because = DENSITY_CALMER;
	if (d->level == 0)
		d->frozen = false;
	/* What comes back to the threshold that was left has not doubled. */
	else if (density < s->theta_micro[d->level - 1])
		density = s->theta_micro[d->level - 1];
	message(d, density, excess, minute);
	return true;
}

/* Since the last message of an open episode.  A share of the talk cannot
 * double for ever: a second wave of the same anger is told by its size. */
static bool
doubled(const struct density *d, const struct density_input *in,
    int64_t density)
{
	if (d->level == 0)
		return false;
	return density >= 2 * d->message_density ||
	    (in->minute - d->message_at >= AGAIN_MINUTES &&
		in->excess >= 2 * d->message_excess &&
		in->excess - d->message_excess >= AGAIN_VOICES);
}

static bool
is_narrow(const struct density_input *in)
{
	return in->narrow != NULL && in->narrow(in->of);
}

static bool
rings_again(struct density *d, const struct density_settings *s,
    const struct density_input *in, int64_t density)
{
	bool twice;

	if (density < s->theta_micro[d->level - 1])
		return false;
	twice = doubled(d, in, density);
	if (!twice && !(in->tick && in->answer.rings &&
		detector_rare(in->answer) &&
		in->minute - d->message_at >= AGAIN_MINUTES))
		return false;
	if (is_narrow(in))
		return false;
	d->because = twice ? DENSITY_DOUBLED : DENSITY_RARER;
	return true;
}

enum density_change
density_judge(struct density *d, const struct density_settings *s,
    const struct density_input *in)
{
	int64_t density = density_of(s, in->excess, in->mass);
	uint8_t level = level_of(s, density, in->accounts);
	bool evident;

	if (!detector_rare(in->answer))
		d->rare_run = 0;
	else if (d->rare_run < 2)
		d->rare_run++;
	evident = d->rare_run == 2 || in->cold || doubled(d, in, density);
	if (level > d->level && evident && !is_narrow(in)) {
		d->because = d->rare_run == 2 ? DENSITY_RARE :
		    in->cold ? DENSITY_COLD : DENSITY_DOUBLED;
		rise(d, level, in->norm, density, in->excess, in->minute);
		return DENSITY_UP;
	}
	if (d->level == 0)
		return DENSITY_SAME;
	if (d->message_excess == 0) /* lifted by one post, between minutes */
		d->message_excess = in->excess;
	if (falls(d, s, density, in->excess, in->minute))
		return DENSITY_DOWN;
	if (rings_again(d, s, in, density)) {
		message(d, density, in->excess, in->minute);
		return DENSITY_AGAIN;
	}
	return DENSITY_SAME;
}

bool
density_lift(struct density *d, uint8_t level, int64_t norm, int64_t density,
    int64_t minute)
{
	if (d->level >= level)
		return false;
	d->because = level == DENSITY_SEVERE_LEVEL ? DENSITY_SEVERE :
						     DENSITY_FLOOD;
	rise(d, level, norm, density, 0, minute);
	return true;
}
