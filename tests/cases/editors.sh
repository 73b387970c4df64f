#!/bin/sh
# Goal: what editors know of Vigie's files is what Vigie knows: every key of
# the parsers stands in the schemas and the other way round, schemas hold all
# packs and refuse a misspelt key, and the syntax for Vim knows each operator
# and field.
# SPDX-License-Identifier: Apache-2.0
set -eu
vigie=${VIGIE:-build/vigie}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

fail() {
	echo "FAILED: $*"
	exit 1
}
command -v jq >/dev/null || { echo "skipped: no jq"; exit 77; }

# ---- keys: tables of the code against properties of the schemas
tables() { # file...: the words of each "keys[] = {...}"
	awk '/\*const ([a-z]+_)?(keys|names|known)\[\] = [{]/ {on = 1}
	on {
		line = $0
		while (match(line, /"[a-z_]+"/)) {
			print substr(line, RSTART + 1, RLENGTH - 2)
			line = substr(line, RSTART + RLENGTH)
		}
	}
	/;/ {on = 0}' "$@" | sort -u
}
names() { # file...: the names of setting tables
	sed -n 's/.*{\.name = "\([a-z_]*\)".*/\1/p' "$@" | sort -u
}
keys() { # schema: all properties
	jq -r '.. | objects | select(has("properties")) | .properties |
		keys[]' "docs/schema/$1.schema.json" | sort -u
}
same() { # what
	diff "$dir/code" "$dir/schema" ||
		fail "$1: < is known to the code alone, > to the schema"
}

{ tables rules/files*.c; echo override; echo disable; } | sort -u >"$dir/code"
# values of enums, not keys
grep -vxE 'removal|mirror|victim|accident|preventable' "$dir/code" >"$dir/c"
mv "$dir/c" "$dir/code"
keys rules >"$dir/schema"
same "rule files"

{
	sed -n '/^} keys\[\]/,/^};/s/.*{"\([a-z_]*\)".*/\1/p' engine/config.c
	tables engine/config.c
	names engine/config.c engine/lifecycle/nomarketing_read.c engine/density/signal_*.c \
		connectors/source_*.c \
		connectors/sink_*.c
	sed -n 's/^SIGNAL(\([a-z_]*\)).*/\1/p' engine/density/signals.def
	echo type
} | sort -u >"$dir/code"
keys vigie.yaml >"$dir/schema"
same "vigie.yaml"

# levels are read by their number, the rest by tables
{
	sed -n '/read_key [a-z]*_keys\[\] = {/,/^\t*};/s/.*{"\([a-z_]*\)".*/\1/p' \
		engine/organisation/organisation_read*.c
	printf '1\n2\n3\n4\n'
} | sort -u >"$dir/code"
keys organisation >"$dir/schema"
same "organisations"

tables engine/organisation/playbooks.c engine/organisation/playbooks_read.c >"$dir/code"
keys playbooks >"$dir/schema"
same "playbooks"

