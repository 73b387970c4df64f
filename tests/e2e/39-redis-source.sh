#!/bin/sh
# vigie run from a Redis stream: every entry is judged and acknowledged, over
# a kill -9 of the engine and of the server; what a dead reader left behind is
# taken over; entries without the field, with newlines and broken ones stop
# nothing.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need redis-server redis-cli
need_vigie run
redis_start
severe_rules 3000 >"$tmp/rules.yaml"
cat >"$tmp/vigie.yaml" <<EOF
rules: [rules.yaml]
state_dir: state
sources:
  - {type: redis, url: "unix://$tmp/redis.sock", stream: posts, claim: 1s}
sinks:
  - {type: jsonl, path: alerts.jsonl}
EOF

# Commands for redis-cli: one XADD each, a JSON text in single quotes.
add_posts() { # first last
	severe_posts "$1" "$2" | sed "s/.*/XADD posts * lang fr post '&'/" |
		redis >/dev/null
}

start() {
	"$VIGIE" run --config "$tmp/vigie.yaml" >"$tmp/out" \
		2>>"$tmp/run.err" &
	vigie_pid=$!
	pids="$pids $vigie_pid"
}

stop() {
	kill -TERM "$vigie_pid"
	wait "$vigie_pid" || fail "run ended badly"
}

brands() {
	sed -n 's/.*"kind":"severe_post".*"brand":"\([^"]*\)".*/\1/p' \
		"$tmp/alerts.jsonl" 2>/dev/null | sort -u | wc -l
}

has_brands() { # count
	[ "$(brands)" -ge "$1" ]
}

nothing_pending() {
	[ "$(redis XPENDING posts vigie | head -n 1)" = 0 ]
}

# Posts that were there before the group, and posts that come later.
add_posts 1 500
start
wait_for 20 "the first 500" has_brands 500
add_posts 501 600
wait_for 20 "100 more" has_brands 600
wait_for 20 "their acknowledgement" nothing_pending

# A kill -9 while posts come: none is lost.
add_posts 601 1600 &
adding=$!
wait_for 20 "some of them" has_brands 620
kill -9 "$vigie_pid"
wait "$vigie_pid" 2>/dev/null || true
wait "$adding"
start
wait_for 20 "all of them" has_brands 1600
wait_for 20 "their acknowledgement" nothing_pending

# Another reader takes ten and dies.
stop
add_posts 1601 1700
redis XREADGROUP GROUP vigie other COUNT 10 STREAMS posts '>' >/dev/null
start
wait_for 20 "what the other one left" has_brands 1700
wait_for 20 "its acknowledgement" nothing_pending

# The server dies and comes back.
redis_kill9
redis_start
add_posts 1701 1800
wait_for 30 "posts after the server's death" has_brands 1800
wait_for 20 "their acknowledgement" nothing_pending

# Odd entries: no field, the field twice, newlines, no JSON; one that is good.
redis XADD posts '*' other x >/dev/null
redis XADD posts '*' post '{"id":"n1","text":"listeria dans marque2001"}' \
	post '{"id":"n2","text":"listeria dans marque2002"}' >/dev/null
redis XADD posts '*' post '{"id":"n3",
"text":
"listeria dans marque2003"}' >/dev/null
redis XADD posts '*' post 'no json' >/dev/null
redis XADD posts '*' post '' >/dev/null
add_posts 1801 1801
wait_for 20 "the good ones" has_brands 1803
wait_for 20 "the acknowledgement of all" nothing_pending
stop
grep -q 'marque2002\|"brand-2002"' "$tmp/alerts.jsonl" &&
	fail "a second field of one entry was taken"

# A user who may not make groups, take over or acknowledge: posts are judged all
# the same, each reason is said once, and all of it goes on with the right.
redis ACL SETUSER v on '>pw' '~*' +@all -xgroup -xautoclaim -xack >/dev/null
sed "s|unix://|&v:pw@|" "$tmp/vigie.yaml" >"$tmp/v.yaml"
mv "$tmp/v.yaml" "$tmp/vigie.yaml"
: >"$tmp/run.err"
add_posts 1802 1810
start
wait_for 20 "posts for a user with few rights" has_brands 1812
refusals() {
	grep -c "$1" "$tmp/run.err" || true
}
refused_twice() {
	[ "$(redis ACL LOG | grep -A 1 '^count' | sed -n 2p)" -ge 2 ]
}
wait_for 10 "a second try" refused_twice
[ "$(refusals "run the 'xack'")" = 1 ] || fail "said more than once"
[ "$(refusals "reads again")" = 0 ] || fail "nothing was acknowledged"
[ "$(refusals "is not taken over: NOPERM")" = 1 ] || fail "no word of claims"
redis ACL SETUSER v +xack >/dev/null
wait_for 20 "the acknowledgement of all" nothing_pending
wait_for 10 "a word of it" grep -q "reads again" "$tmp/run.err"
stop
echo "$(brands) posts, each judged and acknowledged"
