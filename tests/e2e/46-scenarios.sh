#!/bin/sh
# Goal: each scenario says what its expected.json asks for, with one worker
# and with four the same bytes; and the same bytes again from an engine that
# was killed in the middle of it and started anew on its state_dir.
# Method: vigie drill, jq; vigie run by the posts' own clock, fed through a
# socket, killed with -9 once it holds the first part.  All seeds of all
# scenarios: bench/quality/scenarios.sh.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need_vigie drill
need jq perl cmp
jq_file=bench/quality/scenarios.jq
seed=${VIGIE_SEED:-1}

drill() { # name workers more...
	name=$1 workers=$2
	shift 2
	"$VIGIE" drill "$name" --scenarios rules/scenarios --seed "$seed" \
		--workers "$workers" --view json "$@" 2>"$tmp/drill.err"
}

sender() {
	perl -MIO::Socket::UNIX -e '
		my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or exit 1;
		print $s $_ while <STDIN>; close $s' "$tmp/posts.sock"
}

# posts_total also in --json of ctl, where counters have their names.
has_read() { # lines
	[ "$("$VIGIE" ctl --config "$tmp/vigie.yaml" --json counters |
		jq '[.. | .posts_total? // empty] | first // 0')" -ge "$1" ]
}

answers() {
	"$VIGIE" ctl --config "$tmp/vigie.yaml" status
}

start() {
	"$VIGIE" run --config "$tmp/vigie.yaml" --clock posts --workers 2 \
		2>>"$tmp/run.err" &
	run_pid=$!
	pids="$pids $run_pid"
	wait_for 20 "the engine" answers
}

# Half of the posts before the kill: of those of the worst day, so that an
# alert is open then.
killed() { # name
	rm -rf "$tmp/state" "$tmp/alerts.jsonl"
	rules=$(sed -n 's/^rules: *\[\(.*\)\]/\1/p' "rules/scenarios/$1/plan.yaml" |
		tr -d ' ' | tr ',' '\n' |
		sed "s|^|$PWD/rules/scenarios/$1/|" | paste -sd,)
	cat >"$tmp/vigie.yaml" <<-END
	rules: [$rules]
	key: drill
	state_dir: state
	sources: [{type: unix, path: posts.sock}]
	sinks: [{type: jsonl, path: alerts.jsonl, sync: false}]
	END
	drill "$1" 2 --view posts >"$tmp/posts"
	at=$(jq -r 'select(.level >= 1) | .minute' "$tmp/one" |
		awk '{all[NR] = $0} END {print all[int((NR + 1) / 2)]}')
	n=$(awk -v at="${at%Z}" '{
		split($0, part, "\"ts\":\"")
		if (substr(part[2], 1, 19) <= at) n = NR
	} END {print n}' "$tmp/posts")
	printf 'key: drill\n' >"$tmp/key.yaml"
	drill "$1" 1 --config "$tmp/key.yaml" | grep '^{"v"' >"$tmp/want"
	start
	head -n "$n" "$tmp/posts" | sender
	wait_for 60 "the first part" has_read \
		"$(head -n "$n" "$tmp/posts" | wc -l)"
	"$VIGIE" ctl --config "$tmp/vigie.yaml" snapshot >/dev/null ||
		fail "$1: no snapshot"
	kill -9 "$run_pid"
	wait "$run_pid" 2>/dev/null || true
	start
	tail -n +"$((n + 1))" "$tmp/posts" | sender
	wait_for 60 "the second part" has_read \
		"$(tail -n +"$((n + 1))" "$tmp/posts" | wc -l)"
	kill "$run_pid"
	wait "$run_pid" || fail "$1: the end was not a good one"
	sed 's/,"latency_ms":{[^}]*}//' "$tmp/alerts.jsonl" |
		awk '!seen[$0]++' >"$tmp/got"
	cmp "$tmp/want" "$tmp/got" ||
		fail "$1: other alerts after a kill and a restart"
}

for plan in rules/scenarios/*/plan.yaml; do
	folder=${plan%/plan.yaml}
	name=${folder##*/}
	drill "$name" 1 >"$tmp/one" || fail "$name: exit"
	drill "$name" 4 >"$tmp/four" || fail "$name: exit"
	cmp "$tmp/one" "$tmp/four" || fail "$name: workers change the bytes"
	jq -rs --slurpfile want "$folder/expected.json" -f "$jq_file" \
		"$tmp/one" >"$tmp/wrong" || fail "$name: jq"
	if [ -s "$tmp/wrong" ]; then
		cat "$tmp/wrong"
		fail "$name: not as expected"
	fi
	# A year in which nothing rings has nothing to compare.
	grep -q '"level":[1-4]' "$tmp/one" && killed "$name"
done

# Without its crisis, a case is a quiet time.
for name in dominos-2009 united-2017 buitoni-2022; do
	drill "$name" 2 --wave 0 >"$tmp/none"
	jq -e 'select(.drill) | .highest_level <= 1' "$tmp/none" >/dev/null ||
		fail "$name: rings without its crisis"
done

"$VIGIE" drill hoax --scenarios rules/scenarios --lang fr \
	>"$tmp/text" 2>/dev/null
grep -q "Avant la crise : aucune fausse alerte en " "$tmp/text" ||
	fail "what rang before it is not told in French"
