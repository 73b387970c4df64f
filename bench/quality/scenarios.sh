#!/bin/sh
# How early each documented case would have been told, and how often quiet
# times ring: every scenario with every seed, against its expected.json.
# Warning and false alarms are medians and means over the seeds.
# usage: bench/quality/scenarios.sh [BUILD [SEEDS]]   (SEEDS: 20)
# SPDX-License-Identifier: Apache-2.0
set -eu
here=$(dirname "$0")
build=${1:-${BUILD:-build/release}}
seeds=${2:-20}
vigie=$build/vigie
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export LC_ALL=C
failed=0

printf '%-16s %-9s %-17s %5s %9s %7s %6s\n' scenario first 'at (UTC)' \
	level minutes false holds
for plan in rules/scenarios/*/plan.yaml; do
	folder=${plan%/plan.yaml}
	name=${folder##*/}
	held=0
	: >"$dir/ends"
	seed=1
	while [ "$seed" -le "$seeds" ]; do
		"$vigie" drill "$name" --scenarios rules/scenarios \
			--seed "$seed" --view json >"$dir/alerts" \
			2>"$dir/said" || cat "$dir/said" >&2
		jq -rs --slurpfile want "$folder/expected.json" \
			-f "$here/scenarios.jq" "$dir/alerts" >"$dir/wrong"
		if [ -s "$dir/wrong" ]; then
			sed "s/^/$name, seed $seed: /" "$dir/wrong" >&2
		else
			held=$((held + 1))
		fi
		tail -n 1 "$dir/alerts" >>"$dir/ends"
		seed=$((seed + 1))
	done
	jq -rs --arg name "$name" --arg held "$held of $seeds" '
	def median: sort | if length == 0 then null
		else .[(length - 1) / 2 | floor] end;
	sort_by(.level_1 // "9") as $r | $r[(length - 1) / 2 | floor] as $m
	| [$name, ($m.first_kind // "none"),
	   (($m.level_1 // "never") | .[:16]),
	   ([.[].highest_level] | median),
	   ([.[].minutes_before_statement | select(. != null)] | median
		| if . == null then "-" else . end),
	   (([.[].false_alarms] | add) / ([.[].quiet_weeks] | add)
		| . * 100 | round | . / 100),
	   $held] | @tsv' "$dir/ends" | while IFS="$(printf '\t')" \
		read -r n kind at level minutes false holds; do
		printf '%-16s %-9s %-17s %5s %9s %7s %8s\n' "$n" "$kind" \
			"$at" "$level" "$minutes" "$false" "$holds"
	done
	[ $((held * 20)) -ge $((seeds * 19)) ] || failed=1
done
cat <<'END'

first, at: the first alert about the brands of the case, of the median seed.
level: the highest.  minutes: before the first word of the company (negative:
after it).  false: alarms a quiet week.  holds: seeds that meet expected.json.
END
exit "$failed"
