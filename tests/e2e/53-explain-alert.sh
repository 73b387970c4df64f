#!/bin/sh
# Goal: every alert can be recomputed from its own members, and vigie explain
# --alert does so and finds what was changed.
# Method: recompute all alerts of the scenario of 2010, and of the recorded
# streams where they are at hand; change members one by one.
# SPDX-License-Identifier: Apache-2.0
. tests/e2e/lib.sh
need jq
need_vigie explain
gen=$BUILD/bench/gen_nestle
[ -x "$gen" ] || skip "$gen is not built (make tools)"
data=${VIGIE_SHARED:-../shared}/data

"$gen" --seed 1 | "$VIGIE" replay --rules rules/packs - \
	>"$tmp/alerts" 2>"$tmp/replay.err" || fail "replay"
for f in "$data/brands_en/airline_2015-02-16_22.ndjson.gz" \
	"$data/coordinated/ira_stream_2015-11-15_12-05.ndjson.gz"; do
	if [ -f "$f" ]; then
		"$VIGIE" replay --rules rules/packs "$f" >>"$tmp/alerts" \
			2>"$tmp/replay.err" || fail "replay of $f"
	else
		echo "(without ${f##*/}: not beside this tree)"
	fi
done
n=$(wc -l <"$tmp/alerts")
[ "$n" -ge 5 ] || fail "only $n alerts"
"$VIGIE" explain --alert "$tmp/alerts" --lang en >"$tmp/said" \
	2>"$tmp/explain.err" || {
	grep DIFFERS "$tmp/said"
	fail "an alert is not what its members say"
}
[ "$(grep -c '^All ' "$tmp/said")" -eq "$n" ] || fail "alerts were left out"

"$VIGIE" explain --json --alert - <"$tmp/alerts" >"$tmp/json" ||
	fail "from standard input"
jq -se "length == $n and all(.[]; .agrees and (.rows | length) > 5)" \
	"$tmp/json" >/dev/null || fail "the form for programs"

# One of them, by the beginning of its id, in French.
id=$(head -n 1 "$tmp/alerts" | jq -r .id | cut -c1-8)
"$VIGIE" explain --alert "$id" --alerts "$tmp/alerts" --lang fr >"$tmp/one" ||
	fail "by its id"
grep -q "^$id" "$tmp/one" || fail "another id was shown"
grep -q 'valeurs recalculées' "$tmp/one" || fail "not in French"

# What is changed is found, by name, and nothing else is.
differs() { # member jq-program
	head -n 1 "$tmp/alerts" | jq -c "$2" >"$tmp/changed"
	if "$VIGIE" explain --json --alert "$tmp/changed" >"$tmp/told"; then
		fail "$1: the change was not found"
	fi
	jq -e --arg m "$1" 'any(.rows[]; .member == $m and (.agrees | not))' \
		"$tmp/told" >/dev/null || fail "$1: found, but elsewhere"
}
differs density '.density += 0.000001'
differs excess '.excess += 1'
differs concentration '.posts += 1'
differs coordinated '.coordinated = (.coordinated | not)'
differs level '.level = 4 | .authors = 1 | .because = "rare"'
differs falls_below '.falls_below = 1'
differs rarity.en '.rarity.s = 4.5'
differs window.end '.window.end = "2010-03-17T11:53:30Z"'
differs id '.brand = "nobody"'
differs "rules.share[$(head -n 1 "$tmp/alerts" | jq -r '.rules[0].id')]" \
	'.rules[0].share = 0.5'

# What is no alert is said with its line; what is not there too.
printf '\n{"v":1}\n' >"$tmp/bad"
rc=0
"$VIGIE" explain --alert "$tmp/bad" >/dev/null 2>"$tmp/bad.err" || rc=$?
[ "$rc" -eq 1 ] || fail "exit $rc for what is no alert"
grep -q 'bad:2:1: error: not an alert' "$tmp/bad.err" || fail "no place"
for arguments in "--alert $tmp/none" "--alert ffff --alerts $tmp/alerts"; do
	rc=0
	# shellcheck disable=SC2086
	"$VIGIE" explain $arguments >/dev/null 2>"$tmp/none.err" || rc=$?
	[ "$rc" -eq 1 ] || fail "exit $rc for $arguments"
done
rc=0
"$VIGIE" explain --alerts "$tmp/alerts" >/dev/null 2>&1 || rc=$?
[ "$rc" -eq 2 ] || fail "exit $rc without an id"
# In the journal of an engine's state_dir, by the beginning of its id.
severe_rules 1 >"$tmp/severe.yaml"
printf 'state_dir: %s/state\n' "$tmp" >"$tmp/vigie.yaml"
severe_posts 1 1 | "$VIGIE" run --config "$tmp/vigie.yaml" \
	--rules "$tmp/severe.yaml" >"$tmp/run" 2>"$tmp/run.err" ||
	fail "the engine with a state_dir"
id=$(head -n 1 "$tmp/run" | jq -r .id)
"$VIGIE" explain --alert "$(echo "$id" | cut -c1-6)" --state "$tmp/state" \
	>"$tmp/one" 2>"$tmp/state.err" || fail "from the journal"
grep -q "^$id" "$tmp/one" || fail "another alert of the journal"
rc=0
"$VIGIE" explain --alert 00 --state "$tmp/none" >/dev/null 2>&1 || rc=$?
[ "$rc" -eq 1 ] || fail "exit $rc without a state_dir"
echo "$n alerts recomputed"
