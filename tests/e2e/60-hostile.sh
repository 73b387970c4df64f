#!/bin/sh
# Goal: no input crashes vigie, takes its memory or its neighbours: bad lines
# are counted by reason, the posts around them decode, the verdict is the same
# for any cut of the input and 1, 2 and 4 workers.
# Method: each trial is a file made here, with the number of its matches and
# the counters that are not 0, read from --stats-json, and a ceiling on the
# peak of memory.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need gzip zstd openssl
need_vigie match
# Read in one go or bit by bit, the batches of four workers stay below this.
# Sanitizers keep what was freed, and shadows of it.
case ${FLAVOUR:-release} in
asan | tsan) peak_mib=400 ;;
*) peak_mib=64 ;;
esac
cat >"$tmp/rules.yaml" <<'EOF'
sector: confectionery
brands:
  kitkat: {match: kitkat, hit: [kitkat], miss: [kit]}
topics:
  palm: {match: boycott, severity: 4, hit: [boycott], miss: [oil]}
EOF

post() { # id: one that matches
	printf '{"id":"%s","source":"t","text":"boycott kitkat"}\n' "$1"
}

fill() { # bytes character
	head -c "$1" /dev/zero | tr '\0' "$2"
}

match() { # stdout-and-stats more...
	into=$1
	shift
	timeout 300 "$VIGIE" match --rules "$tmp/rules.yaml" \
		--stats-json "$tmp/$into.stats" "$@" \
		>"$tmp/$into" 2>"$tmp/$into.err" || fail "$name: exit $?"
	peak=$(sed -n 's/.*"peak_memory_bytes": \([0-9]*\).*/\1/p' \
		"$tmp/$into.stats")
	[ "$peak" -lt $((peak_mib * 1048576)) ] ||
		fail "$name: a peak of $peak bytes"
}

counts() { # FILE.stats: what is bad, cut or skipped, "name=count ..."
	sed -n 's/^ *"\([a-z0-9_]*\)_total": \([1-9][0-9]*\).*/\1=\2/p' "$1" |
		grep -E '^(lines_|posts=|posts_(text|lists)_)' | tr '\n' ' '
}

# Read $tmp/in; and again by other workers, and in other pieces, by a pipe.
trial() { # name matches "counters"
	name=$1
	match want --workers 1 "$tmp/in"
	got=$(grep -c '' <"$tmp/want") || true
	[ "$got" -eq "$2" ] || fail "$name: $got matches, not $2"
	got=$(counts "$tmp/want.stats")
	[ "${got% }" = "$3" ] || fail "$name: counted '$got', not '$3'"
	for workers in 2 4; do
		match got --workers "$workers" "$tmp/in"
		again "$workers workers"
	done
	for size in 977 65536; do
		[ "$(wc -c <"$tmp/in")" -lt $((size * 20000)) ] || continue
		dd if="$tmp/in" bs="$size" status=none >"$tmp/pipe" &
		match got --workers 2 - <"$tmp/pipe"
		again "pieces of $size"
	done
}

again() { # how
	cmp -s "$tmp/want" "$tmp/got" || fail "$name: other matches by $1"
	[ "$(counts "$tmp/want.stats")" = "$(counts "$tmp/got.stats")" ] ||
		fail "$name: other counts by $1"
}

mkfifo "$tmp/pipe"

# ---- long lines -------------------------------------------------------------
{ post 1; fill 100000000 x; echo; post 2; } >"$tmp/in"
trial "a line of 100 MB" 2 "posts=2 lines_bad_too_long=1"
{ post 1; head -c 100000000 /dev/zero; echo; post 2; } >"$tmp/in"
trial "100 MB of NUL" 2 "posts=2 lines_bad_too_long=1"
# {"text":"boycott kitkat ... "} of LINE_BYTES_MAX bytes, and of one more
for more in 0 1; do
	printf '{"text":"boycott kitkat '
	fill $((1048576 - 26 + more)) x
	printf '"}\n'
done >"$tmp/in"
trial "the longest line" 1 \
	"posts=1 lines_bad_too_long=1 posts_text_cut=1"

# ---- what is no text ----------------------------------------------------------
{ post 1; head -c 200000 /dev/zero | tr '\0' '\n' | sed 's/^/x/' | tr x '\0'
	post 2; } >"$tmp/in"
trial "lines of one NUL" 2 "posts=2 lines_bad_json=200000"
i=128
while [ $i -lt 256 ]; do
	byte=$(printf '%o' $i)
	printf '{"text":"boycott kitkat \'"$byte"'"}\n'
	printf '{"text":"\'"$byte"'\300\200 boycott kitkat"}\n'
	printf '{"te\'"$byte"'":1,"text":"boycott kitkat"}\n'
	post $i
	i=$((i + 1))
done >"$tmp/in"
trial "broken UTF-8" 128 "posts=128 lines_bad_utf8=384"
{
	printf '{"text":"\355\240\200"}\n{"text":"\364\220\200\200"}\n'
	printf '{"text":"\360\200\200\200"}\n{"text":"\303'
} >"$tmp/in"
trial "surrogates, beyond Unicode, overlong, cut" 0 \
	"lines_bad_json=1 lines_bad_utf8=3"
