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

# Who rang more often than somebody can look into is named at the end, here
# of one brand in the first of two weeks, by run and by replay alike.
severe_rules 2 >"$tmp/rules.yaml"
cat >"$tmp/vigie.yaml" <<EOF
rules: [rules.yaml]
density: {budget: 2}
EOF
for day in 02 03 04 20; do
	severe_posts 1 1 | sed "s/p1/p$day/; s/a1/a$day/
		s/{/{\"ts\":\"2024-01-${day}T10:00:00Z\",/"
done >"$tmp/brand"
{
	cat "$tmp/brand"
	severe_posts 2 2 | sed 's/{/{"ts":"2024-01-20T10:00:01Z",/'
} >"$tmp/weeks"
over='1 over the budget of 2 alerts a week: brand-0001 3'
"$VIGIE" replay --config "$tmp/vigie.yaml" "$tmp/weeks" 2>"$tmp/said" \
	>"$tmp/alerts" || fail "replay"
[ "$(tail -n 1 "$tmp/said")" = "vigie replay: $over" ] ||
	fail "at the end of replay: $(cat "$tmp/said")"
"$VIGIE" run --config "$tmp/vigie.yaml" <"$tmp/weeks" 2>"$tmp/said" \
	>"$tmp/alerts" || fail "run"
tail -n 1 "$tmp/said" | grep -q "warn engine: $over\$" ||
	fail "at the end of run: $(cat "$tmp/said")"
sed -i 's/: 2}/: 3}/' "$tmp/vigie.yaml"
"$VIGIE" replay --config "$tmp/vigie.yaml" "$tmp/weeks" 2>"$tmp/said" \
	>"$tmp/alerts" || fail "replay"
[ ! -s "$tmp/said" ] || fail "nobody is over it: $(cat "$tmp/said")"
