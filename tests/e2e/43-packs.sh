#!/bin/sh
# Goal: the shipped words are good: no problem found by check, file by file or
# together; words that mean something else start nothing; complaints, French
# tone, care replies and crisis posts are told apart as well as promised.
# Method: check; a table of posts with what they must and must not name; the
# figures of bench/quality/packs.sh over labelled posts, against their goals.
# SPDX-License-Identifier: Apache-2.0
set -u
LC_ALL=C
export LC_ALL
VIGIE=${VIGIE:-build/release/vigie}
export VIGIE
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT INT TERM
failed=0
fail() {
	echo "FAILED: $*"
	failed=1
}

find rules/packs -name '*.yaml' | sort >"$dir/files"
while read -r pack; do
	"$VIGIE" check "$pack" >"$dir/check" 2>&1 || fail "$pack: errors"
	if grep -q 'warning:' "$dir/check"; then
		cat "$dir/check"
		fail "$pack: warnings"
	fi
	brands=$(sed -n '$s/.*[ ,]\([0-9]*\) brands\{0,1\},.*/\1/p' "$dir/check")
	topics=$(sed -n '$s/.* \([0-9]*\) topics\{0,1\},.*/\1/p' "$dir/check")
	grep -q "^| .${pack#rules/packs/}. | $brands | $topics | " \
		rules/packs/README.md ||
		fail "rules/packs/README.md: $pack, $brands brands, $topics topics"
	grep -q 'SPDX-License-Identifier: Apache-2.0' "$pack" ||
		fail "$pack: no licence"
done <"$dir/files"
"$VIGIE" check rules/packs >"$dir/check" 2>&1 || {
	cat "$dir/check"
	fail "the packs do not go together"
}
! grep -q 'warning:' "$dir/check" || { cat "$dir/check"; fail "warnings"; }
if grep -rn --include='*.yaml' 'severity: 4' rules/packs; then
	fail "severity 4 lets one post ring"
fi

command -v jq >/dev/null || { echo "skipped: jq is not installed"; exit 77; }
# Posts that cross packs: "wanted|unwanted|text", labels apart by blanks; those
# of docs/RULES.md too.
sed '/^#/d; /^$/d' tests/e2e/43-packs.txt >"$dir/table"
awk -F ' [|] ' '
/^<!-- packs/ {marked = 1; next}
marked && /^$/ {exit}
marked && /`[+-]/ {
	gsub(/[`|]/, "", $2)
	n = split($2, label, " ")
	want = not = ""
	for (i = 1; i <= n; i++)
		if (label[i] ~ /^[+]/)
			want = want " " substr(label[i], 2)
		else
			not = not " " substr(label[i], 2)
	print want "|" not "|" substr($1, 3)
}' docs/RULES.md >"$dir/page"
[ "$(wc -l <"$dir/page")" -ge 8 ] || fail "docs/RULES.md: lost rows"
cat "$dir/page" >>"$dir/table"
awk -F'|' '{gsub(/"/, "\\\"", $3)
	printf "{\"id\":\"%d\",\"text\":\"%s\"}\n", NR, $3}' "$dir/table" \
	>"$dir/posts"
"$VIGIE" match --rules rules/packs --mentions "$dir/posts" \
	>"$dir/matches" 2>"$dir/err" || { cat "$dir/err"; fail "match"; }
jq -r '[.id, ([.matches[].rule] | join(" "))] | @tsv' "$dir/matches" |
	awk -F'\t' -v table="$dir/table" '
	{found[$1] = " " $2 " "}
	END {
		while ((getline line < table) > 0) {
			split(line, f, "|")
			n++
			k = split(f[1], want, " ")
			for (i = 1; i <= k; i++)
				if (!index(found[n], " " want[i] " "))
					print want[i] " is missing: " f[3]
			k = split(f[2], not, " ")
			for (i = 1; i <= k; i++)
				if (index(found[n], " " not[i]))
					print not[i] " is wrong: " f[3]
		}
	}' >"$dir/wrong"
[ ! -s "$dir/wrong" ] || { cat "$dir/wrong"; fail "posts across packs"; }
echo "$(wc -l <"$dir/table") posts across packs"

sh bench/quality/packs.sh --check >"$dir/figures"
status=$?
cat "$dir/figures"
[ "$failed" -eq 0 ] || exit 1
exit "$status"
