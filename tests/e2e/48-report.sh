#!/bin/sh
# Goal: three reports (a crisis, a quiet day, sources down) say in both
# languages exactly what was read and corrected; as HTML they stand alone, as
# JSON they are what the schema says; French is set as French is.
# Method: journals written by hand in the documented form, goldens beside them;
# a replay's state for the curves.
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need jq
need_vigie report
export LC_ALL=C.UTF-8 # one dot is one character, not one byte
dir=tests/e2e/48-report
teams=rules/organisations/two-agencies.yaml
report() { # name, options...
	name=$1
	shift
	now=2026-11-22T08:00:00Z
	[ "$name" != crisis ] || now=2010-03-18T09:00:00Z
	"$VIGIE" report --journal "$dir/$name.jsonl" --now "$now" \
		--organisation "$teams" "$@" 2>>"$tmp/report.err" ||
		fail "report of $name"
}
for name in crisis quiet sources; do
	for lang in fr en; do
		report "$name" --lang $lang >"$tmp/$name.$lang.md"
		diff "$dir/$name.$lang.md" "$tmp/$name.$lang.md" >"$tmp/diff.err" ||
			fail "$name, $lang: not as it was read"
		report "$name" --lang $lang --format html >"$tmp/$name.$lang.html"
		grep -qiE '<script|https?://[^w]|<link|<img' \
			"$tmp/$name.$lang.html" && fail "$name: not by itself"
		grep -q "<html lang=\"$lang\">" "$tmp/$name.$lang.html" ||
			fail "$name: language"
	done
	report "$name" --format json >"$tmp/$name.json"
	jq -e '.v == 1' "$tmp/$name.json" >"$tmp/out" || fail "$name: json"
	# as typeset in French: a blank that does not break before : ; ! ?
	grep -nE " [:;!?]| »|« " "$tmp/$name.fr.md" | grep -v '^[0-9]*:|' &&
		fail "$name: a blank that breaks"
done
[ -s "$tmp/report.err" ] && fail "something was said"

# ---- the figures behind the words
jq -e '.highest == 4 and .began == 3 and (.alerts | length) == 3
	and .organisation.promises_kept == 2
	and .organisation.promises_broken == 1
	and .organisation.promises_open == 1
	and (.organisation.no_action | length) == 2
	and .organisation.median_min == 23.5
	and .completeness.watched_s == 86400
	and .alerts[0].holder == "crisis" and .alerts[0].by == "Marc"' \
	"$tmp/crisis.json" >"$tmp/out" || fail "figures of the crisis"
jq -e '.highest == 0 and .alerts == []
	and .completeness.watched_s == 75600
	and .completeness.sources[1].down_s == 12000' "$tmp/sources.json" \
	>"$tmp/out" || fail "figures of the sources"
if python3 -c 'import jsonschema' 2>/dev/null; then
	python3 - "$tmp" <<'END' || fail "a page or a schema does not fit"
import html.parser, json, jsonschema, sys
schema = json.load(open("docs/schema/report.schema.json"))
jsonschema.Draft7Validator.check_schema(schema)
class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(); self.open = []
    def handle_starttag(self, tag, attrs):
        if tag != "meta": self.open.append(tag)
    def handle_endtag(self, tag):
        got = self.open.pop()
        if got != tag: raise SystemExit("%s closed by %s" % (got, tag))
for name in ("crisis", "quiet", "sources"):
    jsonschema.validate(json.load(open("%s/%s.json" % (sys.argv[1], name))), schema)
    for lang in ("fr", "en"):
        p = Page(); p.feed(open("%s/%s.%s.html" % (sys.argv[1], name, lang)).read())
        if p.open: raise SystemExit("left open: %s" % p.open)
END
fi

# ---- told to nobody, because somebody asked for that
awk '{print} /"at":"2010-03-17T12:00:00Z","from"/ {print "{\"v\":1,\"at\":" \
	"\"2010-03-17T12:00:10Z\",\"team\":\"house\",\"by\":\"Claire\"," \
	"\"command\":\"9-0\",\"match\":{\"subject\":\"sector\"}," \
	"\"reason\":\"planned\",\"until\":\"2010-03-19T08:00:00Z\"}"}' \
	"$dir/crisis.jsonl" >"$tmp/silenced.jsonl"
other() { # name, options...: of a journal made here
	name=$1
	shift
	"$VIGIE" report --journal "$tmp/$name.jsonl" --organisation "$teams" \
		--now 2010-03-18T09:00:00Z "$@" 2>>"$tmp/other.err" ||
		fail "report, $name"
}
other silenced --lang en >"$tmp/page"
grep -q 'no team is told: Claire asked for silence until 19.March, 08:00 (“planned”)' \
	"$tmp/page" || fail "who asked for silence is not told"
grep -qE 'nobody has taken it on|acted on:.*Sector' "$tmp/page" &&
	fail "a silenced alert as one that nobody took"
grep -q 'Silenced: Sector confectionery (alert, as Claire asked)' \
	"$tmp/page" || fail "not in the week"
other silenced --lang fr >"$tmp/page"
grep -q 'Claire a demandé le silence jusqu.au 19.mars, 8.h.00 («.planned.»)' \
	"$tmp/page" || fail "in French"
other silenced --format json | jq -e '[.alerts[] | select(.silenced) |
	.brand, .silenced.by] == [null, "Claire"]' >"$tmp/out" ||
	fail "silenced, as JSON"
