#!/bin/sh
# Goal: what the contract says of time, windows, levels and messages holds for
# the program as a whole, and each message can be recomputed by hand.
# Method: small streams of NDJSON, one for each sentence, through `replay`;
# jq recomputes with formulas of its own.
# SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
need jq awk
need_vigie replay

cat >"$tmp/rules.yaml" <<'EOF'
sector: testing
brands:
  abc: {name: ABC, match: abc, own: ["@abc"]}
  xyz: {name: XYZ, match: xyz}
topics:
  palm: {name: {fr: Palme, en: Palm}, match: palm, weight: 4, severity: 3}
  rude: {match: rude, weight: 1, severity: 1}
  joke: {match: lol, weight: -3}
  death: {match: listeria, weight: 4, severity: 4}
EOF

# posts MINUTE STEP_S FROM TO TEXT [HANDLE]: posts FROM..TO, STEP_S seconds
# apart from MINUTE of 1 May 2020 on, each by a person of its own or by HANDLE.
posts() {
	awk -v at="$1" -v step="$2" -v from="$3" -v to="$4" -v text="$5" \
		-v who="${6:-}" 'BEGIN {
		for (i = from; i <= to; i++) {
			s = at * 60 + (i - from) * step
			printf "{\"id\":\"p%d\",\"ts\":\"2020-05-%02dT" \
				"%02d:%02d:%02dZ\",\"author\":{\"handle\":" \
				"\"%s\"},\"text\":\"%s %c%c%c %c%c%c %d\"}\n",
				i, 1 + s / 86400, s / 3600 % 24, s / 60 % 60,
				s % 60, who == "" ? "u" i : who, text,
				97 + i % 26, 97 + i * 7 % 26, 97 + i * 3 % 26,
				97 + i * 5 % 26, 97 + i * 11 % 26,
				97 + i * 17 % 26, i
		}
	}'
}
replay() { # input output
	"$VIGIE" replay --rules "$tmp/rules.yaml" "$1" >"$2" 2>"$tmp/err" ||
		fail "$1: exit $?"
}
holds() { # what file jq-expression of all messages
	jq -se "$3" "$2" >/dev/null || {
		jq -c '[.minute, .brand, .topic, .level, .density, .harm, .voices]' "$2"
		fail "$1"
	}
}

# A storm on a silent brand, then silence, then another one the next day.
# The post at the end lets the hours pass.
{
	posts 600 60 1 10 "palm abc"
	posts 610 20 11 60 "palm abc lol"
	posts 1500 60 100 100 "nothing"
	posts 2100 60 101 115 "palm abc"
	posts 2800 60 200 200 "nothing"
} >"$tmp/storm"
replay "$tmp/storm" "$tmp/storm.out"
holds "ten voices on a silent brand ring within one evaluation" \
	"$tmp/storm.out" 'any(.[]; .brand == "abc" and .topic == null and
		.level > 0 and .minute == "2020-05-01T10:09:00Z")'
# w = 4: p = 1 / (1 + exp(3 - 4)), g = 1, v = a = 1, E = 0.
holds "H of the first message by hand" "$tmp/storm.out" '
	map(select(.subject == "brand"))[0] |
	((.harm - 10 / (1 + (-1 | exp))) | fabs) < 1e-5 and .voices == 10 and
	((.density - 100 * .harm / 30) | fabs) < 1e-5'
holds "RD, excess and C of every message" "$tmp/storm.out" 'all(.[];
	((.density - 100 * .excess / (.voices + .alpha)) | fabs) < 2e-6 and
	(if .posts > 0 then
		((.concentration - 1 + .independence / .posts) | fabs) < 2e-6
	else .concentration == 0 end)) and
	all(.[] | select(.subject != "sector");
	((.excess - ([.harm - .expected, 0] | max)) | fabs) < 2e-6)'
holds "seq counts the messages, rev those of an episode" "$tmp/storm.out" '
	([.[].seq] == [range(length)]) and
	(group_by(.id) | all(.[]; [.[].rev] == [range(length)] and
		(map(.first_minute) | unique | length) == 1 and
		.[0].first_minute == .[0].minute))'
holds "two storms are two episodes, each ends at 0 by single steps" \
	"$tmp/storm.out" 'map(select(.subject == "brand")) | group_by(.id) |
	length == 2 and all(.[]; .[-1].level == 0 and
	(map(select(.level < .previous_level) | .previous_level - .level) |
		all(. == 1)))'
