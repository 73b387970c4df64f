#!/bin/sh
# The Nestlé scenario as if it happened now: posts without their own time, sent
# to a unix source so many a second, from the first morning of the crisis on.
# usage: generate.sh SOCKET PER_SECOND
# SPDX-License-Identifier: Apache-2.0
set -eu
echo "generate: $2 posts a second to $1" >&2
gen_nestle --from 2010-03-17T09:00:00Z |
	sed -u 's/"ts":"[^"]*",//; s/"seen":"[^"]*",//' |
	perl -MIO::Socket::UNIX -e '
		my ($path, $rate) = @ARGV;
		my ($to, $n);
		# The engine may still be starting; its socket tells.
		until ($to = IO::Socket::UNIX->new(Peer => $path)) { sleep 1 }
		$to->autoflush(1);
		while (<STDIN>) {
			print $to $_ or die "generate: the engine is gone\n";
			sleep 1 if ++$n % $rate == 0;
		}' "$1" "$2"
