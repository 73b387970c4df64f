#!/bin/sh
# Goal: entries of lists count until their day is over, in run, explain and
# check; recorded posts are judged alike on any day; check warns before.
# SPDX-License-Identifier: Apache-2.0
set -eu
vigie=${VIGIE:-build/vigie}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

fail() {
	echo "FAILED: $*"
	cat "$dir/out" 2>/dev/null || :
	exit 1
}

soon=$(date -u -d '+20 days' +%Y-%m-%d)
today=$(date -u +%Y-%m-%d)
mkdir "$dir/set"
cat >"$dir/set/food.yaml" <<END
sector: food
lists:
  words: [shame, {text: old news, until: 2020-02-29}, {text: fury, until: $soon}]
  gone: [{text: dust, until: 2020-01-01}]
  lines: {file: lines.txt}
  people: [{text: '@alice', until: 2020-01-01}]
rules:
  w: {when: '@list(words)', hit: [for shame, fury, old news], miss: [dust]}
  g: {when: '@list(gone) OR ash', hit: [ash], miss: [shame]}
  l: {when: '@list(lines)', hit: [tick, day], miss: [tock]}
  p: {when: 'ash AND NOT author:@list(people)', hit: [ash], miss: [dust]}
END
{
	printf 'tick\t2099-01-01\n# a comment\ntock # until 2020-01-01\n'
	printf '#toc\t2020-01-01\r\nday # until %s\na\tb\n' "$today"
} >"$dir/set/lines.txt"

is() { # text, wanted first line
	"$vigie" explain --rules "$dir/set" "$1" >"$dir/out" 2>&1 || :
	[ "$(head -n 1 "$dir/out")" = "$2" ] || fail "'$1' is not '$2'"
}

yes="matches, score 1.0" no="does not match"
is "old news" "$no"
is fury "$yes"
is dust "$no"
is tick "$yes"
is tock "$no"
is "#toc" "$no"
is day "$yes"
is "a b" "$yes"
is ash "matches, score 2.0"

# An example that a passing day has made wrong does not stop a set.
"$vigie" check "$dir/set" >"$dir/out" 2>&1 || fail "refused"
has() {
	grep -qF -- "$1" "$dir/out" || fail "no '$1'"
}
has "food.yaml:3:25: warning: 1 entry of the list 'words' has expired, the first on 2020-02-29"
has "warning: 1 entry of the list 'words' expires soon, the first on $soon"
has "lines.txt:3:1: warning: 2 entries of the list 'lines' have expired, the first on 2020-01-01"
has "lines.txt:5:1: warning: 1 entry of the list 'lines' expires soon"
has "warning: the rule 'w' does not match its hit example"

# Recorded posts: no clock.
printf '{"id":"1","text":"%s"}\n' "old news" "dust" "tock" >"$dir/posts"
"$vigie" match --rules "$dir/set" "$dir/posts" >"$dir/out" 2>&1 ||
	fail "match"
[ "$(wc -l <"$dir/out")" = 3 ] || fail "match has a clock"

# What is wrong is told.
wrong() { # what the list has, message
	printf 'topics: {t: {match: "@list(x)"}}\nlists: {x: [%s]}\n' "$1" \
		>"$dir/x.yaml"
	"$vigie" check "$dir/x.yaml" >"$dir/out" 2>&1 && fail "accepted $1"
	has "$2"
}
wrong '{text: a, until: tomorrow}' "x.yaml:2:30: error: 'tomorrow' is no day"
wrong '{text: a, until: 2026-02-30}' "'2026-02-30' is no day"
wrong '{text: a, til: 2026-02-20}' "unknown key 'til'"
wrong '{until: 2026-02-20}' "text is missing"
exit 0
