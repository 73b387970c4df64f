#!/bin/sh
# Goal: what an airline says under its own name is a statement of its though
# it names no airline: its echo is measured; it stays in no window, match does
# not print it, and the same words of anybody else are nobody's.
# Method: calm days, a statement, an hour of anger; with the shipped packs.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need jq awk
need_vigie replay
posts() { # handle of the statement
	awk -v who="$1" 'function post(s, text, who) {
		printf "{\"id\":\"%d\",\"ts\":%d,\"source\":\"x\",\"author\":" \
			"{\"handle\":\"%s\"},\"text\":\"%s\"}\n", ++n,
			1704067200 + s, who, text
	}
	BEGIN {
		for (h = 0; h < 96; h++)
			post(h * 3600, "@united lost my luggage h" h, "c" h)
		post(96 * 3600 + 60, "Our crews followed the procedures they " \
			"had to follow. I stand behind all of them.", who)
		for (i = 0; i < 60; i++)
			post(96 * 3600 + 120 + i * 50, "@united worst a" i \
				" airline b" i * i " never again c" i + 9, "d" i)
		post(100 * 3600, "@united hello", "z")
	}'
}
posts united >"$tmp/posts"
posts somebody >"$tmp/others"
for f in posts others; do
	"$VIGIE" replay --rules rules/packs --stats-json "$tmp/$f.json" \
		"$tmp/$f" >"$tmp/$f.alerts" 2>"$tmp/$f.err" || fail "replay"
	"$VIGIE" match --rules rules/packs --mentions "$tmp/$f" \
		>"$tmp/$f.match" 2>>"$tmp/$f.err" || fail "match"
done
jq -se 'any(.[]; .brand == "united" and (.kind == "echo" or
	any(.signals // [] | .[]; .kind == "echo" and
		.signal.statement == "2024-01-05T00:01:00Z")))' \
	"$tmp/posts.alerts" >/dev/null || fail "no echo of the statement"
grep -q '"echo"' "$tmp/others.alerts" && fail "an echo of nobody's statement"
[ "$(jq .counters.posts_own_total "$tmp/posts.json")" -eq 1 ] ||
	fail "the statement is not the brand's own"
grep -q '"id":"97"' "$tmp/posts.match" && fail "match prints the statement"
amounts() {
	jq -c 'select(.kind == "density" and .rev == 0)
		| [.minute, .brand, .harm, .voices, .rd, .density]' "$1"
}
amounts "$tmp/posts.alerts" >"$tmp/a"
amounts "$tmp/others.alerts" >"$tmp/b"
[ -s "$tmp/a" ] || fail "no density alert to compare"
cmp "$tmp/a" "$tmp/b" || fail "a statement counts in its own window"
echo "$(wc -l <"$tmp/posts.alerts") messages, the statement measured"
