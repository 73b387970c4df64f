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
	names engine/config.c engine/signal_*.c connectors/source_*.c \
		connectors/sink_*.c
	sed -n 's/^SIGNAL(\([a-z_]*\)).*/\1/p' engine/signals.def
	echo type
} | sort -u >"$dir/code"
keys vigie.yaml >"$dir/schema"
same "vigie.yaml"

tables engine/organisation.c >"$dir/code"
keys organisation >"$dir/schema"
same "organisations"

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
for s in rules vigie.yaml organisation; do
	jq -e '."$schema" == "http://json-schema.org/draft-07/schema#"
		and ([.. | objects | ."$ref"? // empty] | unique) as $refs
		| . as $all | [$refs[] | ltrimstr("#/definitions/")] |
		all(. as $r | $all.definitions | has($r))' \
		"docs/schema/$s.schema.json" >/dev/null || fail "$s: a \$ref"
done
if python3 -c 'import jsonschema, yaml' 2>/dev/null; then
	python3 - <<'END' || fail "a schema and a file do not fit"
import glob, json, jsonschema, yaml
class Loader(yaml.SafeLoader): pass
Loader.yaml_implicit_resolvers = {
    k: [(t, r) for t, r in v if not t.endswith(":timestamp")]
    for k, v in yaml.SafeLoader.yaml_implicit_resolvers.items()}
def check(name):
    s = json.load(open("docs/schema/%s.schema.json" % name))
    jsonschema.Draft7Validator.check_schema(s)
    return jsonschema.Draft7Validator(s)
def load(path): return yaml.load(open(path, encoding="utf-8"), Loader)
rules = check("rules"); config = check("vigie.yaml")
teams = check("organisation")
for p in sorted(glob.glob("rules/packs/**/*.yaml", recursive=True)):
    for e in rules.iter_errors(load(p)):
        raise SystemExit("%s: %s: %s" % (p, list(e.path), e.message[:200]))
for p in glob.glob("rules/organisations/*.yaml"):
    for e in teams.iter_errors(load(p)):
        raise SystemExit("%s: %s" % (p, e.message[:200]))
for e in config.iter_errors(load("docker/vigie.yaml")):
    raise SystemExit("docker/vigie.yaml: %s" % e.message[:200])
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
	grep -qE "[(|<?]$word[)|:\\\\>/]" "$syntax" ||
		fail "Vim does not know $word"
done
command -v vim >/dev/null || { echo "skipped: no vim"; exit 0; }
cat >"$dir/x.yaml" <<'END'
sector: food
rules:
  a:
    when: kitkat AND lang:fr
END
cat >"$dir/ask.vim" <<'END'
function! Name(word)
  return synIDattr(synID(4, stridx(getline(4), a:word) + 1, 1), 'name')
endfunction
call writefile([&ft, Name('AND'), Name('lang')], $OUT)
qa!
END
OUT=$dir/vim HOME=$dir TERM=dumb timeout 20 vim -es -u NONE -N \
	--cmd "set rtp^=$PWD/editors/vim" -c 'filetype on' -c 'syntax on' \
	-c "edit $dir/x.yaml" -c "source $dir/ask.vim" </dev/null \
	>"$dir/out" 2>&1 || :
[ -f "$dir/vim" ] || { echo "skipped: this vim has no scripts"; exit 0; }
[ "$(paste -sd ' ' "$dir/vim")" = "vigie vigieOperator vigieField" ] ||
	fail "Vim says: $(paste -sd ' ' "$dir/vim")"
exit 0
