#!/bin/sh
# Goal: the Nestlé scenario of 2010 says what tests/scenarios/nestle-2010/
# expected.json (older than its generator) asks for: in 19 of 20 seeds, with
# half the wave, with none, and the same bytes with one worker and with four.
# Method: generate, replay with the shipped packs, ask jq.
# SPDX-License-Identifier: Apache-2.0
set -u
build=${BUILD:-build/release}
vigie=${VIGIE:-$build/vigie}
gen=$build/bench/gen_nestle
want=tests/scenarios/nestle-2010/expected.json
[ -x "$gen" ] || { echo "skipped: $gen is not built (make tools)"; exit 77; }
command -v jq >/dev/null || { echo "skipped: jq is not installed"; exit 77; }
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT INT TERM
failed=0
fail() {
	echo "FAILED: $*"
	failed=1
}

replay() { # seed wave workers file
	"$gen" --seed "$1" --wave "$2" >"$dir/posts" &&
		"$vigie" replay --rules rules/packs --workers "$3" \
			"$dir/posts" >"$4" 2>"$dir/err" ||
		{ cat "$dir/err" && fail "seed $1 wave $2: exit"; }
}

# Prints what is wrong with the alerts of a full wave; nothing if all holds.
judge='
def worst(f): [.[] | select(f) | .level] | max // 0;
$want[0] as $w
| (worst(.minute < $w.quiet.until and
	(.minute < $w.promotion.from or .minute >= $w.promotion.to))
	| select(. > $w.quiet.level_max) | "level \(.) before the crisis"),
  (worst(.minute >= $w.promotion.from and .minute < $w.promotion.to)
	| select(. > $w.promotion.level_max) | "level \(.) on the promotion"),
  ($w.warned[] as $x
	| worst(.sector == $w.sector and .minute >= $w.quiet.until and
		.minute < $x.before)
	| select(. < $x.level_min) | "level \(.) before \($x.before)")
'
first=$(jq .seeds.first "$want") last=$(jq .seeds.last "$want")
min=$(jq .seeds.holding_min "$want")
held=0 held_half=0
seed=$first
while [ "$seed" -le "$last" ]; do
	replay "$seed" 1 2 "$dir/full"
	jq -rs --slurpfile want "$want" "$judge" "$dir/full" >"$dir/wrong" ||
		fail "seed $seed: alerts that jq cannot read"
	grep -q '"coordinated":true' "$dir/full" &&
		fail "seed $seed: a crowd that reposts is taken for a campaign"
	if [ -s "$dir/wrong" ]; then
		sed "s/^/seed $seed: /" "$dir/wrong"
	else
		held=$((held + 1))
	fi
	replay "$seed" "$(jq .half_wave.wave "$want")" 2 "$dir/half"
	if jq -se --slurpfile want "$want" '$want[0] as $w | any(.[];
		.sector == $w.sector and .minute >= $w.quiet.until and
		.level >= $w.half_wave.level_min)' "$dir/half" >/dev/null; then
		held_half=$((held_half + 1))
	else
		echo "seed $seed: half the wave is not noticed"
	fi
	replay "$seed" 0 2 "$dir/none"
	n=$(jq -s 'map(select(.level > 0)) | length' "$dir/none")
	[ "$n" -le "$(jq .no_wave.alerts_max "$want")" ] || {
		fail "seed $seed: $n alerts without a crisis"
		head -n 2 "$dir/none" | cut -c1-300
	}
	seed=$((seed + 1))
done
echo "full wave: $held seeds hold; half wave: $held_half; of $last"
[ "$held" -ge "$min" ] || fail "only $held seeds hold, $min wanted"
[ "$held_half" -ge "$min" ] || fail "half the wave: only $held_half seeds"

for workers in $(jq '.identical_workers[]' "$want"); do
	replay 1 1 "$workers" "$dir/alerts.$workers"
	[ -s "$dir/alerts.$workers" ] || fail "no alerts with $workers workers"
	cmp "$dir/alerts.$workers" "$dir/alerts.1" ||
		fail "$workers workers give other bytes than one"
done
# A message owed to the sequence of accusation, removal and copies says so.
jq -se 'any(.[]; .because == "signal" and
	(.sentence.en | test("then a removal .* Level [34]")) and
	(.sentence.fr | test("puis retrait .* Niveau [34]")))' \
	"$dir/alerts.1" >/dev/null || fail "no sentence tells of the removal"
"$gen" --seed 7 >"$dir/a"
"$gen" --seed 7 >"$dir/b"
cmp "$dir/a" "$dir/b" || fail "the generator is not a function of its seed"
exit "$failed"
