# Two published detectors, written anew from what their authors say of them, so
# that the scorer can be held against stored results of the benchmark.
# Input: "r NAME TIME VALUE"; output: "r NAME TIME SCORE".
# -v detector=gaussian	tail of a normal distribution over a sliding window of
#	6,400 values, moved on by 100; before it is full, over all so far
# -v detector=entropy	Wang et al., "Statistical techniques for online anomaly
#	detection in data centers", ICAC 2011, figure 1: frequencies in 5 bins
#	over 52 values against all hypotheses so far, chi-squared at 0.99
# -v detector=null -v detector=perfect -v detector=random -v seed=N
# SPDX-License-Identifier: Apache-2.0
# 1 - the upper tail at x standard deviations, as double arithmetic rounds it.
function likely(x, z, t, k, term, sum) {
	z = x / 1.4142
	if (z < 3) {
		term = sum = z
		for (k = 1; k < 80; k++) {
			term *= -z * z / k
			sum += term / (2 * k + 1)
		}
		return 1 - 0.5 * (1 - sum * 2 / 1.7724538509055159)
	}
	t = 0
	for (k = 60; k > 0; k--)
		t = k / 2 / (z + t)
	return 1 - 0.5 * exp(-z * z) / 1.7724538509055159 / (z + t)
}
function moments(k, sum, squares, d) {
	for (k = 0; k < held; k++)
		sum += window[k]
	mean = sum / held
	for (k = 0; k < held; k++) {
		d = window[k] - mean
		squares += d * d
	}
	sd = sqrt(squares / held)
	if (sd == 0)
		sd = 0.000001
}
# While it fills, by running sums: the window grows with each value.
function gaussian(x, score) {
	score = held > 0 ? likely((x > mean ? x - mean : mean - x) / sd) : 0
	if (held < 6400) {
		window[held++] = x
		total += x
		squares_all += x * x
		mean = total / held
		sd = squares_all / held - mean * mean
		sd = sd > 1e-9 ? sqrt(sd) : 0.000001
	} else {
		step[steps++] = x
		if (steps == 100) {
			for (i = 0; i < held - 100; i++)
				window[i] = window[i + 100]
			for (i = 0; i < 100; i++)
				window[held - 100 + i] = step[i]
			steps = 0
			moments()
		}
	}
	return score
}
function ceiling(x) {
	return x > int(x) ? int(x) + 1 : int(x)
}
function entropy_of(h, b, sum) {
	sum = 0
	for (b = 0; b < 5; b++)
		if (now[b] > 0) {
			if (known[h, b] == 0)
				return 1e9
			sum += now[b] / 52 * log(now[b] / known[h, b])
		}
	return sum
}
function entropy(n, x, b, h, e, best, at_best) {
	seen[++held] = ceiling((x - low[n]) / ((high[n] - low[n]) / 5))
	if (held < 52)
		return 0
	split("", now)
	for (i = held - 51; i <= held; i++) {
		b = seen[i] >= 5 ? 4 : seen[i] # the last bin is closed
		now[b]++
	}
	best = 13.276704135987622
	at_best = 0
	for (h = 1; h <= hypotheses; h++) {
		e = 2 * 52 * entropy_of(h)
		if (e < best) {
			best = e
			at_best = h
		}
	}
	if (at_best) {
		times[at_best]++
		return times[at_best] <= 1
	}
	hypotheses++
	for (b = 0; b < 5; b++)
		known[hypotheses, b] = now[b]
	times[hypotheses] = 1
	return hypotheses > 1
}
function start(n) {
	held = steps = total = squares_all = mean = hypotheses = 0
	sd = 1
	split("", window)
	split("", seen)
	split("", known)
	name = n
}
$1 == "w" && detector == "perfect" { edge[$2, $3] = 1 }
$1 != "r" { next }
{
	if (detector != "entropy") {
		emit($2, $3, $4)
		next
	}
	rows++
	n_of[rows] = $2
	t_of[rows] = $3
	x_of[rows] = $4 + 0
	if (!($2 in low) || $4 + 0 < low[$2]) low[$2] = $4 + 0
	if (!($2 in high) || $4 + 0 > high[$2]) high[$2] = $4 + 0
}
function emit(n, t, x, s) {
	if (n != name)
		start(n)
	if (detector == "gaussian") s = gaussian(x + 0)
	else if (detector == "entropy") s = entropy(n, x)
	else if (detector == "perfect") s = ((n, t) in edge)
	else if (detector == "random") s = rand()
	else s = 0
	printf "r %s %s %.12g\n", n, t, s # as the stored results were
}
BEGIN { if (seed != "") srand(seed) }
END {
	for (r = 1; r <= rows; r++)
		emit(n_of[r], t_of[r], x_of[r])
}
