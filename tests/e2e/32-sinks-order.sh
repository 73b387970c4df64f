#!/bin/sh
# 1,000 alert messages through all sinks at once: the stream, a subscriber, the
# file and standard output hold the same lines in the same order.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need redis-server redis-cli
gen=$BUILD/bench/gen_alerts
[ -x "$gen" ] || skip "$gen is not built"
redis_start
redis_listen vigie:alerts:all "$tmp/heard"
cat >"$tmp/vigie.yaml" <<EOF
sinks:
  - {type: redis, url: "unix://$tmp/redis.sock"}
  - {type: jsonl, path: alerts.jsonl}
  - {type: stdout}
EOF
"$gen" "$tmp/vigie.yaml" 1000 >"$tmp/out" 2>"$tmp/gen.err" || fail "gen_alerts"
[ "$(wc -l <"$tmp/out")" -eq 1000 ] || fail "not 1,000 lines on stdout"
cmp "$tmp/out" "$tmp/alerts.jsonl" || fail "the file differs"
stream vigie:alerts:all | cmp - "$tmp/out" || fail "the stream differs"
wait_for 10 "the subscriber" lines_are "$tmp/heard" 1000
grep '^{' "$tmp/heard" | cmp - "$tmp/out" || fail "the subscriber differs"
# A second run appends to both.
"$gen" "$tmp/vigie.yaml" 10 >"$tmp/more" 2>"$tmp/gen.err" || fail "gen_alerts"
[ "$(wc -l <"$tmp/alerts.jsonl")" -eq 1010 ] || fail "the file was not kept"
[ "$(redis XLEN vigie:alerts:all)" -eq 1010 ] || fail "the stream was not kept"
