#!/bin/bash
# The Nestlé scenario as if it happened now: posts without their own time, sent
# to a TCP source so many a second, from the first morning of the crisis on.
# usage: generate.sh HOST PORT PER_SECOND
# SPDX-License-Identifier: Apache-2.0
set -eu
host=$1 port=$2 rate=$3
until exec 3<>"/dev/tcp/$host/$port"; do
	sleep 1 # there is nothing to look at but the port
done 2>/dev/null
echo "generate: $rate posts a second to $host:$port" >&2
gen_nestle --from 2010-03-17T09:00:00Z |
	sed -u 's/"ts":"[^"]*",//; s/"seen":"[^"]*",//' |
	{
		n=0
		while IFS= read -r line; do
			printf '%s\n' "$line" >&3
			n=$((n + 1))
			[ $((n % rate)) -ne 0 ] || sleep 1
		done
	}
