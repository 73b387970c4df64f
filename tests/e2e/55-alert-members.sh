#!/bin/sh
# Goal: every kind of alert and every member of one is in docs/ALERTS.md.
# Method: the kinds as the engine names them; the members that the code of
# messages and signals writes, and those of the alerts of a replay and of run.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need jq
need_vigie replay
page=docs/ALERTS.md

in_page() { # word
	grep -q -- "\`$1\`" "$page"
}
sed -n '/kind_names\[\]/,/};/s/\[ALERT_/\n&/gp' engine/alert.c |
	sed -n 's/^\[ALERT_[A-Z_]*\] = "\([a-z_]*\)".*/\1/p' >"$tmp/kinds"
[ "$(wc -l <"$tmp/kinds")" -ge 12 ] || fail "kinds: $(cat "$tmp/kinds")"
while read -r kind; do
	in_page "$kind" || fail "the kind $kind is not in $page"
done <"$tmp/kinds"

# What the code writes: \"name\": in a text, or the name given to a helper.
# A member that stands in no alert of this replay is found so, too.
cat engine/alert.c engine/density/evidence.c engine/density/signal_*.c |
	tr -d '\n\t' | sed 's/" *"//g' >"$tmp/code"
grep -o '\\"[a-z_0-9]*\\":' "$tmp/code" | tr -d '\\":' >"$tmp/members"
grep -oE '(micro|named|text_member|member|number|text|id|stage)\((&?[a-z>-]*out|&?n->members), *"[a-z_]+"' \
	"$tmp/code" | sed 's/.*"\(.*\)"/\1/' | grep -vx null | sort -u >"$tmp/helped"
cat "$tmp/helped" >>"$tmp/members"
written=$(sort -u "$tmp/members" | wc -l)
[ "$written" -ge 80 ] || fail "only $written members are written"

if [ -x "$BUILD/bench/gen_nestle" ]; then
	# With a model and with playbooks, too.
	sed "s#\.\./packs#$PWD/rules/packs#" \
		rules/organisations/coordinated.yaml >"$tmp/org.yaml"
	echo "playbooks: [$PWD/rules/organisations/playbooks.yaml]" \
		>>"$tmp/org.yaml"
	"$BUILD/bench/gen_nestle" --seed 1 >"$tmp/posts"
	"$VIGIE" replay --rules rules/packs "$tmp/posts" >"$tmp/alerts" \
		2>"$tmp/err" || fail "replay"
	"$VIGIE" replay --rules rules/packs --organisation "$tmp/org.yaml" \
		"$tmp/posts" >>"$tmp/alerts" 2>"$tmp/err" || fail "replay"
	[ -s "$tmp/alerts" ] || fail "no alerts"
fi
severe_rules 1 >"$tmp/rules.yaml"
severe_posts 1 1 | "$VIGIE" run --rules "$tmp/rules.yaml" >>"$tmp/alerts" \
	2>"$tmp/err" || fail "run"
jq -r 'paths | map(strings) | last // empty' "$tmp/alerts" |
	sort -u >>"$tmp/members"
sort -u "$tmp/members" | while read -r member; do
	in_page "$member" || echo "$member"
done >"$tmp/missing"
[ ! -s "$tmp/missing" ] ||
	fail "not in $page: $(tr '\n' ' ' <"$tmp/missing")"

# And the other way round: a member of the first table that nothing writes.
sed -n '/^## Members/,/^## /s/^| \(`[^|]*\) |.*/\1/p' "$page" |
	grep -o '`[a-z_0-9]*`' | tr -d '`' | sort -u >"$tmp/told"
[ "$(wc -l <"$tmp/told")" -ge 45 ] || fail "the table of members"
sort -u "$tmp/members" | comm -13 - "$tmp/told" >"$tmp/missing"
[ ! -s "$tmp/missing" ] ||
	fail "in $page, but not written: $(tr '\n' ' ' <"$tmp/missing")"
echo "$(wc -l <"$tmp/kinds") kinds, $(sort -u "$tmp/members" | wc -l) members"
