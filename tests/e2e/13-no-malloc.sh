#!/bin/sh
# Goal: no post costs an allocation: a long input asks for no more memory
# blocks than a short one.  Alerts and keys of the judge may, posts may not.
# Method: jemalloc counts every request of the process; match and replay read
# 10,000 posts, then 50,000 of the same kind, one in five of which matches, with
# accents, escapes, mentions of brands alone, and bad lines in between.
# SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
need_vigie match
need jq awk

cat >"$tmp/rules.yaml" <<'END'
sector: testing
lists:
  harm: ['scandale', 'rappel de lots', 'boycott*', 'cheval*']
brands:
  kitkat: {match: 'kitkat OR "kit kat" OR @kitkat'}
  lion: {match: 'lion NOT savane'}
topics:
  palm: {match: '"huile de palme" OR /orang.?outans?/'}
rules:
  anger: {brand: "*", weight: 2, when: 'brand NEAR/8 @list(harm)'}
  burnt: {brand: kitkat, topic: palm, weight: 3, when: 'brand'}
END

posts() { # count
	awk -v n="$1" 'BEGIN {
	t[0] = "Rien \\u00e0 voir, bonne journ\\u00e9e \\ud83d\\ude00"
	t[1] = "Kit Kat et l\\u2019huile de palme : scandale, boycottez !"
	t[2] = "Un lion &amp; un kitkat dans la savane, \305\222UVRE d\342\200\231\303\251t\303\251"
	t[3] = "@KitKat rappel de lots, https://example.org/a les orangs-outans"
	t[4] = "plain words that nobody looks for, again and again"
	for (i = 0; i < n; i++) {
		if (i % 997 == 5)
			print "{\"text\": broken"
		printf "{\"id\":\"p%09d\",\"source\":\"test\"," \
			"\"author\":{\"id\":\"a%05d\",\"followers\":%d}," \
			"\"ts\":\"2026-03-02T%02d:%02d:00Z\"," \
			"\"text\":\"%s\"}\n", i, i % 5000, i % 70000,
			8 + i / 5000, i % 5000 / 100,
			t[i % 10 < 4 ? i % 10 : i % 10 == 7 ? 1 : 4]
	}}'
}
posts 10000 >"$tmp/short"
posts 50000 >"$tmp/long"

# Requests for memory of one run, all arenas, from its first to its last.
requests() { # command file
	MALLOC_CONF=stats_print:true,stats_print_opts:Jdablx \
		"$VIGIE" "$1" --workers 1 --rules "$tmp/rules.yaml" "$2" \
		2>"$tmp/run.log" >"$tmp/out" || fail "$1 exits $?"
	sed -n 's/.*\({"jemalloc".*\)/\1/p' "$tmp/run.log" |
		jq '.jemalloc["stats.arenas"].merged |
			.small.nrequests + .large.nrequests'
}

for command in match replay; do
	short=$(requests $command "$tmp/short")
	[ -n "$short" ] || skip "no counting allocator in $VIGIE"
	long=$(requests $command "$tmp/long")
	[ -s "$tmp/out" ] || fail "$command found nothing"
	[ "$short" -gt 100 ] || fail "$command: the count does not count"
	more=$((long - short))
	# Of 40,000 posts.  Each alert that is told is a few blocks.
	case $command in
	match) most=20 ;;
	*) most=$((200 + 50 * $(grep -c '^{' "$tmp/out"))) ;;
	esac
	echo "$command: $short blocks for 10,000 posts, $more for 40,000 more"
	[ "$more" -le "$most" ] ||
		fail "$command: $more blocks for 40,000 posts, $most allowed"
done
