/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/density/forecast.h"

#include <stddef.h>

#include "engine/base/mathx.h"

#define HALF (WINDOW_MINUTES / 2)
#define MICRO MATHX_MICRO
#define LN_2 0.6931471805599453
#define DOUBLING_MOST 1440.0

/* In hundredths: lower bound, middle, upper bound. */
static const int64_t rising[3] = {35, 75, 135}, steady[3] = {60, 100, 150};

/* Talk of the last half-hour. */
static int64_t
recent_mass(const struct window *w)
{
	int64_t mass = 0;

	for (int64_t m = w->minute - HALF + 1; m <= w->minute; m++)
		if (m >= 0)
			mass += w->minutes[m % WINDOW_MINUTES].mass;
	return mass;
}

/* Two voices more before the factor, and less after: a half-hour without harm
 * is no promise of an hour without. */
static int64_t
scaled(int64_t amount, int64_t hundredths)
{
	int64_t v = mathx_ratio(2 * amount + 2 * MICRO, hundredths, 100) -
	    2 * MICRO;

	return v > 0 ? v : 0;
}

static int32_t
doubling(int64_t now, int64_t before)
{
	double growth = mathx_ln((double)(now + MICRO) /
	    (double)(before + MICRO));
	double minutes;

	if (growth <= 0.0)
		return 0;
	minutes = HALF * LN_2 / growth;
	return minutes > DOUBLING_MOST ? 0 : (int32_t)(minutes + 0.5);
}

struct forecast
forecast_of(const struct window *harm, const struct window *talk,
    const struct density_settings *settings, int64_t norm)
{
	int64_t now = window_recent(harm, HALF), excess;
	int64_t before = harm->total.harm - now;
	const int64_t *factors =
	    now * 2 > before * 3 + 2 * MICRO ? rising : steady;
	struct forecast f = {.low = scaled(now, factors[0]),
	    .harm = scaled(now, factors[1]), .high = scaled(now, factors[2]),
	    .density = -1, .doubling_minutes = doubling(now, before)};

	if (talk == NULL)
		return f;
	excess = f.harm > norm ? f.harm - norm : 0;
	f.density = density_of(settings, excess,
	    mathx_ratio(2 * recent_mass(talk), factors[1], 100));
	return f;
}
