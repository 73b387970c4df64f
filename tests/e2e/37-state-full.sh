#!/bin/sh
# The disk of state_dir is full while alerts are raised: the log and `ctl
# status` say so and which file, sources are paused, nothing is told that is
# not on the disk; with room again all goes on, no message is lost; an engine
# that starts on a full disk waits in the same way.
# Method: a small tmpfs in a mount namespace where that is allowed, else the
# soft limit of file sizes of the running process.
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2154 # $tmp comes with lib.sh
here=${0%/*}
if [ -z "${FULL_BY:-}" ] && command -v unshare >/dev/null; then
	for as in "" -r; do
		# shellcheck disable=SC2086 # one option or none
		unshare $as -m mount -t tmpfs none /mnt 2>/dev/null &&
			FULL_BY=tmpfs exec unshare $as -m sh "$0"
	done
fi
. "$here/lib.sh"
need_vigie run
need perl
FULL_BY=${FULL_BY:-limit}
case $FULL_BY in
tmpfs)
	disk=/mnt # of a namespace that ends with this script
	mount -t tmpfs -o size=3m none "$disk"
	;;
*)
	need prlimit
	disk=$tmp/disk
	mkdir "$disk"
	;;
esac
severe_rules 2000 >"$tmp/rules.yaml"
cat >"$tmp/vigie.yaml" <<EOF
rules: rules.yaml
state_dir: $disk/state
control: {socket: $tmp/control.sock}
sources: [{type: unix, path: posts.sock}]
sinks: [{type: jsonl, path: alerts.jsonl}]
EOF

sender() {
	perl -MIO::Socket::UNIX -e '
		my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or exit 1;
		print $s $_ while <STDIN>; close $s' "$tmp/posts.sock"
}

answers() {
	sender </dev/null
}

start() {
	"$VIGIE" run --config "$tmp/vigie.yaml" --workers 1 \
		2>>"$tmp/run.err" &
	run_pid=$!
	pids="$pids $run_pid"
	wait_for 20 "the socket" answers
}

status() {
	"$VIGIE" ctl --json --socket "$tmp/control.sock" status \
		2>"$tmp/status.err"
}

status_has() { # text
	status | grep -q "$1"
}

fill() {
	if [ "$FULL_BY" = tmpfs ]; then
		dd if=/dev/zero of="$disk/ballast" bs=4k 2>/dev/null || true
	else
		prlimit --pid "$run_pid" --fsize=4096:
	fi
}

make_room() {
	if [ "$FULL_BY" = tmpfs ]; then
		rm "$disk/ballast"
		mount -o remount,size=64m "$disk"
	else
		prlimit --pid "$run_pid" --fsize=unlimited:
	fi
}

# Under the limit of file sizes the sink would fail as well.
alerts() {
	grep -c '^{' "$tmp/alerts.jsonl" || true
}

start
status_has '"writable":true,"holds_sources":false,"why":null' ||
	fail "status does not tell of a good disk"
severe_posts 1 20 | sender
wait_for 20 "alerts" lines_are "$tmp/alerts.jsonl" 20
fill
severe_posts 21 1500 | sender &
pids="$pids $!"
wait_for 20 "a word about the disk" status_has '"writable":false'
status_has '"holds_sources":true,"why":"cannot write' ||
	fail "status does not say why"
{ # more than its batches hold
	severe_posts 1501 1600
	awk 'BEGIN {for (i = 0; i < 80000; i++)
		print "{\"id\":\"calm\",\"source\":\"x\",\"text\":\"rien\"}"}'
} | sender &
pids="$pids $!"
wait_for 20 "sources to be paused" status_has '"state":"paused"'
grep -q "error state: cannot write.*$disk/state.*; sources are paused" "$tmp/run.err" ||
	fail "the log does not say which file"
[ "$FULL_BY" = limit ] || grep -q 'No space left' "$tmp/run.err" ||
	fail "the log does not say why"
journal=$(cat "$disk"/state/journal/*.log | grep -ao '"seq":[0-9]*,' |
	sort -u | wc -l)
[ "$(alerts)" -le "$journal" ] || fail "told what is not in the journal"
make_room
wait_for 30 "all alerts" lines_are "$tmp/alerts.jsonl" 1600
wait_for 20 "the log to say that it goes on" \
	grep -q 'info state: can be written again' "$tmp/run.err"
wait_for 20 "status to see the room" \
	status_has '"writable":true,"holds_sources":false,"why":null'
sed -n 's/.*"seq":\([0-9]*\),.*/\1/p' "$tmp/alerts.jsonl" |
	awk '$0 != NR - 1 {print "gap at", NR - 1; exit 1}' ||
	fail "a message is missing, twice or out of order"
[ "$FULL_BY" = tmpfs ] || exit 0

# Killed while nothing can be written, then started where nothing can be.
mount -o remount,size=6m "$disk" 2>/dev/null || true
fill
severe_posts 1601 1700 | sender &
pids="$pids $!"
wait_for 20 "a word about the disk" status_has '"writable":false'
kill -9 "$run_pid"
wait "$run_pid" 2>/dev/null || true
: >"$disk/state/lock" # nor has the number of the process room
fill
start
wait_for 20 "the start to see the disk" status_has '"writable":false'
rm "$disk/ballast"
mount -o remount,size=64m "$disk"
wait_for 30 "the disk to take it again" status_has '"writable":true'
severe_posts 1701 1701 | sender
told() {
	grep -q '"brand":"brand-1701"' "$tmp/alerts.jsonl"
}
wait_for 20 "an alert" told
kill "$run_pid"
wait "$run_pid" || fail "the end was not a good one"
sed -n 's/.*"seq":\([0-9]*\),.*/\1/p' "$tmp/alerts.jsonl" | sort -n |
	uniq | awk '$0 != NR - 1 {print "gap at", NR - 1; exit 1}' ||
	fail "a message is missing after the kill"
