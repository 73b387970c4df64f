# A set of rules that uses the whole language: fields, labels of other rules,
# NEAR of groups, SENTENCE, ATLEAST, "a b"~n, disguised:, exact:, lists, groups
# with caps, replaced parts, a regex in twelve rules.  One sector a thousand
# rules, each with 100 brands and 20 topics.
# usage: awk -v n=10000 -v dir=FOLDER -f bench/rules.awk
# SPDX-License-Identifier: Apache-2.0
function word(i,	s, k)
{
	for (k = i + 7; k > 0; k = int(k / 65))
		s = s substr("bcdfglmnprstv", k % 13 + 1, 1) \
			substr("aeiou", int(k / 13) % 5 + 1, 1)
	return s "x"
}

function head(i,	k)
{
	printf "sector: s%d\nlists:\n  anger: [", i / 1000 >f
	for (k = 0; k < 40; k++)
		printf "%s%s%s", (k ? ", " : ""), word(i + k * 31),
			(k % 4 ? "" : "*") >f
	printf "]\ngroups: {calm%d: {min: -4}}\nbrands:\n", i / 1000 >f
	for (k = 0; k < 100; k++)
		printf "  b%d: {match: '%s OR \"%s %s\" OR @%s'}\n",
			i / 10 + k, word(i + k), word(i + k), word(k),
			word(i + k) >f
	print "topics:" >f
	for (k = 0; k < 20; k++)
		printf "  t%d: {match: '%s OR %s*'}\n", i / 50 + k,
			word(i + k * 7), word(i + k * 11) >f
	print "rules:" >f
}

function query(k, w, v, u)
{
	if (k == 0)
		return "brand NEAR/8 (" w " OR " v "*)"
	if (k == 1)
		return "(" w " AND " v ") NEAR/5 (" u " OR brand)"
	if (k == 2)
		return "SENTENCE(brand @list(anger) NOT " w ")"
	if (k == 3)
		return "ATLEAST/2(" w " OR " v ") AND lang:fr AND followers>=1k"
	if (k == 4)
		return "\"" w " " v " " u "\"~3"
	if (k == 5)
		return "brand AND disguised:" w
	if (k == 6)
		return "brand AND /\\b" w "(?:s|es)?\\b/"
	if (k == 7)
		return "title:(" w " OR " v ") AND NOT source:x"
	if (k == 8)
		return "exact:\"" toupper(w) " " v "\" OR " u
	if (k == 10)
		return "(brand ONEAR/4 " w ") AND has:link"
	return "brand AND @list(anger) AND (" w " OR " v ")"
}

BEGIN {
	for (i = 0; i < n; i++) {
		if (i % 1000 == 0) {
			f = sprintf("%s/s%04d.yaml", dir, i / 1000)
			head(i)
		}
		k = i % 12
		brand = k == 2 || k == 11 ? "'*'" : \
			"b" int(i / 1000) * 100 + i % 100
		q = k != 9 ? query(k, word(i), word(i * 3 + 1), \
			word(i * 7 + 5)) : "topic:t" int(i / 1000) * 20 + \
			i % 20 " AND rule:r" i - (i > 8 ? 9 : 0)
		printf "  r%d: {brand: %s, weight: 2, when: '%s'%s}\n", i,
			brand, q, (k == 9 ? ", replaces: [r" i - 9 "]" : \
			k == 7 ? sprintf(", group: calm%d", i / 1000) : "") >f
	}
}
