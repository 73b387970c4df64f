#!/bin/sh
# The whole program against the clock: posts per second of processor time
# (user + system of the process) and worker, for lean and fat posts and 10,
# 1,000 and 10,000 rules; match prints to /dev/null, replay judges as well.
# Each figure is the best of RUNS (3) runs, input in the page cache; MB is the
# peak of the process, ready the milliseconds from start to rules compiled
# (replay alone tells).  The floor is what wc takes to count the lines.
# usage: bench/whole.sh build/FLAVOUR
# SPDX-License-Identifier: Apache-2.0
set -eu
build=$1
runs=${RUNS:-3}
shared=${VIGIE_SHARED:-../shared}
if [ ! -d "$shared/perf" ]; then
	echo "skipped: no posts and rules at $shared/perf"
	exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
export XDG_CACHE_HOME="$work/cache"

# name, copies: enough posts for a run of about a second
for kind in lean:10 fat:10; do
	name=${kind%:*}
	zstd -dcq "$shared/perf/posts-$name.ndjson.zst" |
		"$build/bench/gen" repeat "${kind#*:}" >"$work/$name.ndjson"
done

seconds() { # command...: user + system seconds and peak KB of one run
	/usr/bin/time -o "$work/time" -f '%U %S %M' "$@" >/dev/null \
		2>"$work/err" || { cat "$work/err" >&2; exit 1; }
	awk '{print $1 + $2, $3}' "$work/time"
}

best() { # command...: the fastest of all runs
	i=0
	while [ $i -lt "$runs" ]; do
		seconds "$@"
		i=$((i + 1))
	done | sort -n | head -n 1
}

row() { # command posts rules count seconds KB ready
	echo "$@" | awk '{printf "%-8s %-5s %7s %12.0f %10.0f %7.0f %8s\n",
		$1, $2, $3, $4 / $5, 1e9 * $5 / $4, $6 / 1024, $7}'
}

printf '%-8s %-5s %7s %12s %10s %7s %8s\n' command posts rules posts/cpu-s \
	ns/post MB ready/ms
for name in lean fat; do
	count=$(wc -l <"$work/$name.ndjson")
	# shellcheck disable=SC2046 # two words: seconds, memory
	row floor "$name" - "$count" $(best wc -l "$work/$name.ndjson") -
	for rules in 10 1000 10000; do
		for command in match replay; do
			set -- --workers 1 --rules "$shared/perf/rules-$rules"
			ready=-
			if [ $command = replay ]; then
				set -- "$@" --stats-json "$work/stats"
			fi
			figures=$(best "$build/vigie" $command "$@" \
				"$work/$name.ndjson")
			[ $command = match ] || ready=$(jq \
				'.ready_seconds * 1000 | floor' "$work/stats")
			# shellcheck disable=SC2086 # two words
			row $command $name $rules "$count" $figures "$ready"
		done
	done
done
