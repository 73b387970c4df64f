#!/bin/sh
# Real onsets: how long after the tenth voice of a crisis comes the alert?
# The arrivals per minute of whole crises (CrisisLexT26) are made into posts
# of one brand each, all by different people in different words, all grave.
# From the first minute in which ten came within 30 minutes to the first alert
# of level 1 or more, in minutes; both are known when a minute ends.
# usage: bench/quality/cold.sh [SHARED] [BUILD]
# SPDX-License-Identifier: Apache-2.0
set -eu
counts=${1:-${VIGIE_SHARED:-../shared}}/data/crisis/crisislex_t26_counts_per_minute.csv.gz
vigie=${2:-${BUILD:-build/release}}/vigie
[ -f "$counts" ] || {
	echo "skipped: no counts of crises in $counts"
	exit 77
}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export LC_ALL=C
mkdir "$dir/rules"
gzip -dc "$counts" | tail -n +2 | sort -t, -k1,1 -k2,2 >"$dir/counts"
cut -d, -f1 "$dir/counts" | sort -u >"$dir/events"
awk 'BEGIN { print "sector: onsets\nbrands:" }
	{ n = tolower($1); gsub(/[^a-z0-9]/, "", n)
	printf "  %s:\n    match: %s\n", n, n }
	END { print "topics:\n  disaster:\n    severity: 3\n    weight: 6"
	print "    match: emergency" }' "$dir/events" >"$dir/rules/onsets.yaml"

worst=-1 events=0 late=0
while read -r event; do
	grep "^$event," "$dir/counts" | head -n 3000 >"$dir/one"
	awk -F, '{ n = tolower($1); gsub(/[^a-z0-9]/, "", n)
		for (i = 0; i < $3; i++) {
			id++
			w = id * 7919
			printf "{\"id\":\"%d\",\"source\":\"t26\",\"ts\":\"%s\",\"author\":" \
				"{\"id\":\"a%d\"},\"text\":\"%s emergency w%d x%d" \
				" y%d z%d\"}\n", id, $2, id, n, w % 9973,
				w % 7907, w % 6599, id
		} }' "$dir/one" >"$dir/posts"
	tenth=$(awk -F, '{
		m = substr($2, 6, 2) * 44640 + substr($2, 9, 2) * 1440 + \
			substr($2, 12, 2) * 60 + substr($2, 15, 2)
		at[NR] = m; n[NR] = $3
		sum = 0
		for (i = NR; i > 0 && at[i] > m - 30; i--) sum += n[i]
		if (sum >= 10) { print $2; exit } }' "$dir/one")
	first=$("$vigie" replay --rules "$dir/rules" "$dir/posts" 2>/dev/null |
		jq -r 'select(.level > 0) | .minute' | head -n 1)
	[ -n "$first" ] || { echo "$event: no alert"; late=$((late + 1)); continue; }
	delay=$((($(date -ud "$first" +%s) - $(date -ud "$tenth" +%s)) / 60))
	events=$((events + 1))
	[ "$delay" -le "$worst" ] || worst=$delay
	[ "$delay" -le 5 ] || late=$((late + 1))
	echo "$event: tenth voice $tenth, alert $first, $delay min"
done <"$dir/events"
echo "worst $worst min of $events events, later than one tick: $late"
