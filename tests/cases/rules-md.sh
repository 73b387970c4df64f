#!/bin/sh
# Goal: every example of docs/RULES.md is true, and none is left out: each
# block and table has a comment before it that says what it is, each command
# is run, each query in a sentence is read, and each operator and field that
# the engine knows stands in a table.
# <!-- rules: FILE --> a rule file that check accepts without a warning,
# <!-- file: PATH --> a list, <!-- local: FILE --> one of local.d,
# <!-- posts: FILE --> posts with their verdict, <!-- run --> commands and
# what they print, <!-- queries, fields, conditions, codes --> tables whose
# rows become rules, <!-- packs --> is tried by tests/e2e/43-packs.sh.
# SPDX-License-Identifier: Apache-2.0
set -eu
vigie=${VIGIE:-build/vigie}
case $vigie in /*) ;; *) vigie=$PWD/$vigie ;; esac
page=${PAGE:-$PWD/docs/RULES.md}
repo=$PWD
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/my-rules/lists" "$dir/rules"
ln -s "$repo/rules/packs" "$dir/rules/packs"
cd "$dir"

fail() {
	echo "FAILED: $*"
	cat out 2>/dev/null || :
	exit 1
}

block() { # marker: the block behind <!-- marker ... -->
	awk -v want="<!-- $1" '
	index($0, want) == 1 {marked = 1; next}
	marked && /^```/ {if (inside) exit; inside = 1; next}
	inside {print}' "$page"
}

rows() { # marker: the cells of its table, each row a line, with tabs
	awk -F ' [|] ' -v OFS='\t' -v want="<!-- $1" '
	index($0, want) == 1 {marked = 1; next}
	marked && /^$/ {exit}
	marked && /^[|] `/ {
		sub(/^[|] /, "", $1)
		sub(/ [|]$/, "", $NF)
		$1 = $1
		print
	}' "$page"
}

accepts() { # path...: without an error or a warning
	"$vigie" check "$@" >out 2>&1 || fail "refused: $*"
	! grep -q warning out || fail "warnings: $*"
}

# ---- nothing stands there that this script does not try
awk '
function known(line) {
	return line ~ /^<!-- (rules|local|file|posts): [a-z\/.-]+ -->$/ ||
	    line ~ /^<!-- run -->$/
}
/^ *```/ && !inside && !known(before) {print NR ": a block without a comment"}
/^ *```/ {inside = !inside}
!inside && /^[|] ?-/ && above !~ \
    /^<!-- (queries|fields|conditions|packs|codes): each( row)? is tried -->$/ {
	print NR ": a table without a comment"
}
!/^[|]/ {tried = $0 ~ /^<!-- (queries|fields|conditions|codes)/}
tried && /^[|]/ && !/^[|] `/ && !/^[|](---[|])+$/ && before !~ /^<!--/ {
	print NR ": a row that does not begin with its query"
}
{above = before; before = $0}' "$page" >out
[ ! -s out ] || fail "examples that nobody tries"

# ---- rule files
block "file: lists/journalists.txt" >my-rules/lists/journalists.txt
[ -s my-rules/lists/journalists.txt ] || fail "no list"
rule_files=$(sed -n 's/^<!-- rules: \(.*\)\.yaml -->$/\1/p' "$page")
for name in $rule_files; do
	mkdir "$name"
	cp -r my-rules/lists "$name"
	block "rules: $name.yaml" >"$name/$name.yaml"
	[ -s "$name/$name.yaml" ] || fail "no $name"
	case $name in
	anger) cp kitkat/kitkat.yaml anger ;;
	esac
	accepts "$name"
done
cp kitkat/kitkat.yaml anger/anger.yaml my-rules
accepts my-rules
accepts conditions
grep -q "^2 rules, 1 brand, 0 topics, 2 conditions, compiled" out ||
	fail "the summary of the conditions"

cp -r my-rules mine
mkdir mine/local.d
block "local: mine.yaml" >mine/local.d/mine.yaml
[ -s mine/local.d/mine.yaml ] || fail "no local.d in $page"
accepts mine
grep -q "^3 rules, 1 brand, 1 topic," out || fail "local.d counts"
"$vigie" explain --rules mine "KitKat palm oil, boycott, shame" >out
[ "$(head -n 1 out)" = "matches, score 7.0" ] || fail "local.d weighs"

# ---- posts
posts=0
block "posts: kitkat.yaml" >posts
while IFS= read -r line; do
	case $line in
	'no match  '*) want="does not match" text=${line#no match  } ;;
	'match     '*) want=matches text=${line#match     } ;;
	*) fail "no verdict: $line" ;;
	esac
	"$vigie" explain --rules kitkat "$text" >out
	got=$(head -n 1 out)
	[ "${got%%,*}" = "$want" ] || fail "'$text': want $want"
	posts=$((posts + 1))
done <posts
[ "$posts" -ge 5 ] || fail "only $posts posts"

# ---- tables: a rule a row, its example a hit, its counterexample a miss
table() { # the rules on stdin, beside the lists and macros of the page
	rm -rf table
	mkdir table
	cp -r my-rules/lists my-rules/kitkat.yaml table
	{
		sed '/^rules:/,$d' anger/anger.yaml
		echo rules:
		cat
	} >table/rows.yaml
	[ "$(grep -c '^  row' table/rows.yaml)" -ge "$1" ] || fail "lost rows"
	"$vigie" check table >out 2>&1
}
example='function example(text) {
	return text ~ /^`/ ? substr(text, 2, length(text) - 2) : q text q
}'
rows queries | awk -F '\t' -v q="'" "$example"'{
	gsub(q, q q)
	gsub(/^`|`$/, "", $1)
	brand = $1 ~ /^brand/ ? "brand: kitkat, " : ""
	printf "  row%d: {%swhen: %s%s%s, hit: [%s], miss: [%s]}\n",
	    NR, brand, q, $1, q, example($3), example($4)
}' >made
table 27 <made || fail "a row of the queries"

# A row of fields may name several of one kind, with the same examples.
rows fields | awk -F '\t' -v q="'" "$example"'{
	n = split($1, one, /, /)
	for (i = 1; i <= n; i++) {
		gsub(/`/, "", one[i])
		printf "  row%d: {when: %s(hello OR bonjour) AND %s%s, " \
		    "hit: [%s], miss: [%s]}\n", ++rows, q, one[i], q,
		    example($3), example($4)
	}
}' >made
table 18 <made || fail "a row of the fields"

rows conditions | awk -F '\t' -v q="'" '{
	gsub(/`/, "", $1)
	printf "  row%d: {brand: kitkat, when: %s%s%s, " \
	    "hit: [KitKat recall], miss: [x]}\n", NR, q, $1, q
}' >made
table 5 <made || fail "a row of the conditions"

rows codes | tr -d '`' | while IFS='	' read -r code _ query; do
	printf "rules:\n  row: {when: '%s'}\n" "$query" >code.yaml
	"$vigie" check --json code.yaml >out 2>&1 || fail "code: $query"
	grep -q "\"code\":\"$code\"" out || fail "$query is not $code"
done

# ---- each operator and field that the engine has stands in a table
{ rows queries; rows fields; } | cut -f 1 | tr -d '`' >written
"$vigie" version | sed -n 's/^operators: //p' | tr ' ' '\n' >names
[ "$(wc -l <names)" -ge 30 ] || fail "few operators"
sed -n '/query_field_refused/!s/^PREFIX(\([a-z]*\), .*/\1:/p
	s/^CALL(\([A-Z]*\), .*/\1/p' "$repo/rules/terms.def" >>names
while read -r name; do
	case $name in
	phrase) want='"kit kat"' ;;
	brand) want='brand NEAR' ;;
	regex) want='/r' ;;
	'~n') want='"~' ;;
	NEAR) want=' NEAR/' ;;
	field | label | brand: | sector: | topic: | rule:)
		continue
		;; # the kind; a section
	followers: | reach: | likes: | reposts: | replies: | views: | \
		following: | listed: | posts: | age:)
		grep -q "^|.*\`${name%:}[\`<>:]" "$page" ||
			fail "no table names $name"
		continue
		;; # with a sign of comparison, or by its name in a row
	*) want=$name ;;
	esac
	grep -qF -- "$want" written || fail "no row of a table has $name"
