#!/bin/sh
# Goal: people read the name of a sector, in their language, in alerts, in the
# report and at a terminal; a file that names none goes on with its id, and
# what is wrong with a name is told where it stands.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need jq
need_vigie replay
rules() { # lines about the name
	cat <<EOF
sector: food
$1
brands:
  kitkat: {name: KitKat, match: kitkat}
rules:
  recalls:
    severity: 2
    when: count(recall*) in 15m >= 3
EOF
}
rules 'name: {fr: alimentation, en: "food and drink"}' >"$tmp/rules.yaml"
for i in 1 2 3 4 5; do
	echo "{\"id\":\"$i\",\"source\":\"x\",\"ts\":\"2026-03-02T10:0$i:00Z\",\"text\":\"they recall it\",\"author\":{\"id\":\"a$i\"}}"
done >"$tmp/posts"
replay() {
	"$VIGIE" replay --rules "$tmp/rules.yaml" "$tmp/posts" >"$tmp/alerts" \
		2>"$tmp/replay.err" || fail "replay"
	[ -s "$tmp/alerts" ] || fail "no alert"
}
replay
jq -e -s '.[0] | .subject == "sector" and .sector == "food"
	and .sector_name == {"fr": "alimentation", "en": "food and drink"}
	and (.sentence.fr | startswith("Secteur alimentation"))
	and (.sentence.en | startswith("Sector food and drink"))
	and (.text.fr | contains("] alimentation (secteur)"))' "$tmp/alerts" \
	>"$tmp/out" || fail "alert: $(cat "$tmp/alerts")"
for lang in fr en; do
	"$VIGIE" report --journal "$tmp/alerts" --lang $lang \
		--now 2026-03-02T11:00:00Z >"$tmp/$lang" || fail "report"
done
grep -q '^### Secteur alimentation, règle de comptage' "$tmp/fr" ||
	fail "report in French"
grep -q '^### Sector food and drink, counting rule' "$tmp/en" ||
	fail "report in English"
rules '' >"$tmp/rules.yaml"
replay
jq -e -s '.[0] | has("sector_name") == false
	and (.sentence.fr | startswith("Secteur food"))' "$tmp/alerts" \
	>"$tmp/out" || fail "without a name"

mkdir "$tmp/two"
rules 'name: {fr: alimentation, en: food}' >"$tmp/two/a.yaml"
printf 'sector: food\nname: groceries\n' >"$tmp/two/b.yaml"
"$VIGIE" check "$tmp/two" >"$tmp/out" 2>&1 && fail "two names"
grep -q 'b.yaml:2:7: error: the sector has another name already' "$tmp/out" ||
	fail "where: $(cat "$tmp/out")"
printf 'name: common\n' >"$tmp/two/b.yaml"
"$VIGIE" check "$tmp/two" >"$tmp/out" 2>&1 && fail "a name of no sector"
grep -q 'b.yaml:1:7: error: this is the name of a sector' "$tmp/out" ||
	fail "of no sector: $(cat "$tmp/out")"
