#!/bin/sh
# Goal: the shipped words are good: no problem found by check, alone or
# together; complaints to six airlines, French tone, care replies and crisis
# posts are told apart at least as well as when the packs were written.
# Method: check; then match --mentions over labelled posts, and rank scores
# (AUC: the chance that a negative post scores above another).
# SPDX-License-Identifier: Apache-2.0
set -u
LC_ALL=C
export LC_ALL
vigie=${VIGIE:-build/release/vigie}
data=${VIGIE_SHARED:-../shared}/data
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT INT TERM
failed=0
fail() {
	echo "FAILED: $*"
	failed=1
}

for pack in rules/packs rules/packs/*.yaml; do
	"$vigie" check "$pack" >"$dir/check" 2>&1 || fail "$pack: errors"
	if grep -q 'warning:' "$dir/check"; then
		cat "$dir/check"
		fail "$pack: warnings"
	fi
done
if grep -n 'severity: 4' rules/packs/*.yaml; then
	fail "severity 4 lets one post ring"
fi
[ -d "$data" ] || {
	echo "skipped: labelled posts are not beside this tree"
	[ "$failed" -eq 0 ] && exit 77
	exit 1
}
command -v jq >/dev/null || { echo "skipped: jq is not installed"; exit 77; }

# Lines "score label" for every post of a file; 0 where nothing matched.
scores() { # file jq-label-expression
	gzip -dc "$data/$1" | jq -r "[.id, ($2)] | @tsv" | sort >"$dir/labels"
	"$vigie" match --rules rules/packs --mentions "$data/$1" \
		2>"$dir/err" >"$dir/matches" || { cat "$dir/err"; fail "$1"; }
	jq -r '[.id, .score] | @tsv' "$dir/matches" | sort -u -k1,1 >"$dir/found"
	join -t "$(printf '\t')" -a 1 -o 2.2,1.2 -e 0 "$dir/labels" "$dir/found"
}
auc() { # of lines "score 1|0"
	sort -g | awk '
	function close_tie() {
		sum += ones * (zeros_before + zeros / 2)
		zeros_before += zeros; P += ones; ones = zeros = 0
	}
	$1 != last {close_tie(); last = $1}
	{if ($2 == 1) ones++; else zeros++}
	END {close_tie(); printf "%.3f\n", sum / P / zeros_before}'
}
at_least() { # what value floor
	echo "$1: $2 (at least $3)"
	awk -v v="$2" -v f="$3" 'BEGIN {exit !(v >= f)}' ||
		fail "$1 is $2, below $3"
}

negative='if .label.sentiment == "negative" then 1 else 0 end'
at_least "airlines, complaints" "$(scores \
	brands_en/airline_2015-02-16_22.ndjson.gz "$negative" | auc)" 0.875
at_least "French tone" "$(scores \
	french/xlmt_fr_sentiment_train_val.ndjson.gz "$negative" | auc)" 0.75
at_least "quiet on the brand's own replies" "$(scores \
	french/free_mobile_2020_2025.ndjson.gz '.author // "" | ascii_downcase |
	if startswith("free") then 1 else 0 end' |
	awk '$2 == 1 {n++; quiet += $1 <= 0} END {printf "%.3f\n", quiet / n}')" 0.92
for event in 2013_Boston_Bombings 2013_Queensland_Floods \
	2013_West_Texas_Explosion; do
	scores "crisis/crisislex_t6_$event.ndjson.gz" \
		'if .label.on_topic then 1 else 0 end' >/dev/null
	jq -r 'select(any(.matches[].rule; test("^topic:(casualties|disaster|" +
		"environment|health)-en$"))) | .id' "$dir/matches" |
		sort -u >"$dir/found"
	join -t "$(printf '\t')" -a 1 -o 1.2,2.1 -e - "$dir/labels" \
		"$dir/found" | awk -F'\t' '$2 != "-" {n++; right += $1}
		{all += $1} END {printf "%.3f %.3f\n", right / n, right / all}' \
		>"$dir/pr"
	read -r precision recall <"$dir/pr"
	at_least "$event, precision" "$precision" 0.9
	at_least "$event, recall" "$recall" 0.8
done
exit "$failed"
