/*
 * Google Benchmark for C: what harness.cc lends to the files bench_*.c.
 *
 *	static void
 *	fold(struct bench_state *state)
 *	{
 *		... prepare ...
 *		while (bench_next(state))
 *			... one whole batch ...
 *		bench_items(state, posts_of_one_batch);
 *		bench_bytes(state, bytes_of_one_batch);
 *	}
 *
 * One turn of the loop is a whole batch, never a single post: a call of
 * bench_next costs about 3 ns.  To add a file bench_x.c: give it a function
 * bench_x_register() that calls bench_add for each measure, and put one line
 * into benches.def.
 * Thread: the main one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct bench_state;

/** bench_add(name, fn): measure ${fn} under ${name}, "area/what/variant". */
void bench_add(const char *name, void (*fn)(struct bench_state *));

/** bench_next(state): true while another turn is wanted. */
bool bench_next(struct bench_state *state);

/** bench_items(state, n), bench_bytes: what one turn worked through. */
void bench_items(struct bench_state *state, size_t n);
void bench_bytes(struct bench_state *state, size_t n);

/** bench_figure(state, name, value): one more column, e.g. a hit rate. */
void bench_figure(struct bench_state *state, const char *name, double value);

/** bench_skip(state, why): no measure; return right after.  ${why} lasts. */
void bench_skip(struct bench_state *state, const char *why);

/** bench_keep(p): the compiler must believe that what ${p} shows is read. */
static inline void
bench_keep(const void *p)
{
	__asm__ volatile("" : : "r"(p) : "memory");
}

#ifdef __cplusplus
}
#endif

#endif
