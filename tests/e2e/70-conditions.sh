#!/bin/sh
# Goal: a condition over time begins and ends once, explained, with the same
# bytes for one worker and for four, and match never prints it.
# Method: steady posts for two days, then a burst; replay, ask jq.
# SPDX-License-Identifier: Apache-2.0
set -eu
vigie=${VIGIE:-${BUILD:-build/release}/vigie}
command -v jq >/dev/null || { echo "skipped: jq is not installed"; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT INT TERM
fail() {
	echo "FAILED: $*"
	exit 1
}

cat >"$dir/rules.yaml" <<'RULES'
sector: food
brands:
  kitkat: {name: KitKat, match: kitkat, own: ['@kitkat']}
  mars: {name: Mars, match: mars}
rules:
  wave:
    name: {fr: Vague, en: Wave}
    brand: '*'
    severity: 2
    when: count(brand AND recall*) in 15m >= 5 AND authors(brand) in 1h >= 4
  talk:
    when: count(kitkat OR mars) in 10m >= 3x norm AND NOT count(sorry) in 1h >= 2
RULES
awk 'BEGIN {
	for (m = 0; m < 2880; m += 7)
		post(m, "kitkat yum", "a" m % 50)
	for (m = 2880; m < 2892; m++) {
		post(m, "kitkat recalled", "b" m)
		post(m, "kitkat recalled", "kitkat") # its own account
	}
	for (m = 3000; m < 3010; m++) # one account alone: no wave
		post(m, "mars recalled", "c")
	post(4000, "mars", "d")
}
function post(m, text, who) {
	printf "{\"id\":\"%d\",\"ts\":%d,\"author\":{\"handle\":\"%s\"}," \
		"\"text\":\"%s\"}\n", ++n, 1704067200 + m * 60, who, text
}' >"$dir/posts"
for n in 1 4; do
	"$vigie" replay --rules "$dir/rules.yaml" --workers "$n" \
		"$dir/posts" >"$dir/alerts$n" 2>"$dir/err" ||
		{ cat "$dir/err"; fail "replay"; }
done
cmp "$dir/alerts1" "$dir/alerts4" || fail "workers matter"
jq -r 'select(.kind == "condition") | "\(.signal.rule) \(.brand) \(.level)"' \
	"$dir/alerts1" | sort | uniq -c | sed 's/^ *//' >"$dir/got"
cat >"$dir/want" <<'WANT'
1 talk null 0
1 talk null 1
1 wave kitkat 0
1 wave kitkat 2
WANT
grep -v talk "$dir/want" >"$dir/want-wave"
grep -v talk "$dir/got" | cmp - "$dir/want-wave" || {
	cat "$dir/got"
	fail "episodes"
}
grep -q "^[12] talk null 1" "$dir/got" || fail "no talk above its norm"
jq -se 'map(select(.kind == "condition" and .brand == "kitkat"))
	| .[0].id == .[1].id and .[0].rev == 0 and .[1].rev == 1
	and .[0].signal.terms[0].value == 5
	and (.[0].sentence.fr | test("la condition «.Vague.» est remplie"))' \
	"$dir/alerts1" >/dev/null || fail "the messages of the wave"
"$vigie" match --rules "$dir/rules.yaml" "$dir/posts" >"$dir/match" 2>/dev/null
[ ! -s "$dir/match" ] || fail "match prints a condition"
echo "conditions: $(wc -l <"$dir/got") kinds of message, as they should be"
