# Figures over lines "score label key rules greatest-weight", label 1 for the
# class that is sought.  WANT says which:
#   auc        chance that a 1 scores above a 0, ties half (ascending input)
#   recall_at  best recall at a precision of FLOOR (descending input)
#   ece        mean of |share of 1s - mean p| over ten bins of p
#   share      mean of |share of 1s - mean p| over keys with 20 posts
#   fires      share of the lines with label LABEL that score above 0
#   precision  of the lines whose rules match RULES
#   recall     of the lines with label 1
# p is 1/(1+exp(-(offset+scale score))); with engine=1, 0 where no weight is
# positive, as the engine counts harm.
# SPDX-License-Identifier: Apache-2.0
function close_tie() {
	sum += ones * (zeros_before + zeros / 2)
	zeros_before += zeros
	found += ones
	taken += ones + zeros
	if (taken && found / taken >= floor && found > best)
		best = found
	ones = zeros = 0
}
function abs(x) {
	return x < 0 ? -x : x
}
function mean_error(floor_posts,    k, total, n) {
	for (k in posts)
		if (posts[k] >= floor_posts) {
			total += (want == "ece" ? posts[k] : 1) * \
				abs(harm[k] - real[k]) / posts[k]
			n += want == "ece" ? posts[k] : 1
		}
	return n ? total / n : 0
}
want == "auc" || want == "recall_at" {
	if ($1 != last)
		close_tie()
	last = $1
	if ($2 == 1)
		ones++
	else
		zeros++
}
want == "ece" || want == "share" {
	p = $5 > 0 || !engine ? 1 / (1 + exp(-(offset + scale * $1))) : 0
	k = want == "share" ? $3 : int(p * 10)
	posts[k]++
	harm[k] += p
	real[k] += $2
}
want == "fires" && $2 == label {
	n++
	fired += $1 > 0
}
want == "precision" || want == "recall" {
	hit = $4 ~ rules
	hits += hit
	right += hit && $2 == 1
	all += $2 == 1
}
END {
	close_tie()
	value = want == "auc" ? sum / found / zeros_before : \
		want == "recall_at" ? best / found : \
		want == "fires" ? fired / n : \
		want == "precision" ? (hits ? right / hits : 0) : \
		want == "recall" ? right / all : \
		mean_error(want == "share" ? 20 : 1)
	printf "%.3f\n", value
}