done <names
for name in followers reach likes reposts replies views; do
	grep -qF "\`$name" "$page" || fail "no word of the field $name"
done
grep -q "^\`topic:recall\`, \`rule:strike\`" "$page" || fail "no labels"

# ---- queries in sentences are read; a query is a span with an operator
perl -ne '
	$in = !$in, next if /^\s*```/;
	next if $in or /^[|]/ or /^</;
	while (/`([^`]+)`/g) {
		my $q = $1;
		next if $q =~ /^vigie |[{}]|^--|^@|\.md|^[a-z]+: *$/;
		next unless $q =~ /\S (AND|OR|NOT|O?NEAR\/\d+) \S|^NOT \S/
		    or $q =~ /^[a-z]+:[^ ]+$|^[a-z]+[<>=]+\d+$/;
		$q =~ s/\x27/\x27\x27/g;
		printf "  row%d: {brand: kitkat, when: \x27kitkat AND (%s)\x27}\n",
		    ++$n, $q;
	}
' "$page" >made
sed 's/topic:(recall OR strike)/topic:palm-oil/; s/topic:recall/topic:palm-oil/
	s/rule:\(anger\|strike\)/rule:kitkat-boycott/' made >named
table 5 <named || fail "a query in a sentence"

# ---- commands
printf '%s\n' '{"id":"1","text":"La déforestation ? Boycott KitKat !"}' \
	'{"id":"2","text":"Un KitKat et un café"}' >posts.ndjson
cp -r my-rules my-rules.new
sed -i 's/boycott\* OR shame/shame/; s/hit: \["la dé.*/hit: [honte à KitKat et à la déforestation]/' \
	my-rules.new/kitkat.yaml
echo '(kitkat OR twix) NEAR/5 boycott' >query.txt
timeless() { # figures of time are the machine's affair
	sed 's/ [0-9.]* s,/ T s,/; s/[0-9,]* ns /N ns /'
}
run() { # what stands behind vigie, as a shell reads it
	eval "\"\$vigie\" $1" >got 2>&1
}
runs=$(awk '/^<!-- run -->/ {print NR}' "$page")
for block in $runs; do
	sed "1,${block}d" "$page" | awk '/^```/ {if (n++) exit; next} {print}' \
		>want
	[ "$(grep -c '^[$] vigie ' want)" -eq 1 ] || fail "a run, $block"
	run "$(sed -n 's/^[$] vigie //p' want)" || fail "a run, $block"
	sed 1d want | timeless >want.timeless
	timeless <got >out
	diff want.timeless out || fail "prints something else, line $block"
done
perl -0777 -ne 's/^```.*?^```//gms; s/\n/ /g;
	print "$1\n" while /`(vigie [^`]+)`/g' "$page" | sort -u >commands
[ "$(wc -l <commands)" -ge 9 ] || fail "lost commands"
while read -r _ command; do
	case $command in
	'diff '*) # 1: they differ
		run "$command" || [ $? -eq 1 ] || fail "vigie $command"
		grep -q '^kitkat-boycott' got || fail "diff finds nothing"
		;;
	[a-z]*' '*) run "$command" || { mv got out; fail "vigie $command"; } ;;
	*) "$vigie" help "$command" >out || fail "no vigie $command" ;;
	esac
done <commands
for option in $(perl -0777 -ne 's/^```.*?^```//gms;
	print "$1\n" while /`(--[a-z-]+)/g' "$page" | sort -u); do
	for command in check explain match diff profile coverage fmt import; do
		"$vigie" help "$command"
	done | grep -qw -- "$option" || fail "no option $option"
done
"$vigie" match --rules my-rules posts.ndjson >out 2>err || fail "match"
[ "$(wc -l <out)" = 1 ] || fail "not one of two posts"
[ ! -s err ] || fail "match complains"
exit 0
