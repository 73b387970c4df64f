#!/bin/sh
# Goal: 200 people claim 1,000 alerts at once through Redis: of each exactly one
# wins, all others are told who, the engine owns it to the same team and the
# journal has one claim of each; the same with Redis killed and the engine
# killed in the middle.
# Method: claim.lua as documented, from 200 connections, each in an order of
# its own; who gets no reply asks again.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need jq redis-server redis-cli mkfifo python3
need_vigie run
alerts=1000 people=200
severe_rules $((2 * alerts)) >"$tmp/rules.yaml"
{
	echo 'answer_within: {3: 4h}'
	echo 'teams:'
	awk -v n=$people 'BEGIN {for (i = 1; i <= n; i++)
		printf "  t%03d: {brands: \"*\", channel: all}\n", i}'
} >"$tmp/org.yaml"
cat >"$tmp/vigie.yaml" <<EOF
rules: [rules.yaml]
organisation: org.yaml
state_dir: state
sources: [{type: stdin}]
sinks:
  - {type: redis, url: "unix://$tmp/redis.sock"}
EOF
cat >"$tmp/claim.py" <<'EOF'
import json, random, socket, sys, threading, time
path, ids, people, seed = sys.argv[1:5]
script = open("docs/clients/claim.lua", "rb").read()
ids = open(ids).read().split()
told = [dict() for _ in range(int(people))]

def request(*words):
    words = [w if isinstance(w, bytes) else w.encode() for w in words]
    return b"*%d\r\n" % len(words) + b"".join(
        b"$%d\r\n%s\r\n" % (len(w), w) for w in words)

def reply(f):
    line = f.readline()
    if not line.endswith(b"\r\n"):
        raise OSError("gone")
    kind, rest = line[:1], line[1:-2]
    if kind == b"*":
        return [reply(f) for _ in range(int(rest))]
    if kind == b"$":
        return f.read(int(rest) + 2)[:-2].decode()
    if kind == b"-":
        raise OSError(rest.decode())
    return int(rest) if kind == b":" else rest.decode()

def person(n):
    team, mine = "t%03d" % (n + 1), ids[:]
    random.Random(f"{seed}{n}").shuffle(mine)
    deadline = time.time() + 60
    while mine and time.time() < deadline:
        try:
            with socket.socket(socket.AF_UNIX) as s:
                s.settimeout(30)
                s.connect(path)
                f = s.makefile("rb")
                while mine:
                    some = mine[-20:]
                    s.sendall(b"".join(request("EVAL", script, "2",
                        "vigie:owners", "vigie:commands", i, team, team)
                        for i in some))
                    for i in some:
                        told[n][i] = reply(f)[:2]
                    del mine[-20:]
        except (OSError, ValueError):
            time.sleep(0.1)

everybody = [threading.Thread(target=person, args=(n,)) for n in range(len(told))]
for t in everybody: t.start()
for t in everybody: t.join()
owners = {}
for i in ids:
    words = [(n, t.get(i)) for n, t in enumerate(told)]
    assert all(w for _, w in words), "somebody was told nothing"
    won = [n for n, w in words if w[0] == 1]
    assert len(won) == 1, f"{i}: {len(won)} winners"
    team = "t%03d" % (won[0] + 1)
    assert all(w[1] == team for _, w in words), f"{i}: told another owner"
    owners[i] = team
json.dump(owners, sys.stdout, sort_keys=True)
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
start
crowd() { # name
	python3 "$tmp/claim.py" "$tmp/redis.sock" "$tmp/ids" $people "$1" \
		>"$tmp/$1.json" 2>"$tmp/crowd.err" &
	crowd_pid=$!
	pids="$pids $crowd_pid"
}
ids() { # from to
	redis XRANGE vigie:alerts:all - + | grep '^{' | sed -n "$1,$2p" |
		jq -r .id >"$tmp/ids"
	[ "$(sort -u "$tmp/ids" | wc -l)" -eq $alerts ] || fail "the alerts"
}
owned() { # what the engine says is what people were told
	"$VIGIE" ctl --socket "$tmp/state/control.sock" --json alerts \
		>"$tmp/open" || return 1
	jq -S --slurpfile want "$1" '[.alerts[] | select($want[0][.alert])
		| {(.alert): .owner}] | add' "$tmp/open" >"$tmp/owners"
	jq -S . "$1" | cmp -s - "$tmp/owners"
}

severe_posts 1 $alerts >&3
wait_for 60 "the alerts" stream_has vigie:alerts:all $alerts
ids 1 $alerts
crowd calm
wait "$crowd_pid" || fail "people were told different things"
wait_for 60 "the engine" owned "$tmp/calm.json"

severe_posts $((alerts + 1)) $((2 * alerts)) >&3
wait_for 60 "more alerts" stream_has vigie:alerts:all $((2 * alerts))
ids $((alerts + 1)) $((2 * alerts))
crowd storm
some() { [ "$(redis HLEN vigie:owners)" -ge $((alerts + alerts / 3)) ]; }
wait_for 60 "some claims" some
kill -9 "$run_pid"
redis_kill9
redis_start
wait "$crowd_pid" || fail "with Redis killed people were told different things"
start
wait_for 60 "the engine after a restart" owned "$tmp/storm.json"
"$VIGIE" ctl --socket "$tmp/state/control.sock" stop >"$tmp/out" || fail "stop"
wait "$run_pid" || fail "run ends with $?"
stream vigie:journal | jq -r 'select(.do == "claim") | .alert' | sort |
	uniq -c | awk '$1 != 1 {bad++} END {exit bad > 0 || NR != '$((2 * alerts))'}' ||
	fail "a claim was lost or done twice"
echo "$people people, $((2 * alerts)) alerts: one owner each"
