#!/bin/sh
# Goal: make demo shows the case to a person within a minute, in French or in
# English, without escape codes where nobody looks at a terminal.
# Method: run tests/demo.sh into files, and once on a terminal by script(1).
# SPDX-License-Identifier: Apache-2.0
set -u
build=${BUILD:-build/release}
vigie=${VIGIE:-$build/vigie}
gen=$build/bench/gen_nestle
[ -x "$gen" ] || { echo "skipped: $gen is not built (make tools)"; exit 77; }
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT INT TERM
failed=0
fail() {
	echo "FAILED: $*"
	failed=1
}
demo() { # locale file
	LC_ALL=$1 timeout 60 sh tests/demo.sh "$vigie" "$gen" \
		>"$2" 2>"$dir/err" || { cat "$dir/err" && fail "demo in $1"; }
	if LC_ALL=C grep -q "$(printf '\033')" "$2"; then
		fail "escape codes in a file"
	fi
}
says() { # file text
	grep -qF -e "$2" "$1" || fail "the demo does not say '$2'"
}
demo fr_FR.UTF-8 "$dir/fr"
says "$dir/fr" "mer. 17 mars"
says "$dir/fr" "alerte"
says "$dir/fr" "Densité de risque, secteur confectionery"
says "$dir/fr" "messages lus"
demo en_GB.UTF-8 "$dir/en"
says "$dir/en" "Wed 17 Mar"
says "$dir/en" "Risk density, sector confectionery"
says "$dir/en" "posts read"
if command -v script >/dev/null; then
	TERM=xterm LC_ALL=en_GB.UTF-8 script -qec \
		"sh tests/demo.sh $vigie $gen" /dev/null >"$dir/tty" 2>&1
	LC_ALL=C grep -q "$(printf '\033\\[1;31m')" "$dir/tty" ||
		fail "no colour on a terminal"
	TERM=xterm NO_COLOR=1 LC_ALL=en_GB.UTF-8 script -qec \
		"sh tests/demo.sh $vigie $gen" /dev/null >"$dir/plain" 2>&1
	if LC_ALL=C grep -q "$(printf '\033\\[[0-9;]*m')" "$dir/plain"; then
		fail "NO_COLOR is not respected"
	fi
fi
exit "$failed"
