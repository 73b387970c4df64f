#!/bin/sh
# The whole program against the clock: posts per second of processor time
# (user + system of the process) and worker, for lean and fat posts and 10,
# 1,000 and 10,000 rules; match prints to /dev/null, replay judges as well.
# Each figure is the best of RUNS (3) runs, input in the page cache.
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

# name, copies: enough posts for a run of about a second
for kind in lean:10 fat:10; do
	name=${kind%:*}
	zstd -dcq "$shared/perf/posts-$name.ndjson.zst" |
		"$build/bench/gen_repeat" "${kind#*:}" - \
			>"$work/$name.ndjson"
done

seconds() { # command...: user + system seconds of one run
	/usr/bin/time -o "$work/time" -f '%U %S' "$@" >/dev/null 2>"$work/err" ||
		{ cat "$work/err" >&2; exit 1; }
	awk '{print $1 + $2}' "$work/time"
}

printf '%-8s %-5s %7s %12s %10s\n' command posts rules posts/cpu-s ns/post
for name in lean fat; do
	count=$(wc -l <"$work/$name.ndjson")
	for rules in 10 1000 10000; do
		for command in match replay; do
			best=
			i=0
			while [ $i -lt "$runs" ]; do
				s=$(seconds "$build/vigie" $command --workers 1 \
					--rules "$shared/perf/rules-$rules" \
					"$work/$name.ndjson")
				best=$(printf '%s\n' ${best:-9999} "$s" |
					sort -n | head -n 1)
				i=$((i + 1))
			done
			echo "$command $name $rules $count $best" | awk '{
			printf "%-8s %-5s %7d %12.0f %10.0f\n",
				$1, $2, $3, $4 / $5, 1e9 * $5 / $4}'
		done
	done
done
