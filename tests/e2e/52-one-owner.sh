#!/bin/sh
# Goal: one alert has one owner from its first message to the page of the day:
# people claim, hold with a promise, hand over, answer and close through Redis,
# the engine is killed in the middle, and afterwards the desk, `watch`, `ctl`,
# `report` in both languages and the journal's copy tell the same story, no
# transition lost or doubled; no agency reads what another drafts; a silence by
# command holds over a restart, and ends.
# Method: a real Redis, live posts of severity 4, redis-cli as the clients.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need jq redis-server redis-cli mkfifo
need_vigie run
need_vigie report
export VIGIE_REDIS="unix://$tmp/redis.sock" XDG_STATE_HOME="$tmp/home"
severe_rules 6 >"$tmp/rules.yaml"
cp rules/organisations/playbooks.yaml "$tmp/playbooks.yaml"
cat >"$tmp/org.yaml" <<'EOF'
model: coordinated
playbooks: [playbooks.yaml]
answer_within: {3: 1h}
teams:
  house:
    kind: centre
    name: {fr: Équipe sociale, en: Social team}
    brands: "*"
    sectors: "*"
  one:
    kind: agency
    name: {fr: Agence Un, en: Agency One}
    brands: [brand-0001]
    deputies: [house]
    channel: agency-one
  two:
    kind: agency
    name: {fr: Agence Deux, en: Agency Two}
    brands: [brand-0002, brand-0003, brand-0004]
    deputies: [house]
    channel: agency-two
routes:
  - {match: {brand: brand-0001, level: 3..4}, owner: one}
  - {match: {level: 3..4}, owner: two}
EOF
cat >"$tmp/vigie.yaml" <<EOF
rules: [rules.yaml]
organisation: org.yaml
state_dir: state
sources: [{type: stdin}]
sinks:
  - {type: redis, url: "unix://$tmp/redis.sock"}
EOF
"$VIGIE" check "$tmp/vigie.yaml" "$tmp/org.yaml" "$tmp/rules.yaml" \
	>"$tmp/out" 2>"$tmp/check.err" || fail "check"
redis_start
mkfifo "$tmp/stdin"
exec 3<>"$tmp/stdin"
start() {
	"$VIGIE" run --config "$tmp/vigie.yaml" <"$tmp/stdin" \
		>"$tmp/out" 2>>"$tmp/run.err" 3>&- &
	run_pid=$!
	pids="$pids $run_pid"
}
start
severe_posts 1 4 >&3
wait_for 30 "the alerts of one" stream_has vigie:alerts:agency-one 1
wait_for 30 "the alerts of two" stream_has vigie:alerts:agency-two 3

# ---- each sees its own, with what to do
watch() { # team
	"$VIGIE" watch "$1" --organisation "$tmp/org.yaml" --once --json \
		2>>"$tmp/watch.err" || fail "watch $1"
}
watch one >"$tmp/one"
watch two >"$tmp/two"
jq -se '[.[] | select(.stream == "alerts")] | [.[].entry.brand] ==
	["brand-0001"] and .[0].entry.owner == "one"
	and (.[0].entry.playbook.steps.fr | length) > 0' "$tmp/one" \
	>"$tmp/out" || fail "the view of one"
jq -se '[.[] | select(.stream == "alerts")] | [.[].entry.brand] ==
	["brand-0002", "brand-0003", "brand-0004"]
	and all(.[]; .entry.owner == "two")' "$tmp/two" >"$tmp/out" ||
	fail "the view of two"
id() { # brand
	jq -r --arg b "brand-000$1" 'select(.entry.brand == $b).entry.id' \
		"$tmp/one" "$tmp/two"
}
first=$(id 1) second=$(id 2) third=$(id 3)

claim() { # alert team person
	redis --eval docs/clients/claim.lua vigie:owners vigie:commands , "$@" |
		tr '\n' ' '
}
command() { # jq program of the object
	redis XADD vigie:commands '*' command "$(jq -nc "$1")"
}
answered() { [ -n "$(redis XRANGE vigie:answers "$1" "$1")" ]; }
answer() { # id of the command
	wait_for 20 "the answer to $1" answered "$1"
	redis XRANGE vigie:answers "$1" "$1" | tail -n 1
}
well() { # id of the command, what it was
	answer "$1" | jq -e .ok >"$tmp/out" || fail "$2: $(answer "$1")"
}
at() { # seconds from now
	date -u -d "@$(($(date +%s) + $1))" +%Y-%m-%dT%H:%M:%SZ
}

ctl() { "$VIGIE" ctl --socket "$tmp/state/control.sock" "$@"; }
house_has() { redis XRANGE vigie:alerts:house - + | grep -q "\"brand\":\"$1\""; }

