# Rows of ratios.sh and their times: the table of the whole program, and the
# ratios with their goals.
# usage: awk -f ratios.awk rows times
# SPDX-License-Identifier: Apache-2.0
function ns(name)
{
	return 1e9 * (best[name] - load_s[name]) / posts[name]
}

function rate(name)
{
	return posts[name] / best[name] / 1e6
}

# text, value, goal, and whether the value may be at most or must be at least
function ratio(text, value, goal, at_most,	met)
{
	met = at_most ? value <= goal : value >= goal
	printf "%-52s %6.2f  %s %-5s %s\n", text, value, \
		(at_most ? "<=" : ">="), goal, (met ? "met" : "MISSED")
}

function absolute(name, must, aim)
{
	if (!(name in best))
		return
	printf "%-52s %6.2f  >= %-5s %s, aim %s %s\n", name \
		" M posts/cpu-s", rate(name), must, \
		(rate(name) >= must ? "met" : "MISSED"), aim, \
		(rate(name) >= aim ? "met" : "missed")
}

FNR == NR { order[++rows] = $1; next }
{
	if (!($1 in best) || $7 < best[$1])
		best[$1] = $7
	if (!($1 in worst) || $7 > worst[$1])
		worst[$1] = $7
	posts[$1] = $6
	key[$1] = "load-" $2 "-" $4
}

END {
	printf "\n%-20s %9s %13s %9s %11s %8s\n", "row", "posts", \
		"M posts/cpu-s", "ns/post", "reading, s", "spread"
	for (i = 1; i <= rows; i++) {
		name = order[i]
		load_s[name] = best[key[name]]
		printf "%-20s %9d %13.2f %9.0f %11.3f %7.0f%%\n", name, \
			posts[name], rate(name), ns(name), load_s[name], \
			100 * (worst[name] / best[name] - 1)
	}
	print ""
	absolute("match-lean-1000", 2.3, 3.3)
	absolute("match-lean-10000", 2.0, 2.8)
	absolute("match-lean-100000", 0.9, 1.6)
	absolute("match-fat-1000", 0.90, 1.4)
	absolute("match-fat-10000", 0.85, 1.25)
	absolute("match-fat-100000", 0.50, 0.85)
	ratio("growth, lean, 10 to 10,000 rules", \
		ns("match-lean-10000") / ns("match-lean-10"), 1.5, 1)
	if ("match-lean-100000" in best)
		ratio("growth, lean, 10,000 to 100,000 rules", \
			ns("match-lean-100000") / ns("match-lean-10000"), 2.4, 1)
	ratio("50 % of posts match against 1 % (made posts)", \
		ns("share-50") / ns("share-1"), 1.9, 1)
	ratio("two workers against one, CPU per post", \
		ns("two-lean-1000") / ns("match-lean-1000"), 1.1, 1)
	# what the machine takes for two at once, whoever they are
	printf "%-52s %6.2f\n", "  two processes of one worker against one alone", \
		ns("apart-lean-1000") / ns("match-lean-1000")
	printf "%-52s %6.2f\n", "  two workers against two such processes", \
		ns("two-lean-1000") / ns("apart-lean-1000")
	ratio("replay against match, lean, 1,000 rules, 2 h", \
		ns("match-lean-1000") / ns("replay-lean-1000"), 0.9, 0)
	ratio("replay against match, lean, 10,000 rules, 2 h", \
		ns("match-lean-10000") / ns("replay-lean-10000"), 0.9, 0)
	ratio("replay against match, fat, 1,000 rules, 2 h", \
		ns("match-fat-1000") / ns("replay-fat-1000"), 0.9, 0)
}
