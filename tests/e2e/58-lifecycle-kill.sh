#!/bin/sh
# Goal: nothing of an alert's life is lost or doubled when the engine is killed
# with -9 between any two steps of it, now and then with Redis down at the
# restart: in the journal, in its copy vigie:journal, in vigie:owners, in the
# notices and in the answers.
# Method: rounds of new alerts and of commands for older ones, with deadlines
# of seconds; a kill at a seeded moment of each; then everything is compared.
# What a silence holds back is never told, however often it is restarted.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need redis-server redis-cli jq perl
need_vigie run
rounds=${ROUNDS:-18}
seed=${SEED:-6}
fresh=12 # alerts of a round
redis_start
severe_rules 400 >"$tmp/rules.yaml"
cat >"$tmp/org.yaml" <<'EOF'
answer_within: {3: 2s}
teams:
  kitkat: {brands: "*", channel: agency-kitkat}
  crisis: {brands: "*", min_level: 3}
  direction: {brands: [brand-0400]}
escalation:
  - {after: 1s, to: [direction]}
silences:
  - {match: {brand: brand-0007}, author: Claire, reason: planned,
     until: 2100-01-01T00:00:00Z}
EOF
cat >"$tmp/vigie.yaml" <<EOF
rules: rules.yaml
organisation: org.yaml
state_dir: state
sources: [{type: unix, path: posts.sock}]
sinks:
  - {type: redis, url: "unix://$tmp/redis.sock"}
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
	rm -f "$tmp/posts.sock"
	"$VIGIE" run --config "$tmp/vigie.yaml" --workers 1 \
		2>>"$tmp/run.err" &
	run_pid=$!
	pids="$pids $run_pid"
	wait_for 20 "the socket" answers
}

