#!/bin/sh
# The engine killed with -9 again and again while alerts are raised, and
# started anew on the same state_dir: the file holds every alert of the
# journal, seq has no gap, first occurrences are in order; a second engine on
# the same folder is refused; a stop and a start go on with seq. Where there is
# a Redis, its stream holds all of it too, in order. `vigie ctl snapshot`
# answers when the norms are on the disk; another key is refused.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need_vigie run
need perl
severe_rules 3000 >"$tmp/rules.yaml"
cat >"$tmp/vigie.yaml" <<EOF
rules: rules.yaml
state_dir: state
sources: [{type: unix, path: posts.sock}]
sinks:
  - {type: jsonl, path: alerts.jsonl}
EOF
if command -v redis-server >/dev/null && command -v redis-cli >/dev/null; then
	redis_start
	echo "  - {type: redis, url: 'unix://$tmp/redis.sock'}" \
		>>"$tmp/vigie.yaml"
fi

# Sends what it reads.
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

alerts() {
	cat "$tmp/alerts.jsonl" 2>/dev/null | grep -c '^{' || true
}

seqs() {
	sed -n 's/.*"seq":\([0-9]*\),.*/\1/p' "$tmp/alerts.jsonl"
}

told_of() { # brand
	grep -q "\"brand\":\"brand-$1\"" "$tmp/alerts.jsonl"
}

start
if "$VIGIE" run --config "$tmp/vigie.yaml" </dev/null 2>"$tmp/second.err"
then
	fail "a second engine ran on the same state_dir"
fi
grep -q 'in use by another vigie (process [0-9]' "$tmp/second.err" ||
	fail "the second engine did not say why"
grep -q 'pseudonyms' "$tmp/second.err" &&
	fail "the second engine tells of a key that it does not use"
# Norms of before the first entry of the journal are as good as any.
echo '{"text":"a quiet day"}' | sender
wait_for 20 "the first norms" test -s "$tmp/state/lifecycle"
kill -9 "$run_pid"
wait "$run_pid" 2>/dev/null || true
start
grep 'cannot be used' "$tmp/run.err" && fail "an empty journal is no damage"
from=1
for round in 1 2 3 4 5 6; do
	before=$(alerts)
	severe_posts "$from" $((from + 399)) | sender
	from=$((from + 400))
	# At some moment while alerts come, or before the first.
	[ "$round" -eq 1 ] ||
		wait_for 20 "some alerts" lines_are "$tmp/alerts.jsonl" \
			$((before + round * 17))
	kill -9 "$run_pid"
	wait "$run_pid" 2>/dev/null || true
	start
done
severe_posts "$from" "$from" | sender
wait_for 20 "the last alert" told_of "$from"
kill "$run_pid"
wait "$run_pid" || fail "the last end was not a good one"
seqs | awk '!seen[$0]++' >"$tmp/first"
awk '$0 != NR - 1 {print "gap at", NR - 1; exit 1}' "$tmp/first" ||
	fail "a message is missing or out of order"
[ -s "$tmp/first" ] || fail "no alert at all"
journal=$(cat "$tmp"/state/journal/*.log | grep -ao '"seq":[0-9]*,' |
	sort -u | wc -l)
[ "$journal" -eq "$(wc -l <"$tmp/first")" ] ||
	fail "the journal and the file do not hold the same"
last=$(tail -n 1 "$tmp/first")
from=$((from + 1))
start
severe_posts "$from" "$from" | sender
wait_for 20 "one more" told_of "$from"
[ "$(seqs | tail -n 1)" -eq $((last + 1)) ] || fail "seq did not go on"
rm "$tmp/state/norms"
"$VIGIE" ctl --config "$tmp/vigie.yaml" snapshot >"$tmp/ctl.out" 2>&1 ||
	fail "no snapshot: $(cat "$tmp/ctl.out")"
[ -s "$tmp/state/norms" ] || fail "answered before the norms were there"
kill "$run_pid"
wait "$run_pid" || fail "the end was not a good one"
if [ -n "$redis_pid" ]; then
	stream vigie:alerts:all | first_seen >"$tmp/all"
	first_seen <"$tmp/alerts.jsonl" | cmp - "$tmp/all" ||
		fail "the stream lacks a message or has another order"
fi
{
	cat "$tmp/vigie.yaml"
	echo "key: $(printf '%064d' 7)"
} >"$tmp/other.yaml"
if "$VIGIE" run --config "$tmp/other.yaml" </dev/null 2>"$tmp/other.err"; then
	fail "state of another key was taken"
fi
grep -q 'was written under another key than key: of the' "$tmp/other.err" ||
	fail "the refusal does not say why"
