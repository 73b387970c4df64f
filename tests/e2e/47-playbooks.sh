#!/bin/sh
# Goal: the shipped playbooks serve every topic of the shipped packs that can
# do harm; alerts of the Nestlé case carry the one that fits and say its first
# step; without playbooks alerts are what they were.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need jq
need_vigie replay
[ -x "$BUILD/bench/gen_nestle" ] || skip "gen_nestle is not built"
books=rules/organisations/playbooks.yaml
"$VIGIE" check "$books" rules/packs >"$tmp/out" 2>"$tmp/check.err" ||
	fail "$books refused"
[ -s "$tmp/check.err" ] && fail "$books has warnings"

# ---- every topic that can do harm
"$VIGIE" version >/dev/null
awk '/^topics:/ {on = 1; next} /^[a-z]/ {on = 0}
on && /^  [a-z0-9_-]+:/ {sub(/:.*/, ""); print $1}' rules/packs/*.yaml \
	rules/packs/crisis-*/[!c]*.yaml rules/packs/crisis-*/customers.yaml |
	sort -u >"$tmp/topics"
[ "$(wc -l <"$tmp/topics")" -ge 80 ] || fail "lost the topics of the packs"
tr ',][ ' '\n\n\n\n' <"$books" | sort -u >"$tmp/named"
comm -23 "$tmp/topics" "$tmp/named" >"$tmp/left"
[ -s "$tmp/left" ] && fail "no playbook for $(paste -sd ' ' "$tmp/left")"

# ---- the Nestlé case
cp "$books" "$tmp/books.yaml"
{
	cat rules/organisations/two-agencies.yaml
	echo 'playbooks: [books.yaml]'
} >"$tmp/org.yaml"
printf 'playbooks: [books.yaml]\nsources: []\n' >"$tmp/vigie.yaml"
"$BUILD/bench/gen_nestle" --seed 1 >"$tmp/posts"
replay() { # options...
	"$VIGIE" replay --rules rules/packs "$@" "$tmp/posts" 2>"$tmp/replay.err" ||
		fail "replay"
}
replay --organisation rules/organisations/two-agencies.yaml >"$tmp/plain"
replay --organisation "$tmp/org.yaml" >"$tmp/alerts"
jq -e -s 'length > 5 and all(.[]; has("playbook"))
	and all(.[] | select(.level == 0); .playbook == null)
	and all(.[] | select(.level > 0); .playbook as $p
		| (.text.fr | contains("À faire\u00a0: " + $p.steps.fr[0]))
		and (.text.en | contains("Do: " + $p.steps.en[0]))
		and ($p.never.en | length) >= 4 and ($p.charter.fr | length) >= 4)
	and any(.[]; .playbook.id == "environment" and .level >= 3
		and .playbook.statements[0].id == "environment-holding"
		and (.playbook.statements[0].fr | contains("Nestlé")))' \
	"$tmp/alerts" >"$tmp/out" || fail "a playbook that does not fit"
jq -c 'del(.playbook, .text)' "$tmp/alerts" >"$tmp/a"
jq -c 'del(.text)' "$tmp/plain" >"$tmp/b"
cmp -s "$tmp/a" "$tmp/b" || fail "playbooks change something else"
grep -q '"playbook"' "$tmp/plain" && fail "a playbook that nobody asked for"

# ---- named by the configuration: the same
replay --organisation rules/organisations/two-agencies.yaml \
	--config "$tmp/vigie.yaml" >"$tmp/again"
cmp -s "$tmp/alerts" "$tmp/again" || fail "named by vigie.yaml it differs"

# ---- a step speaks of the brand by its name
sed 's/^      - fr: "ne demander aucun nouveau retrait/      - fr: "{brand} : ne demander aucun nouveau retrait/
	s/^\( *steps: *\)$/\1\n          - {fr: "appeler {brand} à {time}", en: "call {brand} at {time}"}/' \
	"$books" >"$tmp/books.yaml"
replay --organisation "$tmp/org.yaml" >"$tmp/named"
jq -e -s '[.[] | select(.level > 0 and .brand == "nestle")] | length > 0
	and all(.[]; (.playbook.steps.en[0] == "call Nestlé at {time}")
		and (.text.fr | contains("À faire\u00a0: appeler Nestlé à {time}"))
		and ([.playbook.never.fr[], .playbook.steps.fr[]] |
			all(.[]; contains("{brand}") | not)))' "$tmp/named" \
	>"$tmp/out" || fail "a step with a blank: $(jq -c .playbook.steps.en "$tmp/named" | head -n 1)"
cp "$books" "$tmp/books.yaml"

# ---- a broken one is refused where it is wrong
sed 's/^    levels:/    level:/' "$books" >"$tmp/books.yaml"
"$VIGIE" check "$tmp/org.yaml" >"$tmp/out" 2>"$tmp/bad.err" &&
	fail "a broken library passes"
grep -q 'books.yaml:[0-9]*:5: error: unknown setting' "$tmp/bad.err" ||
	fail "it does not say where"
