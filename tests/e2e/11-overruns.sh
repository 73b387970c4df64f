#!/bin/sh
# Goal: a regex that overruns its limits is benched from the post after its
# last allowed overrun on, whatever the number of workers and the cutting of
# the input; it is said with rule and file; the rest goes on.
# Method: 6,000 posts of which every third makes (a+)+$ overrun; what must
# come out is known post by post.
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

cat >"$dir/rules.yaml" <<'END'
sector: s
brands:
  b:
    match: kitkat
topics:
  sound:
    match: boycott
rules:
  bad:
    brand: b
    when: boycott AND /(a+)+$/
  also-bad:
    when: /(?:o|oo)+!$/ OR boycott
END
# Post 0 overruns, 1 and 2 fire `bad`, 3 overruns ...  Bad lines must be counted
# once though batches are read twice.
awk 'BEGIN {
	a = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	for (i = 0; i < 6000; i++) {
		if (i % 50 == 7)
			print "{\"broken"
		printf "{\"id\":\"%d\",\"ts\":%d,\"source\":\"t\"," \
			"\"author\":{\"id\":\"u%d\"}," \
			"\"text\":\"kitkat boycott %d %s\"}\n", i,
			1700000000 + i, i, i, i % 3 == 0 ? a "!b" : "aaa"
	}
}' >"$dir/posts"

match() { # more options and files
	"$vigie" match --rules "$dir/rules.yaml" "$@" 2>"$dir/errors"
}

match --workers 1 --stats-json "$dir/stats" "$dir/posts" >"$dir/want" ||
	fail "exit $?"
[ "$(grep -c '' "$dir/want")" = 6000 ] || fail "posts are missing"
# Overruns are posts 0, 3 ... 57: the last that fires is 56.
grep '"rule":"bad"' "$dir/want" | sed 's/.*"id":"\([0-9]*\)".*/\1/' \
	>"$dir/fired"
awk 'BEGIN { for (i = 0; i < 57; i++) if (i % 3 != 0) print i }' |
	cmp -s - "$dir/fired" || fail "fired on $(tr '\n' ' ' <"$dir/fired")"
[ "$(grep -c "rules.yaml:11: the regex of 'bad' was stopped" \
	"$dir/errors")" = 1 ] || fail "not said: $(cat "$dir/errors")"
grep -q '"regex_overruns_total": 20[,}]*$' "$dir/stats" ||
	fail "overruns: $(grep overruns "$dir/stats")"
grep -q '"rules_benched_total": 1[,}]*$' "$dir/stats" || fail "benched: count"
grep -q '"posts_total": 6000[,}]*$' "$dir/stats" || fail "posts are recounted"
grep -q '"lines_bad_json_total": 120[,}]*$' "$dir/stats" ||
	fail "bad lines are recounted"
cp "$dir/errors" "$dir/said"
for w in 2 4; do
	match --workers $w "$dir/posts" >"$dir/got"
	cmp -s "$dir/want" "$dir/got" || fail "$w workers: other lines"
	cmp -s "$dir/said" "$dir/errors" || fail "$w workers: other messages"
	for size in 501 30011; do
		dd if="$dir/posts" bs=$size status=none |
			match --workers $w - >"$dir/got"
		cmp -s "$dir/want" "$dir/got" ||
			fail "$w workers, pieces of $size: other lines"
	done
done
# In replay it is the harm that must not depend on the workers.
for w in 1 2 4; do
	"$vigie" replay --rules "$dir/rules.yaml" --workers $w \
		--stats-json "$dir/stats" "$dir/posts" >"$dir/replay$w" \
		2>"$dir/errors" || fail "replay: exit $?"
	grep -q '"regex_overruns_total": 20[,}]*$' "$dir/stats" ||
		fail "replay, $w workers: $(grep overruns "$dir/stats")"
	cmp -s "$dir/replay1" "$dir/replay$w" ||
		fail "replay, $w workers: other alerts"
done
[ -s "$dir/replay1" ] || fail "replay said nothing"
exit $failed
