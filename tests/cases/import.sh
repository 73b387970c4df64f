#!/bin/sh
# Goal: queries of other tools become the queries that tests/cases/import/
# wants, which find what its posts say, pass vigie check, and lose nothing in
# silence: a query that is changed has a note.
# Method: each table as one CSV; a row's posts are its hit and its miss, which
# import tries on the result.
# SPDX-License-Identifier: Apache-2.0
set -eu
vigie=${VIGIE:-build/vigie}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

fail() {
	echo "FAILED: $*"
	tail -n 40 "$dir/err" 2>/dev/null || :
	exit 1
}

# Posts that are maps go in by hand: a CSV has texts.
for tool in brandwatch meltwater x; do
	table=tests/cases/import/$tool.table
	grep -v '^#' "$table" >"$dir/rows"
	[ "$(wc -l <"$dir/rows")" -ge 25 ] || fail "$tool: too few rows"
	awk -F ' [|] ' -v OFS=, 'function cell(t) {
		gsub(/"/, "\"\"", t)
		return "\"" t "\""
	}
	BEGIN {print "name,query"}
	{print "row" NR, cell($1)}' "$dir/rows" >"$dir/in.csv"
	"$vigie" import --from csv --syntax "$tool" "$dir/in.csv" \
		>"$dir/out.yaml" 2>"$dir/said" || [ $? -eq 1 ] || fail "$tool"
	"$vigie" check "$dir/out.yaml" >"$dir/check" 2>&1 || {
		cat "$dir/check"
		fail "$tool: check refuses the result"
	}
	awk -F ' [|] ' -v q="'" 'function example(t) {
		if (t ~ /^[{]/)
			return t
		gsub(q, q q, t)
		return q t q
	}
	{
		sub(/ *[|]$/, "", $2)
		if ($2 == "-")
			next
		w = $2
		gsub(q, q q, w)
		printf "  row%d: {when: %s%s%s, hit: [%s], miss: [%s]}\n", NR,
		    q, w, q, example($3), example($4)
	}' "$dir/rows" >"$dir/want"
	{ echo rules: && cat "$dir/want"; } >"$dir/want.yaml"
	"$vigie" check "$dir/want.yaml" >"$dir/err" 2>&1 ||
		fail "$tool: the posts of a row"
	# What import wrote, one line a rule.
	awk '/^  row[0-9]+:/ {id = $1}
	/^    when:/ {sub(/^    when: /, ""); print "  " id " " $0}' \
		"$dir/out.yaml" >"$dir/got"
	sed "s/: {when: '/: /; s/', hit: .*//; s/''/'/g" "$dir/want" >"$dir/a"
	sed "s/^\(  row[0-9]*:\) '\(.*\)'\$/\1 \2/; s/''/'/g" "$dir/got" >"$dir/b"
	diff "$dir/a" "$dir/b" || fail "$tool: another query"
	# Rows of which a part is gone say so, in the file and on stderr.
	awk -F ' [|] ' '/sentiment:|region:|context:|has:images|ingress/ {
		print NR + 1}' "$dir/rows" | while read -r line; do
		grep -q "in.csv:$line:.*\(does not carry\|carries over\|stand alone\)" \
			"$dir/said" || fail "$tool: row $line is silent"
	done
	grep -q "# not carried over:" "$dir/out.yaml" || fail "$tool: comments"
done
# What the rule without that part finds: of an AND more, of an OR less.
while IFS='|' read -r effect query; do
	echo "$query" | "$vigie" import --from brandwatch - >"$dir/out.yaml" \
		2>"$dir/err" || fail "$query"
	grep -q "without it the query finds $effect\$" "$dir/err" ||
		fail "$query: does not say that it finds $effect"
done <<'END'
more|x AND (a NEAR/3 (b NOT c))
less|x OR (a NEAR/3 (b NOT c))
more|x AND NOT (a NEAR/3 (b NOT c))
less|x AND NOT (y AND (a NEAR/3 (b NOT c)))
more|x AND authorGender:F
END
exit 0
