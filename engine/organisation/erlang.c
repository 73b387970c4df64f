/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/organisation/erlang.h"

#include <math.h>

#include "engine/base/mathx.h"

/* What B(n) was further below than so many times the square root of the load
 * no longer shows in B(load): each step forgets, together by exp(-50). */
#define FORGOTTEN 10.0
#define EXACT_LOAD 10000.0 /* up to here from B(0) on */

/* B(n + 1) of B(n): everybody is busy. */
static double
busy_next(double busy, unsigned n, double load)
{
	return load * busy / (n + 1 + load * busy);
}

/* B(people). */
static double
busy_all(unsigned people, double load)
{
	double busy = 1.0, far = load - FORGOTTEN * sqrt(load);
	unsigned n = 0;

	if (load > EXACT_LOAD)
		n = far < people ? (unsigned)far : people;
	for (; n < people; n++)
		busy = busy_next(busy, n, load);
	return busy;
}

/* C of B(people); ${people} > ${load}. */
static double
waits(double busy, unsigned people, double load)
{
	return busy / (1.0 - load / people * (1.0 - busy));
}

static double
in_time(double busy, unsigned people, double load, double targets)
{
	return 1.0 - waits(busy, people, load) *
	    mathx_exp(-((double)people - load) * targets);
}

double
erlang_waits(unsigned people, double load)
{
	if (load <= 0.0)
		return 0.0;
	if ((double)people <= load)
		return 1.0;
	return waits(busy_all(people, load), people, load);
}

double
erlang_in_time(
    unsigned people, double load, int64_t handle_ms, int64_t target_ms)
{
	if (load <= 0.0)
		return 1.0;
	if ((double)people <= load)
		return 0.0;
	return in_time(busy_all(people, load), people, load,
	    (double)target_ms / (double)handle_ms);
}

/* B goes on from one number of people to the next. */
unsigned
erlang_needed(double load, int64_t handle_ms, int64_t target_ms, double share)
{
	double targets = (double)target_ms / (double)handle_ms, busy;
	unsigned people;

	if (load <= 0.0)
		return 0;
	people = (unsigned)load + 1; /* as many as the load is too few */
	busy = busy_all(people, load);
	while (in_time(busy, people, load, targets) < share) {
		busy = busy_next(busy, people, load);
		people++;
	}
	return people;
}
