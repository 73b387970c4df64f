#!/bin/sh
# Runs every test of one flavour and prints "N passed, N failed, N skipped".
# Unit tests are cmocka binaries; scripts in tests/e2e and tests/cases exit 0
# (passed), 77 (skipped, with a line "skipped: why") or anything else.
# usage: tests/run.sh build/FLAVOUR [name-filter]
# SPDX-License-Identifier: Apache-2.0
set -u
build=$1
filter=${2:-}
flavour=${build##*/}
logs=$build/test-logs
mkdir -p "$logs"
passed=0 failed=0 skipped=0
# Compiled sets of the tests' rules are not for the developer's own folder.
XDG_CACHE_HOME=$(mktemp -d "${TMPDIR:-/tmp}/vigie-tests-XXXXXX")
export XDG_CACHE_HOME
trap 'rm -rf "$XDG_CACHE_HOME"' EXIT
trap 'exit 130' INT TERM

report() { # name status log
	case $2 in
	0)
		n=$(sed -n 's/.*\[  PASSED  \] \([0-9]*\) test.*/\1/p' "$3" |
			tail -n 1)
		s=$(sed -n 's/.*\[  SKIPPED \] \([0-9]*\) test.*/\1/p' "$3" |
			tail -n 1)
		passed=$((passed + ${n:-1}))
		skipped=$((skipped + ${s:-0}))
		printf 'ok       %s (%s)\n' "$1" "${n:-1}"
		grep -h '^skipped:' "$3" | sed 's/^/         /'
		;;
	77)
		skipped=$((skipped + 1))
		printf 'skipped  %s: %s\n' "$1" \
			"$(sed -n 's/^skipped: //p' "$3" | head -n 1)"
		;;
	*)
		failed=$((failed + 1))
		printf 'FAILED   %s (exit %s)\n' "$1" "$2"
		tail -n 40 "$3" | sed 's/^/    /'
		;;
	esac
}

run() { # name command...
	name=$1
	shift
	case $name in *"$filter"*) ;; *) return ;; esac
	log=$logs/$(echo "$name" | tr / _).log
	VIGIE=$build/vigie BUILD=$build FLAVOUR=$flavour \
		timeout 900 "$@" >"$log" 2>&1
	report "$name" $? "$log"
}

for t in $(find "$build/tests" -type f -name 'test_*' -perm -u+x \
	! -name '*.o' ! -name '*.d' ! -name '*.fuzz' | sort); do
	[ -f "${t#"$build"/}.c" ] || continue # a test that is gone
	run "${t#"$build"/tests/}" "$t"
done
for t in tests/cases/*.sh tests/replay/*.sh tests/e2e/[0-9]*.sh; do
	[ -f "$t" ] && run "${t#tests/}" sh "$t"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
