#!/bin/sh
# Goal: what is wrong with a macro is told at its own place and names who uses
# it, once; local.d changes macros; explain and check know them.
# SPDX-License-Identifier: Apache-2.0
set -eu
vigie=${VIGIE:-build/vigie}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/set/local.d"

fail() {
	echo "FAILED: $*"
	cat "$dir/out" 2>/dev/null || :
	exit 1
}

wrong() { # pattern, times: after writing $dir/x.yaml
	"$vigie" check "$dir/x.yaml" >"$dir/out" 2>&1 && fail "accepted: $1"
	[ "$(grep -c -e "$1" "$dir/out")" = "${2:-1}" ] || fail "no '$1'"
}

# Errors inside stand where the macro is, however many name it.
cat >"$dir/x.yaml" <<'END'
sector: food
brands: {kitkat: {match: kitkat}}
macros:
  bad: 'shame AND'
  both: {match: 'a AND b'}
  not: NOT recipe
  own: brand NEAR/3 recall
  a: x OR @macro(b)
  b: y OR @macro(a)
rules:
  one: {when: '@macro(bad)'}
  two: {when: '@macro(bad) OR c'}
  three: {when: '@macro(own)'}
  four: {when: 'd AND @macro(own)'}
  five: {when: '@macro(not)'}
  six: {when: 'e OR @macro(not)'}
  seven: {when: '@macro(a) AND f'}
  eight: {when: '@macro(bott)'}
  nine: {when: 'ATLEAST/2(@macro(both))'}
  ten: {when: 'author:@macro(both)'}
  eleven: {when: '@macro(both'}
END
wrong 'x.yaml:4:18: error: the query ends'
wrong 'x.yaml:7:8: error: the word brand has no meaning here'
wrong 'named as @macro(own) at .*x.yaml:13'
wrong 'x.yaml:6:8: error: with this NOT'
wrong 'named as @macro(not) at .*x.yaml:15'
wrong 'x.yaml:9:11: error: macros that name themselves: a > b > a'
wrong "x.yaml:18:18: error: unknown macro 'bott'"
wrong 'x.yaml:19:.*AND cannot be counted'
wrong 'no value of a field'
wrong 'this @macro( is not closed'
[ "$(grep -c error: "$dir/out")" = 8 ] || fail "other errors"

# As deep and as large as is good for it.
awk 'BEGIN {print "macros:\n  m0: a"
	for (i = 1; i < 40; i++)
		printf "  m%d: \"@macro(m%d) OR @macro(m%d)\"\n", i, i-1, i-1
	print "topics: {t: {match: \"@macro(m39)\"}}"}' >"$dir/x.yaml"
wrong 'nested too deep\|too many macros\|too many terms' 3
awk 'BEGIN {print "topics: {t: {match: \"@macro(m39)\"}}\nmacros:\n  m39: a"
	for (i = 1; i < 40; i++)
		printf "  m%d: \"@macro(m%d)\"\n", 39-i, 40-i}' >"$dir/x.yaml"
wrong 'nested too deep' 2
rm "$dir/x.yaml"

# Examples of a macro are tests; one that nobody names is warned of.
cat >"$dir/set/food.yaml" <<'END'
sector: food
brands: {kitkat: {match: kitkat, hit: [kitkat], miss: [lion]}}
macros:
  anger: {match: shame OR boycott, hit: [for shame], miss: [fury]}
  own: {match: brand NEAR/2 @macro(anger), hit: [kitkat shame], miss: [shame]}
  idle: {match: /zz+/, hit: [zzz], miss: [z]}
rules:
  one: {brand: kitkat, when: '@macro(own)', hit: [kitkat boycott],
    miss: [kitkat]}
END
"$vigie" check "$dir/set" >"$dir/out" 2>&1 || fail "refused"
[ "$(grep -c warning: "$dir/out")" = 1 ] || fail "warnings"
grep -q "food.yaml:6:3: warning: no query names the macro 'idle'" "$dir/out" ||
	fail "no warning"
"$vigie" explain --rules "$dir/set" "kitkat, shame" >"$dir/out"
grep -q '^      + @macro(own)$' "$dir/out" || fail "explain"
grep -q '^          + @macro(anger)$' "$dir/out" || fail "explain inside"

sed -i 's/for shame/for fame/' "$dir/set/food.yaml"
"$vigie" check "$dir/set" >"$dir/out" 2>&1 && fail "a hit that fails"
grep -q "the macro 'anger' does not match its hit" "$dir/out" || fail "hit"
sed -i 's/for fame/for shame/' "$dir/set/food.yaml"

# local.d: change one, switch one off.
cat >"$dir/set/local.d/mine.yaml" <<'END'
sector: food
lists: {mine: [fury]}
macros:
  anger: {override: true, match: '@list(mine)', hit: [fury], miss: [shame]}
  own: {override: true, hit: [kitkat fury]}
rules:
  one: {override: true, hit: [kitkat fury]}
END
"$vigie" check "$dir/set" >"$dir/out" 2>&1 || fail "override"
sed -i 's/^  own: .*/  own: {disable: true}/; /^  anger/d; /^rules/,$d' \
	"$dir/set/local.d/mine.yaml"
"$vigie" check "$dir/set" >"$dir/out" 2>&1 && fail "still fires"
grep -q "the rule 'one' does not match its hit" "$dir/out" || fail "disable"
echo '  ownn: {disable: true}' >>"$dir/set/local.d/mine.yaml"
"$vigie" check "$dir/set" >"$dir/out" 2>&1 && fail "unknown"
grep -q "there is no macro 'ownn' to change" "$dir/out" || fail "unknown macro"
exit 0
