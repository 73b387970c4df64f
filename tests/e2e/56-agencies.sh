#!/bin/sh
# Goal: two agencies subscribed at once see exactly their views: the alerts and
# notices of their own channels and nothing of the other's, no text that the
# other holds or notes; each acts by its own Redis user, as documented.
# Method: a real Redis with the users of docs/OPERATIONS.md; both act on their
# alerts while both listen, then each tries every way to the other's.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need redis-server redis-cli jq perl
need_vigie run
redis_start
redis INFO server | grep -q '^redis_version:\([7-9]\|[1-9][0-9]\)' ||
	skip "this Redis has no %W~ keys"
severe_rules 20 >"$tmp/rules.yaml"
cat >"$tmp/org.yaml" <<'EOF'
answer_within: {3: 1s}
teams:
  left: {brands: [brand-0001, brand-0002, brand-0003], channel: agency-left}
  right: {brands: [brand-0004, brand-0005, brand-0006], channel: agency-right}
  crisis: {brands: "*", min_level: 3}
EOF
cat >"$tmp/vigie.yaml" <<EOF
rules: rules.yaml
organisation: org.yaml
state_dir: state
sources: [{type: unix, path: posts.sock}]
sinks:
  - {type: redis, url: "unix://$tmp/redis.sock"}
EOF
# The users of the page, with other names.
acl=$(sed -n 's/^ACL SETUSER kitkat on >secret \(.*\)$/\1/p' docs/OPERATIONS.md)
[ -n "$acl" ] || fail "the page has no user for one team"
for team in left right; do
	# shellcheck disable=SC2046 # words on purpose
	redis ACL SETUSER "$team" on '>secret' \
		$(echo "$acl" | sed "s/agency-kitkat/agency-$team/g") \
		>"$tmp/out"
	[ "$(cat "$tmp/out")" = OK ] || fail "the page's user: $(cat "$tmp/out")"
done
as() { # team, command...
	team=$1
	shift
	redis-cli -s "$tmp/redis.sock" --no-auth-warning --user "$team" \
		--pass secret --raw "$@" 2>&1
}
sender() {
	perl -MIO::Socket::UNIX -e '
		my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or exit 1;
		print $s $_ while <STDIN>; close $s' "$tmp/posts.sock"
}
answers() {
	sender </dev/null
}
"$VIGIE" run --config "$tmp/vigie.yaml" --workers 1 2>"$tmp/run.err" &
run_pid=$!
pids="$pids $run_pid"
wait_for 20 "the socket" answers
for team in left right; do
	as "$team" SUBSCRIBE "vigie:alerts:agency-$team" \
		"vigie:notices:agency-$team" vigie:answers >"$tmp/heard-$team" &
	pids="$pids $!"
	wait_for 10 "the subscription of $team" \
		redis_has_listener "vigie:alerts:agency-$team"
done
severe_posts 1 8 | sender
wait_for 20 "the alerts" stream_has vigie:alerts:crisis 8
id() { # brand
	stream vigie:alerts:crisis | jq -r "select(.brand == \"brand-000$1\") | .id"
}

# ---- both act at once, as the page's users
act() { # team brand
	as "$1" --eval docs/clients/claim.lua vigie:owners vigie:commands , \
		"$(id "$2")" "$1" "P-$1" >>"$tmp/acts"
	for json in \
		'{"do":"hold","alert":"'"$(id "$2")"'","team":"'"$1"'","text":"draft of '"$1"'","until":"2099-01-01T00:00:00Z"}' \
		'{"do":"note","alert":"'"$(id "$2")"'","team":"'"$1"'","text":"secret of '"$1"'"}'; do
		as "$1" XADD vigie:commands '*' command "$json" >>"$tmp/acts"
	done
}
act left 1 &
acts=$!
act right 4
wait "$acts"
grep -i 'err\|noperm' "$tmp/acts" && fail "the page's user may not act"
wait_for 20 "the answers" stream_has vigie:answers 6
stream vigie:answers | jq -e -s 'all(.[]; .ok)' >"$tmp/out" || fail "refused"
# nobody has the others: both are told when it is late
wait_for 20 "a notice to the left" stream_has vigie:notices:agency-left 2
wait_for 20 "a notice to the right" stream_has vigie:notices:agency-right 2