holds "what calms is no pair, nor is what has no density" "$tmp/storm.out" '
	all(.[].pairs // [] | .[]; .topic != "joke" and .density > 0) and
	all(.[].pairs // []; . == (sort_by(-.density)))'
holds "the same names of levels everywhere" "$tmp/storm.out" 'all(.[];
	.level_name.en == ["watch", "notice", "pre-alert", "alert",
		"crisis"][.level] and
	.level_name.fr == ["veille", "vigilance", "pré-alerte", "alerte",
		"crise"][.level])'
holds "the sentence is French, with its blanks, and quotes what was said" \
	"$tmp/storm.out" 'map(select(.subject == "brand"))[0].sentence |
	.fr == ("ABC\u00a0: sur 100 voix indépendantes de la dernière " +
		"heure, 24 font du tort au-delà de la normale " +
		"(«\u00a0palm\u00a0»). Niveau 3, alerte. Moins de trois " +
		"jours d\u0027observation\u00a0: la normale est encore mal " +
		"connue.") and
	(.en | startswith("ABC: of every 100 independent voices in the " +
		"last hour, 24 do harm beyond what is normal (\"palm\")."))'
holds "no message holds a value of the wall clock" "$tmp/storm.out" \
	'all(.[]; has("latency_ms") | not)'
[ "$(jq -c 'keys_unsorted - ["pairs", "brands", "breadth"]' "$tmp/storm.out" |
	sort -u | wc -l)" -eq 1 ] || fail "the order of members varies"

# The owner's posts, repeated ids, posts an hour late: in no window.
{
	posts 600 60 1 9 "palm abc"
	posts 609 1 1 9 "palm abc"
	posts 540 0 20 40 "palm abc"
	posts 609 1 50 60 "palm abc" abc
	posts 700 60 99 99 nothing
} >"$tmp/nine"
replay "$tmp/nine" "$tmp/nine.out"
[ ! -s "$tmp/nine.out" ] || fail "nine voices rang: $(cat "$tmp/nine.out")"

# A time more than five minutes after `seen` is not believed.
posts 600 60 1 10 "palm abc" | sed \
	's/"ts":"/"ts":"2031-01-01T00:00:00Z","seen":"/' >"$tmp/future"
replay "$tmp/future" "$tmp/future.out"
holds "future posts count at their arrival" "$tmp/future.out" \
	'any(.[]; .minute == "2020-05-01T10:09:00Z" and .brand == "abc")'

# One post of severity 4 rings at once, alone; below it nobody hears one.
posts 600 60 1 1 "listeria abc" >"$tmp/one"
replay "$tmp/one" "$tmp/one.out"
holds "one severe post" "$tmp/one.out" \
	'length == 1 and .[0].level == 3 and .[0].kind == "severe_post"'

# Hostile words: quotes, controls, an escape sequence, a character cut.
{
	posts 600 30 1 9 "palm abc \\\"q\\\" \\u001b[31m \\u0000 \\n"
	awk 'BEGIN {
		printf "{\"id\":\"x\",\"ts\":\"2020-05-01T10:04:40Z\"," \
			"\"author\":{\"handle\":\"x\"},\"text\":\"listeria abc"
		for (i = 0; i < 300; i++)
			printf " 😀"
		printf "\"}\n"
	}'
} >"$tmp/hostile"
replay "$tmp/hostile" "$tmp/hostile.out"
[ -s "$tmp/hostile.out" ] || fail "hostile words: no message"
holds "hostile words are valid JSON" "$tmp/hostile.out" \
	'all(.[]; .evidence | length > 0)'
jq -r '.sentence.fr, .sentence.en' "$tmp/hostile.out" >"$tmp/hostile.said"
! LC_ALL=C grep -q "$(printf '[\001-\011\013-\037]')" \
	"$tmp/hostile.said" || fail "a sentence moves the cursor"
! LC_ALL=C grep -q "$(printf '[\001-\011\013-\037]')" "$tmp/hostile.out" ||
	fail "a control character got through"
iconv -f UTF-8 -t UTF-8 "$tmp/hostile.out" >/dev/null ||
	fail "a character was cut"

# A team hears of what has been at its level, and of its fall.
cat >"$tmp/organisation.yaml" <<'EOF'
teams:
  crisis: {sectors: ["*"], brands: ["*"], min_level: 3}
  press: {brands: [abc], min_level: 1}
  other: {brands: [xyz], min_level: 0}
EOF
"$VIGIE" replay --rules "$tmp/rules.yaml" --organisation \
	"$tmp/organisation.yaml" "$tmp/storm" >"$tmp/teams.out" 2>"$tmp/err" ||
	{ cat "$tmp/err"; fail "organisation: exit"; }
holds "teams by their scope and level" "$tmp/teams.out" 'all(.[];
	([.level, .previous_level] | max) as $l |
	((.teams | index("crisis") != null) == ($l >= 3)) and
	((.teams | index("press") != null) == (.brand == "abc" and $l >= 1)) and
	(.teams | index("other") == null))'
echo "$(cat "$tmp"/*.out | wc -l) messages looked at"
