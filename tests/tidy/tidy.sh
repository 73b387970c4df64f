#!/bin/sh
# The house rules that a program can check: arrows between rooms, symbols,
# sizes, banned words, documents that keep up with the code.
# Prints each offence as file:line: text, then a count; exit 1 if any.
# Needs sh, awk, grep, and nm where objects have been built.
# usage: sh tests/tidy/tidy.sh   (or make tidy), anywhere in the tree
# SPDX-License-Identifier: Apache-2.0
set -u
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/../.." || exit 2
out=$(mktemp -d) || exit 2
trap 'rm -rf "$out"' EXIT INT TERM
: >"$out/offences"
checks=0

check() { # name function: what the function prints are offences
	checks=$((checks + 1))
	"$2" >"$out/one"
	if [ -s "$out/one" ]; then
		echo "-- $1"
		cat "$out/one"
		cat "$out/one" >>"$out/offences"
	fi
}

# Files of the tree, also new ones that git does not know yet.
if [ -e .git ]; then
	git ls-files -co --exclude-standard
else
	find . -type f ! -path './build/*' | sed 's|^\./||'
fi | sort >"$out/all"
while read -r f; do
	[ -f "$f" ] && echo "$f"
done <"$out/all" >"$out/files"
grep -E '\.(c|cc|h)$' "$out/files" >"$out/sources"

sources() {
	xargs awk -f tests/tidy/source.awk <"$out/sources"
}

licences() {
	grep -E '(\.(sh|ya?ml|def|S|awk|py)|(^|/)(Makefile|Dockerfile))$' \
		"$out/files" | grep -Ev '^\.github/|^tests/.*/(data|bad)/' |
		while read -r f; do
			head -n 40 "$f" | grep -q 'SPDX-License-Identifier' ||
				echo "$f:1: no SPDX-License-Identifier"
		done
}

# Median length of the headers: contracts are short.
headers() {
	grep '\.h$' "$out/sources" | xargs wc -l | grep -v ' total$' |
		sort -n | awk '{n[NR] = $1} END {
		m = n[int((NR + 1) / 2)]
		if (m > 120) print "engine:1: headers have a median of " m \
			" lines; 120 at most" }'
}

# An exported symbol begins with its file's name, or with the first word of
# it where a module is split (text_fold.c and text_map.c export text_...).
# In rules/ the three public prefixes serve too.
symbols() {
	for o in $(find build/release -name '*.o' 2>/dev/null |
		grep -E '/(engine|rules|connectors|bench)/' | sort); do
		f=${o#build/release/}
		f=${f%.o}
		[ -f "$f.c" ] || continue
		case $f in engine/main | bench/harness) continue ;; esac
		[ -z "$(find "$f.c" -newer "$o")" ] || continue # stale
		nm --defined-only -g "$o" | awk -v file="$f.c" \
			-v stem="${f##*/}" -v rules="${f%%/*}" '
		{
			s = $3
			word = stem
			sub(/_.*/, "", word)
			if (s ~ /^__/ || s == "main" || s ~ /malloc_conf$/) next
			if (s == stem || index(s, word "_") == 1) next
			if (s == word) next
			if (rules == "rules" &&
			    s ~ /^(ruleset|matcher|rules)_/) next
			print file ":1: exported symbol " s \
				" does not wear the name " word "_"
		}'
	done
}

# The path of a post, as docs/ARCHITECTURE.md tells it, names real functions.
path_of_a_post() {
	doc=docs/ARCHITECTURE.md
	[ -f "$doc" ] || {
		echo "$doc:1: missing"
		return
	}
	awk '/<!-- path/ {want = 1} want && /^```/ {n++; next}
	n == 1 && want {
		line = $0
		while (match(line, /[a-z][a-z0-9]*(_[a-z0-9*]+)+/)) {
			print FNR, substr(line, RSTART, RLENGTH)
			line = substr(line, RSTART + RLENGTH)
		}
	}
	n == 2 {exit}' "$doc" | while read -r line name; do
		re=$(printf '%s' "$name" | sed 's/\*/[a-z0-9_]*/g')
		grep -E '^(engine|rules|connectors)/' "$out/sources" |
			xargs grep -qE "^$re\(|define $re\(" ||
			echo "$doc:$line: no function $name"
	done
}

# Every command, option and counter is in the docs or the manual.
documents() {
	awk -F'[(",]+' '/^COMMAND\(/ {print FILENAME, FNR, "vigie " $2}
	/^OPTION\(/ {print FILENAME, FNR, "--" $2}
	/^COUNTER\(/ {print FILENAME, FNR, $2}' engine/commands.def \
		engine/options.def engine/counters.def |
		while read -r file line what; do
			grep -rqF -e "$what" docs README.md 2>/dev/null ||
				echo "$file:$line: no page tells $what"
		done
	sed -n 's/^COUNTER(\([a-z_]*\),.*/\1/p' engine/counters.def |
		while read -r what; do
			grep -qx ".It Sy $what" docs/man/vigie.1 ||
				echo "docs/man/vigie.1:1: lacks $what"
		done
}

# Shipped rule files are free of errors and warnings.
packs() {
	[ -x build/vigie ] || return 0
	find rules/packs -name '*.yaml' | sort >"$out/packs"
	xargs build/vigie check --json <"$out/packs" >"$out/check" 2>&1
	[ $? -le 1 ] || tail -n 3 "$out/check" | sed 's/^/rules\/packs:1: /'
	grep -E '"level" *: *"(error|warning)"' "$out/check" |
		sed 's/^/rules\/packs:1: /' | head -n 20
}

# Nothing unfinished, nothing of somebody's own machine, nothing huge.
words() {
	grep -Ev '^(tests/tidy/|LICENSE|docs/STYLE.md)' "$out/files" |
		xargs grep -nIE '(^|[^A-Za-z_])(TODO|FIXME|XXX)([^A-Za-z_]|$)' |
		grep -vE '\.(c|cc|h):' |
		sed 's/^\([^:]*:[0-9]*:\).*/\1 a word for work that is not done/'
	while read -r f; do
		[ "$(wc -c <"$f")" -le 1500000 ] || echo "$f:1: a large file"
	done <"$out/files"
}

check "C, C++ and headers" sources
check "licence lines" licences
check "median of headers" headers
check "exported symbols" symbols
check "the path of a post" path_of_a_post
check "documents keep up" documents
check "rule packs" packs
check "words and sizes" words
offences=$(wc -l <"$out/offences")
echo "$checks checks, $((offences)) offences"
[ "$((offences))" -eq 0 ]
