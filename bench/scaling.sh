#!/bin/sh
# Two workers against one on the same input: processor time per post and wall
# time, best of RUNS (5), for match and replay with 1,000 rules.
# usage: sh bench/scaling.sh [build/release [COPIES]]
# Needs the performance set in ../shared/perf or $VIGIE_SHARED/perf.
# SPDX-License-Identifier: Apache-2.0
set -eu
build=${1:-build/release}
copies=${2:-10}
runs=${RUNS:-5}
perf=${VIGIE_SHARED:-../shared}/perf
[ -d "$perf" ] || {
	echo "skipped: no $perf"
	exit 0
}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM
export XDG_CACHE_HOME="$tmp/cache"
zstd -dqc "$perf/posts-lean.ndjson.zst" |
	"$build/bench/gen" repeat "$copies" >"$tmp/posts"
count=$(wc -l <"$tmp/posts")

best() { # command workers: least processor time, least wall time
	i=0
	while [ $i -lt "$runs" ]; do
		/usr/bin/time -o "$tmp/time" -f '%U %S %e' "$build/vigie" "$1" \
			--workers "$2" --rules "$perf/rules-1000" \
			"$tmp/posts" >/dev/null 2>&1
		awk '{print $1 + $2, $3}' "$tmp/time"
		i=$((i + 1))
	done | awk 'NR == 1 || $1 < c {c = $1} NR == 1 || $2 < w {w = $2}
		END {print c, w}'
}

printf '%-8s %8s %12s %10s\n' command workers cpu-ns/post wall-s
for command in match replay; do
	one=
	for workers in 1 2; do
		# shellcheck disable=SC2046 # two words
		set -- $(best $command $workers)
		echo "$command $workers $1 $2" | awk -v n="$count" '{printf \
			"%-8s %8s %12.0f %10.2f\n", $1, $2, 1e9 * $3 / n, $4}'
		[ -n "$one" ] || one=$1
	done
	echo "$1 $one" | awk '{printf "two workers cost %.2f of one\n", $1 / $2}'
done
