#!/bin/sh
# Goal: the examples of docs/ALERTS.md for redis-cli, Python and Node do what
# the page says, as they stand there.
# Method: each is cut out of the page and run against a real Redis and engine;
# what is not installed is passed over with a line.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need redis-server redis-cli jq
need_vigie run
redis_start
severe_rules 20 >"$tmp/rules.yaml"
cat >"$tmp/org.yaml" <<'EOF'
teams:
  kitkat: {brands: "*", channel: agency-kitkat}
  crisis: {brands: "*", min_level: 3}
EOF
cat >"$tmp/vigie.yaml" <<EOF
rules: rules.yaml
organisation: org.yaml
sources: [{type: stdin}]
sinks:
  - {type: redis, url: "unix://$tmp/redis.sock"}
EOF
mkfifo "$tmp/posts"
"$VIGIE" run --config "$tmp/vigie.yaml" <"$tmp/posts" \
	>"$tmp/out" 2>"$tmp/run.err" &
run_pid=$!
pids="$pids $run_pid"
exec 3>"$tmp/posts"
severe_posts 1 5 >&3
wait_for 20 "the alerts" stream_has vigie:alerts:crisis 5
stream vigie:alerts:crisis | jq -r .id >"$tmp/ids"
example() { # heading language
	awk -v head="### With $1" -v fence="\`\`\`$2" '
		$0 == head {at = 1}
		on && /^```/ {exit}
		on
		at && $0 == fence {on = 1}' docs/ALERTS.md >"$tmp/example.$2"
	[ -s "$tmp/example.$2" ] || fail "the page has no example for $1"
}
# One that nobody has, then one that another team has.
run() { # command, file, place in the list
	REDIS="$tmp/redis.sock" ALERT=$(sed -n "$3p" "$tmp/ids") timeout 20 \
		"$1" "$tmp/example.$2" >"$tmp/out" 2>"$tmp/$2.err" ||
		fail "the example in $2"
}
both() { # command, language, place
	run "$1" "$2" "$3"
	[ "$(cat "$tmp/out")" = kitkat ] || fail "$2 says $(cat "$tmp/out")"
	[ "$(redis HGET vigie:owners "$(sed -n "$3p" "$tmp/ids")")" = kitkat ] ||
		fail "$2 has claimed nothing"
	run "$1" "$2" 5
	[ "$(cat "$tmp/out")" = "taken by crisis" ] ||
		fail "$2 says $(cat "$tmp/out") of what crisis has"
	echo "$2: as the page says"
}
redis --eval docs/clients/claim.lua vigie:owners vigie:commands , \
	"$(sed -n 5p "$tmp/ids")" crisis Jean >"$tmp/out"

example redis-cli sh
mkdir "$tmp/bin"
printf '#!/bin/sh\nexec %s -s %s --raw "$@"\n' "$(command -v redis-cli)" \
	"$tmp/redis.sock" >"$tmp/bin/redis-cli"
chmod +x "$tmp/bin/redis-cli"
ALERT=$(sed -n 1p "$tmp/ids")
ALERT=$ALERT PATH="$tmp/bin:$PATH" sh "$tmp/example.sh" >"$tmp/said" \
	2>"$tmp/sh.err" || fail "the example for redis-cli"
[ "$(sed -n '1,2p' "$tmp/said" | tr '\n' ' ')" = "1 kitkat " ] ||
	fail "redis-cli: $(cat "$tmp/said")"
wait_for 20 "the answers" stream_has vigie:answers 3
stream vigie:answers | jq -e -s --arg a "$ALERT" \
	'length == 3 and all(.[]; .ok) and .[1].alert == $a and .[2].owner == "kitkat"' \
	>"$tmp/out" || fail "redis-cli: the answers"
stream vigie:journal | jq -e 'select(.note == "the factory is asked")' \
	>"$tmp/out" || fail "redis-cli: no note"
echo "sh: as the page says"
# The stand-in of a version manager may be there without the program.
if python3 -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null; then
	example Python python
	both python3 python 2
else
	echo "without Python: no python3 of 3.8 or later"
fi
if node -e 0 2>/dev/null; then
	example Node js
	both node js 3
else
	echo "without Node: no node"
fi
exec 3>&-
wait "$run_pid" || fail "the end was not a good one"
