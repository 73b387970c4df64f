# What the scripts of this folder share: a private folder, a private Redis on a
# unix socket, waiting for what can be seen, and a clean end.
# Source it first.  Sets $tmp; $VIGIE and $BUILD come from tests/run.sh.
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
set -eu
VIGIE=${VIGIE:-build/vigie}
BUILD=${BUILD:-build/release}
tmp=$(mktemp -d "${TMPDIR:-/tmp}/vigie-e2e-XXXXXX")
pids=
redis_pid=

cleanup() {
	status=$?
	trap - EXIT INT TERM
	for p in $pids $redis_pid; do
		kill -CONT "$p" 2>/dev/null || true
		kill -9 "$p" 2>/dev/null || true
	done
	wait 2>/dev/null || true
	rm -rf "$tmp"
	exit "$status"
}
trap cleanup EXIT INT TERM

skip() { # why
	echo "skipped: $*"
	exit 77
}

fail() { # why
	echo "FAILED: $*"
	for f in "$tmp"/*.err; do
		[ -f "$f" ] || continue
		echo "--- ${f##*/}"
		tail -n 20 "$f"
	done
	exit 1
}

need() { # command...
	for c in "$@"; do
		command -v "$c" >/dev/null 2>&1 || skip "no $c"
	done
}

need_vigie() { # command
	[ -x "$VIGIE" ] || fail "$VIGIE is not built"
	"$VIGIE" help "$1" >/dev/null 2>&1 || fail "vigie has no command $1"
}

# wait_for SECONDS WHAT COMMAND...: until COMMAND succeeds, seen often.
wait_for() {
	limit=$(($1 * 20))
	what=$2
	shift 2
	while ! "$@" >/dev/null 2>&1; do
		limit=$((limit - 1))
		[ "$limit" -gt 0 ] || fail "waited in vain for $what"
		sleep 0.05
	done
}

gone() { # pid
	! kill -0 "$1" 2>/dev/null
}

# ---- Redis ---------------------------------------------------------------
redis() {
	redis-cli -s "$tmp/redis.sock" --raw "$@"
}

# Without descriptor 3, on which a script may hold a pipe to vigie open.
redis_start() { # [more settings of redis-server]
	redis-server --port 0 --unixsocket "$tmp/redis.sock" --dir "$tmp" \
		--save '' --appendonly yes --appendfsync always "$@" \
		>"$tmp/redis.log" 2>&1 3>&- &
	redis_pid=$!
	wait_for 20 "redis" redis_answers
}

redis_answers() {
	[ "$(redis PING 2>/dev/null)" = PONG ]
}

redis_kill9() {
	kill -9 "$redis_pid"
	wait "$redis_pid" 2>/dev/null || true
	redis_pid=
}

# Everything that is said on CHANNEL from now on, one line each, in FILE.
redis_listen() { # channel file
	redis-cli -s "$tmp/redis.sock" --raw SUBSCRIBE "$1" >"$2" &
	pids="$pids $!"
	wait_for 10 "the subscription" redis_has_listener "$1"
}

redis_has_listener() { # channel
	[ "$(redis PUBSUB NUMSUB "$1" | tail -n 1)" -ge 1 ]
}

stream() { # key
	redis XRANGE "$1" - + | grep '^{' || true
}

stream_has() { # key count
	[ "$(redis XLEN "$1")" -ge "$2" ]
}

lines_are() { # file count
	[ -f "$1" ] && [ "$(grep -c '^{' "$1")" -ge "$2" ]
}

# ---- alerts --------------------------------------------------------------
# The order of first occurrences in stdin: one "id rev" per line.
first_seen() {
	sed -n 's/.*"id":"\([0-9a-f]*\)","rev":\([0-9]*\),.*/\1 \2/p' |
		awk '!seen[$0]++'
}

# A rule file with COUNT brands and a topic of severity 4.
severe_rules() { # count
	awk -v n="$1" 'BEGIN {
		print "sector: testing\nbrands:"
		for (i = 1; i <= n; i++)
			printf "  brand-%04d:\n    match: marque%04d\n", i, i
		print "topics:\n  poison:\n    severity: 4"
		print "    match: listeria"
	}'
}

# Posts FIRST to LAST, each about another brand: one alert of level 3 each.
# They have no time of their own, so that run takes their arrival.
severe_posts() { # first last
	awk -v from="$1" -v to="$2" 'BEGIN {
		for (i = from; i <= to; i++)
			printf "{\"id\":\"p%d\",\"source\":\"test\"," \
				"\"author\":{\"id\":\"a%d\"}," \
				"\"text\":\"listeria dans marque%04d\"}\n",
				i, i, i
	}'
}
