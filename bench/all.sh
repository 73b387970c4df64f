#!/bin/sh
# Every figure of bench/RESULTS.md that one command can take, in ten to fifteen
# minutes: gate, stages, whole program with its ratios, peers; with `plots` the
# pictures as well, three minutes more; with `write` what was measured takes the
# place of what stood in bench/RESULTS.md between its marks.
# usage: sh bench/all.sh [plots] [write]   (RUNS: see each script)
# SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$0")/.."
build=${BUILD:-build/release}
out=build/bench-all
mkdir -p "$out"
[ -n "${BUILD:-}" ] || make -s FLAVOUR=release all "$build/bench/gen" \
	"$build/bench/bench" "$build/bench/peers/compare"
for part in gate stages rows ratios peers; do
	echo
	echo "== $part"
	case $part in
	gate) sh bench/gate.sh "$build" || true ;;
	peers) BUILD=$build sh bench/peers/run.sh --markdown ;;
	rows)
		sh bench/run.sh "$build" \
			'^(text|floor|json|peer/simdjson|match)'
		;;
	*) sh "bench/$part.sh" "$build" ;;
	esac >"$out/$part"
	cat "$out/$part"
done
for word in "$@"; do
	case $word in
	plots) sh bench/plots.sh "$build" ;;
	write)
		awk -v from="$out" '
		/^<!-- measured: / {
			print
			part = from "/" $3
			if ((getline line <part) <= 0)
				next
			fence = $3 == "peers" ? "" : "```"
			print fence
			do
				print line
			while ((getline line <part) > 0)
			print fence
			skip = 1
			next
		}
		/^<!-- end -->/ { skip = 0 }
		!skip' bench/RESULTS.md >"$out/RESULTS.md"
		cp "$out/RESULTS.md" bench/RESULTS.md
		;;
	esac
done
