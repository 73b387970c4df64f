#!/bin/sh
# Curves of what a post costs, as pictures in docs/plots: against the number of
# rules, the share of posts that match, the length of the text, the language.
#
# Posts and rules are made by bench/gen.  A point is user + system time of
# `vigie match --workers 1`, the best of RUNS (3), less the same with one post,
# by the number of posts.  The figures stand in docs/plots/*.tsv.
# usage: bench/plots.sh build/FLAVOUR [folder]
# SPDX-License-Identifier: Apache-2.0
set -eu
build=$1
out=${2:-docs/plots}
runs=${RUNS:-3}
here=$(dirname "$0")
. "$here/measure.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
export XDG_CACHE_HOME="$work/cache"
mkdir -p "$out"
"$build/bench/gen" posts --count 1 >"$work/one"
for n in 10 100 1000 10000 100000; do
	"$build/bench/gen" rules $n "$work/rules-$n"
done

best() { # rules file
	i=0
	while [ $i -lt "$runs" ]; do
		measure_seconds "$build/vigie" match --workers 1 --rules \
			"$work/rules-$1" "$2"
		i=$((i + 1))
	done | sort -n | sed -n 1p
}

for n in 10 100 1000 10000 100000; do
	best $n "$work/one" >"$work/load-$n"
done

point() { # label x rules count options of gen...
	label=$1 x=$2 rules=$3 count=$4
	shift 4
	# reading 100,000 rules takes a second: it must not drown the posts
	[ "$rules" != 100000 ] || count=$((count * 5))
	"$build/bench/gen" posts --count "$count" "$@" >"$work/posts"
	printf '%s\t%s\t%s\n' "$label" "$x" "$(echo "$(best "$rules" \
		"$work/posts") $(cat "$work/load-$rules") $count" |
		awk '{n = ($1 - $2) * 1e9 / $3; printf "%.0f", n < 1 ? 1 : n}')"
}

draw() { # name title x-axis options...
	name=$1 title=$2 axis=$3
	shift 3
	awk -F '\t' -v title="$title" -v xname="$axis" \
		-v yname="ns of CPU a post" "$@" -f "$here/plot.awk" \
		"$out/$name.tsv" >"$out/$name.svg"
	echo "$out/$name.svg"
}

for n in 10 100 1000 10000 100000; do
	point "lean posts (410 B)" $n $n 200000
	point "fat posts (2.3 KB)" $n $n 60000 --shape fat
done >"$out/rules.tsv"
draw rules "Cost against the number of rules" "rules" -v xlog=1

for percent in 1 5 10 20 35 50; do
	for n in 1000 10000; do
		point "$(echo $n | sed 's/000$/,000/') rules" $percent $n 200000 --match $percent
	done
done >"$out/share.tsv"
draw share "Cost against the share of matching posts" \
	"posts that fire a rule, %"

for length in 20 64 200 640 2000 6400 20000 64000; do
	for lang in en:English fr:French ja:Japanese emoji:emoji-laden; do
		count=$((20000000 / (length + 300)))
		point "${lang#*:}" $length 1000 $count --length $length \
			--lang "${lang%:*}"
	done
done >"$out/length.tsv"
draw length "Cost against the length of the text, 1,000 rules" \
	"bytes of text" -v xlog=1 -v ylog=1

for n in 10 100 1000 10000 100000; do
	for lang in en:English fr:French ja:Japanese emoji:emoji-laden; do
		point "${lang#*:}" $n $n 200000 --length 120 \
			--lang "${lang%:*}"
	done
done >"$out/language.tsv"
draw language "Cost by language, texts of 120 bytes" "rules" -v xlog=1
measure_machine "$build" | tee "$out/machine.txt"
