#!/bin/sh
# What each constant of the burst detector is worth: the NAB score of the five
# series with one constant changed at a time, standard profile: at the best
# threshold, at T = 2.4, and each series at the best threshold of the others.
# A detector that only works at its own settings was fitted.
# usage: bench/quality/sensitivity.sh [FOLDER] [BUILD]
# SPDX-License-Identifier: Apache-2.0
set -eu
here=$(dirname "$0")
folder=${1:-${VIGIE_SHARED:-../shared}/data/nab}
build=${2:-${BUILD:-build/release}}
[ -f "$folder/windows.json" ] || {
	echo "skipped: no NAB series in $folder"
	exit 77
}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cat >"$dir/main.c" <<'EOF'
#include <stdio.h>
#include "engine/density/detector.h"
int main(void)
{
	struct detector d = {0};
	char line[128], when[64];
	double x;

	puts("timestamp,value,score,level");
	while (fgets(line, sizeof(line), stdin) != NULL) {
		struct detector_answer a;

		if (sscanf(line, "%63[^,],%lf", when, &x) != 2)
			continue;
		a = detector_tick(&d, x);
		printf("%s,%g,%.6f,0\n", when, x,
		    a.rings ? (double)a.s_micro / 1e6 : 0.0);
	}
	return 0;
}
EOF

try() { # name sed-program [of the header]
	sed "$2" engine/density/detector.c >"$dir/detector.c"
	mkdir -p "$dir/engine"
	sed "${3:-}" engine/density/detector.h >"$dir/engine/density/detector.h"
	${CC:-cc} -O2 -std=c11 -D_GNU_SOURCE -ffp-contract=off -I"$dir" -I. \
		-o "$dir/detect" "$dir/main.c" "$dir/detector.c" \
		"$build/libvigie.a" -lm
	sh "$here/score_nab.sh" "$folder" "$dir/detect" |
		awk -v name="$1" '$1 == "standard" { v[$2] = $3 } END {
			printf "%-28s %5.1f %5.1f %5.1f\n", name, v["best"],
				v["fixed"], v["loso"] }'
}
constant() { # name values...
	name=$1
	shift
	for value in "$@"; do
		try "$name $value" \
			"s/^#define $name [^ ]*/#define $name ($value)/"
	done
}

printf '%-28s %5s %5s %5s\n' "changed" best "2.4" loso
try nothing ''
for b in 0.1,0.2,0.4 0.125,0.25,0.5 0.175,0.35,0.7 0.2,0.4,0.8 \
	0.2,0.3,0.45 0.12,0.3,0.75 0.3,0.3,0.3; do
	try "smoothing $b" "s/= {0.15, 0.3, 0.6}/= {$b}/"
done
constant SPREAD_LEAST 0.2 0.25 0.4 0.5
constant WINSOR 2 3 6
constant WARM_TICKS 100u 400u
constant BIN_TO 6.0 7.0 12.0
constant RING_AGAIN 1.0 1.05 1.2 1.3
for z in 2000000 2500000 3500000 4000000; do
	try "gate $z" '' "s/\(EFFECT_MICRO INT64_C(\)[0-9]*/\1$z/"
done
for decay in "0.9997 -3.0004500900202536e-4" "0.99995 -5.0001250041668e-5"; do
	try "BIN_DECAY ${decay% *}" \
		"s/\(BIN_DECAY \)0.9999/\1${decay% *}/
		s/\(LN_BIN_DECAY (\)[^)]*/\1${decay#* }/"
done
for a in "0.0005 -5.0012504168e-4" "0.002 -2.0020026707e-3"; do
	try "LEARNING ${a% *}" "s/\(LEARNING \)0.001/\1${a% *}/
		s/\(LN_KEPT (\)[^)]*/\1${a#* }/"
done
for ticks in 144 576; do
	try "cool-down $((ticks * 5 / 60)) h" \
		"s/LN_HALF \/ DAY_TICKS/LN_HALF \/ $ticks.0/"
done
