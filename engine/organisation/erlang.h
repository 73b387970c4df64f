/*
 * How many people answer so many contacts in time.
 *
 * Erlang C, the formula of the queue M/M/c (A. K. Erlang 1917): contacts come
 * at random, each takes its time with one person, those who find everybody
 * busy wait in one line and do not give up.  With a load of a = arrivals per
 * hour times hours each, c people and r = a / c,
 *	B(0) = 1, B(n) = a B(n-1) / (n + a B(n-1))
 *	C = B(c) / (1 - r (1 - B(c)))                    somebody has to wait
 *	P(wait <= t) = 1 - C exp(-(c - a) t / handling time)
 * Real people give up and post again, and crises do not come at random: what
 * it says is the least that can work.
 * Thread: any.  Owns: nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ENGINE_ERLANG_H
#define ENGINE_ERLANG_H

#include <stdint.h>

/** erlang_waits(people, load): the share that has to wait; 1 when people <=
 * load, as the line then grows without end.  ${load} >= 0 in Erlang. */
double erlang_waits(unsigned people, double load);

/** erlang_in_time(people, load, handle_ms, target_ms): the share that is taken
 * up within ${target_ms}; 0 when the line grows without end. */
double erlang_in_time(
    unsigned people, double load, int64_t handle_ms, int64_t target_ms);

/** erlang_needed(load, handle_ms, target_ms, share): the fewest people who
 * take up ${share} (under 1) of the contacts in time; 0 for no load. */
unsigned erlang_needed(
    double load, int64_t handle_ms, int64_t target_ms, double share);

#endif
