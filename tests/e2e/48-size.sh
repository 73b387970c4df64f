#!/bin/sh
# Goal: vigie size says how many people a recorded crisis wants, by Erlang C,
# and where a plan has too few; more people mend it; a program can read it.
# Method: the Nestlé scenario as a record, figures recomputed by awk.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need jq
need_vigie size
"$VIGIE" drill nestle-2010 --view posts >"$tmp/posts" 2>"$tmp/drill.err" ||
	fail "no scenario"
"$VIGIE" learn --rules rules/packs --state "$tmp/state" "$tmp/posts" \
	>"$tmp/out" 2>"$tmp/learn.err" || fail "learn"
people() { # count
	echo 'teams:'
	echo '  desk:'
	echo '    brands: "*"'
	echo '    sectors: "*"'
	echo '    people:'
	for i in $(seq "$1"); do echo "      - {name: P$i}"; done
	echo '  idle: {brands: [no-such-brand]}'
}
size() { # people, more...
	people "$1" >"$tmp/org.yaml"
	shift
	"$VIGIE" size --state "$tmp/state" --organisation "$tmp/org.yaml" "$@" \
		2>"$tmp/size.err" || fail "size $*"
}
size 1 --json >"$tmp/one"
size 100 --json >"$tmp/many"
jq -e '(.teams[0].team == "desk") and (.fails | length > 3)
	and (.teams[1].contacts == 0) and (.unowned_contacts == 0)
	and all(.fails[]; .needed > .there)' "$tmp/one" >"$tmp/out" ||
	fail "one person was enough"
jq -e '(.fails | length) == 0' "$tmp/many" >"$tmp/out" ||
	fail "a hundred people were too few"
[ "$(jq '.teams[0].contacts' "$tmp/one")" = \
	"$(jq '.teams[0].contacts' "$tmp/many")" ] || fail "contacts differ"
# In the language of the locale; a contact of a year is no work for Vigie.
LC_ALL=fr_FR.UTF-8 size 1 >"$tmp/fr"
grep -q '^Taille des équipes' "$tmp/fr" || fail "not in French"
LC_ALL=fr_FR.UTF-8 size 1 --lang en >"$tmp/en"
grep -q '^Sizing of the teams' "$tmp/en" || fail "not in English"
timeout 20 "$VIGIE" size --state "$tmp/state" --organisation "$tmp/org.yaml" \
	--handle 365d --json >"$tmp/out" || fail "a year takes too long"
"$VIGIE" size --state "$tmp/state" --organisation "$tmp/org.yaml" \
	--handle 366d >"$tmp/out" 2>&1 && fail "more than a year"
# As many as it asks for are enough, one fewer is not.
most=$(jq '.teams[0].most' "$tmp/one")
[ "$most" -gt 2 ] || fail "a crisis that one can answer"
size "$most" --json | jq -e '.fails == []' >"$tmp/out" ||
	fail "$most were said to be enough"
size $((most - 1)) --json | jq -e '.fails != []' >"$tmp/out" ||
	fail "one fewer would do as well"
# The figure of its worst hour, by the definition of Erlang C.
jq -r '.teams[0].week | max_by(.most) | "\(.worst) \(.most)"' "$tmp/one" \
	>"$tmp/worst"
read -r worst said <"$tmp/worst"
"$VIGIE" series --state "$tmp/state" 2>"$tmp/series.err" |
	awk -F, -v worst="$worst" -v said="$said" '
	function enough(c, a, t,    n, term, sum) {
		if (c <= a) return 0
		term = 1; sum = 0
		for (n = 0; n < c; n++) { sum += term; term *= a / (n + 1) }
		term *= c / (c - a)
		return 1 - term / (sum + term) * exp(-(c - a) * t / 6)
	}
	BEGIN { split("240 240 60 30 15", within, " ") }
	split($2, k, "/") == 2 && $8 > 0 && $1 ~ /:00:00Z$/ {
		cmd = "date -u -d \"" $1 " 1 hour ago\" +%Y-%m-%dT%H:%M:%SZ"
		if (!($1 in at)) { cmd | getline at[$1]; close(cmd) }
		if (at[$1] != worst) next
		contacts += $8
		if (!t || within[$7 + 1] < t) t = within[$7 + 1]
	} END {
		for (c = 1; enough(c, contacts / 10, t) < 0.8; c++) continue
		if (c != said) { print c " not " said; exit 1 }
	}' >"$tmp/sum" || fail "by hand it is $(cat "$tmp/sum")"
size 3 --lang fr >"$tmp/fr"
size 3 --since 7d >"$tmp/week"
grep -q 'Où le plan ne tient pas' "$tmp/fr" || fail "no French"
grep -q 'from 168 recorded hours\|from 169 recorded hours' "$tmp/week" ||
	fail "a week: $(head -n 1 "$tmp/week")"
for bad in "--handle 0" "--share 100" "--since x"; do
	# shellcheck disable=SC2086 # an option and its value
	"$VIGIE" size --state "$tmp/state" --organisation "$tmp/org.yaml" \
		$bad >"$tmp/out" 2>"$tmp/misuse.err" && fail "$bad was taken"
	[ $? -le 2 ] || fail "$bad crashed"
done