# lifted: then it is one that nobody took
{
	cat "$tmp/silenced.jsonl"
	echo '{"v":1,"at":"2010-03-18T08:30:00Z","team":"house","by":"Claire","command":"9-1","match":{"subject":"sector"},"reason":"over","until":null}'
} >"$tmp/lifted.jsonl"
other lifted --lang en | grep -q 'Sector confectionery: nobody has taken' ||
	fail "silenced although that was lifted"
# by the organisation file
{
	cat "$teams"
	echo 'silences: [{match: {subject: sector}, author: Anne, reason: fair, until: "2010-03-19T08:00:00Z"}]'
} >"$tmp/quiet.yaml"
"$VIGIE" report --journal "$dir/crisis.jsonl" --organisation "$tmp/quiet.yaml" \
	--now 2010-03-18T09:00:00Z --lang en >"$tmp/page" || fail "file"
grep -q 'Anne asked for silence' "$tmp/page" || fail "a silence of the file"

# ---- the engine stopped: nothing is open for ever
awk '/"at":"2010-03-17T16:00:00Z","from"/ {exit} {print}' \
	"$dir/crisis.jsonl" >"$tmp/stopped.jsonl"
other stopped --lang en >"$tmp/page"
grep -q 'Nestlé: crisis when last heard of; nothing is known since 17.March, 15:50' \
	"$tmp/page" || fail "open although nothing is known"
grep -q '^### Nestlé: no news (last known: crisis, level 4 of 4)' \
	"$tmp/page" || fail "no last known level"
grep -q 'the engine may have stopped' "$tmp/page" || fail "not told that it stopped"
other stopped --format json | jq -e 'all(.alerts[]; .open == false and
	.unknown_since == "2010-03-17T15:50:00Z") and (.alerts | length) == 3
	and [.days[].highest] == [0, 0, 2, 0, 0, 4, 0]' >"$tmp/out" ||
	fail "unknown, as JSON"
"$VIGIE" report --journal "$tmp/stopped.jsonl" --lang en \
	--now 2010-03-26T09:00:00Z >"$tmp/page" 2>"$tmp/page.err" ||
	fail "a week later"
grep -q 'Nestlé' "$tmp/page" && fail "still open a week later"
[ -s "$tmp/other.err" ] && fail "something was said of these"

# ---- an empty journal is no quiet day
: >"$tmp/empty.jsonl"
other empty --lang en | grep -q 'whether the watch was complete is not known' ||
	fail "calm without a proof"

# ---- by the clocks of the organisation
if [ -f /usr/share/zoneinfo/Europe/Paris ]; then
	{ echo 'zone: Europe/Paris' && cat "$teams"; } >"$tmp/paris.yaml"
	"$VIGIE" report --journal "$dir/crisis.jsonl" --lang en \
		--now 2010-03-18T09:00:00Z --organisation "$tmp/paris.yaml" \
		>"$tmp/paris" 2>"$tmp/paris.err" || fail "in Paris"
	grep -q 'to 18.*March 2010, 10:00 (time zone: Europe/Paris)' \
		"$tmp/paris" || fail "not by the clocks of Paris"
	grep -q 'since 17.*March, 12:10, 34 minutes after' "$tmp/paris" ||
		fail "a claim by other clocks"
fi

# ---- refused
for bad in "--format pdf" "--since 3" "--now yesterday" "--lang de" x; do
	# shellcheck disable=SC2086 # an option and its value
	"$VIGIE" report --journal "$dir/quiet.jsonl" $bad >"$tmp/out" 2>&1 && rc=0 ||
		rc=$?
	[ "$rc" -eq 2 ] || fail "$bad gives $rc"
done
"$VIGIE" report >"$tmp/out" 2>&1 && fail "a report of nothing"
echo 'not json' >"$tmp/bad"
"$VIGIE" report --journal "$tmp/bad" >"$tmp/out" 2>&1 && fail "of no journal"

# ---- curves from the state of a replay
[ -x "$BUILD/bench/gen_nestle" ] || exit 0
"$BUILD/bench/gen_nestle" --seed 1 >"$tmp/posts"
"$VIGIE" replay --rules rules/packs --state "$tmp/state" "$tmp/posts" \
	>"$tmp/alerts" 2>"$tmp/replay.err" || fail "replay"
now=$(jq -r .minute "$tmp/alerts" | tail -n 1)
for from in "--state $tmp/state" "--journal $tmp/alerts"; do
	# shellcheck disable=SC2086 # an option and its value
	"$VIGIE" report $from --now "$now" --since 48h --format html \
		>"$tmp/page" 2>"$tmp/page.err" || fail "report $from"
	grep -q '<svg' "$tmp/page" || fail "no curve $from"
	points=$(grep -c 'class="dot"' "$tmp/page" || :)
	case $from in
	--state*) [ "$points" -eq 0 ] || fail "the series is not used" ;;
	*) [ "$points" -ge 2 ] || fail "no moments" ;;
	esac
done
# Later entries are no reason to say that there is nothing.
"$VIGIE" report --journal "$tmp/alerts" --now 2010-03-18T12:00:00Z \
	>"$tmp/out" 2>"$tmp/hint" || fail "a time in the middle"
[ -s "$tmp/hint" ] && fail "something was said of a time in the middle"
"$VIGIE" report --journal "$tmp/alerts" --now 2011-01-01T00:00:00Z \
	>"$tmp/out" 2>"$tmp/hint" || fail "an empty time"
grep -q 'help: --now TIME' "$tmp/hint" || fail "no hint at the time"
