#!/bin/sh
# Goal: a restart is not heard in the signals: a slow rise, conditions with
# their norms, the hour after a statement and the week's count of alerts go
# on where they were, wherever the stream is cut, after a kill -9 too.
# Method: seven weeks of posts, whole and in two parts on one state; killed in
# the middle and given all posts again, of which those known count once.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need jq awk mkfifo
need_vigie replay
cat >"$tmp/rules.yaml" <<'EOF'
sector: food
brands:
  kitkat: {name: KitKat, match: kitkat, own: ['@kitkat']}
topics:
  bad: {match: bad, weight: 3, severity: 1}
rules:
  wave:
    brand: '*'
    severity: 2
    when: count(brand AND recall*) in 15m >= 5 AND authors(brand) in 1h >= 4
  talk:
    when: count(kitkat) in 10m >= 3x norm AND NOT count(sorry) in 1h >= 2
EOF
cat >"$tmp/vigie.yaml" <<'EOF'
rules: rules.yaml
density: {budget: 1}
EOF
# 24 complaints a day, a quarter more each day from the 26th on; on the 20th a
# statement and what it brings.
awk 'function post(s, text, who) {
	printf "{\"id\":\"%d\",\"ts\":%d,\"author\":{\"handle\":\"%s\"}," \
		"\"text\":\"%s\"}\n", ++n, 1704067200 + s, who, text
}
BEGIN {
	for (d = 0; d < 44; d++) {
		many = d < 26 ? 24 : 24 * 1.25 ^ (d - 25)
		if (many > 400)
			many = 24
		for (i = 0; i < many; i++) {
			at = d * 86400 + int(i * 86400 / many)
			post(at, "kitkat is bad w" i " x" d " y" i * d,
				"a" (i * 37 + d) % 900)
			if (d != 20 || i != 12)
				continue
			post(at + 30, "kitkat: we are sorry", "kitkat")
			for (k = 0; k < 70; k++)
				post(at + 60 + k * 30, "kitkat recalled bad z" \
					k " u" k * k " t" k + 7, "c" k)
		}
	}
}' >"$tmp/posts"

replay() { # state posts
	"$VIGIE" replay --config "$tmp/vigie.yaml" --state "$tmp/$1" "$2" \
		2>>"$tmp/replay.err"
}
fresh() { # state
	rm -rf "${tmp:?}/$1"
	mkdir "$tmp/$1"
	printf '%064d\n' 7 >"$tmp/$1/key"
}
fresh a
replay a "$tmp/posts" >"$tmp/whole"
jq -r '"\(.kind) \(.level)", (.signals // [] | .[].kind)' "$tmp/whole" |
	sort -u | tr '\n' ',' >"$tmp/kinds"
want="condition 0,condition 1,condition 2,creeping 0,creeping 2,density 0"
[ "$(cat "$tmp/kinds")" = "$want,density 1,echo," ] ||
	fail "the stream should say more: $(cat "$tmp/kinds")"

# Through the quiet days, the hour of the statement, the rise and its end.
statement=$(grep -n sorry "$tmp/posts" | cut -d: -f1)
for cut in 40 300 "$((statement - 1))" "$statement" "$((statement + 1))" \
	"$((statement + 7))" "$((statement + 20))" "$((statement + 66))" \
	"$((statement + 70))" 700 900 1200 1500 1900 2300 2400 2420 2460; do
	fresh b
	head -n "$cut" "$tmp/posts" >"$tmp/one"
	tail -n "+$((cut + 1))" "$tmp/posts" >"$tmp/two"
	{
		replay b "$tmp/one"
		replay b "$tmp/two"
	} >"$tmp/halves"
	cmp "$tmp/whole" "$tmp/halves" || fail "cut at $cut: other alerts"
done

# What the journal holds of the messages, in order.
told() { # state
	cat "$tmp/$1"/journal/*.log | grep -ao '"id":"[^"]*","rev":[0-9]*'
}
mkfifo "$tmp/pipe"
for cut in "$((statement + 30))" 2200; do
	fresh c
	replay c "$tmp/pipe" >"$tmp/killed" &
	victim=$!
	exec 3>"$tmp/pipe"
	head -n "$cut" "$tmp/posts" >&3
	before=$(head -n "$cut" "$tmp/posts" | "$VIGIE" replay --config \
		"$tmp/vigie.yaml" - 2>/dev/null | wc -l)
	some() {
		[ "$(told c 2>/dev/null | wc -l)" -ge $((before - 1)) ]
	}
	wait_for 20 "the first part" some
	kill -9 "$(pgrep -P "$victim" || echo "$victim")"
	exec 3>&-
	wait "$victim" 2>/dev/null || true
	replay c "$tmp/posts" >"$tmp/rest"
	told a >"$tmp/told-whole"
	told c >"$tmp/told-killed"
	cmp "$tmp/told-whole" "$tmp/told-killed" ||
		fail "killed after $cut posts: other alerts"
done
echo "$(wc -l <"$tmp/whole") messages, the same over 20 restarts"
