#!/bin/sh
# Goal: vigie fmt changes the layout of rule files and nothing else: on all
# packs the set finds the same, a second run changes nothing, comments and
# modes stay, what is unsafe or no rule file stays byte for byte.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need_vigie fmt

cat >"$tmp/a.yaml" <<'EOF2'
# My brands.

rules:
    shame:
        # why they are ashamed
        when: honte #boycott
        brand: boreale   # the one
topics:
  eau:
    miss: [x]
    match: "eau"   # water
    name: Eau
brands:


  boreale:
    own: [@boreale]
    match: boréale OR "eau boréale" OR "boréale eau" OR boreale OR @boreale OR @boreale_fr
sector: eaux
EOF2
cat >"$tmp/want.yaml" <<'EOF2'
# My brands.

sector: eaux
brands:
  boreale:
    match: >
      boréale OR "eau boréale" OR "boréale eau" OR boreale OR @boreale OR
      @boreale_fr
    own: ['@boreale']
topics:
  eau:
    name: Eau
    match: eau  # water
    miss: [x]
rules:
  shame:
    brand: boreale   # the one
    # why they are ashamed
    when: 'honte #boycott'
EOF2
chmod 640 "$tmp/a.yaml"
ln -s a.yaml "$tmp/link.yaml"
"$VIGIE" fmt - <"$tmp/a.yaml" >"$tmp/out" || fail "stdin"
"$VIGIE" fmt --check "$tmp/link.yaml" >"$tmp/named" && fail "check passes"
[ "$(cat "$tmp/named")" = "$tmp/link.yaml" ] || fail "check names no file"
"$VIGIE" fmt "$tmp/link.yaml" 2>"$tmp/fmt.err" || fail "fmt"
diff "$tmp/want.yaml" "$tmp/a.yaml" || fail "another layout"
cmp "$tmp/out" "$tmp/a.yaml" || fail "stdin and file differ"
[ -L "$tmp/link.yaml" ] || fail "the link is gone"
[ "$(stat -c %a "$tmp/a.yaml")" = 640 ] || fail "the mode changed"
"$VIGIE" fmt --check "$tmp" >"$tmp/named" || fail "a second run changes"

# Packs and whatever rules there are: same matches, stable.
cp -r rules/packs "$tmp/packs"
shared=${VIGIE_SHARED:-../shared}
for f in "$shared"/perf/*.yaml; do
	[ -f "$f" ] || continue
	cp "$f" "$tmp/packs/zz-${f##*/}"
	"$VIGIE" check --json "$f" >/dev/null 2>&1 ||
		rm "$tmp/packs/zz-${f##*/}"
done
# The shipped ones are laid out; take a little of that from the copies.
"$VIGIE" fmt --check rules/packs >"$tmp/named" ||
	fail "run vigie fmt rules/packs: $(cat "$tmp/named")"
find "$tmp/packs" -name '*.yaml' -exec sed -i 's/ OR / OR  /' {} +
cp -r "$tmp/packs" "$tmp/laid"
"$VIGIE" fmt "$tmp/laid" || fail "packs"
"$VIGIE" fmt --check "$tmp/laid" >"$tmp/named" || fail "packs are not stable"
diff -rq "$tmp/packs" "$tmp/laid" >/dev/null && fail "no pack changed"
grep -rhoE "^( *hit| *miss): .*" rules/packs | awk '{
	gsub(/["\\\[\]]/, " ")
	printf "{\"text\":\"%s\"}\n", $0}' >"$tmp/posts"
"$VIGIE" diff --alerts off "$tmp/packs" "$tmp/laid" "$tmp/posts" \
	>"$tmp/out" 2>&1 || fail "another set: $(tail -n 3 "$tmp/out")"

# Left as they are.
for text in 'teams: {a: {brands:   "*"}}' 'rules:   [a, b]' \
	'{sector: eaux,   brands: {}}' 'a list'; do
	echo "$text" >"$tmp/x.yaml"
	cp "$tmp/x.yaml" "$tmp/y.yaml"
	"$VIGIE" fmt "$tmp/x.yaml" || fail "refused: $text"
	cmp "$tmp/x.yaml" "$tmp/y.yaml" || fail "changed: $text"
done
printf 'sector: [' >"$tmp/x.yaml"
"$VIGIE" fmt "$tmp/x.yaml" 2>"$tmp/fmt.err" && fail "broken YAML and exit 0"
grep -q "x.yaml:[12]:" "$tmp/fmt.err" || fail "the mistake is not located"
[ "$(cat "$tmp/x.yaml")" = "sector: [" ] || fail "a broken file was changed"
"$VIGIE" fmt 2>/dev/null && fail "no file and exit 0"
exit 0
