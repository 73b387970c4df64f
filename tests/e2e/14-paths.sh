#!/bin/sh
# Goal: `vigie match` prints the same bytes with AVX-512, with AVX2 and in
# plain C, on any text, for small and for large sets; a path that this
# processor does not have is refused.
# Method: texts of many scripts made here, each shifted through a block of
# vectors; lean and fat posts of the shared data when they are there.
# SPDX-License-Identifier: Apache-2.0
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
shared=${VIGIE_SHARED:-../shared}

paths=
for path in plain avx2 avx512; do
	if VIGIE_CPU=$path "$VIGIE" version >/dev/null 2>&1; then
		paths="$paths $path"
	else
		echo "skipped: this processor has no $path"
	fi
done
code=0
VIGIE_CPU=abacus "$VIGIE" version >/dev/null 2>"$tmp/err" || code=$?
if [ $code != 2 ] || ! grep -q abacus "$tmp/err"; then
	fail "a path that nobody has"
fi

same() { # what rules posts least
	"$VIGIE" match --mentions --no-prefilter --rules "$2" "$3" >"$tmp/want" \
		2>"$tmp/want-err"
	[ "$(wc -l <"$tmp/want")" -ge "$4" ] ||
		fail "$1: only $(wc -l <"$tmp/want") posts match"
	for path in $paths; do
		VIGIE_CPU=$path "$VIGIE" match --mentions --rules "$2" "$3" \
			>"$tmp/got" 2>"$tmp/got-err"
		cmp -s "$tmp/want" "$tmp/got" || fail "$1: $path differs"
		cmp -s "$tmp/want-err" "$tmp/got-err" ||
			fail "$1: $path says something else on stderr"
	done
}

# Brands of every script; extra ones, never met, make a large set.
rules() { # extra
	cat <<'EOF2'
sector: test
brands:
  kitkat: {match: kitkat OR "kit kat" OR "#kitkat" OR "@kitkat_*"}
  creme: {match: '"crème brûlée" OR cœur* OR "l''été"'}
  strasse: {match: 'straße OR façade*'}
  moloko: {match: 'молоко OR "свежий хлеб"'}
  nihon: {match: '東京 OR ガソリン'}
  athina: {match: 'αθήνα OR "ελληνικό γάλα"'}
  heart: {match: '❤ OR 👍 OR "👩‍🚀"'}
  misr: {match: 'مصر'}
  wifi: {match: '/\bwi-?fi\w*/ OR /\bqual(?=ite)/'}
topics:
  scandale: {match: boycott* OR scandale}
  wut: {match: 'wütend* OR colère OR гнев OR 怒'}
rules:
  hot: {brand: '*', when: 'brand NEAR/3 (boycott* OR scandale)'}
EOF2
	[ "$1" -gt 0 ] || return 0
	awk -v n="$1" -v q="'" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "  x%d: {when: %szq%d OR \"zq%d yq%d\" OR " \
			    "zqpre%d*%s}\n", i, q, i, i, i % 7, i, q
	}'
}
rules 0 >"$tmp/small.yaml"
rules 4000 >"$tmp/large.yaml"

awk 'BEGIN {
	n = split("J'"'"'adore la crème brûlée à l\342\200\231été… KitKat boycott|" \
	    "Kit  Kat @kitkat_fr #KITKAT « scandale »|" \
	    "STRASSE und Straße, wütender Façaden-Streit|" \
	    "МОЛОКО и свежий  хлеб, гнев|東京でガソリンが高い怒り|" \
	    "ΑΘΉΝΑ ελληνικό γάλα|I ❤️ it 👍🏽👍 👩‍🚀 🇫🇷 kit&nbsp;kat|" \
	    "في مصر اليوم|le Wi‑Fi, «wifi», wi-fis·qualité|" \
	    "cœurs  cafe\314\201 zq12x zq5 yq5 zqpre77lon|" \
	    "½ ﬁn ＫＩＴＫＡＴ ① kit\302\255kat kit\342\200\213kat", texts, "|")
	for (i = 1; i <= n; i++)
		for (k = 0; k < 70; k++) {
			pad = ""
			for (j = 0; j < k; j++)
				pad = pad (j % 9 == 8 ? " " : "x")
			printf "{\"id\":\"%d-%d\",\"text\":\"%s %s %s\"}\n",
			    i, k, pad, texts[i], k % 3 ? texts[k % n + 1] : ""
		}
}' >"$tmp/posts"
same "many scripts" "$tmp/small.yaml" "$tmp/posts" 700
same "many scripts, many rules" "$tmp/large.yaml" "$tmp/posts" 700

if [ -d "$shared/perf/rules-1000" ] && command -v zstd >/dev/null; then
	for kind in lean fat; do
		zstd -dcq "$shared/perf/posts-$kind.ndjson.zst" 2>/dev/null |
			head -n 4000 >"$tmp/$kind" || true
		same "$kind" "$shared/perf/rules-1000" "$tmp/$kind" 200
	done
else
	echo "skipped: no shared data"
fi
