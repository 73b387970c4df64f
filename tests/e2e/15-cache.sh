#!/bin/sh
# Goal: a large set is kept in the user's own folder and serves the next start,
# with the same output and no word about it; a small one leaves no file; no
# folder that is not the user's alone is touched; --no-cache and cache: none
# keep nothing.
# Method: 2,100 rules made here, run with every kind of folder; a file that
# serves is not written again.
# SPDX-License-Identifier: Apache-2.0
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
VIGIE=$(realpath "$VIGIE")

make_rules() { # how many
	echo 'sector: s'
	echo 'brands:'
	echo '  acme: {name: Acme, match: acme}'
	echo 'rules:'
	i=0
	while [ $i -lt "$1" ]; do
		echo "  r$i: {brand: acme, weight: 2, when: 'word$i OR /x$i+y/'}"
		i=$((i + 1))
	done
}
make_rules 2100 >"$tmp/large.yaml"
make_rules 20 >"$tmp/small.yaml"
cat >"$tmp/posts" <<'END'
{"id": "1", "text": "acme word7 and xx12y"}
{"id": "2", "text": "acme is x12222y, word2099"}
{"id": "3", "text": "nothing of the kind"}
END
"$VIGIE" match --no-cache --rules "$tmp/large.yaml" "$tmp/posts" \
	>"$tmp/want" 2>"$tmp/want-err"
[ "$(wc -l <"$tmp/want")" -eq 2 ] || fail "two posts match"
"$VIGIE" match --no-cache --rules "$tmp/small.yaml" "$tmp/posts" \
	>"$tmp/small-want" 2>&1

mkdir "$tmp/home" "$tmp/elsewhere"
export HOME="$tmp/home" XDG_CACHE_HOME=

run() { # what rules expected option...
	what=$1 rules=$2 expected=$3
	shift 3
	"$VIGIE" match "$@" --rules "$rules" "$tmp/posts" >"$tmp/got" \
		2>"$tmp/got-err" || fail "$what: exit $?"
	cmp -s "$expected" "$tmp/got" || fail "$what: another output"
	cmp -s "$tmp/want-err" "$tmp/got-err" || fail "$what: other words"
}
large() { # what option...
	what=$1
	shift
	run "$what" "$tmp/large.yaml" "$tmp/want" "$@"
}
files() { # folder
	find "$1" -name '*.set' | wc -l
}
none() { # what folder
	[ "$(files "$2")" -eq 0 ] || fail "$1: it left a file"
}

# kept, and served
run "a small set" "$tmp/small.yaml" "$tmp/small-want"
none "a small set" "$tmp"
large "no cache" --no-cache
none "no cache" "$tmp"
large "the first"
own=$tmp/home/.cache/vigie
[ "$(files "$own")" -eq 1 ] || fail "a large set is not kept"
[ "$(stat -c %a "$own" "$tmp/home/.cache" "$own"/*.set | tr '\n' ' ')" = \
	"700 700 600 " ] || fail "modes: $(ls -la "$own")"
before=$(stat -c '%i %y' "$own"/*.set)
large "the second"
large "two workers" --workers 2
large "without it" --no-cache
[ "$before" = "$(stat -c '%i %y' "$own"/*.set)" ] || fail "written again"
"$VIGIE" version | grep -q "^sets: *$own\$" || fail "version does not name it"
"$VIGIE" explain --rules "$tmp/large.yaml" 'acme word7' >"$tmp/got" ||
	fail "explain"
"$VIGIE" explain --no-cache --rules "$tmp/large.yaml" 'acme word7' \
	>"$tmp/explained"
cmp -s "$tmp/explained" "$tmp/got" || fail "explain says something else"

# other contents
sed 's/word7 /word8000 /' "$tmp/large.yaml" >"$tmp/new.yaml"
mv "$tmp/new.yaml" "$tmp/large.yaml"
"$VIGIE" match --rules "$tmp/large.yaml" "$tmp/posts" >"$tmp/got"
grep -q '"rule":"r7"' "$tmp/got" && fail "the old set serves new files"
"$VIGIE" match --no-cache --rules "$tmp/large.yaml" "$tmp/posts" >"$tmp/want"

# where it lies
XDG_CACHE_HOME=$tmp/elsewhere
large "the other place"
[ "$(files "$tmp/elsewhere/vigie")" -eq 1 ] || fail "XDG_CACHE_HOME"
rm -r "$own" "$tmp/elsewhere/vigie"
XDG_CACHE_HOME=relative
large "a relative place"
[ "$(files "$own")" -eq 1 ] || fail "a relative place is none"
rm -r "$own"
XDG_CACHE_HOME=
(
	unset HOME XDG_CACHE_HOME
	large "no home"
)
(
	cd "$tmp"
	HOME=home
	large "a relative home"
)
none "no absolute home" "$tmp"
"$VIGIE" version >/dev/null || fail "version"
printf 'cache: none\n' >"$tmp/none.yaml"
large "cache: none" --config "$tmp/none.yaml"
none "cache: none" "$tmp"
printf 'cache: asked\n' >"$tmp/asked.yaml"
run "a folder that is asked for" "$tmp/small.yaml" "$tmp/small-want" \
	--config "$tmp/asked.yaml"
[ "$(files "$tmp/asked")" -eq 1 ] || fail "cache: FOLDER keeps any set"

# folders that do not serve
rm -r "$tmp/asked"
mkdir -p "$own"
chmod 755 "$own"
large "a folder that others read"
none "a folder that others read" "$own"
rmdir "$own"
ln -s "$tmp/elsewhere" "$own"
chmod 700 "$tmp/elsewhere"
large "a link"
none "a link" "$tmp/elsewhere"
rm "$own"
: >"$own"
large "a file"
rm "$own"
HOME=/proc
large "a home that cannot be written"
HOME=$tmp/home
if [ "$(id -u)" -eq 0 ]; then
	mkdir "$tmp/theirs"
	chown 1:1 "$tmp/theirs"
	HOME=$tmp/theirs
	large "a home of somebody else"
	[ -z "$(ls -A "$tmp/theirs")" ] || fail "left in a home of others"
	mkdir -p "$tmp/theirs/.cache/vigie"
	chmod 700 "$tmp/theirs/.cache/vigie"
	chown 1:1 "$tmp/theirs/.cache" "$tmp/theirs/.cache/vigie"
	large "a folder of somebody else"
	none "a folder of somebody else" "$tmp/theirs"
fi
