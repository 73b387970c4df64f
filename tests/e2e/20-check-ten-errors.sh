#!/bin/sh
# Goal: one run of check tells all ten mistakes of tests/cases/broken.yaml,
# each with its place, the line, a caret and a hint, and exits 1; a sound file
# is summed up on stdout with exit 0; no path is misuse.
# SPDX-License-Identifier: Apache-2.0
set -u
vigie=${VIGIE:-build/vigie}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0

fail() {
	echo "FAILED: $*"
	failed=1
}

file=tests/cases/broken.yaml
"$vigie" check $file >"$dir/out" 2>"$dir/err"
[ $? -eq 1 ] || fail "exit code"
[ -s "$dir/out" ] && fail "something on stdout"
while read -r place text; do
	grep -qF "$file:$place: error: $text" "$dir/err" ||
		fail "missing $place $text"
done <<'END'
9:22 text after the closing quote " of the value
12:20 this parenthesis is not closed
14:25 AND and OR side by side need parentheses
15:5 unknown key 'weight'
18:17 two terms side by side without an operator
19:15 a severity is a whole number from 0 to 4
22:12 unknown brand 'twixx'
23:21 unknown list 'boycot'
26:11 with this NOT the query would match almost every post
32:20 NEAR needs a number after a slash
END
[ "$(grep -c ': error: ' "$dir/err")" -eq 10 ] || fail "not ten errors"
[ "$(grep -c '^help: ' "$dir/err")" -eq 10 ] || fail "not ten hints"
[ "$(grep -c '^ *| *^' "$dir/err")" -eq 10 ] || fail "not ten carets"
[ "$(tail -n 1 "$dir/err")" = "10 errors" ] || fail "last line"
grep -q "did you mean 'twix'?" "$dir/err" || fail "no twix"
grep -q "did you mean 'boycott'?" "$dir/err" || fail "no boycott"
grep -qF '   32 |       orang-outan) NEAR palm' "$dir/err" || fail "line 32"

"$vigie" check --json $file >"$dir/out" 2>"$dir/err"
[ $? -eq 1 ] || fail "exit code with --json"
[ "$(grep -c '^{"path":"'$file'","line":' "$dir/out")" -eq 10 ] ||
	fail "not ten JSON lines"

printf 'rules:\n  a: {when: b, hit: [b], miss: [c]}\n' >"$dir/good.yaml"
printf 'teams: {social: {sectors: "*"}}\n' >"$dir/organisation.yaml"
printf 'sinks: [{type: stdout}]\n' >"$dir/vigie.yaml"
"$vigie" check "$dir" >"$dir/out" 2>"$dir/err"
[ $? -eq 0 ] || fail "exit code of a sound folder"
want='1 rule, 0 brands, 0 topics, 1 organisation, 1 configuration,'
grep -q "^$want compiled in " "$dir/out" ||
	fail "no summary: $(cat "$dir/out")"

printf 'teams: []\n' >"$dir/organisation.yaml"
"$vigie" check "$dir" >"$dir/out" 2>"$dir/err"
[ $? -eq 1 ] || fail "exit code of a broken organisation"
rm "$dir/organisation.yaml"
printf 'sinks: [{type: stdot}]\n' >"$dir/vigie.yaml"
"$vigie" check "$dir" >"$dir/out" 2>"$dir/err"
[ $? -eq 1 ] || fail "exit code of a broken config"
rm "$dir/vigie.yaml"

printf 'rules:\n  a: {when: b, hit: [c], miss: [b]}\n' >"$dir/good.yaml"
"$vigie" check "$dir" >"$dir/out" 2>"$dir/err"
[ $? -eq 1 ] || fail "exit code of failing examples"
grep -q ':2:22: error: the rule .a. does not match its hit' "$dir/err" ||
	fail "hit"
grep -q ':2:33: error: the rule .a. matches its miss' "$dir/err" ||
	fail "miss"

"$vigie" check >"$dir/out" 2>"$dir/err"
[ $? -eq 2 ] || fail "exit code without a path"
"$vigie" check "$dir/nowhere" >"$dir/out" 2>"$dir/err"
[ $? -eq 1 ] || fail "exit code of a missing path"
exit $failed
