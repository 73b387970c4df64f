#!/bin/sh
# Goal: check tells what is said twice or cannot be, in place and with a hint;
# groups what is alike; ends with what a post costs, in two languages, on posts
# of one's own and as JSON; lists what each entry hangs on.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need_vigie check

says() { # file text...
	said=$1
	shift
	grep -qF -- "$*" "$said" || fail "$said: missing: $*"
}

cat >"$tmp/a.yaml" <<'EOF2'
sector: s
brands:
  kitkat: {match: kitkat, not: recipe, hit: [kitkat], miss: [x]}
rules:
  a: {brand: kitkat, when: brand AND recipe}
  b: {when: 'boycotts OR boycott*', hit: [boycott], miss: [x]}
  c: {when: '/[aeiou]{4}/', hit: [queue aaaa], miss: [x]}
EOF2
"$VIGIE" check "$tmp/a.yaml" >"$tmp/out" 2>"$tmp/said.err" ||
	fail "warnings are no errors"
says "$tmp/said.err" "a.yaml:5:38: warning: the rule 'a' can never match: it" \
	"and its brand 'kitkat' exclude each other"
says "$tmp/said.err" "a.yaml:6:14: warning: 'boycotts' is found by 'boycott*'"
says "$tmp/said.err" "    6 |   b: {when: 'boycotts OR boycott*', hit"
says "$tmp/said.err" "      |              ^~~~~~~~"
says "$tmp/said.err" "help: take it out: it adds nothing"
says "$tmp/said.err" "'c' has no word that the prefilter could look for"
# How long it took is the machine's affair.
sed 's/ [0-9]*[.,][0-9] s/ 0 s/' "$tmp/out" >"$tmp/timeless"
says "$tmp/timeless" "3 rules, 1 brand, 0 topics, 4 warnings, compiled in 0 s, about"
says "$tmp/out" "ns per post (built-in sample)"

"$VIGIE" check --lang fr "$tmp/a.yaml" >"$tmp/out" 2>/dev/null
sed 's/ [0-9]*[.,][0-9] s/ 0 s/' "$tmp/out" >"$tmp/timeless"
says "$tmp/timeless" "3 règles, 1 marque, 0 sujet, 4 avertissements, le tout compilé en 0 s"
"$VIGIE" check --lang de "$tmp/a.yaml" 2>/dev/null && fail "--lang de"

printf '{"text":"a kitkat"}\n{"text":"b"}\n' >"$tmp/posts.ndjson"
"$VIGIE" check --posts "$tmp/posts.ndjson" "$tmp/a.yaml" \
	>"$tmp/out" 2>/dev/null
says "$tmp/out" "ns per post (2 of $tmp/posts.ndjson)"
"$VIGIE" check --posts "$tmp/none" "$tmp/a.yaml" 2>/dev/null &&
	fail "posts that are not there"

"$VIGIE" check --costs "$tmp/a.yaml" >"$tmp/out" 2>/dev/null
grep -q 'ns  brand:kitkat  *kitkat$' "$tmp/out" || fail "anchor of kitkat"
grep -q 'ns  a  *where its brand is named$' "$tmp/out" || fail "anchor of a"
grep -q 'ns  b  *boycott.*boycott' "$tmp/out" || fail "anchors of b"
grep -q 'ns  c  *EVERY POST' "$tmp/out" || fail "anchor of c"

"$VIGIE" check --json --costs "$tmp/a.yaml" >"$tmp/out" 2>"$tmp/said.err"
says "$tmp/out" '"code":"never"'
says "$tmp/out" '{"rule":"c","hangs_on":"nothing","anchors":[],"look_ns":'
tail -n 1 "$tmp/out" >"$tmp/summary"
says "$tmp/summary" '{"errors":0,"rules":3,"brands":1,"topics":0,'
says "$tmp/summary" '"warnings":4,'
grep -q '"ns_per_post":[0-9]*,"measured_on":"built-in sample"}$' \
	"$tmp/summary" || fail "no cost: $(cat "$tmp/summary")"

# A thousand entries without examples are three, and a number.
awk 'BEGIN {print "rules:"; for (i = 1; i <= 1000; i++)
	printf "  r%d: {when: word%d}\n", i, i}' >"$tmp/many.yaml"
"$VIGIE" check "$tmp/many.yaml" >"$tmp/out" 2>"$tmp/said.err"
[ "$(grep -c ' warning: ' "$tmp/said.err")" -eq 3 ] || fail "not grouped"
says "$tmp/said.err" "... and 997 more like this (no-example)"
"$VIGIE" check --json "$tmp/many.yaml" >"$tmp/out"
[ "$(grep -c '"no-example"' "$tmp/out")" -eq 1000 ] || fail "not each in JSON"
exit 0
