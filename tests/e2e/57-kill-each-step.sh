#!/bin/sh
# Goal: the engine is killed after every step of an alert's life, at once or
# some moments later, and no transition is lost or doubled: the journal, its
# copy in Redis and the answers are those of a life that nothing disturbed.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need jq redis-server redis-cli mkfifo
need_vigie run
severe_rules 3 >"$tmp/rules.yaml"
cat >"$tmp/org.yaml" <<'EOF'
answer_within: {3: 4h}
teams:
  house: {brands: "*", sectors: "*"}
  desk: {brands: "*", sectors: "*"}
EOF
cat >"$tmp/vigie.yaml" <<EOF
rules: [rules.yaml]
organisation: org.yaml
state_dir: state
sources: [{type: stdin}]
sinks:
  - {type: redis, url: "unix://$tmp/redis.sock"}
EOF
redis_start
mkfifo "$tmp/stdin"
exec 3<>"$tmp/stdin"
start() {
	"$VIGIE" run --config "$tmp/vigie.yaml" <"$tmp/stdin" \
		>"$tmp/out" 2>>"$tmp/run.err" 3>&- &
	run_pid=$!
	pids="$pids $run_pid"
}
again() {
	kill -9 "$run_pid"
	wait "$run_pid" 2>/dev/null || true
	start
}
start
severe_posts 1 3 >&3
wait_for 30 "the alerts" stream_has vigie:alerts:house 3
notified() { [ "$(stream vigie:journal | grep -c '"to":"notified"')" -eq 3 ]; }
wait_for 30 "the first steps" notified
stream vigie:alerts:house | jq -r .id >"$tmp/ids"
until=$(date -u -d "@$(($(date +%s) + 7200))" +%Y-%m-%dT%H:%M:%SZ)
cat >"$tmp/steps" <<EOF
{"do":"claim","team":"house","by":"Claire"}
{"do":"hold","team":"house","text":"we are checking","until":"$until"}
{"do":"note","team":"desk","text":"the factory is asked"}
{"do":"respond","team":"house","text":"the answer"}
{"do":"watch","team":"house"}
{"do":"handover","team":"house","to":"desk"}
{"do":"claim","team":"desk","by":"Marc"}
{"do":"release","team":"desk","text":"not ours"}
{"do":"claim","team":"house","by":"Claire"}
{"do":"close","team":"house","lesson":"ask first"}
EOF
answered() { [ -n "$(redis XRANGE vigie:answers "$1" "$1")" ]; }
for pause in 0 0.02 answer; do
	id=$(sed -n 1p "$tmp/ids")
	sed -i 1d "$tmp/ids"
	while read -r step <&5; do
		n=$(redis XADD vigie:commands '*' command \
			"$(echo "$step" | jq -c --arg a "$id" '.alert = $a')")
		if [ "$pause" = answer ]; then
			wait_for 20 "the answer to $step" answered "$n"
		else
			sleep "$pause"
		fi
		again
		wait_for 20 "the answer to $step" answered "$n"
		redis XRANGE vigie:answers "$n" "$n" | tail -n 1 |
			jq -e .ok >"$tmp/out" || fail "$step, $pause: $(
			redis XRANGE vigie:answers "$n" "$n" | tail -n 1)"
	done 5<"$tmp/steps"
	stream vigie:journal | jq -r --arg a "$id" \
		'select(.alert == $a and has("from"))
		| "\(.from) \(.to) \(.owner) \(.why) \(.do)"' >"$tmp/life"
	diff - "$tmp/life" >"$tmp/life.err" <<'EOF' || fail "another life, $pause"
null detected null alert null
detected notified null told null
notified claimed house command claim
claimed holding house command hold
holding holding house command note
holding responding house command respond
responding watching house command watch
watching watching house command handover
watching claimed desk command claim
claimed notified null command release
notified claimed house command claim
claimed closed house command close
EOF
done
[ "$(redis XLEN vigie:answers)" -eq 30 ] || fail "not one answer for each"
[ "$(redis HLEN vigie:owners)" -eq 0 ] || fail "a closed alert has a place"
echo "30 steps, 30 kills"
