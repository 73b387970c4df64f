#!/bin/sh
# Goal: profile names the dearest entry of a set on posts, with what it hangs
# on and what to do; coverage tells what no example and no post ever hit, and
# fails below --min.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need_vigie profile
need_vigie coverage

says() { # file text...
	said=$1
	shift
	grep -qF -- "$*" "$said" || fail "$said: missing: $*"
}

cat >"$tmp/a.yaml" <<'EOF2'
sector: s
lists: {angry: [boycott, scandale]}
brands:
  kitkat: {match: kitkat OR kitkats, hit: [kitkat], miss: [x]}
topics:
  palm: {match: palme, hit: [palme], miss: [x]}
rules:
  slow: {when: '/[aeiou]{4}.*[0-9]{3}/', hit: [aaaa 123], miss: [x]}
  angry: {brand: kitkat, when: '@list(angry)', hit: [kitkat boycott]}
  never: {brand: kitkat, when: plainte}
EOF2
awk 'BEGIN {for (i = 0; i < 500; i++)
	printf "{\"text\":\"un kitkat, queue %d, boycott\"}\n", i}' \
	>"$tmp/posts.ndjson"

"$VIGIE" profile --rules "$tmp/a.yaml" "$tmp/posts.ndjson" >"$tmp/out" ||
	fail "profile"
says "$tmp/out" "500 posts, "
says "$tmp/out" "slow                       every post"
says "$tmp/out" "angry                      its brand"
grep -q "brand:kitkat  *kitkats*, kitkat" "$tmp/out" || fail "its words"
"$VIGIE" profile --json --rules "$tmp/a.yaml" "$tmp/posts.ndjson" >"$tmp/out"
grep -q '^{"rule":"slow","candidates":500,"looks":500,"hits":400,' "$tmp/out" ||
	fail "slow: $(cat "$tmp/out")"
grep -q '^{"rule":"angry","candidates":0,"looks":500,"hits":500,' "$tmp/out" ||
	fail "angry"
grep -q '^{"rule":"never","candidates":0,"looks":500,"hits":0,' "$tmp/out" ||
	fail "never"
[ "$(grep -c '^{"rule":' "$tmp/out")" -eq 4 ] || fail "entries"
says "$tmp/out" '{"posts":500,"entries":4,"ns_per_post":'
"$VIGIE" profile --top 1 --rules "$tmp/a.yaml" "$tmp/posts.ndjson" >"$tmp/out"
says "$tmp/out" "and 3 more of less cost (--top)"
status=0
"$VIGIE" profile --top x --rules "$tmp/a.yaml" p 2>/dev/null || status=$?
[ "$status" -eq 2 ] || fail "--top x"
status=0
"$VIGIE" profile --rules "$tmp/a.yaml" 2>/dev/null || status=$?
[ "$status" -eq 2 ] || fail "no posts"

"$VIGIE" coverage --rules "$tmp/a.yaml" >"$tmp/out" || fail "coverage"
says "$tmp/out" "a.yaml:10:3: rule 'never'"
says "$tmp/out" "a.yaml:4:29: in 'kitkat': 'kitkats'"
says "$tmp/out" "a.yaml:2:26: @list(angry): 'scandale'"
says "$tmp/out" "1 of 1 brand, 1 of 1 topic, 2 of 3 rules, 1 of 2" \
	"alternatives, 1 of 2 list entries, 66.6% hit by the examples"
printf '{"text":"kitkats, scandale"}\n' >"$tmp/one.ndjson"
"$VIGIE" coverage --rules "$tmp/a.yaml" "$tmp/one.ndjson" >"$tmp/out"
says "$tmp/out" "88.8% hit by the examples and 1 post"
"$VIGIE" coverage --min 88.8 --rules "$tmp/a.yaml" "$tmp/one.ndjson" \
	>/dev/null || fail "--min 88.8"
status=0
"$VIGIE" coverage --min 90 --rules "$tmp/a.yaml" "$tmp/one.ndjson" \
	>/dev/null || status=$?
[ "$status" -eq 1 ] || fail "--min 90"
"$VIGIE" coverage --json --rules "$tmp/a.yaml" >"$tmp/out"
says "$tmp/out" '{"never":"rule","of":"never","text":"","path":'
says "$tmp/out" '"rule":{"all":3,"hit":2},"branch":{"all":2,"hit":1},'
status=0
"$VIGIE" coverage --min much --rules "$tmp/a.yaml" 2>/dev/null || status=$?
[ "$status" -eq 2 ] || fail "--min much"
exit 0
