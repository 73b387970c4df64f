# Windows and scored rows in, what each detection is worth out.
# Input: "w NAME FROM TO" in order of time, then "r NAME TIME SCORE" in order
# of time per NAME.  Output: "windows NAME COUNT", "weeks NAME W" (of the rows
# that count), and "d SCORE NAME WINDOW WORTH ROW" for each row after the
# probation with a score above 0.
# NAB's rules: the first 15 % of the rows, at most 750, do not count.  Inside a
# window WORTH is 1 at its left edge and 0 behind its right one; outside it is
# -1, less just behind a window (WINDOW is then 0).  See ../../docs/DETECTION.md.
# SPDX-License-Identifier: Apache-2.0
function sigmoid(x) {
	return x >= 3 ? -1 : 2 / (1 + exp(5 * x)) - 1
}
$1 == "w" {
	windows[$2]++
	from[$2, windows[$2]] = $3
	to[$2, windows[$2]] = $4
}
$1 == "r" {
	if (!($2 in rows))
		names[++series] = $2
	rows[$2]++
	time[$2, rows[$2]] = $3
	score[$2, rows[$2]] = $4
}
function worth(n, i, k, behind, width) {
	if (k) {
		width = last[n, k] - first[n, k] + 1
		return sigmoid(-(last[n, k] - i + 1) / width) / sigmoid(-1)
	}
	if (!behind)
		return -1
	width = last[n, behind] - first[n, behind]
	return sigmoid((i - last[n, behind]) / width)
}
function tell(n, i, k, probation, behind, inside) {
	probation = int(0.15 * rows[n])
	if (probation > 750)
		probation = 750
	print "windows", n, windows[n] + 0
	print "weeks", n, (rows[n] - probation) * 5 / 10080
	k = 1
	for (i = 1; i <= rows[n]; i++) {
		while (k <= windows[n] && time[n, i] > to[n, k])
			behind = k++
		inside = k <= windows[n] && time[n, i] >= from[n, k] ? k : 0
		if (inside && !((n, k) in first))
			first[n, k] = i
		if (inside)
			last[n, k] = i
		where[i] = inside
		after[i] = behind
	}
	for (i = probation + 1; i <= rows[n]; i++)
		if (score[n, i] > 0)
			printf "d %s %s %d %.12f %d\n", score[n, i], n,
				where[i], worth(n, i, where[i], after[i]), i
}
END {
	for (s = 1; s <= series; s++)
		tell(names[s])
}
