#!/bin/sh
# Goal: a real coordinated hoax against two brands is reported on its day; an
# ordinary week of six airlines ends without an error; workers and the
# cutting of the input do not show in the output.
# Method: replay both files with the shipped packs; feed the second through a
# pipe in pieces of uneven size.
# SPDX-License-Identifier: Apache-2.0
set -u
build=${BUILD:-build/release}
vigie=${VIGIE:-$build/vigie}
data=${VIGIE_SHARED:-../shared}/data
hoax=$data/coordinated/ira_stream_2015-11-15_12-05.ndjson.gz
week=$data/brands_en/airline_2015-02-16_22.ndjson.gz
[ -f "$hoax" ] && [ -f "$week" ] || {
	echo "skipped: the recorded streams are not beside this tree"
	exit 77
}
command -v jq >/dev/null || { echo "skipped: jq is not installed"; exit 77; }
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT INT TERM
failed=0
fail() {
	echo "FAILED: $*"
	failed=1
}
replay() { # workers input output
	"$vigie" replay --rules rules/packs --workers "$1" "$2" \
		>"$3" 2>"$dir/err" || { cat "$dir/err" && fail "$2: exit"; }
}

replay 2 "$hoax" "$dir/hoax"
for brand in koch-farms walmart; do
	jq -se --arg brand "$brand" 'any(.[]; .brand == $brand and
		.level >= 1 and .minute >= "2015-11-26T22:12" and
		.minute < "2015-11-27T00:00")' "$dir/hoax" >/dev/null ||
		fail "$brand is not reported on 26 November"
	n=$(jq -s --arg brand "$brand" 'map(select(.brand == $brand and
		.level > 0 and .minute < "2015-11-26T22:12")) | length' \
		"$dir/hoax")
	[ "$n" -eq 0 ] || fail "$brand: $n alerts before the hoax"
done
# As coordinated, by its 60th post.
jq -se 'map(select(.brand == "koch-farms" and .coordinated and
	.minute >= "2015-11-26T22:12")) | .[0].posts <= 60' "$dir/hoax" \
	>/dev/null || fail "koch-farms: not coordinated by the 60th post"
jq -r 'select(.level > .previous_level and .topic == null) |
	"\(.minute) \(.level) \(.brand // .sector)"' "$dir/hoax" | head -n 12

gzip -dc "$week" >"$dir/week"
for workers in 1 2 4; do
	replay "$workers" "$dir/week" "$dir/week.$workers"
	cmp "$dir/week.1" "$dir/week.$workers" ||
		fail "$workers workers give other bytes than one"
done
# Pieces of 1 to 48 KiB, cut anywhere, each a write of its own.
awk 'BEGIN {srand(11); for (i = 0; i < 400; i++)
	print int(1 + rand() * 49152)}' >"$dir/sizes"
pieces() {
	at=1
	while read -r bytes; do
		tail -c "+$at" "$dir/week" | head -c "$bytes"
		at=$((at + bytes))
	done <"$dir/sizes"
	tail -c "+$at" "$dir/week"
}
pieces | "$vigie" replay --rules rules/packs --workers 2 - >"$dir/week.cut" \
	2>"$dir/err" || { cat "$dir/err" && fail "cut input: exit"; }
cmp "$dir/week.1" "$dir/week.cut" || fail "cutting the input shows"
grep -q '"coordinated":true' "$dir/week.1" &&
	fail "an organic week is taken for coordinated"
echo "$(wc -l <"$dir/hoax") messages on the hoax," \
	"$(wc -l <"$dir/week.1") on the airlines' week"
exit "$failed"
