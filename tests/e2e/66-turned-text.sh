#!/bin/sh
# Goal: characters of a post that turn, nest or move the text around them never
# reach a person: report, terminal view, brief, explain, diff; JSON keeps them.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need jq
need_vigie report
export LC_ALL=C.UTF-8
turn=$(printf '\342\200\256') # U+202E
nest=$(printf '\342\201\247') # U+2067, never closed
move=$(printf '\302\233')     # a CSI of one character

clean() { # file
	! grep -q "[$turn$nest$move]" "$1" || fail "$1: turned text"
}

cat >"$tmp/k.yaml" <<'EOF2'
sector: s
brands:
  kitkat: {match: kitkat}
topics:
  poison: {match: listeria OR salmonella, severity: 4}
EOF2
sed 's/listeria/lister?a/' "$tmp/k.yaml" >"$tmp/new.yaml"
post="kitkat ${turn}with li${nest}steria${move}, salmonella$turn"
printf '{"id":"1","ts":"2010-03-17T09:00:00Z","author":{"id":"a"},"text":"%s"}\n' \
	"$post" >"$tmp/posts"
"$VIGIE" replay --rules "$tmp/k.yaml" "$tmp/posts" >"$tmp/alerts" ||
	fail "replay"
jq -e --arg post "$post" '.evidence[0].text == $post' "$tmp/alerts" \
	>"$tmp/out" || fail "the evidence is not what was posted"
jq -r '.text | .fr, .en' "$tmp/alerts" >"$tmp/brief"
grep -q 'kitkat with listeria' "$tmp/brief" || fail "no quote in the brief"
clean "$tmp/brief"
for lang in fr en; do
	"$VIGIE" replay --view terminal --lang $lang --rules "$tmp/k.yaml" \
		"$tmp/posts" >"$tmp/view" || fail "view"
	grep -q 'kitkat with listeria' "$tmp/view" || fail "no quote"
	clean "$tmp/view"
	for format in md html; do
		"$VIGIE" report --journal "$tmp/alerts" --format $format \
			--now 2010-03-17T12:00:00Z --lang $lang >"$tmp/page" ||
			fail "report"
		grep -q 'kitkat with listeria' "$tmp/page" || fail "no quote"
		clean "$tmp/page"
	done
done
"$VIGIE" explain --rules "$tmp/k.yaml" "kitkat li${nest}steria" >"$tmp/why" ||
	fail "explain"
clean "$tmp/why"
printf '%swhite\n' "$turn" | "$VIGIE" match --rules "$tmp/k.yaml" \
	>"$tmp/out" 2>"$tmp/bad" || fail "match"
grep -q '"white"' "$tmp/bad" || fail "a bad line is not quoted"
clean "$tmp/bad"
# What decided is still marked where it stands.
sed 's/ OR salmonella//; s/listeria/sal?onella/' "$tmp/k.yaml" >"$tmp/other.yaml"
sed 's/ OR salmonella//' "$tmp/k.yaml" >"$tmp/one.yaml"
"$VIGIE" diff --alerts off "$tmp/one.yaml" "$tmp/other.yaml" "$tmp/posts" \
	>"$tmp/diff" && fail "no difference"
clean "$tmp/diff"
grep -q '\[salmonella\]' "$tmp/diff" || fail "marked elsewhere: $(cat "$tmp/diff")"
