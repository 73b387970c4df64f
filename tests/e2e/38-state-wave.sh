#!/bin/sh
# Goal: kill -9 at ten seeded posts of the Nestlé wave and a start after each:
# `run` tells the alerts of a run that was never stopped, the same id, rev,
# level and minute, some of them twice at most.
# Method: `run` takes posts of now, so the wave is pressed into the next four
# minutes, which the clock of the engine follows. The sender knows only what
# it was told is saved: after a kill it sends its last part again.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need_vigie run
need perl
gen=$BUILD/bench/gen_nestle
[ -x "$gen" ] || skip "$gen is not built"
"$gen" 2>"$tmp/gen.err" | grep '"ts":"2010-03-\(19\|20\)' >"$tmp/wave"
perl -MPOSIX -e '
	my @l = <STDIN>;
	my $t0 = int(time / 60) * 60;
	for my $i (0 .. $#l) {
		my $s = $t0 + 240 * $i / @l;
		my $ts = strftime("%Y-%m-%dT%H:%M:%S", gmtime $s) .
			sprintf(".%03dZ", ($s - int $s) * 1000);
		$l[$i] =~ s/"ts":"[^"]*","seen":"[^"]*"/"ts":"$ts"/;
		print $l[$i];
	}' <"$tmp/wave" >"$tmp/posts"
all=$(wc -l <"$tmp/posts")
[ "$all" -gt 2000 ] || fail "the wave has $all posts"
rules=$PWD/rules/packs

# send FIRST COUNT [PID]: then kill PID.
send() {
	perl -MIO::Socket::UNIX -e '
		my ($file, $path, $first, $count, $pid) = @ARGV;
		my $s = IO::Socket::UNIX->new(Peer => $path) or exit 1;
		open my $f, "<", $file or exit 1;
		my @l = <$f>;
		print $s @l[$first .. $first + $count - 1] if $count > 0;
		$s->flush;
		kill 9, $pid if $pid;' \
		"$tmp/posts" "$dir/posts.sock" "$@"
}

start() {
	"$VIGIE" run --config "$dir/vigie.yaml" 2>>"$dir/run.err" &
	run_pid=$!
	pids="$pids $run_pid"
	sent=0
	wait_for 30 "the socket" send 0 0
}

ctl() {
	"$VIGIE" ctl --json --socket "$dir/state/control.sock" "$@"
}

judged() {
	ctl status | grep -q "\"batches_in_flight\":0,\"posts\":$sent,"
}

# whole FIRST COUNT: sent, judged and on the disk.
whole() {
	send "$1" "$2"
	sent=$((sent + $2))
	wait_for 30 "$sent posts to be judged" judged
	ctl snapshot >"$dir/snapshot" || fail "no snapshot"
}

finish() {
	kill "$run_pid"
	wait "$run_pid" || fail "the end was not a good one"
	sed -n 's/.*"id":"\([0-9a-f]*\)","rev":\([0-9]*\),.*"level":\([0-9]\),"previous_level":\([0-9]\),.*"minute":"\([^"]*\)","window.*/\1 \2 \3 \4 \5/p' \
		"$dir/alerts.jsonl" | sort -u >"$dir/told"
}

life() { # name
	dir=$tmp/$1
	mkdir "$dir"
	cat >"$dir/vigie.yaml" <<END
rules: $rules
key: "0"
state_dir: state
sources: [{type: unix, path: posts.sock}]
sinks: [{type: jsonl, path: alerts.jsonl}]
END
	start
}

life whole
whole 0 "$all"
finish
life killed
part=$((all / 10)) first=0 seed=2010
for round in 1 2 3 4 5 6 7 8 9 10; do
	[ "$round" -lt 10 ] || part=$((all - first))
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	send "$first" $((1 + seed / 65536 % part)) "$run_pid"
	wait "$run_pid" 2>/dev/null || true
	start
	whole "$first" "$part"
	first=$((first + part))
done
finish
[ "$(wc -l <"$tmp/whole/told")" -ge 5 ] || fail "too few alerts to compare"
diff "$tmp/whole/told" "$tmp/killed/told" ||
	fail "other alerts after ten kills"
