#!/bin/sh
# Goal: no rule file crashes vigie check, or takes its memory or its time; each
# is refused with exit 1 and a located message that no terminal obeys.
# Method: files made here; the message wanted of each; ceilings on memory and
# seconds.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need_vigie check
[ -x /usr/bin/time ] || skip "no /usr/bin/time"
case ${FLAVOUR:-release} in
asan | tsan) peak_mib=600 seconds=120 ;;
*) peak_mib=160 seconds=30 ;;
esac

# One topic whose query stdin continues up to its closing quote.
topic() {
	printf 'sector: x\ntopics:\n  t: {hit: [], miss: [], match: "'
	cat
	printf '"}\n'
}

fill() { # times text
	yes -- "$2" | head -n "$1" | tr -d '\n'
}

check() { # exit wanted, name
	name=$2
	status=0
	timeout "$seconds" /usr/bin/time -o "$tmp/peak" -f %M "$VIGIE" check \
		"$tmp/in.yaml" >"$tmp/out" 2>"$tmp/check.err" || status=$?
	[ "$status" = "$1" ] || fail "$name: exit $status"
	peak=$(tail -n 1 "$tmp/peak")
	[ "$peak" -lt $((peak_mib * 1024)) ] ||
		fail "$name: a peak of $peak KiB"
	if LC_ALL=C tr -d '\n\t' <"$tmp/check.err" |
		LC_ALL=C grep -q '[[:cntrl:]]'; then
		fail "$name: a terminal would obey the message"
	fi
	[ "$(wc -c <"$tmp/check.err")" -lt 50000 ] ||
		fail "$name: a message of $(wc -c <"$tmp/check.err") bytes"
}

refused() { # name pattern
	check 1 "$1"
	grep -q "in.yaml:[0-9:]* error: .*$2" "$tmp/check.err" ||
		fail "$1: not told: $2"
}

{
	echo 'a: &a [x, x, x, x, x, x, x, x, x]'
	last=a
	for next in b c d e f g h i j k l m n; do
		echo "$next: &$next [*$last, *$last, *$last, *$last, *$last]"
		last=$next
	done
} >"$tmp/in.yaml"
refused "a bomb of aliases" "alias"
for c in '[' '{' '- '; do
	{ printf 'sector: x\ntopics: '; fill 100000 "$c"; } >"$tmp/in.yaml"
	check 1 "100,000 times $c"
done
awk 'BEGIN { for (i = 0; i < 2000; i++) printf "%*sa:\n", i, "" }' \
	>"$tmp/in.yaml"
refused "2,000 indented keys" "levels of nesting"
fill 10000000 x | topic >"$tmp/in.yaml"
refused "a word of 10 MB" "too long"
fill 1000000 '(' | topic >"$tmp/in.yaml"
refused "a million parentheses" "nested"
{ printf a; fill 50000 ' OR ab'; } | topic >"$tmp/in.yaml"
check 0 "50,000 alternatives"
{ printf '('; fill 200 'a AND '; printf 'b) NEAR/3 ('; fill 200 'c AND '
	printf 'd)'; } | topic >"$tmp/in.yaml"
refused "NEAR over 200 times 200" "NEAR"
printf 'sector: x\ntopics:\n  t: {match: "a\000b"}\n' >"$tmp/in.yaml"
refused "a NUL" "a NUL byte"
printf '\377\376s\000e\000c\000' >"$tmp/in.yaml"
check 1 "UTF-16"
grep -q "in.yaml: error: the file is UTF-16" "$tmp/check.err" ||
	fail "UTF-16 is not told"
printf 'sector: x\ntopics:\n  t: {match: "caf\351"}\n' >"$tmp/in.yaml"
refused "Latin-1" "UTF-8"
head -c 1000000 "$VIGIE" >"$tmp/in.yaml"
check 1 "a program"
printf 'sector: x\ntopics: {"\\e[2J": {match: a, "\\u009b2J": 1}}\n' \
	>"$tmp/in.yaml"
refused "escapes in names" "cannot be an id"
printf 'sector: x\ntopics:\n  t: {match: "\033[2J\302\233x"}\n' >"$tmp/in.yaml"
refused "escapes in a query" "U+001B"
head -c 70000000 /dev/zero | tr '\0' '#' >"$tmp/in.yaml"
check 1 "a file above RULE_FILE_BYTES_MAX"

# ---- many errors: the first 50 are shown, all are counted ---------------------
{
	printf 'sector: x\ntopics:\n'
	seq 1 1000 | sed 's/.*/  t&: {match: "a AND", hit: [a], miss: [b]}/'
} >"$tmp/in.yaml"
refused "1,000 errors" "the query ends"
[ "$(grep -c 'error: ' "$tmp/check.err")" = 50 ] || fail "1,000 errors: shown"
tail -n 1 "$tmp/check.err" | grep -q '^1000 errors (950 not shown)' ||
	fail "1,000 errors: counted"

# ---- patterns that run away are stopped, the others go on -----------------------
cat >"$tmp/runaway.yaml" <<'EOF'
sector: x
brands:
  b: {match: marque, hit: [marque], miss: [a]}
topics:
  runaway: {match: '/(a+)+$/', hit: [a], miss: [b]}
  twice: {match: '/^(\w+\s?)+\d$/', hit: [a 1], miss: [b]}
  stars: {match: '*a*a*a*a*a*a*a*a*a*a*a*a*a*b', hit: [aaaaaaaaaaaaab],
    miss: [b]}
  sane: {match: boycott, hit: [boycott], miss: [b]}
EOF
awk -v long="$(fill 5000 a)" 'BEGIN {
	for (i = 0; i < 300; i++)
		printf "{\"id\":\"%d\",\"text\":\"marque boycott %s!\"}\n",
		    i, long
}' >"$tmp/posts"
name="patterns that run away"
for way in --workers=1 --workers=4 --no-prefilter; do
	timeout "$seconds" "$VIGIE" match --rules "$tmp/runaway.yaml" $way \
		--stats-json "$tmp/stats" "$tmp/posts" >"$tmp/got$way" \
		2>"$tmp/match.err" || fail "$name: exit $?"
	[ "$(grep -c topic:sane "$tmp/got$way")" = 300 ] ||
		fail "$name: $way: the other topics"
	cmp -s "$tmp/got--workers=1" "$tmp/got$way" ||
		fail "$name: $way: other matches"
done
