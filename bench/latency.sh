#!/bin/sh
# How long an alert takes: from the last byte of a post of severity 4 to the
# alert in a subscriber's hands, through the engine and a Redis of its own, at
# 10, 50 and 90 % of the top rate, against a bare PUBLISH to the same
# subscriber at the same moments (time_latency.c); then from the close of a
# minute to its alerts (time_minute.c).  1,000 rules run beside.
# usage: sh bench/latency.sh [build/release [SECONDS [WORKERS]]]
# Needs the performance set in ../shared/perf or $VIGIE_SHARED/perf, and
# redis-server.
# SPDX-License-Identifier: Apache-2.0
set -eu
build=${1:-build/release}
seconds=${2:-10}
workers=${3:-1}
perf=${VIGIE_SHARED:-../shared}/perf
brands=$((3 * seconds * 100 + 10))
[ -d "$perf" ] || {
	echo "skipped: no $perf"
	exit 0
}
command -v redis-server >/dev/null || {
	echo "skipped: no redis-server"
	exit 0
}
tmp=$(mktemp -d)
pids=
cleanup() {
	for p in $pids; do
		kill "$p" 2>/dev/null || true
	done
	wait
	rm -rf "$tmp"
}
trap cleanup EXIT INT TERM
zstd -dqc "$perf/posts-lean.ndjson.zst" >"$tmp/posts"
awk -v n="$brands" 'BEGIN {
	print "sector: testing\nbrands:"
	for (i = 1; i <= n + 40; i++)
		printf "  brand-%04d:\n    match: marque%04d\n", i, i
	print "topics:\n  poison:\n    severity: 4\n    match: listeria"
	print "  stale:\n    severity: 2\n    weight: 5\n    match: rassis"
}' >"$tmp/severe.yaml"
redis-server --port 0 --unixsocket "$tmp/redis.sock" --dir "$tmp" --save '' \
	--appendonly no >"$tmp/redis.log" 2>&1 &
pids=$!
until redis-cli -s "$tmp/redis.sock" PING >/dev/null 2>&1; do
	sleep 0.05
done
cat >"$tmp/vigie.yaml" <<EOF
rules: [severe.yaml, "$(cd "$perf" && pwd)/rules-1000"]
workers: $workers
sources: [{type: unix, path: "$tmp/posts.sock"}]
sinks: [{type: redis, url: "unix://$tmp/redis.sock"}]
EOF
"$build/vigie" run --config "$tmp/vigie.yaml" >/dev/null 2>"$tmp/err" &
pids="$pids $!"
n=0
until [ -S "$tmp/posts.sock" ]; do
	sleep 0.05
	n=$((n + 1))
	[ $n -lt 600 ] || {
		cat "$tmp/err" >&2
		exit 1
	}
done
"$build/bench/time_latency" "$tmp/posts" "$tmp/posts.sock" \
	"$tmp/redis.sock" "$brands" "$seconds"
"$build/bench/time_minute" "$tmp/posts.sock" "$tmp/redis.sock" \
	$((brands + 1))
