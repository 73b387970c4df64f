#!/bin/sh
# Goal: a set full of regular expressions that run away does not hold up the
# stream: each is stopped, counted by rule and taken out after its ceiling,
# the others go on, and the second half of the posts passes no slower.
# Method: the one-line patterns of PCRE2's own tests, where they are, and the
# usual shapes of runaways, all as topics; posts of which every fifth is made
# for runaways; what is counted, logged and found; time of both halves.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need_vigie check
need awk
posts=400
case ${FLAVOUR:-release} in
release) seconds=60 ;;
*)
	seconds=300
	posts=200
	;;
esac
archive=${VIGIE_SHARED:-../shared}/data/edge/pcre2_testdata.tar.gz

# ---- rules ---------------------------------------------------------------
cat >"$tmp/runaways" <<'EOT'
(a+)+$
(a*)*$
(a|a)*$
(a|aa)+$
([a-z]+)*$
(a+){2,}$
(.*)*=
^(([a-z])+.)+[0-9]$
(?:a?){30}a{30}
(x+x+)+y
(\w+\s?)+$$
(?:(?:a|b)+)+c
^(a?){25}a{25}$
(a(?=a)|aa)+$
(?:\D+|<\d+>)*[!?]
((a+)b?)+$
(.+)+z{9}
(?:.*a){20}
(([a-z]+\s*)+,)+$
(a+a+)+b
EOT
{
	printf 'sector: x\nbrands:\n'
	printf '  b: {match: marque, hit: [marque], miss: [a]}\ntopics:\n'
	printf '  sane: {match: boycott, hit: [boycott], miss: [b]}\n'
	awk -v q="'" '{
		printf "  runaway-%02d: {weight: 0, severity: 0, match: %s/%s/%s," \
			" hit: [], miss: []}\n", NR, q, $0, q
	}' "$tmp/runaways"
	if [ -r "$archive" ]; then
		tar -xzf "$archive" -C "$tmp"
		# on one line, with modifiers that /regex/ has, in ASCII
		LC_ALL=C awk -v q="'" '
		/^\/.*\/[imsx]*$/ && length($0) < 200 && !/[\001-\037\177-\377]/ {
			flags = $0
			sub(/.*\//, "", flags)
			body = substr($0, 2, length($0) - length(flags) - 2)
			plain = body
			gsub(/\\./, "", plain)
			if (plain == "" || plain ~ /\//)
				next
			gsub(q, q q, body)
			printf "  pcre-%04d: {weight: 0, severity: 0, " \
				"match: %s/%s/%s%s, hit: [], miss: []}\n",
				++n, q, body, flags, q
		}' "$tmp/testinput1" "$tmp/testinput2" "$tmp/testinput4" \
			"$tmp/testinput5"
	fi
} >"$tmp/all.yaml"
# What /regex/ has not is refused by its line, some of it only when the rest is
# compiled; what is left is the set.
cp "$tmp/all.yaml" "$tmp/rules.yaml"
for round in 1 2 3 4; do
	"$VIGIE" check --json "$tmp/rules.yaml" 2>/dev/null |
		sed -n 's/.*"line":\([0-9]*\),.*"level":"error".*/\1/p' \
			>"$tmp/refused"
	[ -s "$tmp/refused" ] || break
	[ "$round" -lt 4 ] || fail "check goes on refusing"
	awk 'NR == FNR {bad[$1] = 1; next} !bad[FNR]' "$tmp/refused" \
		"$tmp/rules.yaml" >"$tmp/rest"
	mv "$tmp/rest" "$tmp/rules.yaml"
done
rules=$(grep -c "match: '/" "$tmp/rules.yaml")
[ "$(grep -c 'runaway-' "$tmp/rules.yaml")" = 20 ] || fail "a runaway refused"
[ ! -r "$archive" ] || [ "$rules" -gt 900 ] || fail "only $rules patterns"

# ---- posts ---------------------------------------------------------------
awk -v n=$posts 'BEGIN {
	for (i = 0; i < 40; i++) {
		a = a "a"
		words = words " mot"
		x = x "x"
	}
	split(a "!|" a " " a "?|" words "!|" x "|aaa" words "," a "=", bad, "|")
	for (i = 0; i < n; i++) {
		text = "un boycott de la marque, encore et encore, dit-on ici " i
		if (i % 5 == 0)
			text = text " " bad[i / 5 % 5 + 1]
		printf "{\"id\":\"%d\",\"text\":\"%s\"}\n", i, text
	}
}' >"$tmp/posts"
half=$((posts / 2))
head -n $half "$tmp/posts" >"$tmp/first"

now_ms() {
	date +%s%N | cut -c1-13
}

judge() { # workers posts name: sets took
	began=$(now_ms)
	timeout "$seconds" "$VIGIE" match --rules "$tmp/rules.yaml" \
		--workers "$1" --stats-json "$tmp/stats-$3" "$2" \
		>"$tmp/got-$3" 2>"$tmp/$3.err" || fail "$3: exit $?"
	took=$(($(now_ms) - began))
}

count() { # counter name
	sed -n 's/.*"'"$1"'": *\([0-9]*\).*/\1/p' "$tmp/stats-$2"
}

judge 1 /dev/null none
loading=$took
judge 1 "$tmp/first" half
first=$((took - loading))
judge 1 "$tmp/posts" one
second=$((took - loading - first))
judge 4 "$tmp/posts" four
cmp -s "$tmp/got-one" "$tmp/got-four" || fail "four workers: other matches"
for name in one four; do
	[ "$(grep -c '"topic:sane"' "$tmp/got-$name")" = $posts ] ||
		fail "$name: the sane topic"
	overruns=$(count regex_overruns_total $name)
	benched=$(count rules_benched_total $name)
	[ "$benched" -ge 5 ] || fail "$name: $benched benched"
	[ "$overruns" -ge $((benched * 20)) ] || fail "$name: $overruns overruns"
	[ "$overruns" -le $((rules * 20)) ] || fail "$name: $overruns overruns"
	# each that was taken out, by its file and line
	[ "$(grep -c 'rules.yaml:[0-9]*: the regex of .* was stopped' \
		"$tmp/$name.err")" -ge "$benched" ] || fail "$name: the log"
done
cmp -s "$tmp/stats-one" "$tmp/stats-four" || [ "$(count regex_overruns_total \
	one)" = "$(count regex_overruns_total four)" ] || fail "other counts"
echo "$rules patterns, $benched taken out after $overruns overruns;" \
	"$half posts in $first ms, the next $half in $second ms"
[ "$second" -le $((first + first / 2 + 1000)) ] ||
	fail "the second half took $second ms, the first $first ms"
