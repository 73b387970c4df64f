#!/bin/sh
# The burst detector on the tweet series of the Numenta Anomaly Benchmark, by
# the benchmark's own rules, three profiles: at the best threshold, at T = 2.4,
# and leave one series out (each series at the best threshold of the others).
# The data are not part of this project: FOLDER holds Twitter_volume_*.csv.gz
# and windows.json (numenta/NAB: data/realTweets, labels/combined_windows.json).
#
# --check holds the scorer against results that the benchmark stored: two
# published detectors, written anew, must give the stored raw score of each
# series to 1e-6 with the same number of detections, and the published score of
# the five series to 0.1; no detection must be 0, all left edges 100.
# usage: bench/quality/score_nab.sh [--check] [FOLDER] [VIGIE]
# SPDX-License-Identifier: Apache-2.0
set -eu
here=$(dirname "$0")
check=false
[ "${1:-}" != --check ] || { check=true && shift; }
folder=${1:-${VIGIE_SHARED:-../shared}/data/nab}
vigie=${2:-${VIGIE:-build/vigie}}
if [ ! -f "$folder/windows.json" ]; then
	echo "skipped: no NAB series in $folder"
	exit 77
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export LC_ALL=C

# windows.json is one string or bracket per line: name, then pairs of times.
tr -d ' ",' <"$folder/windows.json" | sed 's/\.000000$//; s/\.csv:\[*$//' |
	awk '/^Twitter/ { name = $0; next }
	/^[0-9]/ {
		stamp = substr($0, 1, 10) "T" substr($0, 11, 8)
		if (start == "") { start = stamp; next }
		print "w", name, start, stamp
		start = ""
	}' >"$dir/windows"

# each COMMAND COLUMN: every series through COMMAND, COLUMN of it as score.
each() {
	for f in "$folder"/Twitter_volume_*.csv.gz; do
		gzip -dc "$f" | $1 | awk -F, -v column="$2" \
			-v name="$(basename "$f" .csv.gz)" 'NR > 1 {
				sub(" ", "T", $1)
				print "r", name, $1, $column
			}'
	done
}
sorted() { # rows in, detections out
	cat "$dir/windows" - | awk -f "$here/nab_rows.awk" | sort -k1,1 -k2,2gr
}
score() { # profile detections [more of nab_score.awk]
	case $1 in
	standard) fp=0.11 fn=1 ;;
	low_FP) fp=0.22 fn=1 ;;
	low_FN) fp=0.11 fn=2 ;;
	esac
	detections=$2
	shift 2
	awk -v fp="$fp" -v fn="$fn" "$@" -f "$here/nab_score.awk" "$detections"
}

if $check; then
	each cat 2 >"$dir/values"
	for d in gaussian entropy null perfect; do
		cat "$dir/windows" "$dir/values" |
			awk -v detector="$d" -f "$here/nab_peers.awk" |
			sorted >"$dir/$d"
	done
	failed=0
	grep -v '^#' "$here/nab_published.txt" >"$dir/published"
	while read -r d profile threshold series raw outside; do
		if [ "$threshold" = best ]; then
			want=$series
			got=$(score "$profile" "$dir/$d" | cut -d' ' -f1)
			awk -v a="$got" -v b="$want" \
				'BEGIN { d = a - b; exit !(d * d <= 0.01) }' ||
				failed=1
			echo "$d, five series, $profile: $got, published $want"
			continue
		fi
		got=$(score "$profile" "$dir/$d" -v threshold="$threshold" \
			-v mode=series | grep "^$series ")
		echo "$got" | awk -v raw="$raw" -v n="$outside" \
			'{ d = $2 - raw; exit !(d * d < 1e-12 && $6 == n) }' ||
			{ failed=1; echo "FAILED: $d $profile: $got," \
				"stored $raw with $outside outside"; }
	done <"$dir/published"
	n=$(grep -vc best "$dir/published")
	[ "$failed" -ne 0 ] || echo "$n stored scores of single series: equal"
	exit "$failed"
fi

each "$vigie detect" 3 | sorted >"$dir/ours"
for profile in standard low_FP low_FN; do
	printf '%-9s best  ' "$profile"
	score "$profile" "$dir/ours"
	printf '%-9s fixed ' "$profile"
	score "$profile" "$dir/ours" -v threshold=2.4
	printf '%-9s loso  ' "$profile"
	score "$profile" "$dir/ours" -v mode=loso
done
