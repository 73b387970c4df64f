#!/bin/sh
# Goal: vigie detect scores a CSV row by row, in the form that docs tell.
# Method: a synthetic day with one burst, made here; bad rows; refused files;
# and, where the real series are at hand, the same rows from a pipe.
# SPDX-License-Identifier: Apache-2.0
set -eu
vigie=${VIGIE:-build/vigie}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

fail() {
	echo "50-detect: $*" >&2
	exit 1
}

# Three days of 20 to 24 posts per 5 minutes, then a burst of 12 rows.
awk 'BEGIN {
	print "timestamp,value"
	for (i = 0; i < 1200; i++) {
		v = 20 + (i * 7919) % 5
		if (i >= 1000 && i < 1012) v = 400
		m = i * 5
		printf "2015-03-%02d %02d:%02d:00,%d\n", 1 + int(m / 1440),
			int(m / 60) % 24, m % 60, v
	}
}' >"$tmp/in.csv"
"$vigie" detect "$tmp/in.csv" >"$tmp/out.csv"
[ "$(head -n 1 "$tmp/out.csv")" = "timestamp,value,score,level" ] ||
	fail "header"
[ "$(wc -l <"$tmp/out.csv")" -eq 1201 ] || fail "one row per row"
cut -d, -f1,2 "$tmp/out.csv" >"$tmp/echo.csv"
cmp -s "$tmp/echo.csv" "$tmp/in.csv" || fail "rows are not repeated as given"
awk -F, 'NR > 1 && $4 != ($3 >= 2.4 ? 1 : 0) { exit 1 }
	NR > 1 && $3 !~ /^[0-9]+\.[0-9][0-9][0-9][0-9][0-9][0-9]$/ { exit 1 }
	$4 == 1 { n++; if (NR < 1002 || NR > 1013) exit 1 }
	END { if (n < 1 || n > 3) exit 1 }' "$tmp/out.csv" ||
	fail "the burst, and only it, must have level 1, and few times"

# From a pipe, in CRLF, under the other name of the column: the same scores.
sed 's/value/count/; s/$/\r/' "$tmp/in.csv" | "$vigie" detect --bucket 5m - |
	cmp -s - "$tmp/out.csv" || fail "pipe and file differ"

# With cells in quotes, as R writes them.
sed 's/^\([^,]*\),\([a-z]*\)/"\1",\2/; 1s/value/"value"/' "$tmp/in.csv" |
	"$vigie" detect - | cmp -s - "$tmp/out.csv" || fail "cells in quotes"

# Streaming: a row is answered before the next one is sent.
mkfifo "$tmp/pipe"
"$vigie" detect - <"$tmp/pipe" >"$tmp/slow.csv" &
pid=$!
exec 3>"$tmp/pipe"
printf 'timestamp,value\n2015-03-01T00:00:00Z,3\n' >&3
n=0
until [ "$(wc -l <"$tmp/slow.csv")" -ge 2 ]; do
	n=$((n + 1))
	[ "$n" -lt 20000 ] || fail "no answer before the end of input"
done
exec 3>&-
wait "$pid"

# A count is written in digits.
printf 'timestamp,value\n%s\n' '2015-03-01 00:00:00,0x10' \
	'2015-03-01 00:05:00,1' | "$vigie" detect >"$tmp/hex.out" 2>/dev/null
[ "$(wc -l <"$tmp/hex.out")" -eq 2 ] || fail "0x10 is taken for a count"

# Bad rows are said with their place, counted and skipped: still exit 0.
printf 'timestamp,value\n2015-03-01 00:00:00,1\nyesterday,2\n%s\n%s\n' \
	'2015-03-01 00:10:00,many' '2015-03-01 00:15:00,-1' >"$tmp/bad.csv"
"$vigie" detect "$tmp/bad.csv" >"$tmp/bad.out" 2>"$tmp/bad.err" ||
	fail "bad rows must not fail"
[ "$(wc -l <"$tmp/bad.out")" -eq 2 ] || fail "bad rows must be skipped"
grep -q 'bad.csv:3:1: error: ' "$tmp/bad.err" || fail "place of a bad time"
grep -q 'bad.csv:4:21: error: ' "$tmp/bad.err" || fail "place of a bad count"
grep -q '3 of 4 rows skipped' "$tmp/bad.err" || fail "count of bad rows"

# A file of which no row can be read is refused, and that is said last.
sed 2d "$tmp/bad.csv" >"$tmp/none.csv"
rc=0
"$vigie" detect "$tmp/none.csv" >"$tmp/none.out" 2>"$tmp/none.err" || rc=$?
[ "$rc" -eq 1 ] || fail "exit $rc where no row could be read"
tail -n 1 "$tmp/none.err" | grep -q 'none.csv: none of its rows could be read' ||
	fail "no closing line"
printf 'timestamp,value\n' | "$vigie" detect >"$tmp/none.out" ||
	fail "no row at all is no bad row"

# As Excel writes it in France: semicolons, a comma in decimals; tabs.
awk -F, 'NR == 1 { print "\357\273\277timestamp;value" }
	NR > 1 { print $1 ";" $2 ",0" }' "$tmp/in.csv" >"$tmp/fr.csv"
"$vigie" detect "$tmp/fr.csv" >"$tmp/fr.out" || fail "semicolons"
sed 's/\.0,\([0-9.]*,[01]\)$/,\1/' "$tmp/fr.out" | cmp -s - "$tmp/out.csv" ||
	fail "other scores with semicolons"
tr , '\t' <"$tmp/in.csv" | "$vigie" detect - | cmp -s - "$tmp/out.csv" ||
	fail "tabs"
printf 'date;valeur\n' | "$vigie" detect >"$tmp/none.out" 2>"$tmp/none.err" &&
	fail "another header"
grep -q 'semicolons or tabs will do' "$tmp/none.err" || fail "no hint"

# Each row is one step: a gap, a repeat, a row of before are told of.
awk 'NR != 5 { print } NR == 9 { print }' "$tmp/in.csv" >"$tmp/gap.csv"
"$vigie" detect "$tmp/gap.csv" 2>"$tmp/gap.err" >"$tmp/gap.out" ||
	fail "rows that are uneven must not fail"
[ "$(wc -l <"$tmp/gap.out")" -eq 1201 ] || fail "an uneven row is left out"
grep -q '2 rows are not 5 minutes after the one before, first in line 5' \
	"$tmp/gap.err" || fail "uneven rows are not told of"
"$vigie" detect "$tmp/in.csv" 2>&1 >"$tmp/out.csv" | grep . &&
	fail "even rows are told of"

# Refused: no header, no file, two files, another bucket.
for code in 1:"$tmp/echo-none" 1:/dev/null 2:"$tmp/in.csv $tmp/in.csv" \
	2:"--bucket 1h $tmp/in.csv"; do
	rc=0
	# shellcheck disable=SC2086
	"$vigie" detect ${code#*:} >/dev/null 2>&1 || rc=$?
	[ "$rc" -eq "${code%%:*}" ] || fail "exit $rc for ${code#*:}"
done
rc=0
tail -n +2 "$tmp/in.csv" | "$vigie" detect >/dev/null 2>&1 || rc=$?
[ "$rc" -eq 1 ] || fail "a file without header must be refused"
echo ok
