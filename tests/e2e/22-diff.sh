#!/bin/sh
# Goal: vigie diff tells what a change of rules alters: per entry with
# examples, posts, points, alerts as replay raises them; the same with any
# number of workers and from a pipe; exit 0, 1, 2.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need_vigie diff
need jq

mkdir "$tmp/old" "$tmp/new"
cat >"$tmp/old/a.yaml" <<'EOF2'
sector: eaux
brands:
  boreale: {match: boréale}
  cascade: {match: cascade}
topics:
  poison: {match: listeria, severity: 4}
rules:
  shame: {brand: boreale, weight: 2, when: honte}
  gone: {brand: boreale, when: zut}
EOF2
sed 's/when: honte/when: honte OR scandale/; /gone:/d; s/weight: 2/weight: 3/' \
	"$tmp/old/a.yaml" >"$tmp/new/a.yaml"
cat >"$tmp/posts" <<'EOF2'
{"id":"1","ts":"2010-03-17T09:00:00Z","text":"la honte, Boréale"}
{"id":"2","ts":"2010-03-17T09:01:00Z","text":"quel scandale chez Boréale"}
{"id":"3","ts":"2010-03-17T09:02:00Z","text":"zut, Boréale"}
{"id":"4","ts":"2010-03-17T09:03:00Z","text":"une Boréale fraîche"}
{"id":"5","ts":"2010-03-17T09:04:00Z","text":"listeria chez Cascade","author":{"id":"a"}}
broken
EOF2
diff_json() { # rc of want, then the arguments
	want=$1
	shift
	rc=0
	"$VIGIE" diff --json "$@" >"$tmp/out" 2>"$tmp/diff.err" || rc=$?
	[ "$rc" -eq "$want" ] || fail "exit $rc, not $want: $*"
}
holds() { # what, of jq
	jq -e "$1" "$tmp/out" >/dev/null || fail "$1: $(cat "$tmp/out")"
}

diff_json 0 "$tmp/old" "$tmp/old" "$tmp/posts"
holds '.differs == false and .posts.read == 5 and .posts.before == 3'
holds '.entries == [] and .alerts == [] and .alerts_same == 1'
[ "$(grep -c "lines refused\|:6:" "$tmp/diff.err")" -ge 1 ] ||
	fail "the broken line is not told"

diff_json 1 "$tmp/old" "$tmp/new" "$tmp/posts"
holds '.posts == {read: 5, before: 3, after: 3, appeared: 1, vanished: 1,
	score_up: 1, score_down: 0}'
holds '[.entries[] | .entry] == ["gone", "shame"]'
holds '.entries[0].in == [true, false] and .entries[0].vanished == 1'
holds '.entries[1] | .before == 1 and .after == 2 and .appeared == 1'
holds '.entries[1].appeared_examples[0] | .id == "2" and
	.score == [0, 3] and .text[.spans[0][0]:.spans[0][1]] == "scandale"'
cp "$tmp/out" "$tmp/first"
for n in 1 4; do
	diff_json 1 --workers "$n" "$tmp/old" "$tmp/new" - <"$tmp/posts"
	cmp "$tmp/first" "$tmp/out" || fail "another result with $n workers"
done
diff_json 1 --examples 0 --alerts off "$tmp/old" "$tmp/new" "$tmp/posts"
holds '.entries[1].appeared_examples == [] and (has("alerts") | not)'

# The alert of the severe post goes with its topic's severity.
sed -i 's/severity: 4/severity: 1/' "$tmp/new/a.yaml"
diff_json 1 --alerts only "$tmp/old" "$tmp/new" "$tmp/posts"
holds '(has("entries") | not) and (.alerts | length) == 1'
holds '.alerts[0] | .what == "vanishes" and .brand == "cascade" and
	.after == null'
before=$(jq -r '.alerts[0].before.id' "$tmp/out")
"$VIGIE" replay --rules "$tmp/old" "$tmp/posts" 2>/dev/null |
	grep -q "\"id\":\"$before\"" || fail "replay raises another alert"

"$VIGIE" diff --lang fr "$tmp/old" "$tmp/new" "$tmp/posts" >"$tmp/out" \
	2>/dev/null && fail "differences and exit 0"
grep -q "^  + \"2\"  quel \[scandale\] chez " "$tmp/out" || fail "an example"
grep -q "^Sur 5 messages lus : 1 message de plus serait trouvé" "$tmp/out" ||
	fail "the sentence"

# A topic of posts that match by neither set.
printf 'topics:\n  dull: {match: rien}\n' >"$tmp/dull.yaml"
echo '{"id":"d","text":"rien de neuf"}' >"$tmp/dull.ndjson"
mkdir "$tmp/more"
cp "$tmp/old"/*.yaml "$tmp/dull.yaml" "$tmp/more"
"$VIGIE" diff "$tmp/old" "$tmp/more" "$tmp/dull.ndjson" >"$tmp/out" \
	2>/dev/null && fail "a difference and exit 0"
grep -q "same points; the rest is posts or entries that do not count" \
	"$tmp/out" || fail "what differs is not said"

# What both sets share; what is refused; misuse.
cat >"$tmp/common.yaml" <<'EOF2'
topics:
  fresh: {match: fraîche*}
EOF2
diff_json 0 --rules "$tmp/common.yaml" "$tmp/old" "$tmp/old" "$tmp/posts"
holds '.posts.before == 4'
echo "brands: {" >"$tmp/bad.yaml"
diff_json 1 "$tmp/old" "$tmp/bad.yaml" "$tmp/posts"
grep -q "bad.yaml" "$tmp/diff.err" || fail "a bad set is not told"
diff_json 2 "$tmp/old" "$tmp/new"
diff_json 2 --alerts some "$tmp/old" "$tmp/new" "$tmp/posts"
exit 0
