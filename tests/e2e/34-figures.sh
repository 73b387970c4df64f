#!/bin/sh
# Goal: the log of vigie run says that it watches, its figures on SIGUSR1 and
# at the end, and that a Redis which was gone is back though nothing waits.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need redis-server redis-cli mkfifo
need_vigie run
redis_start
severe_rules 1 >"$tmp/rules.yaml"
cat >"$tmp/vigie.yaml" <<EOF
rules: [rules.yaml]
sinks: [{type: redis, url: "unix://$tmp/redis.sock"}]
EOF
mkfifo "$tmp/posts"
timeout 60 "$VIGIE" run --config "$tmp/vigie.yaml" \
	<"$tmp/posts" 2>"$tmp/run.err" &
run_pid=$!
pids="$pids $run_pid"
exec 3>"$tmp/posts"
said() {
	grep -q -- "$1" "$tmp/run.err"
}
wait_for 20 "the first line" said "watching: .* sinks 1,"
severe_posts 1 1 >&3
wait_for 20 "the alert" stream_has vigie:alerts:all 1
redis_kill9
wait_for 20 "the fault" said "cannot connect"
redis_start
wait_for 20 "its end" said "is back, no message waits"
vigie_pid=$(pgrep -P "$run_pid" || echo "$run_pid")
kill -USR1 "$vigie_pid"
wait_for 20 "the figures" said "figures: posts_total=1 "
exec 3>&-
wait "$run_pid" || fail "vigie run"
[ "$(grep -c "figures: .* alerts_delivered_total=1" "$tmp/run.err")" -eq 2 ] ||
	fail "no figures at the end"
