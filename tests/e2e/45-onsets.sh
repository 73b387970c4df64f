#!/bin/sh
# Goal: the real onsets of 13 crises ring within one tick of the tenth voice
# of half an hour (cold start).
# Method: posts made from counts per minute, each of another account and in
# other words; the tenth voice is found by a plain count.
# SPDX-License-Identifier: Apache-2.0
set -eu
vigie=${VIGIE:-${BUILD:-build/release}/vigie}
counts=${VIGIE_SHARED:-../shared}/data/crisis
counts=$counts/crisislex_t26_counts_per_minute.csv.gz
[ -f "$counts" ] || { echo "skipped: no onsets beside this tree"; exit 77; }
command -v jq >/dev/null || { echo "skipped: jq is not installed"; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT INT TERM

cat >"$dir/rules.yaml" <<'RULES'
sector: disasters
brands:
  place: {name: Place, match: place}
topics:
  alarm: {match: alarm, weight: 3, severity: 2}
RULES
gzip -dc "$counts" | tail -n +2 >"$dir/counts"
cut -d, -f1 "$dir/counts" | sort -u >"$dir/events"
late=0 events=0
while read -r event; do
	grep "^$event," "$dir/counts" | jq -Rc 'split(",")
		| [(.[1] | fromdate), (.[2] | tonumber)]' >"$dir/rows"
	jq -nr '[inputs] | to_entries[] | .key as $k | .value as $v | range($v[1])
		| "\($k)x\(.)" as $n
		| {ts: $v[0], id: $n, author: $n, text:
			"place alarm a\($n) b\($n) c\($n) d\($n) e\($n)"}
		| @json' "$dir/rows" >"$dir/posts"
	tenth=$(jq -nr '[inputs | . as $r | range($r[1]) | $r[0]] as $t
		| first(range(9; $t | length) | select($t[.] - $t[. - 9] < 1800)
			| $t[.]) // empty' "$dir/rows")
	"$vigie" replay --rules "$dir/rules.yaml" "$dir/posts" \
		>"$dir/alerts" 2>"$dir/err" || { cat "$dir/err"; exit 1; }
	rang=$(jq -nr 'first(inputs | select(.brand == "place" and .level > 0)
		| .minute | fromdate) // empty' "$dir/alerts")
	events=$((events + 1))
	if [ -z "$tenth" ] || [ -z "$rang" ] ||
		[ $((rang - tenth)) -gt 300 ]; then
		echo "$event: tenth voice ${tenth:-never}, rang ${rang:-never}"
		late=$((late + 1))
	else
		echo "$event: $(((rang - tenth) / 60)) min after the tenth voice"
	fi
done <"$dir/events"
[ "$events" -ge 10 ] || { echo "FAILED: $events events"; exit 1; }
[ "$late" -eq 0 ] || { echo "FAILED: $late of $events too late"; exit 1; }
