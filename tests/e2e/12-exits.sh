#!/bin/sh
# Goal: exit codes are those of the contract: 0 done, 1 errors found or rules,
# config or an input refused, 2 misuse.
# Method: a table of command lines over small files made here.
# SPDX-License-Identifier: Apache-2.0
set -u
vigie=${VIGIE:-build/vigie}
case $vigie in /*) ;; *) vigie=$PWD/$vigie ;; esac
root=$PWD
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
failed=0

fail() {
	echo "FAILED: $*"
	failed=1
}

want() { # code arguments...
	code=$1
	shift
	timeout 60 "$vigie" "$@" >out 2>err </dev/null
	rc=$?
	[ $rc = "$code" ] || {
		fail "exit $rc instead of $code: vigie $*"
		head -n 3 err
	}
	[ $rc = 0 ] || [ -s err ] || [ -s out ] ||
		fail "exit $rc without a word: vigie $*"
}

printf 'sector: s\nbrands:\n  b: {match: kitkat}\n' >good.yaml
printf 'sector: s\nrules:\n  a: {when: x AND y OR z}\n' >bad.yaml
printf 'rules: [good.yaml]\nsources: []\n' >vigie.yaml
printf '{"id":"1","text":"kitkat"}\n' >posts
i=0
while [ $i -lt 200 ]; do
	echo "{\"id\":\"$i\",\"text\":\"kitkat $i\"}"
	i=$((i + 1))
done | gzip -c >posts.gz
head -c 200 posts.gz >cut.gz
mkdir empty mixed mixed/deeper
cp good.yaml mixed/deeper/
cp vigie.yaml mixed/

while read -r code line; do
	# shellcheck disable=SC2086
	want "$code" $line
done <<'EOT'
0 match --rules good.yaml posts posts.gz
0 match posts --rules=good.yaml
0 match --rules mixed posts
0 match --config vigie.yaml posts
0 replay --rules good.yaml posts
0 explain --rules good.yaml kitkat
0 check good.yaml vigie.yaml
0 check mixed
0 help
0 help match
0 match --help
0 version
0 run --rules good.yaml
1 match --rules bad.yaml posts
1 match --rules nowhere posts
1 match --rules empty posts
1 match --rules good.yaml nowhere
1 match --rules good.yaml .
1 match --rules good.yaml cut.gz
1 match --config nowhere posts
1 match --config good.yaml posts
1 replay --rules good.yaml nowhere
1 replay --rules good.yaml cut.gz
1 replay --rules good.yaml --organisation nowhere posts
1 replay --rules good.yaml --stats-json /nowhere/x posts
1 check bad.yaml
1 check nowhere
1 detect nowhere
1 run --rules bad.yaml
2 match posts
2 match --rules
2 match --rules good.yaml --bogus posts
2 match --rules good.yaml --workers 0 posts
2 match --rules good.yaml --workers -1 posts
2 match --rules good.yaml --workers 2x posts
2 match --rules good.yaml --workers 9999 posts
2 replay posts
2 replay --rules good.yaml --mentions posts
2 explain kitkat
2 explain --rules good.yaml
2 check
2 check --bogus good.yaml
2 detect --bucket 0
2 run
2 run --rules good.yaml posts
2 help bogus
2 bogus
EOT
VIGIE_CONFIG=vigie.yaml "$vigie" match posts >out 2>err ||
	fail "\$VIGIE_CONFIG is not read"
VIGIE_CONFIG=nowhere "$vigie" match posts >out 2>err
[ $? = 1 ] || fail "a \$VIGIE_CONFIG that is not there"
VIGIE_CONFIG='' "$vigie" match posts >out 2>err
[ $? = 2 ] || fail "an empty \$VIGIE_CONFIG is none"
for line in 'match --rules good.yaml --mentions posts' help version \
	'explain --rules good.yaml kitkat' 'check good.yaml'; do
	# shellcheck disable=SC2086
	"$vigie" $line >/dev/full 2>err
	[ $? = 1 ] || fail "results that cannot be written: vigie $line"
done
# Standard input and output that answer at once, as over ssh: they are waited
# for, packed or not, read and written.
if command -v perl >/dev/null && command -v gzip >/dev/null; then
	awk 'BEGIN {
		for (i = 0; i < 3000; i++)
			printf "{\"id\":\"%d\",\"text\":\"kitkat\"}\n", i
	}' >many
	gzip -k many
	for posts in many many.gz; do
		n=$(perl "$root/tests/e2e/at-once.pl" $posts "$vigie" match \
			--mentions --rules good.yaml - 2>err) ||
			fail "a pipe that answers at once: $(cat err)"
		[ "$n" = 3000 ] || fail "$n of 3000 lines of $posts"
	done
fi
# A slip has a hint.
hint() { # text code arguments...
	text=$1
	shift
	want "$@"
	grep -qF "help: did you mean $text? vigie" err || {
		fail "no hint: vigie $*"
		head -n 3 err
	}
}
hint "'check'" 2 chek good.yaml
hint "--lang" 2 check --lagn fr good.yaml
hint "--lang" 2 check --lagn=fr good.yaml
hint "'nestle-2010'" 1 drill --scenarios "$root/rules/scenarios" nestle
hint "'hoax'" 1 drill --scenarios "$root/rules/scenarios" hoex
for bad in "drill --seed -1 hoax" "drill --seed 99999999999999999999 hoax" \
	"size --lang de" "check --lang FR good.yaml"; do
	# shellcheck disable=SC2086 # options and their values
	want 2 $bad
	grep -qF "help: vigie help ${bad%% *}" err || fail "no hint: $bad"
done

exit $failed
