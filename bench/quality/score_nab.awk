# Scores detections as the Numenta Anomaly Benchmark does, standard profile,
# or another by -v fp=0.22 or -v fn=2.
# Input, in this order: the windows as "w NAME FROM TO" (from jq, see
# score_nab.sh), then rows "r NAME TIME SCORE" in order of time per NAME.
# -v threshold=X scores one threshold; without it the best one is searched.
# Only the best detection inside a window counts, by its place; each one
# outside costs fp, less just behind a window; a missed window costs fn.
# SPDX-License-Identifier: Apache-2.0
function sigmoid(x) {
	return 2 / (1 + exp(5 * x)) - 1
}
$1 == "w" {
	windows[$2]++
	from[$2, windows[$2]] = $3
	to[$2, windows[$2]] = $4
	all++
}
$1 == "r" {
	if (!($2 in rows))
		names[++series] = $2
	rows[$2]++
	time[$2, rows[$2]] = $3
	score[$2, rows[$2]] = $4
}
# Rows of each window, and what every detection is worth.
function prepare(s, n, i, k, probation, first, last, behind, rel) {
	n = names[s]
	probation = int(0.15 * rows[n])
	if (probation > 750)
		probation = 750
	for (k = 1; k <= windows[n]; k++)
		for (i = 1; i <= rows[n]; i++)
			if (time[n, i] >= from[n, k] && time[n, i] <= to[n, k]) {
				if (!((n, k) in first))
					first[n, k] = i
				last[n, k] = i
			}
	for (i = probation + 1; i <= rows[n]; i++) {
		if (score[n, i] <= 0)
			continue
		inside[++count] = 0
		at[count] = score[n, i]
		behind = 0
		for (k = 1; k <= windows[n]; k++) {
			if (i >= first[n, k] && i <= last[n, k])
				inside[count] = (n SUBSEP k)
			if (last[n, k] < i)
				behind = k
		}
		if (inside[count]) {
			split(inside[count], part, SUBSEP)
			k = part[2]
			rel = -(last[n, k] - i + 1) / (last[n, k] - first[n, k] + 1)
			worth[count] = sigmoid(rel) / sigmoid(-1)
		} else if (!behind) {
			worth[count] = -fp
		} else {
			rel = (i - last[n, behind]) / (last[n, behind] - first[n, behind])
			worth[count] = fp * (rel > 3 ? -1 : sigmoid(rel))
		}
	}
}
function total(limit, i, key, best, sum) {
	delete best
	found = outside = sum = 0
	for (i = 1; i <= count; i++) {
		if (at[i] < limit)
			continue
		if (!inside[i]) {
			sum += worth[i]
			outside++
		} else if (!(inside[i] in best) || worth[i] > best[inside[i]]) {
			best[inside[i]] = worth[i]
		}
	}
	for (key in best) {
		found++
		sum += best[key]
	}
	sum -= fn * (all - found)
	return 100 * (sum + fn * all) / (all + fn * all)
}
END {
	if (fp == "") fp = 0.11
	if (fn == "") fn = 1
	for (s = 1; s <= series; s++)
		prepare(s)
	best_threshold = threshold
	if (threshold == "")
		for (i = 1; i <= count; i++)
			if (!(at[i] in tried)) {
				tried[at[i]] = 1
				t = total(at[i])
				if (best_threshold == "" || t > top) {
					top = t
					best_threshold = at[i]
				}
			}
	t = total(best_threshold)
	printf "%.1f threshold %.3f windows %d/%d outside %d\n", t,
		best_threshold, found, all, outside
}
