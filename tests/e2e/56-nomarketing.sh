#!/bin/sh
# Goal: authors of posts that harm a brand while it has a level are marked in
# Redis, with an end, under the hash that docs/NOMARKETING.md tells others to
# compute; who only talks, who spoke in quiet days, the brand's own account and
# who deletes the post is not; nobody is while it is off.
# Method: the Nestlé case of 2010 with known authors put among it; hashes by
# perl; the page's own example by openssl and Python.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need jq perl redis-server openssl
need_vigie run
[ -x "$BUILD/bench/gen_nestle" ] || skip "gen_nestle is not built"
page=docs/NOMARKETING.md
key=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f

# ---- the example of the page
block() { # language: the first of the page
	awk -v l="^\`\`\`$1\$" '$0 ~ l {on = 1; next}
		on && /^```$/ {exit} on' "$page"
}
want=$(sed -n 's/^`vigie:nomarketing:\([0-9a-f]\{32\}\)`$/\1/p' "$page" |
	sort -u)
[ "${#want}" -eq 32 ] || fail "the page has one hash as its example"
block sh >"$tmp/example.sh"
[ "$(sh "$tmp/example.sh")" = "vigie:nomarketing:$want" ] ||
	fail "openssl says $(sh "$tmp/example.sh")"
if command -v python3 >/dev/null; then
	block python >"$tmp/example.py"
	[ "$(python3 "$tmp/example.py")" = "vigie:nomarketing:$want" ] ||
		fail "Python says $(python3 "$tmp/example.py")"
fi

# ---- the posts
put() { # time author text
	printf '{"id":"put-%s","source":"x","ts":"2010-03-%s","seen":"%s","lang":"en","author":%s,"text":"%s"}\n' \
		"$((n = n + 1))" "$1" "2010-03-$1" "$2" "$3"
}
n=0
bad="boycott KitKat and Nestlé, they kill orangutans for palm oil, shame"
{
	"$BUILD/bench/gen_nestle" --seed 1
	put 12T09:00:00Z '{"id":"early"}' "$bad a"
	put 18T15:00:00Z '{"id":"1234567890","handle":"loud"}' "$bad b"
	put 18T15:00:01Z '{"handle":"nestle"}' "$bad c"
	put 18T15:00:02Z '{"id":"talks"}' "eating a KitKat by the river d"
	put 18T15:00:03Z '{"id":"regrets"}' "$bad e"
	put 18T15:00:04Z '{"id":"twice"}' "$bad f"
	put 18T15:00:05Z '{"id":"twice"}' "$bad g"
	for id in put-5 put-6; do
		printf '{"id":"%s","source":"x","ts":"%s","seen":"%s","deleted":true}\n' \
			$id 2010-03-18T15:30:00Z 2010-03-18T15:30:00Z
	done
} | jq -sc 'sort_by(.ts)[]' >"$tmp/posts"

config() { # more
	printf 'rules: %s\nsinks: [{type: redis, url: "unix://%s"}]\n%s\n' \
		"$PWD/rules/packs" "$tmp/redis.sock" "$1" >"$tmp/vigie.yaml"
}
run() {
	"$VIGIE" run --clock posts --config "$tmp/vigie.yaml" \
		<"$tmp/posts" >"$tmp/out" 2>"$tmp/run.err" || fail "run"
}
marks() {
	redis --scan --pattern 'vigie:nomarketing:*'
}
hash() { # network:author
	printf %s "$1" | openssl dgst -sha256 -mac HMAC \
		-macopt "hexkey:$key" -r | cut -c1-32
}
marked() { # network:author
	[ "$(redis EXISTS "vigie:nomarketing:$(hash "$1")")" -eq 1 ]
}

redis_start
config ""
run
[ "$(redis XLEN vigie:alerts:all)" -gt 5 ] || fail "no alerts"
[ -z "$(marks)" ] || fail "marks though it is off"

config "nomarketing: {key: $key, ttl: 30d, harm: 0.5}"
run
marks | sort >"$tmp/marks"
count=$(wc -l <"$tmp/marks")
[ "$count" -gt 500 ] || fail "only $count authors"
marked x:1234567890 || fail "who did harm is not there"
[ "$want" = "$(hash x:1234567890)" ] || fail "the page has another author"
marked x:loud && fail "the handle though there is an id"
marked x:early && fail "who spoke before there was an alert"
marked x:nestle && fail "the brand's own account"
marked x:talks && fail "who only talks"
marked x:regrets && fail "who deleted the post"
marked x:twice || fail "one of two posts was deleted"

# Each is the author of a post that names a brand and has something against it.
"$VIGIE" match --rules rules/packs "$tmp/posts" 2>"$tmp/match.err" |
	jq -r 'select(any(.matches[]; .brand == "kitkat" or
		.brand == "nestle") and any(.matches[]; .weight > 0)) | .id' \
	>"$tmp/ids" || fail "match"
perl -MDigest::SHA=hmac_sha256_hex -MJSON::PP -e '
	my $key = pack "H*", shift;
	open my $f, "<", shift; chomp(my @ids = <$f>);
	my %hit = map { $_ => 1 } @ids;
	my (%bad, %mild);
	open my $p, "<", shift;
	while (<$p>) {
		my $j = decode_json($_);
		my $a = $j->{author}{id} // $j->{author}{handle} // next;
		my $h = "vigie:nomarketing:" .
			substr hmac_sha256_hex("$j->{source}:$a", $key), 0, 32;
		($hit{$j->{id}} ? \%bad : \%mild)->{$h} = 1;
	}
	open my $m, "<", shift; chomp(my @m = <$m>);
	my @wrong = grep { !$bad{$_} } @m;
	print scalar(@wrong), " ", scalar(grep { !$bad{$_} } keys %mild), "\n";
' "$key" "$tmp/ids" "$tmp/posts" "$tmp/marks" >"$tmp/wrong" || fail "perl"
read -r wrong calm <"$tmp/wrong"
[ "$wrong" -eq 0 ] || fail "$wrong marks of authors who did no harm"
[ "$calm" -gt 5000 ] || fail "only $calm authors who did none"

while read -r k; do
	echo "TTL $k"
	echo "GET $k"
done <"$tmp/marks" | redis >"$tmp/got"
grep -v '^{' "$tmp/got" | awk '$1 < 2591000 || $1 > 2592000 {exit 1}' ||
	fail "a mark without its end"
grep '^{' "$tmp/got" | jq -es --argjson n "$count" 'length == $n and
	all(.[]; .v == 1 and (.brand | IN("kitkat", "nestle")) and
		(.reason.fr | test("niveau [1-4]")) and
		(.reason.en | test("level [1-4]")) and
		keys_unsorted == ["v", "reason", "brand", "until"])' \
	>"$tmp/out" || fail "a mark that is not as the page says"
grep -q "nomarketing_dropped_total" "$tmp/run.err" && fail "marks dropped"

# ---- a Redis that comes late gets the same marks
redis FLUSHALL >"$tmp/out"
redis_kill9
mkfifo "$tmp/in"
"$VIGIE" run --clock posts --config "$tmp/vigie.yaml" <"$tmp/in" \
	>"$tmp/out" 2>"$tmp/late.err" &
pid=$!
pids="$pids $pid"
exec 3>"$tmp/in"
cat "$tmp/posts" >&3
wait_for 20 "word of the outage" grep -q 'authors may wait' "$tmp/late.err"
redis_start
same_marks() {
	marks | sort | cmp -s - "$tmp/marks"
}
wait_for 30 "the same marks" same_marks
exec 3>&-
wait "$pid" || fail "run over an outage"

# ---- without a Redis it cannot be
printf 'rules: %s\nnomarketing: {key: %s}\n' "$PWD/rules/packs" \
	"$key" >"$tmp/alone.yaml"
"$VIGIE" run --config "$tmp/alone.yaml" </dev/null >"$tmp/out" \
	2>"$tmp/alone.err" && fail "runs without a sink that takes marks"
grep -q 'nomarketing: wants a sink of type redis' "$tmp/alone.err" ||
	fail "does not say what is missing"
echo "$count authors marked, $calm others are not"
