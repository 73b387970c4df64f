#!/bin/sh
# Goal: while Redis is down and the outbox full, sources are paused and memory
# stays bounded; when Redis is back all goes on, and every team has every
# alert.  A second SIGTERM leaves at once.
# Method: 200 teams with everything, so that 420 alerts are 84,000 messages,
# more than SPOOL_MESSAGES_MAX (65,536); posts of 16 KB, so that what is read
# ahead of a pause is few; a file of alerts as the witness.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need redis-server redis-cli mkfifo
need_vigie run
case ${FLAVOUR:-release} in
asan | tsan) peak_mib=900 ;;
*) peak_mib=250 ;;
esac
severe_rules 500 >"$tmp/rules.yaml"
awk 'BEGIN {
	print "teams:"
	for (i = 1; i <= 200; i++)
		printf "  team-%03d: {sectors: \"*\"}\n", i
}' >"$tmp/organisation.yaml"
cat >"$tmp/vigie.yaml" <<EOF
rules: [rules.yaml]
organisation: organisation.yaml
workers: 1
sources: [{type: stdin}]
sinks:
  - {type: redis, url: "unix://$tmp/redis.sock"}
  - {type: jsonl, path: alerts.jsonl}
EOF

large_posts() { # first last
	severe_posts "$1" "$2" | awk -v fill="$(printf '%16000s' '')" '{
		sub(/dans /, "dans " fill)
		print
	}'
}

peak() { # of the memory so far, in MiB
	kib=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' \
		"/proc/$run_pid/status")
	[ "$kib" -lt $((peak_mib * 1024)) ] || fail "a peak of $kib KiB"
}

mkfifo "$tmp/posts"
"$VIGIE" run --config "$tmp/vigie.yaml" <"$tmp/posts" >"$tmp/out" \
	2>"$tmp/run.err" &
run_pid=$!
pids="$pids $run_pid"
large_posts 1 420 >"$tmp/posts" &
writer_pid=$!
pids="$pids $writer_pid"
# 65,536 / 200: from here on the outbox is full
wait_for 60 "a full outbox" lines_are "$tmp/alerts.jsonl" 327
sleep 1 # nothing to see is what is wanted: it reads no further
gone "$writer_pid" && fail "all was read although the outbox is full"
raised=$(grep -c '' "$tmp/alerts.jsonl")
[ "$raised" -lt 420 ] || fail "$raised alerts: the sources were not paused"
peak
redis_start
wait_for 100 "all alerts" lines_are "$tmp/alerts.jsonl" 420
wait_for 20 "the writer" gone "$writer_pid"
wait "$run_pid" || fail "exit $?"
for team in 001 057 143 200; do
	# A minute that ends meanwhile may tell of the sector beside them.
	n=$(stream "vigie:alerts:team-$team" | grep '"kind":"severe_post"' |
		first_seen | wc -l)
	[ "$n" = 420 ] || fail "team $team has $n alerts, not 420"
done
i=1
while [ $i -le 200 ]; do
	printf 'XLEN vigie:alerts:team-%03d\n' $i
	i=$((i + 1))
done | redis >"$tmp/lengths"
[ "$(awk '$1 >= 420' "$tmp/lengths" | wc -l)" = 200 ] ||
	fail "a team lacks alerts"

# ---- a second SIGTERM ------------------------------------------------------------
redis_kill9
rm -f "$tmp/alerts.jsonl"
"$VIGIE" run --config "$tmp/vigie.yaml" <"$tmp/posts" >"$tmp/out" \
	2>"$tmp/second.err" &
run_pid=$!
pids="$pids $run_pid"
exec 3>"$tmp/posts"
severe_posts 421 430 >&3
wait_for 60 "alerts" lines_are "$tmp/alerts.jsonl" 10
kill -TERM "$run_pid"
wait_for 10 "the first signal" grep -q draining "$tmp/second.err"
gone "$run_pid" && fail "it left with messages that nobody has"
kill -TERM "$run_pid"
wait_for 5 "the end" gone "$run_pid"
status=0
wait "$run_pid" || status=$?
[ "$status" = 1 ] || fail "a second SIGTERM: exit $status"
