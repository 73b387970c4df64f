/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/organisation/erlang.h"

#include "engine/base/mathx.h"

double
erlang_waits(unsigned people, double load)
{
	double busy = 1.0;

	if (load <= 0.0)
		return 0.0;
	if ((double)people <= load)
		return 1.0;
	for (unsigned n = 1; n <= people; n++)
		busy = load * busy / (n + load * busy);
	return busy / (1.0 - load / people * (1.0 - busy));
}

double
erlang_in_time(
    unsigned people, double load, int64_t handle_ms, int64_t target_ms)
{
	double spare = (double)people - load;

	if (load <= 0.0)
		return 1.0;
	if (spare <= 0.0)
		return 0.0;
	return 1.0 - erlang_waits(people, load) *
	    mathx_exp(-spare * (double)target_ms / (double)handle_ms);
}

unsigned
erlang_needed(double load, int64_t handle_ms, int64_t target_ms, double share)
{
	unsigned people = 1;

	if (load <= 0.0)
		return 0;
	if (load > 1.0)
		people = (unsigned)load;
	while (erlang_in_time(people, load, handle_ms, target_ms) < share)
		people++;
	return people;
}