# ---- one of two wins, the other is told who, by the hash and by the engine
won=$(claim "$first" one Claire)
case $won in "1 one "*) ;; *) fail "claim: $won" ;; esac
lost=$(claim "$first" house Marc)
case $lost in "0 one "*) ;; *) fail "the second: $lost" ;; esac
late=$(command "{do:\"claim\",alert:\"$first\",team:\"house\",by:\"Marc\"}")
answer "$late" | jq -e '.ok == false and .owner == "one" and .by == "Claire"
	and .error.code == "owned"' >"$tmp/out" || fail "not told who has it"
well "$(command "{do:\"hold\",alert:\"$first\",team:\"one\",by:\"Claire\",
	text:\"secret draft of One\",until:\"$(at 3600)\"}")" hold

# ---- killed; people go on meanwhile
kill -9 "$run_pid"
wait "$run_pid" 2>/dev/null || true
won=$(claim "$second" two Paul)
case $won in "1 two "*) ;; *) fail "claim without an engine: $won" ;; esac
lost=$(claim "$second" house Marc)
case $lost in "0 two "*) ;; *) fail "nobody said who has it: $lost" ;; esac
response=$(command "{do:\"respond\",alert:\"$first\",team:\"one\",
	by:\"Claire\",text:\"the answer\"}")
start
well "$response" "respond, sent while it was down"
won=${won#1 two }
well "${won% }" "a claim while it was down"

# ---- hand over, take over, close; a promise that breaks; two left alone
well "$(command "{do:\"handover\",alert:\"$first\",team:\"one\",
	by:\"Claire\",to:\"house\"}")" handover
taken=$(claim "$first" house Marc)
case $taken in "1 house "*) ;; *) fail "kept for house: $taken" ;; esac
taken=${taken#1 house }
well "${taken% }" "the claim of who was offered it"
answer "$(command "{do:\"close\",alert:\"$first\",team:\"house\",
	by:\"Marc\"}")" | jq -e '.error.code == "no_lesson"' >"$tmp/out" ||
	fail "closed without a lesson"
well "$(command "{do:\"close\",alert:\"$first\",team:\"house\",by:\"Marc\",
	lesson:\"ask the factory first\"}")" close
well "$(command "{do:\"hold\",alert:\"$second\",team:\"two\",by:\"Paul\",
	text:\"secret draft of Two\",until:\"$(at 4)\"}")" "hold"
broken() {
	redis XRANGE vigie:notices:agency-two - + | grep -q promise_broken
}
wait_for 30 "the broken promise" broken

# ---- a silence by command: told to nobody, with a name, a reason, an end;
# it outlives the engine, is listed, and lifted by the same match
silence() { # seconds, more of the object
	command "{do:\"silence\",team:\"two\",by:\"Paul\",
	reason:\"recall drill\",until:\"$(at "$1")\",$2}"
}
refused() { # id, code
	answer "$1" | jq -e --arg c "$2" '.error.code == $c' >"$tmp/out" ||
		fail "not $2: $(answer "$1")"
}
refused "$(silence 3600 'match:{}')" bad_match
refused "$(silence 3600 'match:{colour:"red"}')" bad_match
refused "$(silence -5 'match:{brand:"brand-0002"}')" past
refused "$(command '{do:"silence",team:"two",match:{brand:"brand-0002"}}')" \
	missing
well "$(silence 3600 'match:{brand:["brand-0002","brand-0005"]}')" silence
well "$(silence 8 'match:{topic:"nothing"}')" "a short silence"
ends() { redis XRANGE vigie:notices:agency-two - + | grep -q silence_ends; }
wait_for 30 "the word that a silence ends" ends
kill -9 "$run_pid"
wait "$run_pid" 2>/dev/null || true
start
severe_posts 5 6 >&3
wait_for 30 "the alert that is not silenced" stream_has vigie:alerts:house 5
wait_for 30 "it is the sixth" house_has brand-0006
house_has brand-0005 && fail "silenced, and told"
ctl --json silences | jq -e '.silences | any(.[];
	.by == "Paul" and .reason == "recall drill" and .team == "two"
	and .match.brand == ["brand-0002", "brand-0005"])' >"$tmp/out" ||
	fail "the list: $(ctl --json silences)"
well "$(silence -5 'match:{brand:["brand-0002","brand-0005"]}')" "lifting it"
ctl --json silences | jq -e '[.silences[] | select(.match.brand)] == []' \
	>"$tmp/out" || fail "not lifted"
[ "$(redis XRANGE vigie:notices:agency-two - + | grep -c silence_ends)" -eq 1 ] ||
	fail "told twice that a silence ends"

