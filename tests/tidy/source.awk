# One pass over every C, C++ and header file: sizes, widths, words, includes.
# Prints file:line: text.  LC_ALL=C: bytes; continuation bytes do not count.
# SPDX-License-Identifier: Apache-2.0

function say(line, text) { printf "%s:%d: %s\n", FILENAME, line, text }

# Columns of a line: a tab goes to the next multiple of 8.
function columns(s,    n, i, part) {
	gsub(/[\200-\277]/, "", s)
	n = split(s, part, "\t")
	i = length(part[1])
	for (k = 2; k <= n; k++)
		i = i + 8 - i % 8 + length(part[k])
	return i
}

function stem(path) { sub(/.*\//, "", path); return path }

function room(path) {
	if (path ~ /^engine\/base\//) return "base"
	if (path ~ /^engine\/(main|cmd_[a-z0-9_]*)\.[ch]$/) return "top"
	if (path ~ /^rules\//) return "rules"
	if (path ~ /^engine\//) return "engine"
	if (path ~ /^connectors\//) return "connectors"
	return "any" # tests, bench
}

# Whether a file of a room may include this file of ours.
function may(from, path) {
	if (from == "any" || from == "top") return 1
	if (path ~ /^engine\/base\//) return 1
	if (from == "base") return 0
	if (from == "rules") return path ~ /^rules\//
	if (path == "rules/rules.h") return 1
	if (path ~ /^engine\/[a-z0-9_\/]+\.(h|def)$/) return 1
	if (from == "connectors") return path ~ /^connectors\//
	return path ~ /^web\//
}

# Where a library's header may be named: a pattern of paths.
function home(header) {
	if (header ~ /^pcre2/) return "^(rules/|tests/|bench/|engine/cmd_)"
	if (header ~ /^hiredis\//)
		return "^(connectors/redis_|tests/|engine/cmd_|bench/time_redis\\.c$)"
	if (header == "uv.h")
		return "^(engine/([a-z]+/)?[a-z0-9_]+\\.[ch]$|connectors/|tests/|bench/)"
	if (header == "yaml.h") return "^(engine/base/yaml\\.c$|engine/cmd_)"
	if (header ~ /^simdjson/) return "^bench/json_peer\\.cc$"
	if (header ~ /^(zlib|zstd)\.h$/) return "^(connectors/|tests/|engine/cmd_)"
	if (header ~ /^xxhash/) return "^(rules/|engine/([a-z]+/)?[a-z0-9_]+\\.[ch]$|connectors/|tests/|bench/)"
	if (header ~ /^openssl\//) return "^(engine/([a-z]+/)?[a-z0-9_]+\\.[ch]$|tests/)"
	if (header ~ /^jemalloc/) return "^(engine/([a-z]+/)?[a-z0-9_]+\\.[ch]$|bench/)"
	if (header ~ /^(cmocka|utf8proc)/) return "^(tests/|bench/|engine/base/gen/)"
	if (header ~ /^benchmark\//) return "^bench/"
	if (header ~ /^(hs|re2)\//) return "^bench/peers/"
	return ""
}

function ended(    limit) {
	if (last == "") return
	limit = 450
	if (last !~ /_tables\.[ch]$/ && lines > limit)
		printf "%s:%d: %d lines; a file has at most %d\n", last, lines,
		    lines, limit
	if (!spdx)
		printf "%s:1: no SPDX-License-Identifier\n", last
}

FNR == 1 {
	ended()
	last = FILENAME; lines = 0; spdx = 0; in_function = 0
	here = room(FILENAME)
	if (FILENAME ~ /\.cc$/ && FILENAME !~ \
	    /^bench\/(harness|json_peer|peers\/peers_re2)\.cc$/)
		say(1, "C++; decision 80 says where")
}
{ lines = FNR }
/SPDX-License-Identifier: Apache-2.0/ { spdx = 1 }
{
	if (columns($0) > 80)
		say(FNR, columns($0) " columns; a line has at most 80")
	if ($0 ~ /[ \t]$/)
		say(FNR, "blanks at the end of the line")
}

# A definition opens with { in column 1 and ends with } in column 1.
/^\{/ { in_function = 1; opened = FNR; named = before }
/^\}/ && in_function {
	if (FNR - opened + 1 > 70)
		say(opened, "function of " FNR - opened + 1 \
		    " lines; one has at most 70: " named)
	in_function = 0
}
{ before = $0 }

# Banned words, in code without comments and strings of one line.
{
	code = $0
	gsub(/"([^"\\]|\\.)*"/, "\"\"", code)
	gsub(/\/\*.*\*\//, "", code)
	if (code ~ /^[ \t]*(\/?\*|\/\/)/) code = ""
	if (code ~ /(^|[^a-z_A-Z0-9])assert\(/)
		say(FNR, "raw assert; use REQUIRE or struct err")
	bad = "strcpy|sprintf|vsprintf|gets|alloca"
	if (here != "any")
		bad = bad "|strcat|strtok|atoi|rand|srand"
	if (match(code, "(^|[^a-z_A-Z0-9])(" bad ")[(]")) {
		word = substr(code, RSTART, RLENGTH)
		gsub(/[^a-z]/, "", word)
		say(FNR, "banned call: " word)
	}
	if (FILENAME != "engine/base/clock.c" && FILENAME !~ /^(tests|bench)\// &&
	    code ~ /(^|[^a-z_A-Z0-9])(time\((NULL|0)\)|gettimeofday\(|clock_gettime\(|localtime|uv_hrtime\()/)
		say(FNR, "asks the system for the time; take a struct clock")
	if ($0 ~ /(^|[^A-Za-z_])(TODO|FIXME|XXX)([^A-Za-z_]|$)/)
		say(FNR, "a word for work that is not done")
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
	split($0, q, "\"")
	if (q[2] !~ /\//)
		say(FNR, "include from the root of the tree: " q[2])
	else if (!may(here, q[2]))
		say(FNR, here " may not include " q[2])
}
/^[ \t]*#[ \t]*include[ \t]*</ {
	split($0, q, /[<>]/)
	where = home(q[2])
	if (where != "" && (FILENAME !~ where ||
	    here == "base" && index(where, "engine/(")))
		say(FNR, "<" q[2] "> has no business in this file")
}

END { ended() }
