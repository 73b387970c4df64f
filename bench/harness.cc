/*
 * The only C++ of the benches: Google Benchmark behind bench.h.
 *
 * Figures are per processor second of the measuring thread, because other
 * work on the machine must not change them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/bench.h"

#include <benchmark/benchmark.h>

#define BENCH(name) extern "C" void bench_##name##_register(void);
#include "bench/benches.def"
#undef BENCH

struct bench_state {
	benchmark::State &state;
};

void
bench_add(const char *name, void (*fn)(struct bench_state *))
{
	benchmark::RegisterBenchmark(name, [fn](benchmark::State &state) {
		bench_state wrapped = {state};

		fn(&wrapped);
	});
}

bool
bench_next(struct bench_state *state)
{
	return state->state.KeepRunning();
}

void
bench_items(struct bench_state *state, size_t n)
{
	state->state.SetItemsProcessed(
	    static_cast<int64_t>(n) * state->state.iterations());
}

void
bench_bytes(struct bench_state *state, size_t n)
{
	state->state.SetBytesProcessed(
	    static_cast<int64_t>(n) * state->state.iterations());
}

void
bench_figure(struct bench_state *state, const char *name, double value)
{
	state->state.counters[name] = value;
}

void
bench_skip(struct bench_state *state, const char *why)
{
	state->state.SkipWithError(why);
}

int
main(int argc, char **argv)
{
#define BENCH(name) bench_##name##_register();
#include "bench/benches.def"
#undef BENCH
	benchmark::Initialize(&argc, argv);
	if (benchmark::ReportUnrecognizedArguments(argc, argv))
		return 2;
	benchmark::RunSpecifiedBenchmarks();
	benchmark::Shutdown();
	return 0;
}
