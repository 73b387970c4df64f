#!/bin/sh
# Every figure of bench/RESULTS.md that one command can take, in about ten
# minutes: gate, stages, whole program with its ratios, peers; with `plots` the
# pictures as well.
# usage: sh bench/all.sh [plots]   (after make all tools; RUNS, see each)
# SPDX-License-Identifier: Apache-2.0
set -eu
build=${BUILD:-build/release}
cd "$(dirname "$0")/.."
make -s FLAVOUR=release all "$build/bench/gen" "$build/bench/bench" \
	"$build/bench/peers/compare"
for part in gate stages ratios peers/run; do
	echo
	echo "== bench/$part.sh"
	case $part in
	gate) sh bench/gate.sh "$build" || true ;;
	peers/run) sh bench/peers/run.sh ;;
	*) sh "bench/$part.sh" "$build" ;;
	esac
done
[ "${1:-}" != plots ] || sh bench/plots.sh "$build"
