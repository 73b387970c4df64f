#!/bin/sh
# The one list of Debian packages: of the build, of the tests, of the tools,
# of the engines that benches compare with.
# usage: sh docker/deps.sh build|test|dev|peers|run|list
# Exits 0 without being root when all is there; else installs as root or with
# sudo, or says which line to run.
# SPDX-License-Identifier: Apache-2.0
set -eu
build="gcc g++ make pkg-config git libc6-dev libuv1-dev libhiredis-dev
libpcre2-dev libjemalloc-dev libyaml-dev libxxhash-dev
libzstd-dev zlib1g-dev nettle-dev"
test="$build libsimdjson-dev libcmocka-dev libbenchmark-dev libutf8proc-dev redis-server
redis-tools openssl zstd gzip jq time procps perl netcat-openbsd python3-jsonschema
python3-yaml tzdata"
dev="$test clang-14 libclang-rt-14-dev clang-format-14 cppcheck shellcheck
valgrind lcov universal-ctags mandoc unicode-data"
# Not Vectorscan: its package and that of rspamd exclude each other.
peers="$test libhyperscan-dev libicu-dev libre2-dev ripgrep rspamd"
run="tzdata" # the release holds its libraries
case ${1:-build} in
build) want=$build ;;
test) want=$test ;;
dev) want=$dev ;;
peers) want=$peers ;;
run) want=$run ;;
list)
	printf '%s\n' "$dev" | tr ' ' '\n'
	exit 0
	;;
*)
	echo "usage: sh docker/deps.sh build|test|dev|peers|run|list" >&2
	exit 2
	;;
esac
if ! command -v dpkg-query >/dev/null 2>&1; then
	echo "deps: not a Debian system; needed there under other names:" \
		$want >&2
	exit 1
fi
missing=
for p in $want; do
	state=$(dpkg-query -W -f='${db:Status-Status}' "$p" 2>/dev/null) || state=
	[ "$state" = installed ] || missing="$missing $p"
done
[ -n "$missing" ] || exit 0
as=
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null 2>&1; then
		echo "deps: missing:$missing" >&2
		echo "deps: as root run: apt-get install -y$missing" >&2
		exit 1
	fi
	as=sudo
fi
echo "deps: installing$missing" >&2
apt_install() {
	# A policy of 101 keeps Debian from starting a server it installs.
	$as env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq \
		--no-install-recommends $missing >/dev/null
}
$as apt-get update -qq
apt_install
