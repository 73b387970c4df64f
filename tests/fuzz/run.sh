#!/bin/sh
# Runs each fuzz target for SECONDS with clang's fuzzer; new inputs go to the
# build folder, never to the corpus.  All targets run; exit 1 when one of them
# found something.  What it found is under BUILD/found/<target>: minimise it,
# mend the cause, and keep the input in tests/fuzz/corpus/<target>.
# usage: tests/fuzz/run.sh build/fuzz [SECONDS [TARGET]]
# SPDX-License-Identifier: Apache-2.0
set -eu
build=$1
seconds=${2:-60}
only=${3:-}
failed=0 ran=0
for target in "$build"/tests/fuzz/*.fuzz; do
	[ -x "$target" ] || continue
	name=$(basename "$target" .fuzz)
	name=${name#test_fuzz_}
	[ -f "tests/fuzz/test_fuzz_$name.c" ] || continue # one that is gone
	[ -z "$only" ] || [ "$only" = "$name" ] || continue
	found=$build/found/$name
	mkdir -p "$found"
	ran=$((ran + 1))
	echo "fuzz $name for $seconds s"
	ASAN_OPTIONS=detect_leaks=1 "$target" -max_total_time="$seconds" \
		-max_len=4096 -timeout=10 -rss_limit_mb=1024 \
		-print_final_stats=1 -artifact_prefix="$found/found-" \
		"$found" "tests/fuzz/corpus/$name" \
		2>"$build/fuzz-$name.log" || {
		tail -n 40 "$build/fuzz-$name.log"
		failed=$((failed + 1))
		continue
	}
	grep -E 'stat::number_of_executed_units|stat::new_units_added' \
		"$build/fuzz-$name.log"
done
echo "$ran targets ran, $failed found something"
[ "$ran" -gt 0 ] && [ "$failed" -eq 0 ]
