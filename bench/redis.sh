#!/bin/sh
# What Redis costs and takes, both ways, through a socket of its own.
# Source: processor time of a message by the engine's source beside hiredis'
# reader with its tree (time_redis.c).  Sink: alerts a second over one
# connection (time_redis_sink.c) beside XADD by redis-benchmark, one connection
# with a pipeline of 64 and the same bytes; processor time of an alert here and
# in the server.  An alert is an XADD and a PUBLISH, in transactions.
# Best of RUNS (5), both sides in turn.
# usage: sh bench/redis.sh [build/release]
# SPDX-License-Identifier: Apache-2.0
set -eu
build=${1:-build/release}
runs=${RUNS:-5}
for tool in redis-server redis-benchmark; do
	command -v $tool >/dev/null || {
		echo "skipped: no $tool"
		exit 0
	}
done
. "$(dirname "$0")/measure.sh"
tmp=$(mktemp -d)
redis=
cleanup() {
	[ -z "$redis" ] || kill "$redis" 2>/dev/null || true
	wait
	rm -rf "$tmp"
}
trap cleanup EXIT INT TERM
redis-server --port 0 --unixsocket "$tmp/redis.sock" --dir "$tmp" --save '' \
	--appendonly no >"$tmp/redis.log" 2>&1 &
redis=$!
until redis-cli -s "$tmp/redis.sock" PING >/dev/null 2>&1; do
	sleep 0.05
done

forget() {
	redis-cli -s "$tmp/redis.sock" FLUSHALL >/dev/null
}

server_ticks() {
	awk '{print $14 + $15}' "/proc/$redis/stat"
}

measure_machine "$build"
for bytes in 400 2000; do
	i=0
	while [ $i -lt "$runs" ]; do
		forget
		"$build/bench/time_redis" "$tmp/redis.sock" 200000 $bytes
		i=$((i + 1))
	done >"$tmp/source"
	# "... tree N, source N, ratio N": the least of each
	sed 's/.*tree \([0-9]*\), source \([0-9]*\),.*/\1 \2/' "$tmp/source" |
		awk -v b=$bytes 'NR == 1 || $1 < t {t = $1}
		NR == 1 || $2 < s {s = $2}
		END {printf "source, %d bytes: hiredis %d ns, ours %d ns, " \
			"%.2f times less (>= 1.5)\n", b, t, s, t / s}'
done
count=60000
for bytes in 1000 3000; do
	: >"$tmp/ours"
	: >"$tmp/theirs"
	head -c $bytes /dev/zero | tr '\0' x >"$tmp/body"
	i=0
	while [ $i -lt "$runs" ]; do
		forget
		before=$(server_ticks)
		echo "$("$build/bench/time_redis_sink" "$tmp/redis.sock" \
			$count $bytes) $(($(server_ticks) - before))" \
			>>"$tmp/ours"
		forget
		before=$(server_ticks)
		redis-benchmark -s "$tmp/redis.sock" -c 1 -P 64 -n $count -q \
			-x XADD bench MAXLEN '~' 100000 '*' alert \
			<"$tmp/body" 2>&1 | tr '\r' '\n' |
			sed -n 's/.*: \([0-9.]*\) requests per second.*/\1/p' |
			tail -n 1 >"$tmp/rate"
		echo "$(cat "$tmp/rate") $(($(server_ticks) - before))" \
			>>"$tmp/theirs"
		i=$((i + 1))
	done
	sort -rn "$tmp/theirs" | head -n 1 >"$tmp/best"
	sort -rn "$tmp/ours" | head -n 1 |
		awk -v b=$bytes -v n=$count -v hz="$(getconf CLK_TCK)" '
		NR == FNR {theirs = $1; server = $2; next}
		{printf "sink, %d bytes: %d alerts/s, redis-benchmark %d XADD/s, " \
			"%.2f (>= 0.75); us: %.1f here, %.1f in the server, " \
			"%.1f for XADD alone\n", b, $1, theirs, $1 / theirs,
			$2 / 1e3, 1e6 * $3 / hz / n, 1e6 * server / hz / n}
		' "$tmp/best" -
done
