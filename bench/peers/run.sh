#!/bin/sh
# Vigie against others, on the same posts and rules in one session.
#
# Libraries find patterns in folded texts in memory: that is Vigie's matching
# stage, and both it and the whole program are compared with them.  Programs
# read the posts themselves and are compared with the whole program.
# A time counts when the hits are the same; each row says how many are not.
# Programs find brands alone, no rules: the task is easier.  What is not
# installed says so: make deps-peers.
#
# usage: bench/peers/run.sh [--markdown] [FOLDER]
# FOLDER holds posts-lean.ndjson.zst and rules-1000, rules-10000: the set at
# ../shared/perf or $VIGIE_SHARED/perf; where there is none, posts and rules
# of bench/gen.
# RUNS (5) of each, best, median and worst told; SETS ("1000 10000").
# SPDX-License-Identifier: Apache-2.0
set -eu
here=$(dirname "$0")
. "$here/programs.sh"
build=${BUILD:-build/release}
compare=$build/bench/peers/compare
runs=${RUNS:-5}
markdown=
if [ "${1:-}" = --markdown ]; then
	markdown=1
	shift
fi
data=${1:-${VIGIE_SHARED:-../shared}/perf}
work=$(mktemp -d)
export XDG_CACHE_HOME="$work/cache"
rspamd_pid=
finish() {
	[ -z "$rspamd_pid" ] || kill "$rspamd_pid" 2>/dev/null || true
	rm -rf "$work"
}
trap finish EXIT INT TERM

prepare() {
	if [ -f "$data/posts-lean.ndjson.zst" ]; then
		source="posts and rules of $data"
		zstd -dcq "$data/posts-lean.ndjson.zst" >"$work/posts"
		rules=$data
	else
		source="posts and rules made by bench/gen (no $data here)"
		"$build/bench/gen" posts --count 100000 >"$work/posts"
		for n in ${SETS:-1000 10000}; do
			"$build/bench/gen" rules "$n" "$work/rules-$n"
		done
		rules=$work
	fi
	"$build/bench/gen" repeat 5 "$work/posts" >"$work/posts5"
	count=$(wc -l <"$work/posts")
}

# One line a result: set, kind, name, what it is, best, median, worst in
# nanoseconds a post, hits; or set, kind, name, what, why not.
vigie() { # set
	i=0
	while [ $i -lt "$runs" ]; do
		seconds "$build/vigie" match --workers 1 \
			--rules "$rules/rules-$1" "$work/posts5"
		i=$((i + 1))
	done | summary "$1" program "vigie match" "$("$build/vigie" version |
		sed -n 1p)" $((count * 5)) "-"
}

libraries() { # set
	"$compare" libraries "$rules/rules-$1" "$work/posts" |
		awk -F '\t' -v OFS='\t' -v set="$1" '
		NF == 3 { print set, "library", $1, $2, $3; next }
		{
			same = $10 + $11 + $13 + $14 == 0
			hits = same ? "same: " $9 " brands, " $12 " rules in " \
				$7 " posts" : "DIFFER: of " $9 " brands " $10 \
				" missing, " $11 " more; of " $12 " rules " \
				$13 " missing, " $14 " more"
			print set, "library", $1, $2, $3, $4, $5, hits
		}'
}

table() {
	awk -F '\t' -v markdown="$markdown" -f "$here/table.awk" "$work/results"
}

machine() {
	mark=${markdown:+* }
	echo "${mark}machine: $(sed -n 's/^model name.*: //p' /proc/cpuinfo |
		sed -n 1p), $(nproc) processors, $(uname -sr), load $(cut \
		-d ' ' -f 1-3 /proc/loadavg)"
	echo "${mark}date: $(date -u +%Y-%m-%d), $("$build/vigie" version |
		sed -n 1p)"
	echo "${mark}set: $source, $count posts"
	echo "${mark}command: sh bench/peers/run.sh${markdown:+ --markdown}," \
		"best, median and worst of $runs"
}

prepare
: >"$work/results"
for set in ${SETS:-1000 10000}; do
	[ -d "$rules/rules-$set" ] || continue
	vigie "$set" >>"$work/results"
	libraries "$set" >>"$work/results"
	if [ "$set" -le 1000 ]; then
		programs "$set" >>"$work/results"
	fi
done
machine
table
