#!/bin/sh
# Runs the benches of one flavour and prints a table: nanoseconds of processor
# time per item (a post, unless the name says otherwise), items and bytes per
# second.  Further columns of a bench follow as name=value.
# usage: bench/run.sh build/FLAVOUR [regex of names]
# BENCH_SECONDS (0.5) is the shortest time that each bench runs.
# SPDX-License-Identifier: Apache-2.0
set -eu
build=$1
filter=${2:-.}
"$build/bench/bench" --benchmark_filter="$filter" --benchmark_format=json \
	--benchmark_min_time="${BENCH_SECONDS:-0.5}" 2>/dev/null |
	jq -r '
	  def known: ["name", "family_index", "per_family_instance_index",
	    "run_name", "run_type", "repetitions", "repetition_index",
	    "threads", "iterations", "real_time", "cpu_time", "time_unit",
	    "bytes_per_second", "items_per_second", "error_occurred",
	    "error_message"];
	  .benchmarks[] |
	  if .error_occurred then [.name, "skipped", .error_message, "", ""]
	  else [.name,
	    (if .items_per_second then 1e9 / .items_per_second
	     else .cpu_time end),
	    (.items_per_second // 0) / 1e6,
	    (.bytes_per_second // 0) / 1e6,
	    ([to_entries[] | select(.key as $k | known | index($k) | not) |
	      "\(.key)=\(.value * 100 | round / 100)"] | join(" "))]
	  end | @tsv' |
	awk -F '\t' '
	BEGIN { printf "%-36s %11s %10s %9s\n",
		"bench", "ns/item", "M items/s", "MB/s" }
	$2 == "skipped" { printf "%-36s skipped: %s\n", $1, $3; next }
	{ printf "%-36s %11.1f %10.3f %9.0f %s\n", $1, $2, $3, $4, $5 }'
