# The score of the Numenta Anomaly Benchmark from the output of nab_rows.awk,
# its lines "d" sorted by SCORE, highest first:
#	LC_ALL=C sort -k1,1 -k2,2gr
# -v fp=0.11 -v fn=1	the profile: cost of a false detection, of a miss
# -v threshold=X	score at X; without it at the best threshold
# -v mode=loso		each series at the best threshold of the others
# -v mode=series	one line per series instead of the sum
# Of a window only the best detection counts; a score equal to the threshold is
# one.  100 is every window at its left edge and nothing else, 0 is silence.
# Prints: score, threshold, windows found, windows, detections outside, episodes
# outside (an hour apart or more) and the same per series and week.
# SPDX-License-Identifier: Apache-2.0
$1 == "windows" {
	names[++series] = $2
	windows[$2] = $3
	all += $3
}
$1 == "weeks" { weeks[$2] = $3 }
$1 == "d" {
	count++
	at[count] = $2 + 0
	name[count] = $3
	key[count] = $4 > 0 ? $3 SUBSEP $4 : ""
	value[count] = $5 + 0
	row[count] = $6
}
# Detections from the highest down; ${skip} or all but ${only} left out.  Sets
# top and top_at where the raw score is highest, stops below ${limit}.
function sweep(limit, skip, only, i, total, best, k) {
	split("", best)
	total = top = -fn * (only == "" ? all - windows[skip] : windows[only])
	top_at = 1e9
	found = outside = 0
	for (i = 1; i <= count && at[i] >= limit; i++) {
		if (name[i] != skip && (only == "" || name[i] == only)) {
			k = key[i]
			if (k == "") {
				total += fp * value[i]
				outside++
				hits[outside] = i
			} else if (!(k in best)) {
				total += fn + value[i]
				best[k] = value[i]
				found++
			} else if (value[i] > best[k]) {
				total += value[i] - best[k]
				best[k] = value[i]
			}
		}
		if ((i == count || at[i + 1] != at[i]) && total > top + 1e-9) {
			top = total
			top_at = at[i]
		}
	}
	return total
}
# Detections outside windows, those less than an hour apart taken together.
function episodes(i, j, n, k, old) {
	n = 0
	split("", old)
	for (i = 1; i <= outside; i++)
		old[name[hits[i]], row[hits[i]]] = 1
	for (i = 1; i <= outside; i++) {
		k = 1
		for (j = 1; j <= 12; j++)
			if ((name[hits[i]], row[hits[i]] - j) in old)
				k = 0
		n += k
	}
	return n
}
function scaled(raw, n) {
	return n ? 100 * (raw + fn * n) / (n + fn * n) : 0
}
function say(raw, n, limit, w, e) {
	e = episodes()
	printf "%.2f threshold %.6g windows %d/%d outside %d episodes %d " \
		"per_week %.2f\n", scaled(raw, n), limit, found, n, outside, e,
		w ? e / w : 0
}
END {
	if (fp == "") fp = 0.11
	if (fn == "") fn = 1
	for (s = 1; s <= series; s++)
		total_weeks += weeks[names[s]]
	if (mode == "loso") {
		for (s = 1; s <= series; s++) {
			sweep(-1, names[s], "")
			sum += sweep(top_at, "", names[s])
			sum_found += found
			sum_outside += outside
		}
		printf "%.2f windows %d/%d outside %d\n", scaled(sum, all),
			sum_found, all, sum_outside
		exit
	}
	if (threshold == "") {
		sweep(-1, "", "")
		threshold = top_at
	}
	if (mode == "series") {
		for (s = 1; s <= series; s++) {
			raw = sweep(threshold, "", names[s])
			printf "%s %.12f windows %d/%d outside %d\n",
				names[s], raw, found, windows[names[s]], outside
		}
		exit
	}
	raw = sweep(threshold, "", "")
	say(raw, all, threshold, total_weeks)
}
