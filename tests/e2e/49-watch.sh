#!/bin/sh
# Goal: a subscriber misses nothing and sees nothing twice over restarts; keys
# at a terminal become the documented commands; of two who claim one wins and
# the other is told who; the terminal is given back whatever ends it.
# Method: a real Redis, alerts as a replay wrote them, a pty by script(1).
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need jq redis-server redis-cli script
need_vigie watch
redis_start
export VIGIE_REDIS="unix://$tmp/redis.sock"
export XDG_STATE_HOME="$tmp/home" TERM=xterm USER=claire
grep '"rev":' tests/e2e/48-report/crisis.jsonl | grep '"level":[1-4],"prev' \
	>"$tmp/alerts"
[ "$(wc -l <"$tmp/alerts")" -ge 10 ] || fail "lost the alerts"
add() { # first last
	sed -n "$1,$2p" "$tmp/alerts" | while read -r line; do
		redis XADD vigie:alerts:crisis '*' alert "$line" >>"$tmp/added"
	done
}
once() { # more options
	"$VIGIE" watch crisis --once "$@" 2>"$tmp/once.err" || fail "watch --once"
}

# ---- for scripts: what is new, once
add 1 4
once --json >"$tmp/first"
[ "$(wc -l <"$tmp/first")" -eq 4 ] || fail "not the four that are there"
jq -e '.stream == "alerts" and .entry.id and (.id | test("^[0-9]+-[0-9]+$"))' \
	"$tmp/first" >"$tmp/out" || fail "a line of another form"
once --json >"$tmp/again"
[ -s "$tmp/again" ] && fail "something twice"
add 5 7
redis XADD vigie:notices:crisis '*' notice '{"v":1,"at":"2010-03-17T13:35:00Z","alert":"x","level":2,"kind":"answer_late","to":["crisis"],"sentence":{"fr":"En retard.","en":"It is late."}}' >"$tmp/added"
once --lang en >"$tmp/text"
grep -q 'It is late\.' "$tmp/text" || fail "no notice"
[ "$(grep -c '^[0-9-]* [0-9:]*  \[' "$tmp/text")" -eq 3 ] ||
	fail "not the three that came"
once --json --position "$tmp/else" >"$tmp/all"
[ "$(wc -l <"$tmp/all")" -eq 8 ] || fail "another position is not its own"
jq -c 'select(.stream == "alerts").entry' "$tmp/all" >"$tmp/read"
sed -n 1,7p "$tmp/alerts" | jq -c . | cmp -s - "$tmp/read" || fail "not as it was written"
# unread when nobody took it
"$VIGIE" watch crisis --once --json --position "$tmp/full" >/dev/full \
	2>"$tmp/once.err" && fail "written to a full disk"
[ -f "$tmp/full" ] && fail "unread entries count as read"
"$VIGIE" watch crisis </dev/null >"$tmp/out" 2>&1 && rc=0 || rc=$?
[ "$rc" -eq 2 ] || fail "without a terminal"

# ---- at a terminal
mkfifo "$tmp/keys"
sit() { # options
	script -qefc "stty rows 40 cols 100; $VIGIE watch crisis $*; echo ended \$?; stty -a" \
		"$tmp/typescript" <"$tmp/keys" >"$tmp/shown" 2>&1 &
	seat=$!
	pids="$pids $seat"
	exec 4>"$tmp/keys"
}
shows() { grep -aq "$1" "$tmp/shown"; }
commands() { [ "$(redis XLEN vigie:commands)" -ge "$1" ]; }
last() { redis XREVRANGE vigie:commands + - COUNT 1 | tail -n 1; }
sit --lang en
wait_for 20 "the list" shows 'c claim  h hold'
wait_for 20 "an alert" shows 'Nestl'
printf 'c' >&4
wait_for 20 "the claim" commands 1
last | jq -e '.do == "claim" and .team == "crisis" and .by == "claire"
	and (.alert | length) == 32' >"$tmp/out" || fail "claim: $(last)"
alert=$(last | jq -r .alert)
[ "$(redis HGET vigie:owners "$alert")" = crisis ] || fail "no owner is set"
printf 'h' >&4
wait_for 20 "the question" shows 'Statement'
printf 'We are checking \303\251.\r' >&4
wait_for 20 "the next question" shows 'Next word'
printf '2h\r' >&4
wait_for 20 "the promise" commands 2
last | jq -e --arg a "$alert" '.do == "hold" and .alert == $a
	and .text == "We are checking é." and (.until | endswith("Z"))' \
	>"$tmp/out" || fail "hold: $(last)"
printf 'okitkat\r' >&4
wait_for 20 "the hand-over" commands 3
last | jq -e '.do == "handover" and .to == "kitkat"' >"$tmp/out" ||
	fail "handover: $(last)"
printf 'rdone\r' >&4
wait_for 20 "the response" commands 4
printf 'w' >&4
wait_for 20 "watching" commands 5
printf 'xask first\r' >&4
wait_for 20 "the closing" commands 6
last | jq -e '.do == "close" and .lesson == "ask first"' >"$tmp/out" ||
	fail "close: $(last)"
# somebody else's answer shows, and an alert that comes now
redis XADD vigie:answers '*' command 1-0 answer "{\"ok\":true,\"alert\":\"$alert\",\"state\":\"responding\",\"owner\":\"crisis\",\"by\":\"Marc\",\"error\":null}" >"$tmp/added"
wait_for 20 "the answer" shows 'Marc'
# ---- the slower of two is told who was faster
printf 'j' >&4
other=$(jq -r .id "$tmp/alerts" | sort -u | grep -v "$alert" | head -n 2)
for id in $other; do redis HSET vigie:owners "$id" house >"$tmp/added"; done
printf 'c' >&4
wait_for 20 "the refusal" shows 'has an owner already: house'
commands 7 && fail "a lost claim was sent"
printf 'q' >&4
wait_for 20 "the end" shows 'ended 0'
wait_for 20 "the terminal" shows ' icanon'
grep -aqE '(^| )echo( |;)' "$tmp/shown" || fail "the terminal does not echo"
exec 4>&-
wait "$seat" 2>/dev/null || :

# ---- a signal gives the terminal back as well
rm -f "$tmp/shown"
sit --lang fr
wait_for 20 "the list" shows 'c prendre'
pid=$(ps -ef | awk -v t="$tmp" '/vigie watch crisis --lang fr/ && !/script|stty|awk/ {print $2}' | head -n 1)
[ -n "$pid" ] || fail "no process"
kill -TERM "$pid"
wait_for 20 "the end" shows 'ended 0'
wait_for 20 "the terminal" shows ' icanon'
exec 4>&-
once --json >"$tmp/after"
[ -s "$tmp/after" ] && fail "read at the terminal, and new again"

# ---- a server that is not there
redis_kill9
"$VIGIE" watch crisis --once >"$tmp/out" 2>"$tmp/down" && fail "no server"
grep -q 'help: --redis URL' "$tmp/down" || fail "no hint"
