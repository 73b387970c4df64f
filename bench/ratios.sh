#!/bin/sh
# The whole program: posts per second of processor time, and the ratios that
# are promised, each with its goal.
#
# A figure is user + system of the whole process, input in the page cache,
# output to /dev/null, the best of RUNS (5).  Runs of all rows alternate, so
# that a busy minute is not that of one row.  posts/cpu-s counts all of the
# process, reading the rules too; ns/post is without that: the same run with
# one post is taken off.  Ratios are of ns/post.
# usage: bench/ratios.sh build/FLAVOUR [all|quick]
# quick leaves 100,000 rules out.  A compiled set is kept from run to run, as it
# is for a user (decision 104); rows named cold read the rules with --no-cache.
# SPDX-License-Identifier: Apache-2.0
set -eu
build=$1
what=${2:-all}
runs=${RUNS:-5}
. "$(dirname "$0")/measure.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
export XDG_CACHE_HOME="$work/cache" # compiled sets are nobody else's

measure_machine "$build"
measure_inputs "$build" "$work"
"$build/bench/gen" repeat 5 --over 8000 "$work/lean" >"$work/lean5"
"$build/bench/gen" repeat 10 --over 8000 "$work/fat" >"$work/fat10"
"$build/bench/gen" repeat 20 --over 8000 "$work/lean" >"$work/lean20"
"$build/bench/gen" rules 1000 "$work/rules/made-1000"
for percent in 1 50; do
	"$build/bench/gen" posts --count 300000 --span 8000 --match $percent \
		>"$work/match$percent"
done
for file in lean5 fat10 lean20 match1 match50; do
	wc -l <"$work/$file" >"$work/$file.count"
done
head -n 1 "$work/lean" >"$work/one"

# name, command, workers (2x1: two processes of one at the same time, the mean
# of both), rules, posts
rows() {
	for rules in 10 1000 10000; do
		echo "match-lean-$rules match 1 rules-$rules lean5"
	done
	for rules in 1000 10000; do
		echo "match-fat-$rules match 1 rules-$rules fat10"
		echo "replay-lean-$rules replay 1 rules-$rules lean5"
	done
	echo "replay-fat-1000 replay 1 rules-1000 fat10"
	echo "two-lean-1000 match 2 rules-1000 lean5"
	echo "apart-lean-1000 match 2x1 rules-1000 lean5"
	echo "share-1 match 1 made-1000 match1"
	echo "share-50 match 1 made-1000 match50"
	echo "cold-lean-10000 cold 1 rules-10000 lean5"
	echo "cold-fat-10000 cold 1 rules-10000 fat10"
	[ "$what" = quick ] || {
		echo "match-lean-100000 match 1 rules-100000 lean20"
		echo "match-fat-100000 match 1 rules-100000 fat10"
		echo "cold-lean-100000 cold 1 rules-100000 lean20"
		echo "cold-fat-100000 cold 1 rules-100000 fat10"
	}
}

# user + system seconds of one run, or of one of two at the same time
seconds() { # workers, command, rules, posts
	case $1,$2 in
	2x1,*) ;;
	*,cold)
		measure_seconds "$build/vigie" match --no-cache \
			--workers "$1" --rules "$3" "$4"
		return
		;;
	*)
		measure_seconds "$build/vigie" "$2" --workers "$1" \
			--rules "$3" "$4"
		return
		;;
	esac
	mkdir -p "$work/other"
	(TMPDIR=$work/other seconds 1 "$2" "$3" "$4" >"$work/other/s") &
	seconds 1 "$2" "$3" "$4" >"$work/seconds"
	wait $!
	cat "$work/seconds" "$work/other/s" | awk '{s += $1} END {print s / 2}'
}

rows >"$work/rows"
# one post, of each command and set
awk '{print "load-" $2 "-" $4, $2, 1, $4, "one"}' "$work/rows" | sort -u \
	>"$work/loads"
echo 1 >"$work/one.count"
i=0
while [ $i -lt "$runs" ]; do
	while read -r name command workers set file; do
		echo "$name $command $workers $set $file $(cat \
			"$work/$file.count") $(seconds \
			"$workers" "$command" "$work/rules/$set" "$work/$file")"
	done <"$work/rows" >>"$work/times"
	# 100,000 rules take seconds to read: twice is enough
	while read -r name command workers set file; do
		[ "$set" != rules-100000 ] || [ $i -lt 2 ] || continue
		echo "$name $command $workers $set $file 1 $(seconds \
			"$workers" "$command" "$work/rules/$set" "$work/$file")"
	done <"$work/loads" >>"$work/times"
	i=$((i + 1))
done
awk -f "$(dirname "$0")/ratios.awk" "$work/rows" "$work/times"
