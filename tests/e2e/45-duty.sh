#!/bin/sh
# Goal: `vigie check` finds the silent weekend of an organisation, in English,
# French and JSON, passes what holds, accepts all shipped organisations at any
# time of the year, and prints what a promise leaves open.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need jq
[ -f /usr/share/zoneinfo/Europe/Paris ] || skip "no zones, package tzdata"
now=2010-03-17T09:00:00Z

check() { # want-status file options...
	want=$1 f=$2
	shift 2
	status=0
	"$VIGIE" check --now "$now" "$@" "$f" >"$tmp/out" 2>"$tmp/check.err" ||
		status=$?
	[ "$status" = "$want" ] || fail "check $* $f: exit $status, not $want"
}

house() { # hours of the centre, deputies
	cat <<-END
	model: coordinated
	zone: Europe/Paris
	promise: {1: office, 3: always, 4: always}
	deputy_from: 3
	teams:
	  social: {kind: centre, brands: "*", sectors: "*", hours: $1, deputies: [$2]}
	  crisis: {kind: agency, brands: "*", sectors: "*", hours: $1}
	  kitkat: {kind: brand, brands: [kitkat], hours: office}
	END
}

house always crisis >"$tmp/good.yaml"
check 0 "$tmp/good.yaml"
[ -s "$tmp/check.err" ] && fail "a house that holds is warned of"
grep -q 'level 1: an owner in 45 of 168 hours; left open: 123 hours' \
	"$tmp/out" || fail "what is left open is not printed"
grep -q 'level 2: nothing is promised' "$tmp/out" || fail "level 2"

# Levels with a gap between them are a list as well.
cat >"$tmp/gap.yaml" <<-END
	model: coordinated
	promise: {1: always, 3: always}
	teams:
	  hub: {kind: centre, brands: "*", sectors: "*", hours: [{days: mon-fri}]}
END
check 1 "$tmp/gap.yaml"
grep -q 'levels 1 and 3' "$tmp/check.err" || fail "levels with a gap"

house '[{days: mon-fri}]' crisis >"$tmp/weekend.yaml"
check 1 "$tmp/weekend.yaml"
grep -q "weekend.yaml:6:3: error: nobody of 'social' is there, nor anybody in \
its place, from Saturday 20 March 00:00 to Monday 22 March 00:00 (the whole \
weekend); without an owner: kitkat, and alerts of a whole sector, levels \
3 and 4" "$tmp/check.err" || fail "the silent weekend"
check 1 "$tmp/weekend.yaml" --lang fr
grep -q "du samedi 20 mars 00:00 au lundi 22 mars 00:00 (tout le week-end)" \
	"$tmp/check.err" || fail "le week-end"
check 1 "$tmp/weekend.yaml" --json
jq -e -s '.[0].code == "hole" and .[0].line == 6 and
	(map(select(.organisation))[0] | .promised_minutes["1"] == 2700)' \
	"$tmp/out" >"$tmp/jq" || fail "JSON"

house always '' >"$tmp/alone.yaml"
check 1 "$tmp/alone.yaml"
grep -q "'social' is alone, without a deputy, the whole week" \
	"$tmp/check.err" || fail "no deputy"

for now in "$now" 2026-03-28T12:34:56Z 2026-10-24T00:00:00Z \
	2026-12-21T08:00:00Z; do
	for f in rules/organisations/*.yaml; do
		check 0 "$f"
		[ -s "$tmp/check.err" ] && fail "$f has warnings at $now"
	done
done
check 2 "$tmp/good.yaml" --now yesterday
grep -q -- '--now wants a time' "$tmp/check.err" || fail "a bad time"
# A file from before there were models: what to write is told with its ids.
"$VIGIE" check rules/organisations/two-agencies.yaml >"$tmp/out" 2>&1 ||
	fail "two-agencies"
grep -q "^rules/organisations/two-agencies.yaml: no model, so nothing is" \
	"$tmp/out" || fail "no word of the model"
grep -q "'kind: centre' into crisis, house," "$tmp/out" || fail "which centre"
grep -q "'agency' into kitkat" "$tmp/out" || fail "which agency"
"$VIGIE" check --lang fr rules/organisations/two-agencies.yaml 2>&1 |
	grep -q "sans modèle, rien n'est promis" || fail "sans modèle"
