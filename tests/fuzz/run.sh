#!/bin/sh
# Runs each fuzz target for SECONDS with clang's fuzzer; new inputs go to the
# build folder, never to the corpus.  Exit 1 at the first crash.
# usage: tests/fuzz/run.sh build/fuzz [SECONDS]
# SPDX-License-Identifier: Apache-2.0
set -eu
build=$1
seconds=${2:-60}
for target in "$build"/tests/fuzz/*.fuzz; do
	[ -x "$target" ] || continue
	name=$(basename "$target" .fuzz)
	name=${name#test_fuzz_}
	found=$build/found/$name
	mkdir -p "$found"
	echo "fuzz $name for $seconds s"
	ASAN_OPTIONS=detect_leaks=1 "$target" -max_total_time="$seconds" \
		-max_len=4096 -timeout=5 -print_final_stats=1 \
		-artifact_prefix="$found/crash-" "$found" \
		"tests/fuzz/corpus/$name" 2>"$build/fuzz-$name.log" || {
		tail -n 40 "$build/fuzz-$name.log"
		exit 1
	}
	grep -E 'stat::number_of_executed_units|stat::new_units_added' \
		"$build/fuzz-$name.log"
done
