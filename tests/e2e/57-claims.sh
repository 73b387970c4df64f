#!/bin/sh
# Goal: of 200 claimants at once exactly one gets each of 1,000 alerts, and all
# others are told who: at once by docs/clients/claim.lua, by the answer to
# their command when they sent a plain one; the same with Redis killed with -9
# and started again in the middle.
# Method: a real Redis, the clients of claimants.pl, everything that Redis and
# the journal on the disk say afterwards.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need redis-server redis-cli jq perl
need_vigie run
alerts=1000
claimants=200
{
	echo "answer_within: {3: 4h}"
	echo "teams:"
	seq 0 $((claimants - 1)) | awk '{
		printf "  t%03d: {brands: \"*\", channel: everybody}\n", $1}'
} >"$tmp/org.yaml"

one() { # round, yes: Redis is killed in the middle
	severe_rules "$alerts" >"$tmp/rules.yaml"
	cat >"$tmp/vigie.yaml" <<EOF
rules: [rules.yaml]
organisation: org.yaml
state_dir: state-$1
sources: [{type: stdin}]
sinks:
  - {type: redis, url: "unix://$tmp/redis.sock", maxlen: 1000000}
EOF
	rm -rf "$tmp/appendonlydir" "$tmp/posts"
	redis_start
	mkfifo "$tmp/posts"
	"$VIGIE" run --config "$tmp/vigie.yaml" <"$tmp/posts" \
		>"$tmp/out" 2>"$tmp/run-$1.err" &
	run_pid=$!
	pids="$pids $run_pid"
	exec 3>"$tmp/posts"
	severe_posts 1 "$alerts" >&3
	wait_for 60 "the alerts" stream_has vigie:alerts:everybody "$alerts"
	stream vigie:alerts:everybody |
		sed -n 's/^{"v":1,"id":"\([0-9a-f]*\)".*/\1/p' >"$tmp/ids"
	perl tests/e2e/claimants.pl "$tmp/redis.sock" "$claimants" "$1" \
		<"$tmp/ids" >"$tmp/claims" 2>"$tmp/claimants.err" 3>&- &
	clients=$!
	pids="$pids $clients"
	if [ "$2" = yes ]; then
		wait_for 60 "half of the claims" grep -q half "$tmp/claims"
		redis_kill9
		redis_start
	fi
	wait "$clients" || fail "the claimants: $(cat "$tmp/claimants.err")"
	wait_for 60 "all answers" answered
	exec 3>&-
	wait "$run_pid" || fail "vigie run"
	judge "$1"
	redis SHUTDOWN NOSAVE >/dev/null 2>&1 || true
	wait "$redis_pid" 2>/dev/null || true
	redis_pid=
}

answered() {
	[ "$(redis XREVRANGE vigie:answers + - COUNT 1 | head -n 1)" = \
		"$(redis XREVRANGE vigie:commands + - COUNT 1 | head -n 1)" ]
}

judge() { # round
	sed -i /half/d "$tmp/claims"
	[ "$(wc -l <"$tmp/claims")" -eq $((alerts * claimants)) ] ||
		fail "a claim without an answer"
	stream vigie:journal | jq -r 'select(.to == "claimed") | .alert + " " + .owner' |
		sort >"$tmp/journal"
	[ "$(wc -l <"$tmp/journal") $(cut -d' ' -f1 "$tmp/journal" | uniq |
		wc -l)" = "$alerts $alerts" ] ||
		fail "not exactly one owner each in vigie:journal"
	redis HGETALL vigie:owners | paste -d' ' - - | sort |
		cmp - "$tmp/journal" || fail "vigie:owners says something else"
	cat "$tmp/state-$1"/journal/*.log | grep -ao '"to":"claimed"' >"$tmp/disk"
	[ "$(wc -l <"$tmp/disk")" -eq "$alerts" ] || fail "another journal on the disk"
	redis XRANGE vigie:commands - + | grep -c '^{' >"$tmp/commands"
	redis XRANGE vigie:answers - + | awk '/^[0-9]+-[0-9]+$/ && !id {id = $0}
		/^{/ {print id, $0; id = ""}' >"$tmp/answers"
	[ "$(wc -l <"$tmp/answers")" -eq "$(cat "$tmp/commands")" ] ||
		fail "not one answer for each command"
	[ -z "$(cut -d' ' -f1 "$tmp/answers" | uniq -d)" ] || fail "two answers"
	perl -e '
		my (%owner, %told, %n);
		open my $j, "<", $ARGV[0] or die; # who has it
		while (<$j>) { my ($a, $o) = split; $owner{$a} = $o }
		open my $s, "<", $ARGV[1] or die; # what each command was told
		while (<$s>) {
			my ($id, $json) = split / /, $_, 2;
			my ($a) = $json =~ /"alert":"(\w+)"/;
			my ($o) = $json =~ /"owner":"(\w+)"/;
			my ($c) = $json =~ /"code":"(\w+)"/;
			$told{$id} = [$a, $o, $c // ""];
		}
		open my $i, "<", $ARGV[2] or die; # the alerts in order
		my %kind; my $n = 0;
		while (<$i>) { chomp; $kind{$_} = $n++ % 10 }
		open my $c, "<", $ARGV[3] or die;
		while (<$c>) {
			my ($a, $team, $how, $won, $at_once, $id) = split;
			my $o = $owner{$a};
			if ($id eq "-") {
				# where plain commands run beside it, the
				# command has the last word
				die "$_ told $at_once, not $o\n"
				    if $at_once ne $o && $kind{$a} != 1;
				$n{"at once"}++;
				next;
			}
			my $t = $told{$id} or die "no answer to $_\n";
			die "$_ told $t->[1], not $o\n"
			    if $t->[0] ne $a || $t->[1] ne $o;
			my $fine = $team ne $o ? $t->[2] eq "owned"
			    : $t->[2] eq "" || $t->[2] eq "already";
			die "$_ told $t->[2]\n" unless $fine;
			$n{$team eq $o ? "owners" : "by answer"}++;
		}
		print join(", ", map { "$n{$_} $_" } sort keys %n), "\n"' \
		"$tmp/journal" "$tmp/answers" "$tmp/ids" "$tmp/claims" \
		>"$tmp/told" 2>"$tmp/judge.err" || fail "round $1: somebody was told wrong"
	echo "round $1: $(cat "$tmp/told")"
}
one 1 no
one 2 yes
