#!/bin/sh
# Goal: the burst detector keeps what was measured on public series, and the
# scorer that says so is right.
# Method: hold the scorer against results that the benchmark stored; score the
# five series.
# SPDX-License-Identifier: Apache-2.0
set -eu
vigie=${VIGIE:-build/vigie}
folder=${VIGIE_SHARED:-../shared}/data/nab
[ -f "$folder/windows.json" ] || {
	echo "skipped: no NAB series in $folder"
	exit 77
}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
fail() {
	echo "51-nab: $*" >&2
	exit 1
}

sh bench/quality/score_nab.sh --check "$folder" "$vigie" ||
	fail "the scorer does not give the stored scores"
sh bench/quality/score_nab.sh "$folder" "$vigie" | tee "$tmp/ours"
awk '$1 == "standard" && $2 == "best" { best = $3 }
	$1 == "standard" && $2 == "fixed" { fixed = $3; week = $NF }
	$1 == "standard" && $2 == "loso" { loso = $3 }
	END { exit !(best >= 76 && fixed >= 71 && loso >= 65 && week <= 0.8) }' \
	"$tmp/ours" || fail "the detector is worse than it was"
