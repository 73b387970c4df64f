#!/bin/sh
# Goal: silences, calendars, a greater alert and groups hold back what a team
# need not hear now, in Redis as the organisation file says: nothing of levels
# 3 and 4 waits, nobody is left with an old state, every holding is in the
# journal, files get everything; the same with 1 and 4 workers.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need jq redis-server redis-cli
need_vigie run
[ -x "$BUILD/bench/gen_nestle" ] || skip "gen_nestle is not built"
cat >"$tmp/org.yaml" <<'EOF'
teams:
  desk: {brands: "*", sectors: "*"}
  calm: {brands: "*", sectors: "*"}
silences:
  - {match: {brand: kitkat}, author: Claire, reason: planned campaign,
     until: 2010-03-18T00:00:00Z}
mute:
  - {team: calm, days: sat-sun, reason: weekend}
inhibit:
  - {source: {subject: brand, level: 3..4},
     target: {subject: brand, level: 1..2}, equal: [sector]}
group: {by: [sector], wait: 5m, interval: 30m, repeat: 4h, backoff: 2}
noise_budget: 1
EOF
"$VIGIE" check "$tmp/org.yaml" >"$tmp/out" 2>"$tmp/check.err" ||
	fail "the organisation is refused"
"$BUILD/bench/gen_nestle" --seed 1 >"$tmp/posts"

run() { # workers
	redis_start
	cat >"$tmp/vigie.yaml" <<EOF
rules: [$PWD/rules/packs]
organisation: org.yaml
workers: $1
key: "0000000000000000000000000000000000000000000000000000000000000007"
state_dir: state-$1
sinks:
  - {type: redis, url: "unix://$tmp/redis.sock"}
  - {type: jsonl, path: "$tmp/all-$1.ndjson"}
EOF
	"$VIGIE" run --clock posts --config "$tmp/vigie.yaml" <"$tmp/posts" \
		>"$tmp/out" 2>"$tmp/run-$1.err" || fail "run with $1 workers"
	for team in desk calm; do
		stream "vigie:alerts:$team" | sed 's/,"latency_ms":{[^}]*}//' \
			>"$tmp/$team-$1"
	done
	sed -i 's/,"latency_ms":{[^}]*}//' "$tmp/all-$1.ndjson"
	redis SHUTDOWN NOSAVE >/dev/null 2>&1 || true
	wait "$redis_pid" 2>/dev/null || true
	redis_pid=
	rm -rf "$tmp/appendonlydir"
}
run 1
run 4
for f in desk calm; do
	cmp -s "$tmp/$f-1" "$tmp/$f-4" || fail "$f: 1 and 4 workers differ"
	jq -c '[.id, .rev]' "$tmp/$f-1" | sort | uniq -d | grep . &&
		fail "$f was told twice"
	[ "$(wc -l <"$tmp/$f-1")" -lt "$(wc -l <"$tmp/all-1.ndjson")" ] ||
		fail "$f: nothing was held"
done
cmp -s "$tmp/all-1.ndjson" "$tmp/all-4.ndjson" || fail "files differ"

# All of levels 3 and 4 but what is silenced, in order.
urgent='select(([.level, .previous_level] | max) >= 3)
	| select(.brand != "kitkat" or .minute >= "2010-03-18")
	| [.id, .rev]'
jq -c "$urgent" "$tmp/all-1.ndjson" >"$tmp/want"
[ -s "$tmp/want" ] || fail "nothing urgent: the test proves nothing"
for f in desk calm; do
	jq -c "$urgent" "$tmp/$f-1" | cmp -s - "$tmp/want" ||
		fail "$f: something of level 3 or 4 waited"
done
jq -e -s 'all(.[]; .brand != "kitkat" or .minute >= "2010-03-17")' \
	"$tmp/desk-1" >"$tmp/out" || fail "kitkat before its silence ended"
# Who was told of an episode knows its last state, but for what still waits.
jq -s 'group_by(.id) | map(max_by(.rev) | {(.id): [.rev, .level]}) | add' \
	"$tmp/all-1.ndjson" >"$tmp/last"
jq -e -s --slurpfile last "$tmp/last" 'group_by(.id)
	| map(max_by(.rev)) | map(select([.rev, .level] != $last[0][.id]))
	| length <= 2' "$tmp/desk-1" >"$tmp/out" ||
	fail "desk was left with an old state"
"$VIGIE" replay --rules rules/packs --organisation "$tmp/org.yaml" \
	"$tmp/posts" >"$tmp/replayed" 2>"$tmp/replay.err" || fail "replay"
[ "$(wc -l <"$tmp/replayed")" = "$(wc -l <"$tmp/all-1.ndjson")" ] ||
	fail "a file gets everything"
for why in silence mute group; do
	grep -ac "\"why\":\"$why\"" "$tmp/state-1/journal/"* |
		grep -qv ':0$' || fail "the journal has nothing held by $why"
done
grep -q "more messages of levels 1 and 2" "$tmp/run-1.err" ||
	fail "nobody was told of the noise"
