#!/bin/sh
# Goal: the example of two agencies is sound, and each alert of the Nestlé
# case goes to whom docs/ORGANISATION.md says, who owns it included.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need jq
need_vigie replay
[ -x "$BUILD/bench/gen_nestle" ] || skip "gen_nestle is not built"
file=rules/organisations/two-agencies.yaml
"$VIGIE" check "$file" >"$tmp/out" 2>"$tmp/check.err" || fail "$file refused"
[ -s "$tmp/check.err" ] && fail "$file has warnings"
awk '/^```yaml/ {on = 1} on; /^```$/ && on {exit}' docs/ORGANISATION.md | grep -v '^```' \
	>"$tmp/docs.yaml"
"$VIGIE" check "$tmp/docs.yaml" >"$tmp/out" 2>"$tmp/check.err" ||
	fail "the example of the page is refused"
"$BUILD/bench/gen_nestle" --seed 1 >"$tmp/posts"
for f in "$file" "$tmp/docs.yaml"; do
	"$VIGIE" replay --rules rules/packs --organisation "$f" "$tmp/posts" \
		>"$tmp/alerts" 2>"$tmp/replay.err" || fail "replay"
	jq -e -s 'length > 5 and all(.[];
		([.level, .previous_level] | max) as $l
		| .teams == ((if $l >= 3 then ["crisis"] else [] end)
			+ (if $l >= 1 then ["house"] else [] end)
			+ (if .brand == "kitkat" then ["kitkat"] else [] end))
		and .owner == (if .brand == "kitkat" then "kitkat"
			elif $l >= 3 then "crisis" else "house" end))
		and ([.[] | .owner] | unique) == ["crisis", "house", "kitkat"]' \
		"$tmp/alerts" >"$tmp/out" || fail "an alert for the wrong team"
done