# ---- what each has seen, as it was told and as it can read
brands() { # file
	jq -r '.brand // empty' "$1" | sort -u | tr '\n' ' '
}
see() { # team other brands
	as "$1" XRANGE "vigie:alerts:agency-$1" - + | grep '^{' >"$tmp/read"
	[ "$(brands "$tmp/read")" = "$3" ] || fail "$1 reads $(brands "$tmp/read")"
	grep '^{.*"rev"' "$tmp/heard-$1" >"$tmp/told"
	[ "$(brands "$tmp/told")" = "$3" ] || fail "$1 heard $(brands "$tmp/told")"
	as "$1" XRANGE "vigie:notices:agency-$1" - + | grep '^{' >"$tmp/read"
	jq -r .alert "$tmp/read" | sort -u >"$tmp/of"
	for n in 1 2 3 4 5 6 7 8; do
		id "$n"
	done >"$tmp/ids"
	case $1 in left) from=1 ;; *) from=4 ;; esac
	sed -n "$from,$((from + 2))p" "$tmp/ids" | sort >"$tmp/mine"
	[ -z "$(comm -23 "$tmp/of" "$tmp/mine")" ] || fail "$1 has notices of others"
	for key in vigie:journal vigie:commands "vigie:alerts:agency-$2" \
		"vigie:notices:agency-$2" vigie:alerts:crisis; do
		as "$1" XRANGE "$key" - + | grep -q NOPERM ||
			fail "$1 reads $key"
		as "$1" XREAD STREAMS "$key" 0 | grep -q NOPERM ||
			fail "$1 reads $key by XREAD"
		as "$1" DEL "$key" | grep -q NOPERM || fail "$1 deletes $key"
		as "$1" COPY "$key" vigie:owners REPLACE | grep -q NOPERM ||
			fail "$1 copies $key"
	done
	for channel in "vigie:alerts:agency-$2" "vigie:notices:agency-$2" \
		vigie:alerts:crisis; do
		as "$1" SUBSCRIBE "$channel" | grep -q NOPERM ||
			fail "$1 listens to $channel"
	done
	as "$1" PSUBSCRIBE 'vigie:*' | grep -q NOPERM || fail "$1 listens to all"
	as "$1" MONITOR </dev/null | grep -q NOPERM || fail "$1 sees commands"
	{
		as "$1" XRANGE vigie:answers - +
		as "$1" HGETALL vigie:owners
		cat "$tmp/heard-$1"
	} >"$tmp/seen"
	grep "draft of\|secret of" "$tmp/seen" && fail "$1 sees texts"
	as "$1" HGET vigie:owners "$(id 1)" | grep -qx left || fail "$1 is not told who"
	"$VIGIE" watch "$1" --organisation "$tmp/org.yaml" --once --json \
		--position "$tmp/place-$1" --redis \
		"unix://$1:secret@$tmp/redis.sock" >"$tmp/watch" 2>"$tmp/watch.err" ||
		fail "vigie watch as $1"
	jq -r 'select(.stream == "alerts").entry.brand' "$tmp/watch" | sort -u |
		tr '\n' ' ' >"$tmp/out"
	[ "$(cat "$tmp/out")" = "$3" ] || fail "vigie watch shows $1: $(cat "$tmp/out")"
	grep "draft of\|secret of" "$tmp/watch" && fail "vigie watch shows texts"
	return 0
}
see left right "brand-0001 brand-0002 brand-0003 "
see right left "brand-0004 brand-0005 brand-0006 "
[ "$(stream vigie:journal | grep -c 'draft of\|secret of')" -eq 4 ] ||
	fail "the texts are not in the journal"
kill "$run_pid"
wait "$run_pid" || fail "the end was not a good one"
echo "two agencies, two views"
