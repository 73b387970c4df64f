#!/bin/sh
# The gate: instructions per post, counted by valgrind's callgrind, against the
# reference in bench/gate.txt.  Counts hold where time does not: they are the
# same on a busy machine, and in two runs to 0.1 %.
#
# Posts and rules are made here by bench/gen, always the same.  One worker, and
# only what runs within cmd_inputs_read() is counted: reading, matching and
# judging the posts, not reading the rules; nor regex_ask_first(), which is for
# regexes until they have machine code.  valgrind shows programs a processor
# without AVX-512: what is counted is the AVX2 path.
#
# A row that rises by more than TOLERANCE (3) percent fails.  One that falls
# by more asks for a lower reference: make bench-gate-set.
# usage: bench/gate.sh build/FLAVOUR [set]
# SPDX-License-Identifier: Apache-2.0
set -eu
build=$1
want=${2:-check}
reference=bench/gate.txt
tolerance=${TOLERANCE:-3}
posts=3000
skip() {
	echo "gate: skipped: $1"
	exit 0
}

command -v valgrind >/dev/null 2>&1 || skip "no valgrind; make deps-dev"
grep -qw avx2 /proc/cpuinfo || skip "the reference is of the AVX2 path"
compiler=$(${CC:-cc} -dumpfullversion)
made=$(sed -n 's/^# compiler: //p' "$reference" 2>/dev/null || true)
[ "$want" = set ] || [ "$made" = "$compiler" ] ||
	skip "the reference is of compiler $made, this is $compiler"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

for rules in 10 1000 10000; do
	"$build/bench/gen" rules $rules "$work/rules-$rules"
done
for shape in lean fat; do
	"$build/bench/gen" posts --shape $shape --count $posts --span 600 \
		>"$work/$shape"
done

# One run a line: command, posts, rules; the dear ones first.
for rules in 10000 1000 10; do
	for command in match replay; do
		for file in lean fat; do
			echo "$command $file $rules"
		done
	done
done >"$work/runs"

cat >"$work/count" <<'END'
set -eu
VIGIE_CPU=avx2 valgrind --tool=callgrind --callgrind-out-file=/dev/null \
	--toggle-collect=cmd_inputs_read --toggle-collect=regex_ask_first \
	"$BUILD/vigie" "$1" --no-cache --workers 1 --rules "$WORK/rules-$3" "$WORK/$2" \
	>"$WORK/out.$1.$2.$3" 2>"$WORK/log.$1.$2.$3" || {
	cat "$WORK/log.$1.$2.$3" >&2
	exit 255
}
echo "$1 $2 $3 $(sed -n 's/.*Collected : //p' "$WORK/log.$1.$2.$3")" \
	>"$WORK/count.$1.$2.$3"
END
BUILD=$build WORK=$work xargs -P "$(nproc)" -n 3 sh "$work/count" \
	<"$work/runs" || { echo "gate: a run failed" >&2; exit 1; }

cat "$work"/count.* | awk -v posts=$posts '
	{ printf "%s %s %s %d\n", $1, $2, $3, $4 / posts }' |
	sort -k1,1 -k2,2r -k3,3n >"$work/now"
if awk '$4 < 100 { few = 1 } END { exit !few }' "$work/now"; then
	echo "gate: nothing counted: is there no cmd_inputs_read() any more?" >&2
	exit 1
fi

if [ "$want" = set ]; then
	{
		cat <<END
# Instructions per post: make bench-gate counts them again, and fails when a
# row is more than $tolerance % above this.  After a change that is meant:
# make bench-gate-set, and say in the commit why it is.
# compiler: $compiler
# command posts rules instructions
# SPDX-License-Identifier: Apache-2.0
END
		cat "$work/now"
	} >"$work/set"
	cp "$work/set" "$reference"
	cat "$reference"
	exit 0
fi

grep -v '^#' "$reference" | awk -v tolerance="$tolerance" '
	FNR == NR { was[$1 " " $2 " " $3] = $4; next }
	{
		if (FNR == 1)
			printf "%-8s %-5s %7s %10s %10s %8s\n", "command",
				"posts", "rules", "reference", "now", "change"
		key = $1 " " $2 " " $3
		if (!(key in was)) {
			printf "%-8s %-5s %7s %10s %10d  no reference\n",
				$1, $2, $3, "-", $4
			bad++
			next
		}
		change = 100 * ($4 / was[key] - 1)
		word = change > tolerance ? "  ROSE" : \
			change < -tolerance ? "  fell" : ""
		printf "%-8s %-5s %7s %10d %10d %+7.1f%%%s\n", $1, $2, $3,
			was[key], $4, change, word
		bad += change > tolerance
		fell += change < -tolerance
	}
	END {
		if (bad)
			print "gate: " bad " rows are more than " tolerance \
				" % above the reference, bench/gate.txt"
		else if (fell)
			print "gate: passed; " fell " rows fell by more than " \
				tolerance " %: lower the reference: " \
				"make bench-gate-set"
		else
			print "gate: passed"
		exit bad > 0
	}' - "$work/now"
