#!/bin/sh
# Runs vigie detect over the tweet series of the Numenta Anomaly Benchmark and
# prints the score per profile, at the best threshold and at T = 2.4.
# The data are not part of this project: FOLDER holds Twitter_volume_*.csv.gz
# and windows.json (numenta/NAB: data/realTweets, labels/combined_windows.json).
# usage: bench/quality/score_nab.sh [FOLDER] [VIGIE]
# SPDX-License-Identifier: Apache-2.0
set -eu
here=$(dirname "$0")
folder=${1:-${VIGIE_SHARED:-../shared}/data/nab}
vigie=${2:-build/vigie}
if [ ! -f "$folder/windows.json" ]; then
	echo "skipped: no NAB series in $folder"
	exit 77
fi
rows=$(mktemp)
trap 'rm -f "$rows"' EXIT

# windows.json is one string or bracket per line: name, then pairs of times.
tr -d ' ",' <"$folder/windows.json" | sed 's/\.000000$//; s/\.csv:\[*$//' |
	awk '/^Twitter/ { name = $0; next }
	/^[0-9]/ {
		stamp = substr($0, 1, 10) "T" substr($0, 11, 8)
		if (start == "") { start = stamp; next }
		print "w", name, start, stamp
		start = ""
	}' >"$rows"
for f in "$folder"/Twitter_volume_*.csv.gz; do
	name=$(basename "$f" .csv.gz)
	gzip -dc "$f" | "$vigie" detect | awk -F, -v name="$name" \
		'NR > 1 { sub(" ", "T", $1); print "r", name, $1, $3 }' >>"$rows"
done
score() { # profile fp fn
	printf '%-9s best  ' "$1"
	awk -v fp="$2" -v fn="$3" -f "$here/score_nab.awk" "$rows"
	printf '%-9s fixed ' "$1"
	awk -v fp="$2" -v fn="$3" -v threshold=2.4 -f "$here/score_nab.awk" "$rows"
}
score standard 0.11 1
score low_FP 0.22 1
score low_FN 0.11 2
