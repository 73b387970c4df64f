#!/bin/sh
# Goal: files of local.d change shipped ones without touching them, from below
# and from beside a path; what they name wrongly is told with its place.
# SPDX-License-Identifier: Apache-2.0
set -eu
vigie=${VIGIE:-build/vigie}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/packs/local.d" "$dir/local.d"

fail() {
	echo "FAILED: $*"
	cat "$dir/out" 2>/dev/null || :
	exit 1
}

# First line of the explanation of a text: "matches, score 2.0".
score() {
	"$vigie" explain --rules "${path:-$dir/packs}" "$1" >"$dir/out" 2>&1 || :
	head -n 1 "$dir/out"
}

is() { # text, wanted first line
	got=$(score "$1")
	[ "$got" = "$2" ] || fail "'$1': '$got', not '$2'"
}

cat >"$dir/packs/food.yaml" <<'END'
sector: food
lists:
  anger: [boycott, shame]
groups:
  soft: {min: -1}
brands:
  kitkat: {match: kitkat, hit: [kitkat], miss: [twix]}
  lion: {match: lion}
topics:
  palm: {match: palm, weight: 2, hit: [palm], miss: [oil]}
  price: {match: price, weight: 1}
rules:
  angry: {brand: kitkat, weight: 3, when: '@list(anger)', hit: [kitkat boycott]}
  pair: {brand: lion, topic: price, weight: 4}
calibration: {offset: -3}
END
is "kitkat boycott" "matches, score 3.0"
is "lion price" "matches, score 5.0"
is "kitkat fury" "does not match, score 0.0"

# From below: keys that are not given stay; lists grow and shrink.
cat >"$dir/packs/local.d/mine.yaml" <<'END'
sector: food
lists:
  anger: {override: true, add: [fury], remove: [shame]}
  mine: [bad]
topics:
  palm: {override: true, weight: 5}
rules:
  angry: {override: true, when: '@list(anger) OR @list(mine)'}
  new: {brand: kitkat, weight: 7, when: new}
  pair: {disable: true}
calibration: {override: true, scale: 2}
END
is "kitkat fury" "matches, score 3.0"
is "kitkat bad" "matches, score 3.0"
is "kitkat shame" "does not match, score 0.0"
is "kitkat boycott" "matches, score 3.0"
is "kitkat palm" "matches, score 5.0"
is "kitkat new" "matches, score 7.0"
is "lion price" "matches, score 1.0"

# An entry that is to go and is not there is a slip.
sed 's/remove: .shame.}/remove: [shame, shamed]}/' \
	"$dir/packs/local.d/mine.yaml" >"$dir/slip"
cp "$dir/packs/local.d/mine.yaml" "$dir/kept"
cp "$dir/slip" "$dir/packs/local.d/mine.yaml"
"$vigie" check "$dir/packs" 2>&1 | grep "to remove" >"$dir/said" || :
grep -q "warning: no entry 'shamed' to remove" "$dir/said" &&
	[ "$(wc -l <"$dir/said")" -eq 1 ] ||
	{ echo "a stranger in remove: is not told of"; exit 1; }
cp "$dir/kept" "$dir/packs/local.d/mine.yaml"

# The same from beside a single file; a brand goes, and its rules with it.
path=$dir/packs/food.yaml
mv "$dir/packs/local.d/mine.yaml" "$dir/local.d/mine.yaml"
rmdir "$dir/packs/local.d"
is "kitkat fury" "does not match, score 0.0"
path=$dir/packs
is "kitkat fury" "matches, score 3.0"
echo 'brands: {kitkat: {disable: true}}' >"$dir/local.d/off.yaml"
is "kitkat boycott" "does not match"
rm "$dir/local.d/off.yaml"