# ---- object by object: the tables by the name that messages give them
awk '/^static const char \*const|^	static const char \*const/ {on = 1}
on {
	line = $0
	while (match(line, /"[a-z_]+"/)) {
		words = words substr(line, RSTART + 1, RLENGTH - 2) " "
		line = substr(line, RSTART + RLENGTH)
	}
}
/;/ {on = 0}
/^}/ {words = ""}
match($0, /files_value_keys\(.*"[a-z ]+"/) {
	name = substr($0, RSTART, RLENGTH - 1)
	sub(/.*"/, "", name)
	n = split(words, word, " ")
	for (i = 1; i <= n; i++)
		print name "\t" word[i]
	words = ""
}' rules/files*.c >"$dir/objects"
object() { # name in the code, words that go with it, path in the schema
	{
		grep "^$1	" "$dir/objects" | cut -f 2
		printf '%s' "$2" | tr ' ' '\n'
	} | sort -u >"$dir/code"
	[ "$(wc -l <"$dir/code")" -ge 2 ] || fail "lost the table of $1"
	jq -r "$3.properties | keys[]" docs/schema/rules.schema.json |
		sort -u >"$dir/schema"
	same "$1"
}
changes="override disable
"
object "a rule file" "" ""
object "a brand" "$changes" .definitions.brand
object "a topic" "$changes" .definitions.topic
object "a rule" "$changes" .definitions.rule
object "a macro" "$changes" .properties.macros.additionalProperties.anyOf[1]
object "a group" "" .properties.groups.additionalProperties
object "a change to a list" "" .properties.lists.additionalProperties.anyOf[3]
object "an entry of a list" "" .definitions.entry.anyOf[1]
object calibration "" .properties.calibration
object "an author" "" \
	'.definitions.example.anyOf[1].properties.author.anyOf[1]'

part() { # file, name, path in the schema
	names "$1" | grep -vx "$2" >"$dir/code" || :
	jq -r "[$3 | .. | objects | .properties? // empty | keys[]] |
		unique[] | select(. != \"type\")" \
		docs/schema/vigie.yaml.schema.json | sort -u >"$dir/schema"
	same "$1"
}
signals=$(sed -n 's/^SIGNAL(\([a-z_]*\)).*/\1/p' engine/density/signals.def)
for name in $signals; do
	part "engine/density/signal_$name.c" "$name" ".properties.signals.properties.$name"
done
for kind in source sink; do
	types=$("$vigie" version | sed -n "s/^${kind}s: *//p")
	for name in $types; do
		part "connectors/${kind}_$name.c" "$name" \
			".properties.${kind}s.items.anyOf[] |
			select(.properties.type.const == \"$name\")"
	done
done

# ---- each key is taken where the schema has it
jq -r '.definitions as $d | ("brand", "topic", "rule") as $k |
	$d[$k].properties | keys[] |
	select(. != "override" and . != "disable") | "\($k) \(.)"' \
	docs/schema/rules.schema.json | while read -r kind key; do
	printf 'sector: a\n%ss:\n  x: {%s: 1}\n' "$kind" "$key" \
		>"$dir/probe.yaml"
	"$vigie" check --json "$dir/probe.yaml" >"$dir/out" 2>&1 || :
	if grep -q '"code":"unknown-key"' "$dir/out"; then
		fail "$key of a $kind is in the schema alone"
	fi
done

# ---- the schemas are draft 7 and hold what check holds
for s in rules vigie.yaml organisation playbooks; do
	jq -e '."$schema" == "http://json-schema.org/draft-07/schema#"
		and ([.. | objects | ."$ref"? // empty] | unique) as $refs
		| . as $all | [$refs[] | ltrimstr("#/definitions/")] |
		all(. as $r | $all.definitions | has($r))' \
		"docs/schema/$s.schema.json" >/dev/null || fail "$s: a \$ref"
done
if python3 -c 'import jsonschema, yaml' 2>/dev/null; then
	python3 - <<'END' || fail "a schema and a file do not fit"
import glob, json, jsonschema, re, yaml
class Loader(yaml.SafeLoader): pass
Loader.yaml_implicit_resolvers = {
    k: [(t, r) for t, r in v if not t.endswith(":timestamp")]
    for k, v in yaml.SafeLoader.yaml_implicit_resolvers.items()}
def check(name):
    s = json.load(open("docs/schema/%s.schema.json" % name))
    jsonschema.Draft7Validator.check_schema(s)
    return jsonschema.Draft7Validator(s)
def named(x): # keys of YAML may be numbers, those of JSON are texts
    if isinstance(x, dict): return {str(k): named(v) for k, v in x.items()}
    return [named(v) for v in x] if isinstance(x, list) else x
def load(path):
    return named(yaml.load(open(path, encoding="utf-8"), Loader))
rules = check("rules"); config = check("vigie.yaml")
teams = check("organisation"); books = check("playbooks")
for p in sorted(glob.glob("rules/packs/**/*.yaml", recursive=True)):
    for e in rules.iter_errors(load(p)):
        raise SystemExit("%s: %s: %s" % (p, list(e.path), e.message[:200]))
for p in glob.glob("rules/organisations/*.yaml"):
    tree = load(p)
    kind = teams if "teams" in tree else books
    for e in kind.iter_errors(tree):
        raise SystemExit("%s: %s" % (p, e.message[:200]))
for e in config.iter_errors(load("docker/vigie.yaml")):
    raise SystemExit("docker/vigie.yaml: %s" % e.message[:200])
page = open("docs/RULES.md", encoding="utf-8").read()
blocks = re.findall(r"^```yaml\n(.*?)^```$", page, re.M | re.S)
blocks.append("groups: {a: {disable: true}}\nlists: {a: {override: true, "
    "file: a.txt}, b: {disable: true}}\nmacros: {a: x, b: {match: x}}")
for b in blocks:
    for e in rules.iter_errors(yaml.load(b, Loader)):
        raise SystemExit("RULES.md: %s: %s" % (b[:60], e.message[:200]))
if len(blocks) < 9: raise SystemExit("lost the blocks of RULES.md")
bad = {"brands": {"x": {"mach": "x"}}}
if rules.is_valid(bad) or config.is_valid({"sinkz": []}):
    raise SystemExit("a misspelt key passes")
END
else
	echo "skipped: no python3-jsonschema and python3-yaml; files untried"
fi

# ---- Vim
syntax=editors/vim/syntax/vigie.vim
{
	sed -n 's/^FIELD([A-Z]*, \([a-z]*\),.*/\1/p' rules/fields.def
	sed -n 's/^PREFIX(\([a-z]*\), query_[a-z]*)/\1/p' rules/terms.def |
		grep -vxE 'gender|sex|age|ethnicity|race|religion|politics|orientation'
	sed -n 's/^CALL(\([A-Z]*\),.*/\1/p' rules/terms.def
	printf 'AND\nOR\nNOT\nNEAR\ncount\nauthors\nlist\nmacro\n'
} | while read -r word; do
	grep -qE "[(|<?]${word}[)|:\\\\>/]" "$syntax" ||
		fail "Vim does not know $word"
done
command -v vim >/dev/null || { echo "skipped: no vim"; exit 0; }
vim --version | grep -q '[+]eval' ||
	{ echo "skipped: this vim has no scripts"; exit 0; }
cat >"$dir/x.yaml" <<'END'
sector: food
rules:
  a:
    when: kitkat AND lang:fr AND @macro(anger) AND NOT title:x
END
cat >"$dir/ask.vim" <<'END'
function! Name(word)
  return synIDattr(synID(4, stridx(getline(4), a:word) + 1, 1), 'name')
endfunction
call writefile([&ft, Name('AND'), Name('lang'),
  \ Name('@macro'), Name('title')], $OUT)
qa!
END
OUT=$dir/vim HOME=$dir TERM=dumb timeout 20 vim -es -u NONE -N \
	--cmd "set rtp^=$PWD/editors/vim" -c 'filetype on' -c 'syntax on' \
	-c "edit $dir/x.yaml" -c "source $dir/ask.vim" </dev/null \
	>"$dir/out" 2>&1 || :
[ -f "$dir/vim" ] || fail "Vim: $(cat "$dir/out")"
[ "$(paste -sd ' ' "$dir/vim")" = \
"vigie vigieOperator vigieField vigieList vigiePart" ] ||
	fail "Vim says: $(paste -sd ' ' "$dir/vim")"
exit 0
