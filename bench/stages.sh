#!/bin/sh
# One table over all stages of a post: what each takes, and what cannot be
# beaten, measured in the same run.
#
# Stages are rows of build/FLAVOUR/bench/bench, one thread, on lean and on fat
# posts; the floor of reading is memcpy of the same bytes, of the index a
# search for newlines, of fields simdjson's stream of documents, of folding
# memcpy of the text.  Prefilter and all of matching are without a floor.
# Confirming is matching less the prefilter; windows are what replay takes
# more than match, whole programs on two hours of event time.
# usage: bench/stages.sh build/FLAVOUR
# SPDX-License-Identifier: Apache-2.0
set -eu
build=$1
runs=${RUNS:-5}
. "$(dirname "$0")/measure.sh"
if [ ! -d "${VIGIE_SHARED:-../shared}/perf" ]; then
	echo "skipped: no posts and rules at ${VIGIE_SHARED:-../shared}/perf"
	exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
export XDG_CACHE_HOME="$work/cache"
measure_machine "$build"
BENCH_SECONDS=${BENCH_SECONDS:-0.3} sh "$(dirname "$0")/run.sh" "$build" \
	'^(floor|json/(read|index|fields)/(lean|fat)$|peer/simdjson/)|'`
	`'^text/fold/mixed/auto|^match/(rules|prefilter)/1000$' >"$work/rows"
shared=${VIGIE_SHARED:-../shared}/perf
zstd -dcq "$shared/posts-lean.ndjson.zst" |
	"$build/bench/gen" repeat 3 --over 8000 >"$work/posts"
count=$(wc -l <"$work/posts")
i=0
while [ $i -lt "$runs" ]; do
	for command in match replay; do
		echo "whole/$command $(measure_seconds "$build/vigie" $command \
			--workers 1 --rules "$shared/rules-1000" \
			"$work/posts")"
	done
	i=$((i + 1))
done | awk -v n="$count" '
	!($1 in s) || $2 < s[$1] { s[$1] = $2 }
	END { for (k in s) printf "%s %.1f\n", k, s[k] * 1e9 / n }
	' >>"$work/rows"
awk '
	{ ns[$1] = $2; mb[$1] = $4 }
	function row(stage, kind, t, floor_name, floor) {
		printf "%-22s %-5s %9.1f  ", stage, kind, t
		if (floor > 0)
			printf "%-24s %9.1f %7.1fx\n", floor_name, floor, \
				t / floor
		else
			print floor_name
	}
	END {
		printf "%-22s %-5s %9s  %-24s %9s %8s\n", "stage", "posts", \
			"ns/post", "floor", "ns", "ratio"
		for (i = 1; i <= 2; i++) {
			k = i == 1 ? "lean" : "fat"
			row("read", k, ns["json/read/" k], "memcpy", \
				ns["floor/memcpy/" k])
			row("index", k, ns["json/index/" k], "newlines", \
				ns["floor/newlines/" k])
			row("index and fields", k, ns["json/fields/" k], \
				"simdjson stream", ns["peer/simdjson/" k])
		}
		text = ns["text/fold/mixed/auto"] * mb["text/fold/mixed/auto"] \
			/ mb["floor/memcpy/lean"]
		row("fold", "texts", ns["text/fold/mixed/auto"], \
			"memcpy", text)
		row("prefilter", "texts", ns["match/prefilter/1000"], "-", 0)
		row("confirm and rules", "texts", ns["match/rules/1000"] - \
			ns["match/prefilter/1000"], "-", 0)
		row("windows and alerts", "lean", ns["whole/replay"] - \
			ns["whole/match"], "-", 0)
		row("whole of match", "lean", ns["whole/match"], \
			"all floors above", ns["floor/memcpy/lean"] + \
			ns["peer/simdjson/lean"] + text)
	}' "$work/rows"