# Mistakes are located, with what was meant.
wrong() { # code, line, column, part of the help, yaml
	printf '%s\n' "$5" >"$dir/local.d/wrong.yaml"
	"$vigie" check --json "$dir/packs" >"$dir/out" 2>&1 && fail "accepted: $5"
	grep -F "\"line\":$2,\"column\":$3," "$dir/out" |
		grep -F "\"code\":\"$1\"" | grep -qF "$4" || fail "$5"
	rm "$dir/local.d/wrong.yaml"
}
wrong unknown-id 1 10 "kitkat" 'brands: {kitkta: {override: true, name: x}}'
wrong repeated-id 1 10 "override: true" 'topics: {palm: {match: x}}'
wrong bad-value 1 27 "true" 'topics: {palm: {override: yes, weight: 1}}'
wrong unknown-list 2 9 "same sector" 'sector: food
lists: {angre: {override: true, add: [x]}}'
wrong unknown-key 1 33 "weight" 'topics: {palm: {override: true, wait: 1}}'

# A sector that no other file has: told where it is a slip by its looks, or
# where the file changes what others have; a sector of one's own is none.
sector() { # yaml
	printf '%s\n' "$1" >"$dir/local.d/wrong.yaml"
	"$vigie" check --json "$dir/packs" 2>&1 |
		grep -F '"code":"unknown-sector"' >"$dir/out" || :
	rm "$dir/local.d/wrong.yaml"
}
sector 'sector: foud
brands: {twix: {match: twix}}'
grep -qF '"line":1,"column":9,"width":4,"level":"warning"' "$dir/out" &&
	grep -qF "did you mean 'food'? sectors of the other files: food" \
		"$dir/out" || fail "a slip in the sector"
sector 'sector: confectionery
topics: {palm: {override: true, weight: 4}}'
grep -qF '"help":"sectors of the other files: food"' "$dir/out" ||
	fail "a change in a sector of no other file"
sector 'sector: energy
brands: {edf: {match: edf}}'
[ -s "$dir/out" ] && fail "a sector of one's own"

# Only there: elsewhere override is no key.
cp "$dir/local.d/mine.yaml" "$dir/packs/copy.yaml"
"$vigie" check "$dir/packs" >"$dir/out" 2>&1 && fail "an override elsewhere"
grep -q "copy.yaml:.*unknown key 'override'\|copy.yaml:.*already declared" \
	"$dir/out" || fail "not told"

# Lists replaced and switched off; groups; a condition switched off.
rm -rf "$dir/local.d" "$dir/packs/local.d" "$dir/packs/copy.yaml"
mkdir "$dir/packs/local.d"
cat >"$dir/packs/soft.yaml" <<'END'
sector: food
rules:
  thanks: {brand: kitkat, weight: -5, group: soft, when: thanks}
  wave: {brand: kitkat, severity: 2, name: Wave, when: count(brand) in 1h >= 9}
END
is "kitkat thanks boycott" "matches, score 2.0"
echo dust >"$dir/packs/local.d/dust.txt"
cat >"$dir/packs/local.d/mine.yaml" <<'END'
sector: food
lists: {anger: {override: true, entries: [fury]}, old: [rust]}
groups: {soft: {override: true, min: -2}}
rules:
  wave: {disable: true}
  two: {brand: kitkat, when: '@list(old)'}
END
is "kitkat thanks boycott" "matches, score -2.0"
is "kitkat fury" "matches, score 3.0"
"$vigie" explain --rules "$dir/packs" kitkat >"$dir/out"
grep -q "condition wave" "$dir/out" && fail "the condition is there"
"$vigie" check "$dir/packs" >"$dir/out" 2>&1 && fail "an example of boycott"
sed -i 's/entries: .fury./file: dust.txt, add: [boycott]/
	s/override: true, min: -2/disable: true/' "$dir/packs/local.d/mine.yaml"
is "kitkat fury" "does not match, score 0.0"
is "kitkat dust" "matches, score 3.0"
is "kitkat thanks boycott" "matches, score -2.0"
"$vigie" check "$dir/packs" >"$dir/out" 2>&1 || fail "refused"
grep -q "^4 rules, 2 brands, 2 topics, " "$dir/out" || fail "the counts"
sed -i 's/anger: {.*}, old/anger: {disable: true}, old/' \
	"$dir/packs/local.d/mine.yaml"
is "kitkat boycott" "does not match, score 0.0"
sed -i 's/soft: {/sofd: {/' "$dir/packs/local.d/mine.yaml"
"$vigie" check "$dir/packs" >"$dir/out" 2>&1 && fail "an unknown group"
grep -q "there is no group 'sofd' to change" "$dir/out" || fail "unknown group"
exit 0
