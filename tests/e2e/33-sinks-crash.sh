#!/bin/sh
# Redis killed with -9 and frozen while alerts are raised: the stream holds
# every one, first occurrences in order, and the file sink does not wait.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need redis-server redis-cli
gen=$BUILD/bench/gen_alerts
[ -x "$gen" ] || skip "$gen is not built"
redis_start
cat >"$tmp/vigie.yaml" <<EOF
sinks:
  - {type: redis, url: "unix://$tmp/redis.sock", timeout: 500ms}
  - {type: jsonl, path: alerts.jsonl}
EOF
"$gen" "$tmp/vigie.yaml" 4000 2000 2>"$tmp/gen.err" &
gen_pid=$!
pids="$pids $gen_pid"
wait_for 20 "500 messages" stream_has vigie:alerts:all 500
redis_kill9
wait_for 20 "the file to go on" lines_are "$tmp/alerts.jsonl" 1500
redis_start
wait_for 20 "2,000 messages" stream_has vigie:alerts:all 2000
kill -STOP "$redis_pid"
wait_for 20 "the file to go on" lines_are "$tmp/alerts.jsonl" 3500
kill -CONT "$redis_pid"
wait "$gen_pid" || fail "not all was delivered"
first_seen <"$tmp/alerts.jsonl" >"$tmp/want"
[ "$(wc -l <"$tmp/want")" -eq 4000 ] || fail "not 4,000 lines in the file"
stream vigie:alerts:all | first_seen | cmp - "$tmp/want" ||
	fail "the stream lacks a message or has them in a wrong order"