# Each alert takes its next two steps; a fifth of them nobody ever claims, and
# of another fifth the owner does nothing.
steps() { # round: ids on stdin, oldest first
	perl -e '
		my ($round, $fresh, $sha) = @ARGV;
		my @steps = (
		    ["claim", "kitkat", ""],
		    ["hold", "kitkat", q(,"text":"we look into it","until":) .
			q("2099-01-01T00:00:00Z")],
		    ["note", "kitkat", q(,"text":"asked the factory")],
		    ["handover", "kitkat", q(,"to":"crisis")],
		    ["claim", "crisis", ""],
		    ["respond", "crisis", q(,"text":"it is fine")],
		    ["watch", "crisis", ""],
		    ["close", "crisis", q(,"lesson":"sooner next time")],
		    ["note", "crisis", q(,"text":"after the end")]);
		my $n = -1;
		while (my $id = <STDIN>) {
			chomp $id;
			$n++;
			next if $n % 5 == 0;
			my $from = 2 * ($round - 2 - int($n / $fresh));
			for my $k ($from, $from + 1) {
				next if $k < 0 || $k > ($n % 5 == 1 ? 0 : $#steps);
				my ($do, $team, $rest) = @{$steps[$k]};
				my $json = qq({"do":"$do","alert":"$id",) .
				    qq("team":"$team","by":"P$n"$rest});
				print $do eq "claim" && $team eq "kitkat"
				    ? "EVALSHA $sha 2 vigie:owners " .
				    "vigie:commands $id kitkat P$n\n"
				    : "XADD vigie:commands * command \x27$json\x27\n";
			}
		}' "$1" "$fresh" "$sha"
}
ids() {
	stream vigie:journal | jq -r 'select(.to == "detected") | .alert'
}
# Until the journal on the disk has grown by a seeded number of bytes, so that
# the kill falls among the entries of this round; at most half a second, and
# each third time two seconds, so that deadlines pass.
moment() { # round, bytes of before
	perl -e '
		srand $ARGV[0];
		my $long = $ARGV[3] % 3 == 0;
		my $most = $ARGV[2] + ($long ? 60000 : 0) + rand 60000;
		for (1 .. ($long ? 1500 : 400)) {
			my $bytes = 0;
			$bytes += -s for glob "$ARGV[1]/state/journal/*.log";
			last if $bytes >= $most;
			select undef, undef, undef, 0.001;
		}' "$((seed * 1000 + $1))" "$tmp" "$2" "$1"
}
size() {
	cat "$tmp"/state/journal/*.log 2>/dev/null | wc -c
}

start
round=1
while [ "$round" -le "$rounds" ]; do
	ids >"$tmp/ids"
	sha=$(redis SCRIPT LOAD "$(cat docs/clients/claim.lua)")
	steps "$round" <"$tmp/ids" >"$tmp/steps"
	before=$(size)
	severe_posts $((round * fresh - fresh + 1)) $((round * fresh)) | sender
	redis <"$tmp/steps" >"$tmp/sent" &
	sends=$!
	if [ $((round % 4)) -eq 3 ]; then
		wait "$sends"
		sends=
	fi
	moment "$round" "$before"
	kill -9 "$run_pid"
	wait "$run_pid" 2>/dev/null || true
	[ -z "$sends" ] || wait "$sends" || fail "the commands were not sent"
	grep -i err "$tmp/sent" && fail "a command was not taken"
	[ $((round % 4)) -ne 3 ] || redis_kill9
	start
	[ -n "$redis_pid" ] || redis_start
	round=$((round + 1))
done
answered() {
	[ "$(redis XREVRANGE vigie:answers + - COUNT 1 | head -n 1)" = \
		"$(redis XREVRANGE vigie:commands + - COUNT 1 | head -n 1)" ]
}
wait_for 20 "the last answer" answered
kill "$run_pid"
wait "$run_pid" || fail "the end was not a good one"

# ---- what there is now
perl -0777 -ne 'print "$1\n" while /(\{"v":1,"at":"[^"]+","alert":"[0-9a-f]{32}",(?:"sector":.*?"unacted":(?:true|false)|"level":\d,"kind":.*?\}))\}/sg' \
	"$tmp"/state/journal/*.log | sed 's/$/}/' >"$tmp/disk"
jq -c . "$tmp/disk" >"$tmp/disk.ok" 2>"$tmp/jq.err" || fail "the journal cannot be read"
stream vigie:journal | grep '"unacted":\|"kind":"[a-z_]*","to":' | grep -v '"rev"' >"$tmp/copy"
cmp "$tmp/disk" "$tmp/copy" ||
	fail "vigie:journal is not the journal: $(diff "$tmp/disk" "$tmp/copy" | head -n 4)"
for channel in agency-kitkat crisis direction; do
	team=${channel#agency-}
	jq -c --arg t "$team" 'select(.kind and (.to | index([$t])))' \
		"$tmp/disk" >"$tmp/want"
	stream "vigie:notices:$channel" | jq -c . | cmp - "$tmp/want" ||
		fail "notices of $channel"
done
redis XRANGE vigie:commands - + | grep '^[0-9]*-[0-9]*$' >"$tmp/sent"
redis XRANGE vigie:answers - + | awk '/^[0-9]+-[0-9]+$/ && !id {id = $0}
	/^{/ {print id, $0; id = ""}' >"$tmp/answers"
cut -d' ' -f1 "$tmp/answers" | cmp - "$tmp/sent" || fail "not one answer for each command, in order"
jq -r 'select(.command) | .command' "$tmp/disk" | sort >"$tmp/done"
sed -n 's/^\([0-9-]*\) {"ok":true.*/\1/p' "$tmp/answers" | sort |
	cmp - "$tmp/done" || fail "what was answered as done was not done once"
jq -r 'select(.unacted != null) | [.alert, .from // "-", .to, .owner // "-",
	.team // "-", .why, .do // "-", .note // "-", .brand] | @tsv' "$tmp/disk" |
	perl -F'\t' -lane '
		my ($a, $from, $to, $owner, $team, $why, $do, $note, $brand) = @F;
		my $was = $state{$a} // "-";
		die "$a: $was, then from $from to $to\n" if $from ne $was;
		my $line = join " ", @F;
		die "twice: $line\n" if $line eq ($last{$a} // "") && $why ne "command";
		die "held back, and told: $line\n"
		    if $why eq "told" && $brand eq "brand-0007";
		$n{$why}++;
		($state{$a}, $last{$a}) = ($to, $line);
		if ($do eq "handover") { $offer{$a} = $note }
		elsif ($do ne "note") { delete $offer{$a} }
		$place{$a} = $to =~ /claimed|holding|responding|watching/
		    ? $offer{$a} // $owner : "";
		END {
			print STDERR join ", ", map { "$n{$_} $_" } sort keys %n;
			print "$_ $place{$_}" for grep { $place{$_} } sort keys %place;
		}' >"$tmp/places" 2>"$tmp/counts.err" || fail "a chain is broken"
redis HGETALL vigie:owners | paste -d' ' - - | sort | cmp - "$tmp/places" ||
	fail "vigie:owners is not what the journal says"
[ "$(jq -r 'select(.from == null and .to == "detected") | .alert' "$tmp/disk" |
	sort -u | wc -l)" -ge $((rounds * fresh - rounds)) ] || fail "alerts are missing"
for why in alert told command timeout silent; do
	grep -q "[0-9] $why" "$tmp/counts.err" || fail "nothing happened by $why"
done
echo "$rounds kills; $(cat "$tmp/counts.err"); $(wc -l <"$tmp/sent") commands," \
	"$(wc -l <"$tmp/done") done, $(jq -r 'select(.kind) | .kind' "$tmp/disk" | wc -l) notices"
