#!/bin/sh
# Goal: an own statement whose command was journaled becomes a post though the
# engine was killed before that was safe, and counts once when it was; a Redis
# user without the desk's rights gets one error and alerts go on.
# Method: kill -9, with and without the file of posts; a Redis with an ACL.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need redis-server redis-cli jq
need_vigie run
cat >"$tmp/rules.yaml" <<'EOF'
sector: testing
brands:
  maison:
    match: maison
    own: ["@maison"]
topics:
  poison:
    severity: 4
    match: listeria
EOF
cat >"$tmp/org.yaml" <<'EOF'
teams:
  house: {brands: "*"}
EOF
config() { # url
	cat >"$tmp/vigie.yaml" <<EOF
rules: rules.yaml
organisation: org.yaml
state_dir: state
sources: [{type: unix, path: posts.sock}]
sinks:
  - {type: redis, url: "$1"}
EOF
}
start() {
	rm -f "$tmp/posts.sock"
	"$VIGIE" run --config "$tmp/vigie.yaml" --workers 1 \
		2>>"$tmp/run.err" &
	run_pid=$!
	pids="$pids $run_pid"
	wait_for 20 "the engine" counters
}
kill9() {
	kill -9 "$run_pid"
	wait "$run_pid" 2>/dev/null || true
}
counters() {
	"$VIGIE" ctl --config "$tmp/vigie.yaml" --json counters \
		>"$tmp/counters" 2>"$tmp/ctl.err"
}
counter_is() { # name value
	counters && [ "$(jq ".$1 // .counters.$1 // 0" "$tmp/counters")" -eq "$2" ]
}
sender() {
	perl -MIO::Socket::UNIX -e '
		my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or exit 1;
		print $s $_ while <STDIN>; close $s' "$tmp/posts.sock"
}

# ---- a statement
redis_start
config "unix://$tmp/redis.sock"
start
redis XADD vigie:commands '*' command '{"do":"statement","brand":"maison","team":"house","by":"Claire","text":"Nous v\u00e9rifions \u00ab tout \u00bb."}' >"$tmp/id"
wait_for 20 "its answer" stream_has vigie:answers 1
stream vigie:answers | jq -e .ok >"$tmp/out" || fail "it was refused"
wait_for 20 "its post" counter_is posts_own_total 1
kill9
# the post was safe: given again, it is a repeat
start
wait_for 20 "the repeat" counter_is posts_repeated_total 1
kill9
# it was not: its file never reached the disk
rm -f "$tmp"/state/recent/* "$tmp/state/norms"
start
wait_for 20 "the post that was lost" counter_is posts_own_total 1
counter_is posts_repeated_total 0 || fail "it is taken for a repeat"
[ "$(stream vigie:answers | wc -l)" -eq 1 ] || fail "a second answer"
[ "$(stream vigie:journal | jq -c 'select(.brand == "maison" and .text)' |
	wc -l)" -eq 1 ] || fail "not one entry"
kill9

# ---- an older copy of the folder: its next entries would bear ids that are
# there, and be refused one by one without a word
cp -r "$tmp/state" "$tmp/copy"
start
redis XADD vigie:commands '*' command '{"do":"statement","brand":"maison","team":"house","by":"Claire","text":"Deux."}' >"$tmp/id"
wait_for 20 "its answer" stream_has vigie:answers 2
wait_for 20 "its entry" stream_has vigie:journal 2
kill9
rm -rf "$tmp/state"
cp -r "$tmp/copy" "$tmp/state"
start
wait_for 20 "a word about the copy" grep -q 'remove the file born' "$tmp/run.err"
kill9
rm "$tmp/state/born"
start
redis XADD vigie:commands '*' command '{"do":"statement","brand":"maison","team":"house","by":"Claire","text":"Trois."}' >"$tmp/id"
wait_for 20 "its answer" stream_has vigie:answers 3
wait_for 20 "its entry" stream_has vigie:journal 3
kill9

# ---- a user without the rights
rm -rf "$tmp/state"
redis FLUSHALL >"$tmp/out"
redis ACL SETUSER narrow on '>secret' '~vigie:alerts:*' '&vigie:alerts:*' \
	+multi +exec +xadd +publish +ping >"$tmp/out"
config "unix://narrow:secret@$tmp/redis.sock"
mv "$tmp/run.err" "$tmp/before.err"
start
redis_says_no() {
	grep -q 'error desk: .*refused: .*NOPERM' "$tmp/run.err"
}
wait_for 20 "the error" redis_says_no
say() { # number
	echo "{\"id\":\"$1\",\"source\":\"test\",\"author\":{\"id\":\"$1\"},\"text\":\"listeria maison $1\"}" |
		sender
}
need perl
say 1
wait_for 20 "an alert" stream_has vigie:alerts:house 1
redis XADD vigie:commands '*' command '{"do":"claim"}' >"$tmp/out"
kill "$run_pid"
wait "$run_pid" || fail "it does not end well without a desk"
[ "$(grep -c ' error ' "$tmp/run.err")" -eq 1 ] ||
	fail "not one error: $(grep ' error ' "$tmp/run.err")"
grep -q 'set desk: false' "$tmp/run.err" || fail "no way out is named"
# the user of docker/README.md may do all of it
# shellcheck disable=SC2046 # words on purpose
redis ACL SETUSER full on '>secret' $(sed -n \
	's/^ACL SETUSER vigie on >secret \(~vigie:\* .*\)/\1/p' docker/README.md) \
	>"$tmp/out" || fail "the documented ACL"
redis FLUSHALL >"$tmp/out"
rm -rf "$tmp/state"
config "unix://full:secret@$tmp/redis.sock"
mv "$tmp/run.err" "$tmp/narrow.err"
start
say 2
wait_for 20 "an alert" stream_has vigie:alerts:house 1
id=$(stream vigie:alerts:house | jq -r .id | head -n 1)
redis --eval docs/clients/claim.lua vigie:owners vigie:commands , "$id" house Claire \
	>"$tmp/out"
wait_for 20 "the answer" stream_has vigie:answers 1
stream vigie:answers | jq -e '.ok and .owner == "house"' >"$tmp/out" || fail "the claim"
grep -q NOPERM "$tmp/run.err" && fail "the documented ACL lacks a right"
kill "$run_pid"
wait "$run_pid" || fail "the end was not a good one"
redis ACL LOG | grep -q full && fail "the documented ACL lacks: $(redis ACL LOG)"
echo "a statement is a post once; one error without the rights"