# ---- nobody reads the other's drafts
for team in one two; do
	other=two word=One
	[ "$team" = one ] || { other=one word=Two; }
	"$VIGIE" watch "$other" --organisation "$tmp/org.yaml" --once --json \
		--position "$tmp/all-$other" >"$tmp/all" 2>>"$tmp/watch.err" ||
		fail "watch $other"
	for key in alerts notices; do
		redis XRANGE "vigie:$key:agency-$other" - + >>"$tmp/all"
	done
	[ -s "$tmp/all" ] || fail "$other sees nothing"
	grep "secret draft of $word" "$tmp/all" &&
		fail "$other reads a draft of $team"
done

# ... nor can its user, with the rights of docs/OPERATIONS.md
rights=$(sed -n '/^ACL SETUSER kitkat/,/^```/p' docs/OPERATIONS.md |
	grep -v '^```' | tr '\n' ' ' | sed 's/SETUSER kitkat/SETUSER two/
	s/agency-kitkat/agency-two/g')
echo "$rights" | redis | grep -q OK || fail "the rights: $rights"
as_two() {
	redis-cli -s "$tmp/redis.sock" --raw --user two --pass secret \
		--no-auth-warning "$@" 2>&1
}
as_two XRANGE vigie:alerts:agency-two - + | grep -q brand-0002 ||
	fail "its own is refused"
as_two --eval docs/clients/claim.lua vigie:owners vigie:commands , \
	nothing two Paul | grep -q two || fail "its claim is refused"
as_two EVAL "return redis.call('HSETNX', KEYS[1], 'x', 'two')" 1 \
	vigie:owners | grep -q 1 || fail "the claim of vigie watch is refused"
redis HDEL vigie:owners x >"$tmp/out"
for key in commands journal alerts:agency-one notices:agency-one; do
	as_two XRANGE "vigie:$key" - + | grep -q NOPERM || fail "it reads $key"
	as_two EVAL "return redis.call('XRANGE', KEYS[1], '-', '+')" 1 \
		"vigie:$key" | grep "secret draft" && fail "by a script: $key"
done

# ---- ctl, the hash, the journal and its copy, the report: one story
ctl --json alerts >"$tmp/open" || fail "ctl"
jq -e --arg s "$second" --arg t "$third" '(.alerts | length) == 5
	and any(.alerts[]; .alert == $s and .state == "holding"
		and .owner == "two" and .by == "Paul")
	and any(.alerts[]; .alert == $t and .state == "notified"
		and .owner == null and .awaited == "two")' "$tmp/open" \
	>"$tmp/out" || fail "ctl: $(cat "$tmp/open")"
hash_is() { [ "$(redis HGETALL vigie:owners | tr '\n' ' ')" = "$1" ]; }
wait_for 20 "the hash to be as the engine has it" hash_is "$second two "
ctl stop >"$tmp/out" || fail "ctl stop"
wait "$run_pid" || fail "run ends with $?"
stream vigie:journal >"$tmp/copy"
jq -r --arg a "$first" 'select(.alert == $a and has("from"))
	| "\(.from) \(.to) \(.owner) \(.do)"' "$tmp/copy" >"$tmp/life"
cat >"$tmp/want" <<'EOF'
null detected null null
detected notified null null
notified claimed one claim
claimed holding one hold
holding responding one respond
responding responding one handover
responding claimed house claim
claimed closed house close
EOF
diff "$tmp/want" "$tmp/life" >"$tmp/life.err" || fail "another life"
report() { # options
	"$VIGIE" report --state "$tmp/state" --organisation "$tmp/org.yaml" \
		"$@" 2>>"$tmp/report.err" || fail "report $*"
}
# two hours later: what nobody took by then was left alone
later=$(at 7200)
report --now "$later" --lang fr >"$tmp/report.fr"
report --now "$later" --lang en >"$tmp/report.en"
report --now "$later" --format json >"$tmp/report.json"
jq -e '(.alerts | length) == 6 and .organisation.promises_kept == 1
	and .organisation.promises_broken == 1
	and (.organisation.no_action | length) == 4
	and any(.alerts[]; .holder == "house" and .by == "Marc")' "$tmp/report.json" \
	>"$tmp/out" || fail "report: $(jq -c .organisation "$tmp/report.json")"
for said in 'Équipe sociale' 'Agence Deux (Paul)' \
	'personne ne s.en est saisi' '1 tenue, 1 rompue'; do
	grep -q "$said" "$tmp/report.fr" || fail "not in French: $said"
done
for said in 'Social team' 'Agency Two (Paul)' \
	'nobody has taken it on' 'Promises: 1 kept, 1 broken'; do
	grep -q "$said" "$tmp/report.en" || fail "not in English: $said"
done
