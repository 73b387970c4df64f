#!/bin/sh
# What the burst detector makes of real streams, once by their counts and once
# by their harm, and what the engine says: alarms per series and week, delay.
#
#	airlines	a week of six US airlines with their sector, complaints
#			throughout; no crisis is labelled, so every alarm counts
#	trolls		21 days of one troll farm; its hoax against two brands
#			begins on 26 November 2015 at 22:12
#	CrisisLexT6	the conversation of three places and of their disasters,
#			each as one brand with all posts about it; an event begins
#			with the first of ten posts within 30 minutes that are
#			labelled on topic
# The detector's alarms are rows with a score of 2.4; within an hour they are
# one.  The engine's are rises to level 1 or more about a sector or a brand.
# usage: bench/quality/harm.sh [SHARED] [BUILD]
# SPDX-License-Identifier: Apache-2.0
set -eu
data=${1:-${VIGIE_SHARED:-../shared}}/data
build=${2:-${BUILD:-build/release}}
vigie=$build/vigie
[ -d "$data/crisis" ] || {
	echo "skipped: no recorded streams in $data"
	exit 77
}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export LC_ALL=C

# alarms SERIES COLUMN: "KEY TIME" of each alarm of the detector.
alarms() {
	cut -d, -f1 "$1" | sort -u | grep -v '^key$' >"$dir/keys"
	while read -r key; do
		awk -F, -v key="$key" -v c="$2" 'BEGIN {
				print "timestamp,value"
				unit = c == 6 ? 0.25 : 1 # harm in complaints
			}
			$1 == key { printf "%s,%.9f\n", $2, $c / unit }' "$1" |
			"$vigie" detect - | awk -F, -v key="$key" '
			NR > 1 && $4 == 1 {
				if (NR - last > 12) print key, $1
				last = NR
			}'
	done <"$dir/keys"
}
weeks() { # series: of its keys with posts, together
	awk -F, 'NR > 1 { n[$1]++; posts[$1] += $3 }
		END { for (k in n) if (posts[k] >= 20) w += n[k] / 2016
			printf "%.1f", w }' "$1"
}
rises() { # alerts: "KEY TIME LEVEL BECAUSE", the first of each episode
	jq -r 'select(.kind == "density" or .kind == "coordinated") |
		select(.topic == null and .rev == 0 and .level > 0) |
		"\(.brand // .sector) \(.minute) \(.level) \(.because)"' "$1"
}
# minutes from A to B, both RFC 3339; "-" when B is empty.
minutes() {
	[ -n "$2" ] || { echo -; return; }
	echo $((($(date -ud "$2" +%s) - $(date -ud "$1" +%s)) / 60))
}

stream() { # name rules file
	"$build/bench/gen_series" "$2" "$3" >"$dir/$1.csv" 2>"$dir/err"
	"$vigie" replay --rules "$2" "$3" >"$dir/$1.alerts" 2>"$dir/err"
	alarms "$dir/$1.csv" 3 >"$dir/$1.counts"
	alarms "$dir/$1.csv" 6 >"$dir/$1.harm"
	rises "$dir/$1.alerts" >"$dir/$1.rises"
}
lines() { # file [before]
	awk -v before="${2:-9}" '$2 < before { n++ } END { print n + 0 }' "$1"
}
say() { # name before weeks: alarms before the event
	for kind in counts harm rises; do
		n=$(lines "$dir/$1.$kind" "$2")
		case $kind in
		counts) what="detector on counts" ;;
		harm) what="detector on harm" ;;
		rises) what="engine" ;;
		esac
		printf '%-16s %-20s %3d false, %.2f per series and week' "$1" \
			"$what" "$n" "$(awk -v n="$n" -v w="$3" 'BEGIN { print n / w }')"
		[ -z "${4:-}" ] || printf ', delay %s min' "$(minutes "$4" \
			"$(awk -v from="$4" -v key="${5:-}" '$2 >= from &&
			($1 ~ key) { print $2 }' "$dir/$1.$kind" | sort |
			head -n 1)")"
		echo
	done
}

stream airlines rules/packs "$data/brands_en/airline_2015-02-16_22.ndjson.gz"
say airlines 9 "$(weeks "$dir/airlines.csv")"
stream trolls rules/packs \
	"$data/coordinated/ira_stream_2015-11-15_12-05.ndjson.gz"
say trolls 2015-11-26T22:10 "$(weeks "$dir/trolls.csv")" \
	2015-11-26T22:10:00Z koch-farms

mkdir "$dir/rules"
cp -r rules/packs/crisis-en* rules/packs/words "$dir/rules/" 2>/dev/null ||
	cp -r rules/packs/crisis-en* "$dir/rules/"
cat >"$dir/rules/place.yaml" <<'EOF'
sector: places
brands:
  place:
    match: /./
EOF
for f in "$data"/crisis/crisislex_t6_*.ndjson.gz; do
	name=$(basename "$f" .ndjson.gz | sed 's/crisislex_t6_2013_//')
	gzip -dc "$f" >"$dir/posts"
	onset=$(jq -r 'select(.label.on_topic) | .ts' "$dir/posts" | awk '{
		m = substr($0, 9, 2) * 1440 + substr($0, 12, 2) * 60 + \
			substr($0, 15, 2)
		at[NR] = m
		post[NR] = $0
		if (NR > 9 && m - at[NR - 9] <= 30) {
			print post[NR - 9]
			exit
		}
	}')
	stream "$name" "$dir/rules" "$dir/posts"
	say "$name" "$onset" "$(weeks "$dir/$name.csv")" "$onset"
done
cut -d' ' -f1 "$dir/airlines.rises" | sort | uniq -c | awk '
	{ printf "%s%s %d", (NR > 1 ? ", " : "airlines, engine: "), $2, $1 }
	END { print "" }'
