#!/bin/sh
# Goal: one command tells why a post does not match: the nearest rules when
# nothing is named, the part that fails first, one rule alone however far it
# is; the post from a text, as JSON, from a file.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need_vigie explain

says() { # text...
	grep -qF -- "$*" "$tmp/out" || {
		cat "$tmp/out"
		fail "missing: $*"
	}
}

explain() { # arguments...
	"$VIGIE" explain --rules "$tmp/k.yaml" "$@" >"$tmp/out" || fail "$*"
	! grep -q "$(printf '\033')" "$tmp/out" || fail "colour in a file"
}

cat >"$tmp/k.yaml" <<'EOF2'
sector: s
lists: {boycott: [boycott*, 'stop buying']}
brands:
  kitkat: {match: kitkat, not: recipe}
  twix: {match: twix}
topics:
  palm: {match: palme}
rules:
  near: {brand: kitkat, topic: palm, when: 'brand NEAR/3 @list(boycott)'}
  far: {brand: twix, when: '(a AND NOT b) OR SENTENCE(usine ferme)'}
  other: {when: 'title:(rappel) AND ATLEAST/2(lot)', not: blague}
  calm: {brand: twix, when: 'brand NEAR/2 honte AND NOT (vin OR recette)'}
  dis: {when: 'disguised:nestle AND exact:"C.E.O." AND lang:fr'}
EOF2

explain "Boycott total, mes chers amis, contre le kitkat"
says "      - NEAR/3: 6 words stand between  <-- fails here"
[ "$(grep -c 'fails here' "$tmp/out")" -eq 1 ] || fail "one part fails first"
explain "kitkat, boycott"
says "      - topic:palm  <-- fails here"

explain "l'usine ouvre. elle ferme demain, un lot et a"
says "nearest other rules"
says "  - far for twix"
says "      - brand:twix is not named  <-- fails here"
says "          - rappel  <-- fails here"

# What a NOT that is true excludes is rightly absent: the mark is elsewhere.
explain --rule calm "twix, mes chers amis, quelle honte"
says "          - vin"
says "        - NEAR/2: 4 words stand between  <-- fails here"
[ "$(grep -c 'fails here' "$tmp/out")" -eq 1 ] || fail "one part fails first"
explain --json --rule calm "twix, mes chers amis, quelle honte"
says '"query":"NEAR/2","true":false,"fails_here":true'
explain --rule calm "twix, quelle honte, ce vin"
says "        - NOT  <-- fails here"

"$VIGIE" explain --rules "$tmp/k.yaml" --rule topic:plam x 2>"$tmp/out" &&
	fail "an unknown topic"
says "help: did you mean 'palm'?"

explain --rule other "lot lot"
says "          - rappel  <-- fails here"
grep -q 'far' "$tmp/out" && fail "another rule"
explain --rule other \
	--post '{"title":"rappel","text":"lot lot, une blague"}'
says '          + rappel  "rappel" (title)'
says "      - excluded by not:  <-- fails here"
explain --rule dis --post '{"text":"n€stlé C.E.O.","lang":"en"}'
says '+ disguised:nestle  "n€stlé" [0,9)'
says '+ exact:"C.E.O."  "C.E.O'
says "- lang:fr  <-- fails here"
explain --rule kitkat "my kitkat recipe"
says "      - excluded by not:  <-- fails here"
explain --json --rule topic:palm "kitkat"
says '{"entry":"topic:palm","holds":false,"match":{"query":"palme"'
says '"fails_here":true'
explain --json --rule near "kitkat boycott palme"
says '"fires":true'

printf '{"text":"a kitkat palme boycott"}\n{"text":"x"}\n' >"$tmp/p.ndjson"
explain --post "$tmp/p.ndjson"
says "matches, score"
printf '{\n  "text": "a kitkat palme boycott"\n}\n' >"$tmp/p.json"
explain --post "$tmp/p.json"
says "matches, score"

status=0
"$VIGIE" explain --rules "$tmp/k.yaml" --rule nix x 2>/dev/null || status=$?
[ "$status" -eq 2 ] || fail "an unknown rule"
status=0
"$VIGIE" explain --rules "$tmp/k.yaml" --post "$tmp/p.json" x \
	2>/dev/null || status=$?
[ "$status" -eq 2 ] || fail "two posts"

# In French what a brand manager reads, with one mark and a comma.
explain --lang fr "Boycott total, mes chers amis, contre le kitkat"
says "ne correspond pas"
says "  - near pour kitkat  poids 1,0, gravité 1"
says "6 mots les séparent  <-- échoue ici"
explain --lang fr "l'usine ouvre. elle ferme demain, un lot et a"
says "autres règles, les plus proches"
says "aucune marque n'est nommée"
LC_ALL=fr_FR.UTF-8 explain --rule kitkat "my kitkat recipe"
says "exclu par not:  <-- échoue ici"
explain --lang fr --rule other --post '{"title":"rappel","text":"un lot"}'
says '"rappel" (titre)'
says 'trouvé 1 fois'
explain --rule other --post '{"title":"rappel","text":"un lot"}'
says 'found once'
explain --rule near "kitkat a boycott palme"
says '+ NEAR/3'
explain --rule calm "twix a b c honte"
says '3 words stand between'
LC_ALL=fr_FR.UTF-8 explain --json "kitkat"
says '"matched":false'
status=0
"$VIGIE" explain --rules "$tmp/k.yaml" --lang de x 2>/dev/null || status=$?
[ "$status" -eq 2 ] || fail "--lang de"

# Why a file cannot be read.
status=0
"$VIGIE" explain --rules "$tmp/k.yaml" --post "$tmp/nope" 2>"$tmp/out" ||
	status=$?
[ "$status" -eq 1 ] || fail "a file that is not there"
says "vigie explain: $tmp/nope: No such file or directory"
"$VIGIE" explain --rules "$tmp/k.yaml" --post "$tmp" 2>"$tmp/out" &&
	fail "a folder"
says "vigie explain: $tmp: Is a directory"
exit 0
