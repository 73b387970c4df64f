#!/bin/sh
# Goal: rules change while posts flow, and nothing is lost: by SIGHUP, by
# vigie ctl, by an editor that renames; a bad set changes nothing and says
# where it is bad; a rollback brings the set before back.
# Method: vigie run with posts coming all the time, each of which raises an
# alert of its own; each alert names its set, and the sets follow each other.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need nc mkfifo
need_vigie ctl
rules() { # mark
	severe_rules 400
	echo "  mark-$1: {match: mark$1}"
}
rules 0 >"$tmp/rules.yaml"
cat >"$tmp/vigie.yaml" <<EOF
rules: [rules.yaml]
sources: [{type: unix, path: "$tmp/posts.sock"}]
sinks: [{type: jsonl, path: alerts.jsonl}]
state_dir: state
watch: true
density: {budget: 1}
EOF
ctl() {
	"$VIGIE" ctl --config "$tmp/vigie.yaml" "$@"
}
"$VIGIE" run --config "$tmp/vigie.yaml" 2>"$tmp/run.err" &
run_pid=$!
pids="$pids $run_pid"
wait_for 30 "the control socket" ctl status
[ "$(stat -c %a "$tmp/state/control.sock")" = 600 ] || fail "mode of the socket"
mkfifo "$tmp/posts"
nc -N -U "$tmp/posts.sock" <"$tmp/posts" >/dev/null &
pids="$pids $!"
exec 3>"$tmp/posts"

running() {
	ctl status | sed -n 's/^ruleset  *//p'
}
runs_other() { # id
	[ "$(running)" != "$1" ]
}

# Twenty swaps, while 400 posts come: by SIGHUP and by ctl, in turns.
first=$(running)
for i in $(seq 1 20); do
	severe_posts $((i * 20 - 19)) $((i * 20 - 10)) >&3
	rules "$i" >"$tmp/.next" && mv "$tmp/.next" "$tmp/rules.yaml"
	if [ $((i % 2)) = 0 ]; then
		before=$(running)
		kill -HUP "$run_pid"
		wait_for 30 "the set of SIGHUP $i" runs_other "$before"
	else
		ctl reload >/dev/null || fail "reload $i"
	fi
	severe_posts $((i * 20 - 9)) $((i * 20)) >&3
done
wait_for 30 "400 alerts" lines_are "$tmp/alerts.jsonl" 400
sed -n 's/.*"brand":"brand-\([0-9]*\)".*/\1/p' "$tmp/alerts.jsonl" \
	>"$tmp/brands"
[ "$(sort -u "$tmp/brands" | wc -l)" = 400 ] || fail "a post was lost"
sort -c "$tmp/brands" || fail "the order of posts"
# Each alert names one set; none comes back once another has followed.
sed -n 's/.*"ruleset":"\([0-9a-f]*\)".*/\1/p' "$tmp/alerts.jsonl" |
	uniq >"$tmp/sets"
[ "$(wc -l <"$tmp/sets")" -ge 10 ] || fail "sets: $(cat "$tmp/sets")"
[ "$(sort -u "$tmp/sets" | wc -l)" = "$(wc -l <"$tmp/sets")" ] ||
	fail "a set came back: $(cat "$tmp/sets")"
[ "$(head -n 1 "$tmp/sets")" = "$first" ] || fail "the first set"
[ "$(ctl rules | grep -c 'running=')" = 3 ] || fail "not three sets kept"

# Who rang, against the budget.
ctl budget >"$tmp/budget" || fail "ctl budget"
for line in '^budget  *1$' '^over  *0$' '[ =]brand-0400  alerts=1  over=false$'
do
	grep -q "$line" "$tmp/budget" ||
		fail "ctl budget, $line: $(head -n 5 "$tmp/budget")"
done

# A bad set: where, in the answer and in the log, and nothing changes.
good=$(running)
echo "  bad: {match: '(('}" >>"$tmp/rules.yaml"
if ctl reload >"$tmp/out" 2>"$tmp/bad.err"; then
	fail "a bad set was taken"
fi
grep -q 'rules.yaml:[0-9]*:[0-9]*: error:' "$tmp/bad.err" || fail "no place"
grep -q 'rules.yaml:[0-9]*:[0-9]*: error:' "$tmp/run.err" || fail "no log"
ctl --json reload >"$tmp/bad.json" && fail "a bad set was taken"
grep -q '"ok":false.*"diagnostics":\[{"path":.*"line":[0-9]*,"column"' \
	"$tmp/bad.json" || fail "the answer: $(cat "$tmp/bad.json")"
[ "$(running)" = "$good" ] || fail "a bad set changed something"
kill -HUP "$run_pid"
wait_for 10 "the refusal of SIGHUP" \
	grep -q 'refused: .*asked by SIGHUP' "$tmp/run.err"

# Back, and back; then there is none.
ctl rolback 2>"$tmp/err" && fail "an unknown command"
grep -q "unknown command 'rolback'" "$tmp/err" || fail "not named"
grep -q "help: did you mean 'rollback'?" "$tmp/err" || fail "no hint"
ctl rollback >/dev/null || fail "rollback"
[ "$(running)" != "$good" ] || fail "rollback to the same"
ctl rollback >/dev/null || fail "a second rollback"
ctl rollback >"$tmp/out" 2>&1 && fail "a third rollback"
grep -q 'no set is kept that far back' "$tmp/out" || fail "$(cat "$tmp/out")"
ctl rollback "$good" >/dev/null || fail "forward by its id"
[ "$(running)" = "$good" ] || fail "another id"

# An editor: writes beside, renames.  Nobody asks.
rules 99 >"$tmp/.r.swp"
mv "$tmp/.r.swp" "$tmp/rules.yaml"
wait_for 30 "the watched file" runs_other "$good"
grep -q 'asked by a changed file' "$tmp/run.err" || fail "who asked?"

# Thirty more: what is kept is bounded, not what was ever loaded.
rss() {
	sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$run_pid/status"
}
before=$(rss)
for i in $(seq 100 129); do
	rules "$i" >"$tmp/.next" && mv "$tmp/.next" "$tmp/rules.yaml"
	ctl reload >/dev/null || fail "reload $i"
done
after=$(rss)
case ${FLAVOUR:-release} in
asan | tsan) ;; # freed memory is held back there
*) [ "$after" -lt $((before + 16384)) ] || fail "$before KiB, then $after" ;;
esac

# A clean end with a load under way.
exec 3>&-
kill -HUP "$run_pid"
kill -TERM "$run_pid"
wait_for 30 "the end" gone "$run_pid"
wait "$run_pid" || fail "SIGTERM: exit $?"
[ ! -e "$tmp/state/control.sock" ] || fail "the socket is still there"
ctl status 2>"$tmp/out" && fail "who answers?"
grep -q 'no engine answers there' "$tmp/out" || fail "$(cat "$tmp/out")"
