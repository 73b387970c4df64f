#!/bin/sh
# Goal: the department that a rule names itself is the one that is asked, before
# that of the topic, and without a topic too; a rule that names none leaves it
# to its topic.
# Method: one severe post each, through a house of departments (honeycomb).
# SPDX-License-Identifier: Apache-2.0
. "${0%/*}/lib.sh"
need jq
need_vigie replay
cat >"$tmp/rules.yaml" <<'EOF'
sector: food
brands:
  kitkat: {name: KitKat, match: kitkat}
topics:
  palm-oil: {match: '"palm oil"', department: sustainability}
rules:
  sued: {brand: kitkat, topic: palm-oil, when: brand AND sued, weight: 8, severity: 4, department: legal}
  ill: {brand: kitkat, when: brand AND poisoned, weight: 8, severity: 4, department: quality}
  burnt: {brand: kitkat, topic: palm-oil, when: brand AND burnt, weight: 8, severity: 4}
EOF
cat >"$tmp/org.yaml" <<'EOF'
model: honeycomb
teams:
  social: {kind: centre, brands: "*", sectors: "*"}
  legal: {kind: department, brands: "*", sectors: "*", departments: [legal]}
  quality: {kind: department, brands: "*", sectors: "*", departments: [quality]}
  sustainability: {kind: department, brands: "*", sectors: "*", departments: [sustainability]}
EOF
owner() { # text, owner, department
	echo "{\"id\":\"1\",\"source\":\"x\",\"ts\":\"2026-03-02T10:00:00Z\",\"text\":\"$1\",\"author\":{\"id\":\"a\"}}" |
		"$VIGIE" replay --rules "$tmp/rules.yaml" \
			--organisation "$tmp/org.yaml" >"$tmp/alerts" \
			2>"$tmp/replay.err" || fail "replay of: $1"
	got=$(jq -r 'select(.kind == "severe_post") | "\(.owner) \(.department)"' \
		"$tmp/alerts" | head -n 1)
	[ "$got" = "$2 $3" ] || fail "$1: $got, not $2 $3"
}
owner "kitkat sued over palm oil" legal legal
owner "kitkat poisoned my cat" quality quality
owner "kitkat burnt for palm oil" sustainability sustainability
