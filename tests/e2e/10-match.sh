#!/bin/sh
# Goal: `vigie match` says the same whatever the number of workers, the
# cutting of its input and its packing, with and without the prefilter; and
# its exits and messages are those of the contract.
# Method: posts made here, and those of the shared data when they are there.
# SPDX-License-Identifier: Apache-2.0
set -u
vigie=${VIGIE:-build/vigie}
shared=${VIGIE_SHARED:-../shared}
[ -x "$vigie" ] || { echo "FAILED: no $vigie"; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0

fail() {
	echo "FAILED: $*"
	failed=1
}

same() { # what file: the same as the reference
	cmp -s "$dir/want" "$2" || fail "$1: other lines than the reference"
}

# The same input in every way that it can arrive; $1 posts, $2 rules.
every_way() {
	posts=$1 rules=$2 way=$3
	"$vigie" match --rules "$rules" --workers 1 "$posts" >"$dir/want" \
		2>"$dir/errors" || fail "$way: exit $?"
	for w in 2 4; do
		"$vigie" match --rules "$rules" --workers $w "$posts" \
			>"$dir/got" 2>"$dir/errors2"
		same "$way: $w workers" "$dir/got"
		cmp -s "$dir/errors" "$dir/errors2" ||
			fail "$way: $w workers: other messages"
	done
	for size in 1000 4096 70001; do
		dd if="$posts" bs=$size status=none |
			"$vigie" match --rules "$rules" --workers 2 - \
				>"$dir/got" 2>/dev/null
		same "$way: pieces of $size" "$dir/got"
	done
	gzip -c "$posts" >"$dir/posts.gz"
	"$vigie" match --rules "$rules" "$dir/posts.gz" >"$dir/got" 2>/dev/null
	same "$way: gzip" "$dir/got"
	"$vigie" match --rules "$rules" <"$dir/posts.gz" >"$dir/got" 2>/dev/null
	same "$way: gzip on stdin" "$dir/got"
	if command -v zstd >/dev/null; then
		zstd -qf "$posts" -o "$dir/posts.zst"
		"$vigie" match --rules "$rules" "$dir/posts.zst" >"$dir/got" \
			2>/dev/null
		same "$way: zstd" "$dir/got"
	fi
	"$vigie" match --rules "$rules" --no-prefilter "$posts" >"$dir/got" \
		2>/dev/null
	same "$way: no prefilter" "$dir/got"
	"$vigie" match --rules "$rules" --mentions "$posts" >"$dir/mentions" \
		2>/dev/null
	"$vigie" match --rules "$rules" --mentions --no-prefilter "$posts" \
		2>/dev/null | cmp -s - "$dir/mentions" ||
		fail "$way: mentions differ without the prefilter"
	# Every line of match is one of mentions, as it is.
	grep -Fxvc -f "$dir/mentions" "$dir/want" >"$dir/missing"
	[ "$(cat "$dir/missing")" = 0 ] ||
		fail "$way: lines that --mentions does not have"
}

cat >"$dir/rules.yaml" <<'EOF'
sector: confectionery
brands:
  kitkat:
    match: kitkat OR "kit kat"
    hit: [kitkat]
    miss: [kit]
topics:
  palm-oil:
    match: '"palm oil" OR deforest*'
    weight: 2.5
    hit: [palm oil]
    miss: [oil]
rules:
  kitkat-boycott:
    brand: kitkat
    weight: 6
    when: boycott*
    hit: [boycott kitkat]
    miss: [boycott]
  calm:
    brand: kitkat
    weight: -1.125
    when: recipe
    hit: [kitkat recipe]
    miss: [recipe]
EOF

# ---- exact lines -----------------------------------------------------------
cat >"$dir/few" <<'EOF'
{"id":"1","text":"I boycott KitKat now"}
{"id":"2","text":"nothing here"}
{"id":"3","text":"a kit kat recipe with palm oil"}

{"id":"4","text":"only palm oil"}
{"id":"\"q\"","text":"kitkat and deforestation"}
EOF
cat >"$dir/want" <<'EOF'
{"id":"1","score":6,"matches":[{"rule":"brand:kitkat","brand":"kitkat","sector":"confectionery","topic":null,"weight":0,"spans":[[10,16]]},{"rule":"kitkat-boycott","brand":"kitkat","sector":"confectionery","topic":null,"weight":6,"spans":[[2,9]]}]}
{"id":"3","score":1.375,"matches":[{"rule":"brand:kitkat","brand":"kitkat","sector":"confectionery","topic":null,"weight":0,"spans":[[2,9]]},{"rule":"calm","brand":"kitkat","sector":"confectionery","topic":null,"weight":-1.125,"spans":[[10,16]]},{"rule":"topic:palm-oil","brand":null,"sector":"confectionery","topic":"palm-oil","weight":2.5,"spans":[[22,30]]}]}
{"id":"\"q\"","score":2.5,"matches":[{"rule":"brand:kitkat","brand":"kitkat","sector":"confectionery","topic":null,"weight":0,"spans":[[0,6]]},{"rule":"topic:palm-oil","brand":null,"sector":"confectionery","topic":"palm-oil","weight":2.5,"spans":[[11,24]]}]}
EOF
"$vigie" match --rules "$dir/rules.yaml" "$dir/few" >"$dir/got" ||
	fail "few: exit $?"
cmp -s "$dir/want" "$dir/got" || {
	fail "few: not the exact lines"
	diff "$dir/want" "$dir/got"
}
# Mentions have their spans too.
"$vigie" match --rules "$dir/rules.yaml" --mentions "$dir/few" >"$dir/got"
grep -q '"rule":"topic:palm-oil".*"spans":\[\[5,13\]\]' "$dir/got" ||
	fail "a mention without its spans"
printf '{"id":"m","text":"a kitkat"}' | "$vigie" match --mentions \
	--rules "$dir/rules.yaml" | grep -qF '"spans":[[2,8]]' ||
	fail "a named brand without its spans"
# A label that holds for several brands shows the first of the set, in whatever
# order they were found.
cat >"$dir/label.yaml" <<'END'
sector: food
brands:
  aa: {match: aa}
  bb: {match: bb}
rules:
  hot: {brand: '*', when: brand NEAR/1 boycott}
  any: {when: 'rule:hot'}
END
for how in --mentions --no-prefilter; do
	echo '{"id":"1","text":"bb boycott aa"}' | "$vigie" match "$how" \
		--rules "$dir/label.yaml" >"$dir/got" 2>"$dir/err"
	grep -qF '"rule":"any","brand":null,"sector":"food","topic":null,"weight":1,"spans":[[3,10],[11,13]]' \
		"$dir/got" || fail "$how: a label of two brands: $(cat "$dir/got")"
done
# Several files, one after another; the last line needs no newline.
printf '{"id":"9","text":"boycott kitkat"}' >"$dir/one"
"$vigie" match --rules "$dir/rules.yaml" "$dir/few" "$dir/one" "$dir/few" |
	grep -o '^{"id":"[^,]*' | tr '\n' ' ' >"$dir/got"
[ "$(cat "$dir/got")" = \
	'{"id":"1" {"id":"3" {"id":"\"q\"" {"id":"9" {"id":"1" {"id":"3" {"id":"\"q\"" ' ] ||
	fail "files are not read one after another: $(cat "$dir/got")"
# A post without an id gets one, always the same.
printf '{"text":"boycott kitkat","ts":"2026-01-01T00:00:00Z"}\n%.0s' 1 2 \
	>"$dir/noid"
"$vigie" match --rules "$dir/rules.yaml" "$dir/noid" | cut -c1-25 | sort -u \
	>"$dir/got"
[ "$(grep -cE '^\{"id":"[0-9a-f]{16}",$' "$dir/got")" = 1 ] ||
	fail "missing ids: $(cat "$dir/got")"
# Lines come out while the pipe stays open.
mkfifo "$dir/fifo"
"$vigie" match --rules "$dir/rules.yaml" - <"$dir/fifo" >"$dir/live" &
pid=$!
exec 3>"$dir/fifo"
cat "$dir/one" >&3
echo >&3
tries=0
until [ -s "$dir/live" ] || [ $tries -gt 200 ]; do
	tries=$((tries + 1))
	sleep 0.05
done
[ -s "$dir/live" ] || fail "nothing came out while the pipe was open"
exec 3>&-
wait $pid || fail "live: exit $?"

# ---- bad input, bad use ------------------------------------------------------
{
	cat "$dir/few"
	printf '{"id":"5","text":"unclosed\n'
	printf '{"id":"6","text":"bad \377 kitkat boycott"}\n'
	printf '{"id":"7","text":"boycott kitkat"}\r\n'
	head -c 3000000 /dev/zero | tr '\0' x
	printf '\n{"id":"8","text":"boycott kitkat"}'
} >"$dir/bad"
"$vigie" match --rules "$dir/rules.yaml" --stats-json "$dir/stats" \
	"$dir/bad" >"$dir/got" 2>"$dir/errors" || fail "bad lines: exit $?"
[ "$(grep -c '' "$dir/got")" = 5 ] || fail "bad lines: their neighbours"
for line in 7 8 10; do
	grep -q "^$dir/bad:$line: byte [0-9]*: " "$dir/errors" ||
		fail "bad line $line is not told: $(cat "$dir/errors")"
done
grep -q '^3 bad lines left out: ' "$dir/errors" || fail "bad lines: the sum"
grep -q '"lines_bad_too_long_total": 1' "$dir/stats" || fail "stats: too long"
grep -q '"lines_blank_total": 1' "$dir/stats" || fail "stats: blank"
"$vigie" match "$dir/few" >/dev/null 2>&1
[ $? = 2 ] || fail "no rules is misuse"
"$vigie" match --rules "$dir/rules.yaml" "$dir/nowhere" "$dir/one" \
	>"$dir/got" 2>"$dir/errors"
[ $? = 1 ] || fail "an input that cannot be read: exit"
grep -q nowhere "$dir/errors" || fail "an input that cannot be read: message"
[ "$(grep -c '' "$dir/got")" = 1 ] || fail "the other inputs are read"
gzip -c "$dir/few" | head -c 60 >"$dir/cut.gz"
"$vigie" match --rules "$dir/rules.yaml" "$dir/cut.gz" >/dev/null 2>&1
[ $? = 1 ] || fail "a gzip file cut short: exit"
"$vigie" match --rules "$dir/rules.yaml" "$dir/few" "$dir/few" |
	head -n 1 >/dev/null || fail "a reader that has seen enough"

# ---- every way -----------------------------------------------------------------
i=0
while [ $i -lt 300 ]; do
	sed "s/\"id\":\"/&$i-/" "$dir/bad"
	i=$((i + 100))
	echo
done >"$dir/many"
every_way "$dir/many" "$dir/rules.yaml" "made here"
for file in brands_en/airline_2015-02-16_22.ndjson.gz \
	french/debat_presidentielle_2017.ndjson.gz; do
	if [ -r "$shared/data/$file" ] && [ -d rules/packs ]; then
		gzip -dc "$shared/data/$file" >"$dir/real"
		every_way "$dir/real" rules/packs "$file"
	else
		echo "skipped: $shared/data/$file is not there"
	fi
done
exit $failed
