#!/bin/sh
# What the scripts here share: processor seconds of a process, the machine.
# SPDX-License-Identifier: Apache-2.0

# Posts and rules: those of the performance set, else made: $2/lean, $2/fat,
# $2/rules/rules-N.
measure_inputs() { # build folder
	shared=${VIGIE_SHARED:-../shared}/perf
	if [ -f "$shared/posts-lean.ndjson.zst" ]; then
		rules=$2/rules
		mkdir -p "$rules"
		zstd -dcq "$shared/posts-lean.ndjson.zst" >"$2/lean"
		zstd -dcq "$shared/posts-fat.ndjson.zst" >"$2/fat"
		for n in 10 100 1000 10000; do
			ln -s "$(cd "$shared/rules-$n" && pwd)" "$rules/rules-$n"
		done
		tar -C "$rules" -I zstd -xf "$shared/rules-100000.tar.zst"
		echo "set: posts and rules of $shared"
	else
		rules=$2/rules
		mkdir -p "$rules"
		"$1/bench/gen" posts --count 100000 >"$2/lean"
		"$1/bench/gen" posts --count 20000 --shape fat >"$2/fat"
		for n in 10 100 1000 10000 100000; do
			"$1/bench/gen" rules $n "$rules/rules-$n"
		done
		echo "set: posts and rules made by bench/gen (no $shared here)"
	fi
}

# user + system seconds of one run, to the millisecond, output to /dev/null
measure_seconds() { # command...
	measure_file=${TMPDIR:-/tmp}/measure.$$
	# shellcheck disable=SC2016 # expanded by bash, whose time is exact
	if bash -c 'TIMEFORMAT="%3U %3S"; time "$@" >/dev/null 2>"$0"' \
		"$measure_file.err" "$@" 2>"$measure_file"; then
		awk '{print $1 + $2}' "$measure_file"
		rm -f "$measure_file" "$measure_file.err"
	else
		tail -n 5 "$measure_file.err" >&2
		rm -f "$measure_file" "$measure_file.err"
		return 1
	fi
}

measure_machine() { # build
	echo "machine: $(sed -n 's/^model name.*: //p' /proc/cpuinfo |
		sed -n 1p), $(nproc) processors, $(uname -sr)," \
		"load $(cut -d ' ' -f 1-3 /proc/loadavg)"
	echo "date: $(date -u '+%Y-%m-%d'), $("$1/vigie" version | sed -n 1p)"
}
