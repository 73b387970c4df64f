#!/bin/sh
# Goal: a crisis goes through an organisation in a drill: under the coordinated
# model one owner within the deadline on Wednesday and the weekend covered,
# under the organic one several interlocutors; the same seed gives the same
# bytes; a team without its weekend is seen; docs/ORGANISATION.md shows the
# table that its command makes.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need jq
need_vigie drill
file=rules/organisations/coordinated.yaml
drill() { # organisation, more...
	"$VIGIE" drill nestle-2010 --organisation "$@" 2>"$tmp/drill.err" ||
		fail "drill $*"
}
rehearsal() { # json of drill
	grep '^{"rehearsal"' "$1" >"$1.r" || fail "no rehearsal in $1"
}
for seed in 1 2 3; do
	drill "$file" --compare --view json --seed "$seed" >"$tmp/all-$seed"
	rehearsal "$tmp/all-$seed"
	jq -e '.rehearsal.models | map({(.model): .}) | add
		| (.coordinated
			| .first_owner != null
			and (.first_claim[0:10] == "2010-03-17")
			and .weekend > 0 and .weekend_in_time == .weekend
			and .unowned == 0)
		and (.organic.interlocutors_at_once >= 3)
		and (.centralised.interlocutors <=
			.organic.interlocutors)
		and (.organic.in_time < .coordinated.in_time)' \
		"$tmp/all-$seed.r" >"$tmp/out" ||
		fail "seed $seed: $(cat "$tmp/all-$seed.r")"
done
drill "$file" --compare --view json >"$tmp/again"
rehearsal "$tmp/again"
cmp -s "$tmp/again.r" "$tmp/all-1.r" || fail "the same seed, other bytes"
drill "$file" --view json >"$tmp/alone"
rehearsal "$tmp/alone"
[ "$(jq -c '.rehearsal.models[0]' "$tmp/alone.r")" = "$(jq -c \
	'.rehearsal.models[] | select(.model == "coordinated")' \
	"$tmp/all-1.r")" ] || fail "alone and compared differ"

# A house that goes home on Friday.
sed 's/hours: always/hours: office/' "$file" >"$tmp/office.yaml"
sed -i "s#\.\./packs#$PWD/rules/packs#; s/^promise:.*//; s/^deputy_from.*//" \
	"$tmp/office.yaml"
drill "$tmp/office.yaml" --view json >"$tmp/office"
rehearsal "$tmp/office"
jq -e '.rehearsal.models[0] | .weekend_in_time < .weekend' \
	"$tmp/office.r" >"$tmp/out" || fail "nobody missed the weekend"

# The table of the page is what its command prints today.
drill "$file" --compare --lang en | sed -n '/The organisation in/,$p' |
	grep -v '^ *$' | sed 's/ *$//' >"$tmp/table"
while IFS= read -r line; do
	grep -qF -- "$line" docs/ORGANISATION.md ||
		fail "docs/ORGANISATION.md lacks: $line"
done <"$tmp/table"
"$VIGIE" drill nestle-2010 --compare >"$tmp/out" 2>"$tmp/misuse.err" &&
	fail "--compare without an organisation"
exit 0
