#!/bin/sh
# Goal: vigie organisation diff says who gains and loses which alerts of the
# past; a team in shadow owns nothing and is shown what it would have got, a
# pilot owns its brand; lines of replay and a state give the same; what it says
# is what replay with the other file does.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need jq
need_vigie organisation
old=rules/organisations/two-agencies.yaml
new=rules/organisations/coordinated.yaml
"$VIGIE" drill nestle-2010 --view posts >"$tmp/posts" 2>"$tmp/drill.err" ||
	fail "no scenario"
"$VIGIE" replay --rules rules/packs --organisation "$old" --state \
	"$tmp/state" "$tmp/posts" >"$tmp/alerts" 2>"$tmp/replay.err" ||
	fail "replay"
diff_of() { # more...
	"$VIGIE" organisation diff "$@" 2>"$tmp/diff.err" || fail "diff $*"
}
diff_of "$old" "$new" --json --alerts "$tmp/alerts" >"$tmp/lines"
diff_of "$old" "$new" --json --state "$tmp/state" >"$tmp/state.json"
# Lines say less of a topic's department than the journal does.
jq -e --slurpfile b "$tmp/state.json" '.alerts == $b[0].alerts
	and .alerts > 10 and .moved > 0
	and ([.teams[].team] == [$b[0].teams[].team])' \
	"$tmp/lines" >"$tmp/out" || fail "state and lines differ"
# By hand: owners at the highest level, as both replays have them.
owners() { # alerts
	jq -s -c 'group_by(.id) | map((map(.level) | max) as $l
		| {id: .[0].id, owner: (map(select(.level == $l))[0].owner)})
		| sort_by(.id)' "$1"
}
"$VIGIE" replay --rules rules/packs --organisation "$new" "$tmp/posts" \
	>"$tmp/alerts.new" 2>"$tmp/replay.err" || fail "replay with the other"
owners "$tmp/alerts" >"$tmp/o"
owners "$tmp/alerts.new" >"$tmp/n"
jq -e -n --slurpfile o "$tmp/o" --slurpfile n "$tmp/n" \
	--slurpfile d "$tmp/state.json" '
	([range($o[0] | length) | select($o[0][.].owner != $n[0][.].owner)]
		| length) == $d[0].moved
	and all($d[0].teams[]; . as $t
		| ([$n[0][] | select(.owner == $t.team)] | length)
			== $t.new.owned)' >"$tmp/out" ||
	fail "it is not what replay does"
diff_of "$new" "$new" --json --state "$tmp/state" |
	jq -e '.moved == 0 and .changes == []' >"$tmp/out" ||
	fail "a file differs from itself"

# Roll-out: kitkat in shadow, then its pilot, then live.
stage() { # text
	sed "s#^  kitkat:#  kitkat:\n    $1#; s#\.\./packs#$PWD/rules/packs#" \
		"$new" >"$tmp/stage.yaml"
	diff_of "$new" "$tmp/stage.yaml" --json --state "$tmp/state" |
		jq '.teams[] | select(.team == "kitkat")'
}
stage 'stage: shadow' | jq -e '.new.owned == 0 and .old.owned > 0
	and .new.shadow == .old.told and .owns_less == .old.owned' \
	>"$tmp/out" || fail "a shadow owns"
stage 'stage: pilot\n    pilot: [kitkat]' |
	jq -e '.new.owned == .old.owned' >"$tmp/out" || fail "no pilot"
"$VIGIE" organisation diff "$old" "$new" --state "$tmp/state" --lang fr \
	>"$tmp/fr" 2>"$tmp/diff.err" || fail "in French"
grep -q 'Changent de responsable' "$tmp/fr" || fail "no French"
"$VIGIE" organisation diff "$old" >"$tmp/out" 2>"$tmp/misuse.err" &&
	fail "one file"
# What there is not is told in one line, whatever checks the program.
"$VIGIE" organisation diff "$old" "$new" --state "$tmp/none" >"$tmp/out" \
	2>"$tmp/none.err" && fail "no state"
grep -v 'cannot read' "$tmp/none.err" && fail "more is told than the reason"
"$VIGIE" drill --list --scenarios "$tmp/none" >"$tmp/out" 2>"$tmp/list.err" &&
	fail "no scenarios"
grep -q 'help: --scenarios DIR' "$tmp/list.err" || fail "no help"
exit 0

# One of a thing is no plural.
head -n 1 "$tmp/alerts" >"$tmp/first"
for lang in en fr; do
	diff_of "$old" "$old" --lang $lang --alerts "$tmp/first" >"$tmp/$lang"
done
grep -q '^1 alert: 0 change owner; ' "$tmp/en" || fail "$(head -n 1 "$tmp/en")"
grep -q '^1 alerte : 0 change de responsable ; ' "$tmp/fr" ||
	fail "$(head -n 1 "$tmp/fr")"
