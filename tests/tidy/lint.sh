#!/bin/sh
# What other people's checkers find: cppcheck over the C files, shellcheck over
# the scripts.  A finding that is wrong is answered where it is, with a reason.
# usage: sh tests/tidy/lint.sh   (or make lint), anywhere in the tree
# SPDX-License-Identifier: Apache-2.0
set -u
cd "$(dirname "$0")/../.." || exit 2
failed=0
for tool in cppcheck shellcheck; do
	command -v "$tool" >/dev/null 2>&1 || {
		echo "lint: no $tool; run: make deps-dev" >&2
		exit 2
	}
done

# The tables of Unicode are large and hold nothing but numbers.
git ls-files -co --exclude-standard 'engine/*.c' 'rules/*.c' 'connectors/*.c' |
	grep -v '_tables\.c$' |
	while read -r f; do [ -f "$f" ] && echo "$f"; done |
	cppcheck --quiet --file-list=- --error-exitcode=1 --inline-suppr \
		--enable=warning,portability --std=c11 --language=c -I. \
		-D_GNU_SOURCE -DPCRE2_CODE_UNIT_WIDTH=8 \
		'-DVIGIE_VERSION=""' '-DVIGIE_FLAVOUR=""' \
		--suppress=missingIncludeSystem || failed=1
git ls-files -co --exclude-standard '*.sh' .ci/run |
	while read -r f; do [ -f "$f" ] && echo "$f"; done |
	LC_ALL=C.UTF-8 xargs shellcheck --severity=warning -x --source-path=SCRIPTDIR ||
	failed=1
[ "$failed" -eq 0 ] && echo "lint: nothing found"
exit "$failed"
