#!/bin/sh
# What a reload costs: its own time with nothing and with one rule of a
# hundred changed, and the time of posts while it goes on (time_reload.c).
# Prints one block per number of rules.
# usage: sh bench/reload.sh [build/release [RELOADS [POSTS-PER-SECOND]]]
# Needs the performance set in ../shared/perf or $VIGIE_SHARED/perf.
# SPDX-License-Identifier: Apache-2.0
set -eu
build=${1:-build/release}
reloads=${2:-20}
rate=${3:-20000}
perf=${VIGIE_SHARED:-../shared}/perf
[ -d "$perf" ] || {
	echo "skipped: no $perf"
	exit 0
}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM
zstd -dqc "$perf/posts-lean.ndjson.zst" >"$tmp/posts"

# Every hundredth rule gets another weight, every hundredth regex an empty
# group.
change() { # from to
	mkdir -p "$2"
	for f in "$1"/*.yaml; do
		awk 'BEGIN {n = k = 50}
		/ weight: [0-9]/ && / when: / && ++n % 100 == 0 {
			sub(/ weight: [0-9]+/, " weight: 7")
		}
		/ match: ..*\/.}$/ && ++k % 100 == 0 {
			sub(/\/.}$/, "(?:)&")
		} {print}' "$f" >"$2/${f##*/}"
	done
}

for rules in 1000 10000 100000; do
	if [ -d "$perf/rules-$rules" ]; then
		cp -r "$perf/rules-$rules" "$tmp/a"
	else
		mkdir "$tmp/unpack"
		zstd -dqc "$perf/rules-$rules.tar.zst" | tar -xf - -C "$tmp/unpack"
		mv "$tmp/unpack"/* "$tmp/a"
		rmdir "$tmp/unpack"
	fi
	change "$tmp/a" "$tmp/b"
	changed=$(for f in "$tmp/a"/*.yaml; do
		diff "$f" "$tmp/b/${f##*/}" || true
	done | grep -c '^<' || true)
	echo "$rules rules, the same again:"
	"$build/bench/time_reload" "$tmp/a" "$tmp/a" "$tmp/posts" \
		"$reloads" "$rate" 2>/dev/null | sed 's/^/  /'
	echo "$rules rules, $changed lines changed:"
	"$build/bench/time_reload" "$tmp/a" "$tmp/b" "$tmp/posts" \
		"$reloads" "$rate" 2>/dev/null | sed 's/^/  /'
	rm -rf "$tmp/a" "$tmp/b"
done
