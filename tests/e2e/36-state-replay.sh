#!/bin/sh
# A replay cut in two on one state gives the bytes of a whole one; learn
# writes norms and refuses a second time; series can be read; a replay leaves
# the state_dir of its configuration alone.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need_vigie learn
gen=$BUILD/bench/gen_nestle
[ -x "$gen" ] || skip "$gen is not built"
"$gen" >"$tmp/posts" 2>/dev/null
mkdir "$tmp/a" "$tmp/b"
printf '%064d\n' 7 >"$tmp/a/key"
printf '%064d\n' 7 >"$tmp/b/key"
replay() { # state posts
	"$VIGIE" replay --rules rules/packs --state "$1" "$2" \
		2>>"$tmp/replay.err"
}
replay "$tmp/a" "$tmp/posts" >"$tmp/whole"
[ -s "$tmp/whole" ] || fail "no alert at all"
for cut in 3000 20000 30000; do
	rm -rf "$tmp/b/"[jnrs]*
	head -n "$cut" "$tmp/posts" >"$tmp/one"
	tail -n +$((cut + 1)) "$tmp/posts" >"$tmp/two"
	{
		replay "$tmp/b" "$tmp/one"
		replay "$tmp/b" "$tmp/two"
	} >"$tmp/halves"
	cmp "$tmp/whole" "$tmp/halves" || fail "cut at $cut: other alerts"
done
"$VIGIE" series --state "$tmp/a" confectionery >"$tmp/series"
[ "$(wc -l <"$tmp/series")" -gt 1000 ] || fail "the series is short"
sed 1d "$tmp/series" | cut -d, -f1 | sort -cu ||
	fail "the series is not in order"
echo "state_dir: live" >"$tmp/vigie.yaml"
"$VIGIE" replay --config "$tmp/vigie.yaml" --rules rules/packs "$tmp/one" \
	>/dev/null 2>"$tmp/r.err" || fail "the replay failed"
[ ! -e "$tmp/live" ] || fail "a replay touched the state_dir"
"$VIGIE" learn --config "$tmp/vigie.yaml" --rules rules/packs "$tmp/posts" \
	>"$tmp/learnt" 2>"$tmp/learn.err" || fail "learn failed"
grep -q '^learnt from 9.9 days' "$tmp/learnt" || fail "learn says too little"
if "$VIGIE" learn --config "$tmp/vigie.yaml" --rules rules/packs \
	"$tmp/posts" >/dev/null 2>&1; then
	fail "learn wrote over norms"
fi
