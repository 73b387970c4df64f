#!/bin/sh
# Goal: the mistakes that a new brand manager makes are told in place, with
# what to do; explain works on a file whose own examples fail, and says how
# far from NEAR a text is and what a rule without a brand lacks.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need_vigie explain

says() { # text...
	grep -qF -- "$*" "$tmp/said.err" || fail "missing: $*"
}

cat >"$tmp/a.yaml" <<'EOF'
sector: eaux
lists:
  presse: ['@lemonde']
brands:
  boreale: {match: boréale}
topics:
  plastique
    match: plastique
  eau: {match: eau*}
rules:
  a:
    brand: [boreale, '*']
    when: brand NEAR/5 @presse
EOF
"$VIGIE" check "$tmp/a.yaml" 2>"$tmp/said.err" && fail "accepted"
says "a.yaml:7:3: error: a colon is missing"
says "a.yaml:12:22: error: '*' is every brand of the sector"
says "a.yaml:13:24: warning: '@presse' is searched as an account"
says "help: the list is written @list(presse)"

cat >"$tmp/b.yaml" <<'EOF'
sector: eaux
brands:
  boreale: {match: boréale}
topics:
  eau: {match: eau*}
rules:
  sick:
    brand: boreale
    topic: eau
    when: brand NEAR/3 malade*
    hit: ["malade, la Boréale", "malade de l'eau"]
  shame:
    topic: eau
    when: honte
  wrong:
    when: /mal(e/
EOF
"$VIGIE" check "$tmp/b.yaml" 2>"$tmp/said.err" && fail "accepted"
says "b.yaml:16:11: error: regular expression refused behind 'mal(e'"
sed -i 's/mal(e/male/' "$tmp/b.yaml"
"$VIGIE" check "$tmp/b.yaml" 2>"$tmp/said.err" && fail "accepted"
says "help: it does not speak of the rule's topic:"
says "help: no brand is named in it"
"$VIGIE" explain --rules "$tmp/b.yaml" \
	"malade à cause de cette marque de Boréale, la honte" >"$tmp/said.err" ||
	fail "explain refused a file with failing examples"
says "- NEAR/3: 6 words stand between"
says "rules without a brand that nearly fired"
says "      - topic:eau"

cat >"$tmp/c.yaml" <<'EOF'
rules: [b.yaml]
sources: [{type: tcp, listen: "0.0.0.0:7777"}]
sinks: [{type: redis, url: "http://x"}]
EOF
"$VIGIE" check "$tmp/c.yaml" 2>"$tmp/said.err" && fail "accepted"
says "c.yaml:2:31: error: tcp: 0.0.0.0:7777 could be reached"
says "c.yaml:3:28: error: the url of a Redis is written"
printf 'sinks: [{type: stdout}]\n' >"$tmp/c.yaml"
"$VIGIE" check "$tmp/c.yaml" >"$tmp/said.err" || fail "refused"
says "1 configuration, compiled in"
VIGIE_CONFIG=$tmp/none.yaml "$VIGIE" run 2>"$tmp/said.err" && fail "ran"
says "none.yaml: error: cannot read the file: No such file"

# All mistakes in one run: an expression beside a slip of another kind; and a
# name that another file of the sector has.
cat >"$tmp/c.yaml" <<'EOF'
sector: eaux
lists: {appels: [boycott*]}
macros: {colere: honte OR @list(appels)}
brands:
  boreale: {match: boréale}
EOF
cat >"$tmp/d.yaml" <<'EOF'
sector: eaux
rules:
  one: {brand: boreale, wieght: 2, when: /go(ut/}
  two: {brand: boreale, when: '@macro(coler) OR @list(appel)'}
  three: {brand: boreale, when: '@macro(xyzzyx)'}
EOF
"$VIGIE" check "$tmp/c.yaml" "$tmp/d.yaml" 2>"$tmp/said.err" && fail "accepted"
says "d.yaml:3:25: error: unknown key 'wieght'"
says "d.yaml:3:42: error: regular expression refused behind 'go(ut'"
[ "$(grep -c 'expression refused' "$tmp/said.err")" -eq 1 ] || fail "told twice"
says "c.yaml:3 has a macro 'colere', but a macro serves its own file: put it"
says "c.yaml:2 has a list 'appels', but a list serves its own file: put it"
says "help: there are no macros of this file and of common files"

# A sector that cannot be an id: what is below it is not wrong for that.
sed '1s/.*/sector: Eaux minérales/' "$tmp/c.yaml" >"$tmp/e.yaml"
"$VIGIE" check "$tmp/e.yaml" 2>"$tmp/said.err" && fail "accepted"
says "e.yaml:1:9: error: 'Eaux minérales' cannot be an id"
[ "$(grep -c ' error: ' "$tmp/said.err")" -eq 1 ] || fail "a bad sector, twice"
