#!/bin/sh
# Goal: every example of docs/RULES.md is true.  A comment before a block says
# what it is: <!-- rules: FILE --> a rule file that check accepts without a
# warning, <!-- file: PATH --> a list, <!-- posts: FILE --> posts with their
# verdict, <!-- queries --> a table whose rows become rules with a hit and a
# miss, <!-- explain: FILE --> a command and what it prints,
# <!-- ndjson: FILE matches N of M --> posts for match.
# SPDX-License-Identifier: Apache-2.0
set -eu
vigie=${VIGIE:-build/vigie}
page=docs/RULES.md
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/my-rules/lists"

fail() {
	echo "FAILED: $*"
	cat "$dir/out" 2>/dev/null || :
	exit 1
}

block() { # marker: the block behind <!-- marker ... -->
	awk -v want="<!-- $1" '
	index($0, want) == 1 {marked = 1; next}
	marked && /^```/ {if (inside) exit; inside = 1; next}
	inside {print}' "$page"
}

block "file: lists/journalists.txt" >"$dir/my-rules/lists/journalists.txt"
block "rules: kitkat.yaml" >"$dir/my-rules/kitkat.yaml"
[ -s "$dir/my-rules/kitkat.yaml" ] || fail "no rule file in $page"
"$vigie" check "$dir/my-rules" >"$dir/out" 2>&1 || fail "check refused it"
grep -q "^1 rule, 1 brand, 1 topic, compiled" "$dir/out" || fail "the summary"

mkdir -p "$dir/mine"
cp -r "$dir/my-rules/." "$dir/mine"
mkdir "$dir/mine/local.d"
block "local: mine.yaml" >"$dir/mine/local.d/mine.yaml"
[ -s "$dir/mine/local.d/mine.yaml" ] || fail "no local.d in $page"
"$vigie" check "$dir/mine" >"$dir/out" 2>&1 || fail "local.d refused"
grep -q warning "$dir/out" && fail "local.d warns"
grep -q "^0 rules, 1 brand, 1 topic," "$dir/out" || fail "local.d counts"
"$vigie" explain --rules "$dir/mine" "KitKat palm oil, boycott" >"$dir/out"
[ "$(head -n 1 "$dir/out")" = "matches, score 4.0" ] || fail "local.d weighs"

block "rules: relays.yaml" >"$dir/relays.yaml"
[ -s "$dir/relays.yaml" ] || fail "no relays in $page"
"$vigie" check "$dir/relays.yaml" >"$dir/out" 2>&1 || fail "relays refused"
grep -q warning "$dir/out" && fail "relays warn"

for name in weights labels macros; do
	mkdir "$dir/$name"
	block "rules: $name.yaml" >"$dir/$name/$name.yaml"
	[ -s "$dir/$name/$name.yaml" ] || fail "no $name"
	"$vigie" check "$dir/$name" >"$dir/out" 2>&1 || fail "$name"
	if grep -q warning "$dir/out"; then
		fail "warnings of $name"
	fi
done

block "rules: conditions.yaml" >"$dir/conditions.yaml"
[ -s "$dir/conditions.yaml" ] || fail "no conditions in $page"
"$vigie" check "$dir/conditions.yaml" >"$dir/out" 2>&1 ||
	fail "conditions refused"
grep -q "^2 rules, 1 brand, 0 topics, 2 conditions, compiled" "$dir/out" ||
	fail "the summary of the conditions"

posts=0
block "posts: kitkat.yaml" >"$dir/posts"
while IFS= read -r line; do
	case $line in
	'no match  '*) want="does not match" text=${line#no match  } ;;
	'match     '*) want=matches text=${line#match     } ;;
	*) fail "no verdict: $line" ;;
	esac
	"$vigie" explain --rules "$dir/my-rules" "$text" >"$dir/out"
	got=$(head -n 1 "$dir/out")
	[ "${got%%,*}" = "$want" ] || fail "'$text': want $want"
	posts=$((posts + 1))
done <"$dir/posts"
[ "$posts" -ge 5 ] || fail "only $posts posts"

# The table: a rule a row, its example a hit, its counterexample a miss.
mkdir "$dir/table"
cp -r "$dir/my-rules/lists" "$dir/table/"
{
	sed "/^rules:/,\$d" "$dir/my-rules/kitkat.yaml"
	echo rules:
	awk -F ' [|] ' -v q="'" '
	/^<!-- queries/ {marked = 1; next}
	marked && /^$/ {exit}
	marked && /^[|] `/ {
		sub(/ [|]$/, "", $4)
		query = $1
		sub(/^[|] `/, "", query)
		sub(/`$/, "", query)
		n = split(query "\n" $3 "\n" $4, part, "\n")
		for (i = 1; i <= n; i++)
			gsub(q, q q, part[i])
		brand = query ~ /^brand/ ? "brand: kitkat, " : ""
		printf "  row%d: {%swhen: %s%s%s, hit: [%s%s%s], ", ++rows,
		    brand, q, part[1], q, q, part[2], q
		printf "miss: [%s%s%s]}\n", q, part[3], q
	}' "$page"
} >"$dir/table/rows.yaml"
[ "$(grep -c '^  row' "$dir/table/rows.yaml")" -ge 18 ] || fail "lost rows"
"$vigie" check "$dir/table" >"$dir/out" 2>&1 || fail "a row of the table"

# The fields: a row may name several of one kind, each with the same examples.
{
	sed "/^rules:/,\$d" "$dir/my-rules/kitkat.yaml"
	echo rules:
	awk -F ' [|] ' -v q="'" '
	function example(text) {
		if (sub(/^`/, "", text))
			sub(/`$/, "", text)
		else
			text = q text q
		return text
	}
	/^<!-- fields/ {marked = 1; next}
	marked && /^$/ {exit}
	marked && /^[|] `/ {
		sub(/ [|]$/, "", $4)
		query = $1
		sub(/^[|] /, "", query)
		n = split(query, one, /, /)
		for (i = 1; i <= n; i++) {
			gsub(/`/, "", one[i])
			printf "  field%d: {when: %s(hello OR bonjour) AND %s%s, " \
			    "hit: [%s], miss: " \
			    "[%s]}\n", ++rows, q, one[i], q, example($3),
			    example($4)
		}
	}' "$page"
} >"$dir/table/rows.yaml"
[ "$(grep -c '^  field' "$dir/table/rows.yaml")" -ge 18 ] || fail "lost fields"
if ! "$vigie" check "$dir/table" >"$dir/out" 2>&1; then
	fail "a row of the fields"
fi

block "explain: kitkat.yaml" >"$dir/want"
text=$(sed -n '1s/.*my-rules "\(.*\)"$/\1/p' "$dir/want")
"$vigie" explain --rules "$dir/my-rules" "$text" >"$dir/out"
sed 1d "$dir/want" | cmp - "$dir/out" || fail "explain prints something else"

block "ndjson: kitkat.yaml" >"$dir/posts.ndjson"
"$vigie" match --rules "$dir/my-rules" "$dir/posts.ndjson" >"$dir/out" \
	2>"$dir/err" || fail "match"
[ "$(wc -l <"$dir/posts.ndjson") $(wc -l <"$dir/out")" = "2 1" ] ||
	fail "not one of two posts"
[ -s "$dir/err" ] && fail "match complains"
exit 0
