# Results of run.sh as a table, or as Markdown.
# usage: awk -F '\t' -v markdown=[1] -f table.awk results
# SPDX-License-Identifier: Apache-2.0
function goal(set, name) {
	if (set == 1000) {
		if (name == "pcre2-loop") return "250 whole"
		if (name == "hyperscan-all") return "2 matching"
		if (name ~ /^jq \| rg \(a/) return "150 whole"
		if (name ~ /^rspamd/) return "3000 whole"
		if (name ~ /^Fluent Bit \(grep/) return "7000 whole"
		if (name ~ /^Fluent Bit \(none/) return "4.5 whole"
	}
	if (set == 10000 && name == "hyperscan-all") return "2.5 matching"
	return ""
}

function ratio(x) {
	if (x == "") return "-"
	return x >= 100 ? sprintf("%.0fx", x) : sprintf("%.1fx", x)
}

function verdict(want, matching, whole, word) {
	if (want == "") return "-"
	split(want, word, " ")
	return ">= " word[1] "x " word[2] (((word[2] == "whole" ? whole : \
		matching) >= word[1]) ? ": met" : ": MISSED")
}

{
	set = $1; kind = $2; name = $3; what = $4
	if (set != last) {
		if (markdown)
			printf "\n%s rules:\n\n| peer | ns/post: best, median, " \
				"worst | against matching | against the whole | " \
				"goal | hits | version |\n|---|---|---:|---:|" \
				"---|---|---|\n", set
		else
			printf "\n%s rules\n%-20s %12s %12s %12s %9s %9s  %s\n",
				set, "peer", "ns/post", "median", "worst",
				"matching", "whole", "goal; hits; version"
		last = set
	}
	if (NF == 5) {
		if (markdown)
			printf "| %s | - | - | - | - | %s | %s |\n", name, $5,
				what
		else
			printf "%-20s %12s %12s %12s %9s %9s  %s; %s\n", name,
				"-", "-", "-", "-", "-", $5, what
		next
	}
	if (name == "vigie match")
		whole[set] = $5
	if (name == "vigie-matching")
		stage[set] = $5
	a = kind == "library" && stage[set] ? $5 / stage[set] : ""
	b = whole[set] ? $5 / whole[set] : ""
	if (name ~ /^vigie/)
		b = a = ""
	v = verdict(goal(set, name), a, b)
	shown = name
	gsub(/\|/, "\\|", shown)
	if (markdown)
		printf "| %s | %.0f, %.0f, %.0f | %s | %s | %s | %s | %s |\n",
			shown, $5, $6, $7, ratio(a), ratio(b), v, $8, what
	else
		printf "%-20s %12.0f %12.0f %12.0f %9s %9s  %s; %s; %s\n",
			name, $5, $6, $7, ratio(a), ratio(b), v, $8, what
}
