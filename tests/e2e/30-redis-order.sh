#!/bin/sh
# vigie run: 1,000 posts of severity 4 about 1,000 brands raise an alert each;
# the stream, a subscriber and the file hold the same lines in the same order.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need redis-server redis-cli
need_vigie run
redis_start
redis_listen vigie:alerts:all "$tmp/heard"
severe_rules 1000 >"$tmp/rules.yaml"
cat >"$tmp/vigie.yaml" <<EOF
rules: [rules.yaml]
sources: [{type: stdin}]
sinks:
  - {type: redis, url: "unix://$tmp/redis.sock"}
  - {type: jsonl, path: alerts.jsonl}
EOF
severe_posts 1 1000 | timeout 60 "$VIGIE" run --config "$tmp/vigie.yaml" \
	>"$tmp/out" 2>"$tmp/run.err" || fail "vigie run"
[ ! -s "$tmp/out" ] || fail "something on stdout without a stdout sink"
brands=$(sed -n 's/.*"kind":"severe_post".*"brand":"\([^"]*\)".*/\1/p' \
	"$tmp/alerts.jsonl" | sort -u | wc -l)
[ "$brands" -eq 1000 ] || fail "alerts about $brands brands, not 1,000"
stream vigie:alerts:all | cmp - "$tmp/alerts.jsonl" ||
	fail "the stream differs from the file"
count=$(wc -l <"$tmp/alerts.jsonl")
wait_for 10 "the subscriber" lines_are "$tmp/heard" "$count"
grep '^{' "$tmp/heard" | cmp - "$tmp/alerts.jsonl" ||
	fail "the subscriber differs from the file"
