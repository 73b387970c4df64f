#!/bin/sh
# Goal: a message that a silence holds back for long is not lost over restarts
# and does not make them send again what came after it.
# Method: two alerts, the first one silenced; three lives on one state_dir,
# the last of them without the silence.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need jq redis-server redis-cli mkfifo
need_vigie run
redis_start
severe_rules 3 >"$tmp/rules.yaml"
cat >"$tmp/vigie.yaml" <<EOF
rules: rules.yaml
organisation: org.yaml
state_dir: state
sinks:
  - {type: redis, url: "unix://$tmp/redis.sock"}
  - {type: jsonl, path: "$tmp/all.ndjson"}
EOF
teams='teams: {desk: {sectors: [testing], brands: "*"}}'
silent="$teams
silences:
  - {match: {brand: brand-0001}, author: Claire, reason: planned,
     until: 2999-01-01T00:00:00Z}"
mkfifo "$tmp/posts"
sent() { # how many
	stream_has vigie:alerts:desk "$1"
}
written() { # how many
	[ "$(wc -l <"$tmp/all.ndjson")" -ge "$1" ]
}
life() { # organisation, posts from, to, messages in the stream, in the file
	echo "$1" >"$tmp/org.yaml"
	timeout 60 "$VIGIE" run --config "$tmp/vigie.yaml" \
		<"$tmp/posts" 2>"$tmp/run.err" &
	run_pid=$!
	pids="$pids $run_pid"
	exec 3>"$tmp/posts"
	severe_posts "$2" "$3" >&3
	wait_for 20 "$5 messages in the file" written "$5"
	wait_for 20 "$4 messages in the stream" sent "$4"
	exec 3>&-
	wait "$run_pid" || fail "vigie run"
}
life "$silent" 1 2 1 2
life "$silent" 3 3 2 3
stream vigie:alerts:desk | jq -r .brand >"$tmp/got"
printf 'brand-0002\nbrand-0003\n' | cmp -s - "$tmp/got" ||
	fail "sent: $(tr '\n' ' ' <"$tmp/got")"
life "$teams" 3 3 3 3
stream vigie:alerts:desk | jq -r .brand >"$tmp/got"
printf 'brand-0002\nbrand-0003\nbrand-0001\n' | cmp -s - "$tmp/got" ||
	fail "sent at last: $(tr '\n' ' ' <"$tmp/got")"
[ "$(wc -l <"$tmp/all.ndjson")" -eq 3 ] || fail "the file got repeats"
