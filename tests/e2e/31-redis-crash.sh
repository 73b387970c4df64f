#!/bin/sh
# vigie run while Redis is killed with -9 and started again: every alert is in
# the stream, first occurrences in the order of the file.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need redis-server redis-cli mkfifo
need_vigie run
redis_start
severe_rules 1000 >"$tmp/rules.yaml"
cat >"$tmp/vigie.yaml" <<EOF
rules: [rules.yaml]
sources: [{type: stdin}]
sinks:
  - {type: redis, url: "unix://$tmp/redis.sock"}
  - {type: jsonl, path: alerts.jsonl}
EOF
mkfifo "$tmp/posts"
timeout 100 "$VIGIE" run --config "$tmp/vigie.yaml" \
	<"$tmp/posts" >"$tmp/out" 2>"$tmp/run.err" &
run_pid=$!
pids="$pids $run_pid"
exec 3>"$tmp/posts"
severe_posts 1 400 >&3
wait_for 30 "the first alerts" stream_has vigie:alerts:all 200
redis_kill9
severe_posts 401 700 >&3
wait_for 30 "alerts while Redis is down" lines_are "$tmp/alerts.jsonl" 700
redis_start
severe_posts 701 1000 >&3
exec 3>&-
wait "$run_pid" || fail "vigie run"
first_seen <"$tmp/alerts.jsonl" >"$tmp/want"
[ "$(wc -l <"$tmp/want")" -ge 1000 ] || fail "fewer than 1,000 alerts"
stream vigie:alerts:all | first_seen | cmp - "$tmp/want" ||
	fail "the stream lacks an alert or has them in a wrong order"
