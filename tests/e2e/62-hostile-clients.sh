#!/bin/sh
# Goal: clients that are slow, silent, mad or too many take nothing from the
# others: every good post becomes its alert, memory is bounded, SIGTERM ends
# it all in order while they still hold their connections.
# Method: clients.pl against vigie run on a port of its own, beside a well
# behaved client on a unix socket and on stdin.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need perl nc mkfifo
need_vigie run
# INPUTS_MAX half lines of LINE_BYTES_MAX would be 256 MiB: here is one.
case ${FLAVOUR:-release} in
asan | tsan) peak_mib=900 ;;
*) peak_mib=200 ;;
esac
severe_rules 100 >"$tmp/rules.yaml"
start() { # port
	cat >"$tmp/vigie.yaml" <<EOF
rules: [rules.yaml]
sources:
  - {type: tcp, listen: "127.0.0.1:$1"}
  - {type: unix, path: "$tmp/posts.sock"}
  - {type: stdin}
sinks: [{type: jsonl, path: alerts.jsonl}]
EOF
	"$VIGIE" run --config "$tmp/vigie.yaml" \
		<"$tmp/stdin" >"$tmp/out" 2>"$tmp/run.err" &
	run_pid=$!
	pids="$pids $run_pid"
}

up() {
	[ -S "$tmp/posts.sock" ] || gone "$run_pid"
}

# A port that nobody has; another one when somebody has it after all.
mkfifo "$tmp/stdin" "$tmp/hold"
exec 3<>"$tmp/stdin" 4<>"$tmp/hold"
port=$((20000 + $$ % 30000)) tries=0
start $port
wait_for 60 "vigie" up
while gone "$run_pid"; do
	tries=$((tries + 1))
	[ $tries -lt 5 ] || fail "no port in five trials"
	port=$((port + 37))
	rm -f "$tmp/posts.sock"
	start $port
	wait_for 60 "vigie" up
done
exec 3>&-
exec 3>"$tmp/stdin"

severe_posts 1 10 >&3
perl "${0%/*}/clients.pl" "$port" 11 <"$tmp/hold" >"$tmp/clients" \
	2>"$tmp/clients.err" &
clients_pid=$!
pids="$pids $clients_pid"
wait_for 60 "the bad clients" grep -q '^refused' "$tmp/clients"
# 256 inputs: stdin has one of them, the clients hold the others
grep -q '^refused [1-9][0-9]*, open 2[0-9][0-9]$' "$tmp/clients" ||
	fail "the limit: $(cat "$tmp/clients")"

# The others go on: stdin, and the unix socket when the crowd has gone.
severe_posts 14 20 >&3
wait_for 30 "alerts of stdin meanwhile" lines_are "$tmp/alerts.jsonl" 20
peak=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$run_pid/status")
[ "$peak" -lt $((peak_mib * 1024)) ] || fail "a peak of $peak KiB"
echo >&4
wait_for 20 "the clients to leave" gone "$clients_pid"
severe_posts 21 60 | nc -N -U "$tmp/posts.sock" >/dev/null ||
	fail "the unix socket"
wait_for 30 "alerts of the socket" lines_are "$tmp/alerts.jsonl" 60

# SIGTERM while connections and stdin are open: what was sent is judged.
mkfifo "$tmp/half"
nc -N -U "$tmp/posts.sock" <"$tmp/half" >/dev/null &
pids="$pids $!"
exec 5>"$tmp/half"
severe_posts 61 70 >&5
printf '{"text":"never finished' >&5
wait_for 30 "alerts before the end" lines_are "$tmp/alerts.jsonl" 70
kill -TERM "$run_pid"
wait_for 30 "the end" gone "$run_pid"
wait "$run_pid" || fail "SIGTERM: exit $?"
[ "$(sed -n 's/.*"brand":"brand-\([0-9]*\)".*/\1/p' "$tmp/alerts.jsonl" |
	sort -u | wc -l)" = 70 ] || fail "not one alert for each of 70 brands"
grep -q ' bad lines left out: .* too long' "$tmp/run.err" ||
	fail "the bad lines are not told"