# a terminal obeys none of them: ESC, the CSI of C1, a broken byte
printf '{\033[2J\302\2332J\303}\n{"text":"boycott kitkat"}' >"$tmp/in"
trial "control characters" 1 "posts=1 lines_bad_utf8=1"
LC_ALL=C grep -q '"{?\[2J?2J?}"$' "$tmp/want.err" ||
	fail "control characters are shown"
{ post 1; seq 1 2000000 | openssl enc -aes-128-ctr -K 00 -iv 00 2>/dev/null
	echo; post 2; } >"$tmp/in"
name="random bytes"
match want --workers 1 "$tmp/in"
trial "random bytes" 2 "$(counts "$tmp/want.stats" | sed 's/ $//')"
counts "$tmp/want.stats" | grep -q '^posts=2 lines_blank=[0-9]* lines_bad_json=' ||
	fail "random bytes: $(counts "$tmp/want.stats")"

# ---- what is no JSON ------------------------------------------------------------
i=0
while [ $i -lt 500 ]; do
	printf '{"id":"u%d","text":"boycott kitkat\n' $i
	post $i
	printf '{"text":"boycott kitkat"\n{"text":"boycott kitkat"}}\n'
	printf '{"text":"boycott kitkat"} {"text":"boycott kitkat"}\n'
	printf '"\n\\\n{\n}\n[]\n{"text":"boycott kitkat\\\n'
	i=$((i + 1))
done >"$tmp/in"
trial "unclosed strings and braces" 500 "posts=500 lines_bad_json=5000"
{
	post 1
	printf '{"x":'
	fill 100000 '['
	fill 100000 ']'
	printf ',"text":"boycott kitkat"}\n'
	post 2
	printf '{"text":'
	fill 100000 '['
	printf '\n'
	post 3
	printf '{"author":'
	fill 100000 'x' | sed 's/x/{"author":/g'
	printf '\n'
	post 4
} >"$tmp/in"
trial "a depth of 100,000" 4 "posts=4 lines_bad_depth=3"
for v in 1e999 -1e400 99999999999999999999999999 18446744073709551616 \
	-9223372036854775809 -1 -0 0.5 1e300 "$(fill 5000 9)"; do
	printf '{"text":"boycott kitkat","ts":%s}\n' "$v"
	printf '{"text":"boycott kitkat","author":{"id":"a",'
	printf '"followers":%s},"likes":%s}\n' "$v" "$v"
done >"$tmp/in"
trial "numbers" 20 "posts=20"

# ---- ends of lines and of files ---------------------------------------------------
: >"$tmp/in"
trial "nothing" 0 ""
printf '\n\r\n \t\n' >"$tmp/in"
trial "blank lines" 0 "lines_blank=3"
{ post 1; post 2; } | sed 's/$/\r/' >"$tmp/in"
printf '{"text":"boycott kitkat"}' >>"$tmp/in"
trial "CRLF, no newline at the end" 3 "posts=3"

# ---- packed ---------------------------------------------------------------------------
bomb() { # a line of 300 MB between two posts
	post 1
	head -c 300000000 /dev/zero
	echo
	post 2
}
bomb | gzip -1 >"$tmp/in"
trial "a gzip bomb" 2 "posts=2 lines_bad_too_long=1"
bomb | zstd -q -1 >"$tmp/in"
trial "a zstd bomb" 2 "posts=2 lines_bad_too_long=1"

refused() { # name matches: exit 1, and what came before is there
	status=0
	timeout 60 "$VIGIE" match --rules "$tmp/rules.yaml" "$tmp/in" \
		>"$tmp/got" 2>"$tmp/refused.err" || status=$?
	[ "$status" = 1 ] || fail "$1: exit $status"
	got=$(grep -c '' <"$tmp/got") || true
	[ "$got" -ge "$2" ] || fail "$1: $got matches, not $2"
	grep -q "$3" "$tmp/refused.err" || fail "$1: no message"
}
i=0
while [ $i -lt 20000 ]; do
	post $i
	i=$((i + 1))
done >"$tmp/many"
for pack in gzip zstd; do
	$pack -q -c "$tmp/many" >"$tmp/whole"
	half=$(($(wc -c <"$tmp/whole") / 2))
	head -c "$half" "$tmp/whole" >"$tmp/in"
	refused "truncated $pack" 1 truncated
	{ head -c "$half" "$tmp/whole"; fill 4000 '\377'; } >"$tmp/in"
	refused "$pack broken in the middle" 0 "$pack input"
done
# a frame that asks for a window of 2 GiB
printf '\050\265\057\375\000\250\001\000\000' >"$tmp/in"
refused "a zstd window of 2 GiB" 0 "zstd input"

# ---- replay: the same alerts -------------------------------------------------------------
i=0
while [ $i -lt 400 ]; do
	printf '{"id":"r%d","source":"t","ts":%d,' $i $((1268816700 + i * 7))
	printf '"author":{"id":"a%d"},"text":"boycott kitkat"}\n' $i
	printf '{"text":"half\n\377\n[[\n'
	i=$((i + 1))
done >"$tmp/in"
name="replay"
for workers in 1 2 4; do
	timeout 100 "$VIGIE" replay --rules "$tmp/rules.yaml" --workers \
		"$workers" "$tmp/in" >"$tmp/alerts.$workers" \
		2>"$tmp/replay.err" || fail "replay: exit $?"
	cmp -s "$tmp/alerts.1" "$tmp/alerts.$workers" ||
		fail "replay: other alerts by $workers workers"
done
[ -s "$tmp/alerts.1" ] || fail "replay: no alert"
