#!/bin/sh
# The peers that are programs: jq and ripgrep, rspamd, Fluent Bit.  Read by
# run.sh, whose names these are: work, rules, build, compare, runs, count.
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2154 # set by run.sh

seconds() { # command...: user + system seconds of one run and its children
	/usr/bin/time -o "$work/time" -f '%U %S' "$@" >/dev/null \
		2>"$work/err" || { tail -n 5 "$work/err" >&2; return 1; }
	awk '{print $1 + $2}' "$work/time"
}

summary() { # set kind name what posts hits <seconds: one line of results
	sort -n | awk -v OFS='\t' -v set="$1" -v kind="$2" -v name="$3" \
		-v what="$4" -v posts="$5" -v hits="$6" '
		{ s[NR] = 1e9 * $1 / posts }
		END { if (NR) print set, kind, name, what, s[1],
			s[int((NR + 1) / 2)], s[NR], hits }'
}

cannot() { # set name what why
	printf '%s\tprogram\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4"
}

# Posts, by number, that name a brand: those of two files.
agreement() { # truth found
	sort -u "$1" >"$work/a"
	sort -u "$2" >"$work/b"
	echo "brands: of $(($(wc -l <"$work/a"))) posts" \
		"$(($(comm -23 "$work/a" "$work/b" | wc -l))) missing," \
		"$(($(comm -13 "$work/a" "$work/b" | wc -l))) more"
}

jq_text='(.commit.record.text // .text) | split("\n") | join(" ")'

jq_ripgrep() { # set
	command -v jq >/dev/null 2>&1 || {
		cannot "$1" "jq" jq "not installed"
		return 0
	}
	i=0
	while [ $i -lt "$runs" ]; do
		seconds jq -r "$jq_text" "$work/posts"
		i=$((i + 1))
	done | summary "$1" program "jq alone" "$(jq --version)" "$count" \
		"texts only"
	command -v rg >/dev/null 2>&1 || {
		cannot "$1" "jq | rg" ripgrep "not installed (ripgrep)"
		return 0
	}
	"$compare" truth "$rules/rules-$1" "$work/posts" "$count" |
		cut -f 1 >"$work/truth"
	for kind in bytes accents; do
		"$compare" patterns "$rules/rules-$1" $kind >"$work/patterns"
		printf 'jq -r "$1" "$2" | rg -n --no-unicode -i -f "$3"\n' \
			>"$work/pipe"
		sh "$work/pipe" "$jq_text" "$work/posts" "$work/patterns" |
			cut -d : -f 1 >"$work/found"
		hits=$(agreement "$work/truth" "$work/found")
		i=0
		while [ $i -lt "$runs" ]; do
			seconds sh "$work/pipe" "$jq_text" "$work/posts" \
				"$work/patterns"
			i=$((i + 1))
		done | summary "$1" program "jq | rg ($kind)" \
			"$(rg --version | sed -n 1p), $(jq --version)" \
			"$count" "$hits"
	done
}

# rspamd's regexp module with Hyperscan, one normal worker, in two ways: as
# Debian configures it, and bare, with everything else off.  It is given folded
# texts, so that its hits can be the same.
rspamd_rules() { # set
	"$compare" patterns "$rules/rules-$1" folded |
		sed 's/\\/\\\\/g; s/"/\\"/g
		s#^b\([^\t]*\)\t\(.*\)#  B\1 { re = "/\2/iP"; score = 0.0; }#'
}

rspamd_config() { # set port level bare|stock
	dir=$work/rspamd
	mkdir -p "$dir/local.d"
	echo com >"$dir/tld"
	filters=regexp
	if [ "$4" = stock ]; then
		filters=chartable,dkim,regexp,fuzzy_check
		rspamd_rules "$1" >"$dir/local.d/regexp.conf"
		echo '.include "$CONFDIR/common.conf"'
	else
		printf 'actions { reject = 1000000; }\nregexp { max_size = 0;\n'
		rspamd_rules "$1"
		echo "}"
	fi
	cat <<END
options {
  pidfile = "$dir/pid"; filters = "$filters"; check_all_filters = true;
  cache_file = "$dir/cache"; hs_cache_dir = "$dir"; tempdir = "$dir";
  url_tld = "$dir/tld"; control_socket = "$dir/control mode=0600";
  dns { nameserver = ["127.0.0.1"]; timeout = 0s; retransmits = 1; }
}
logging { type = "file"; filename = "$dir/log"; level = "$3"; }
worker "normal" { bind_socket = "127.0.0.1:$2"; count = 1; mime = true; }
worker "hs_helper" { cache_dir = "$dir"; count = 1; }
END
}

ticks() { # pid: user + system
	awk '{sub(/.*\) /, ""); print $12 + $13}' "/proc/$1/stat"
}

rspamd_start() { # set port level bare|stock
	rspamd_config "$1" "$2" "$3" "$4" >"$work/rspamd.conf"
	command rspamd -i -f -c "$work/rspamd.conf" \
		--var=LOCAL_CONFDIR="$work/rspamd" >"$work/rspamd/out" 2>&1 &
	rspamd_pid=$!
}

rspamd_stop() {
	kill "$rspamd_pid" 2>/dev/null || true
	wait "$rspamd_pid" 2>/dev/null || true
	rspamd_pid=
}

until_true() { # command...: asked four times a second for a minute
	i=0
	while [ $i -lt 240 ]; do
		"$@" >/dev/null 2>&1 && return 0
		kill -0 "$rspamd_pid" 2>/dev/null || return 1
		sleep 0.25
		i=$((i + 1))
	done
	return 1
}

# Once to compile the patterns, which its log tells; the next start finds them
# compiled and keeps no log.
rspamd_ready() { # set port bare|stock
	rspamd_start "$1" "$2" info "$3"
	until_true grep -q 'normal.*hyperscan database of .* loaded' \
		"$work/rspamd/log" || return 1
	rspamd_stop
	rspamd_start "$1" "$2" error "$3"
	until_true nc -z 127.0.0.1 "$2"
}

rspamd() { # set bare|stock
	command -v rspamd >/dev/null 2>&1 || {
		cannot "$1" "rspamd ($2)" rspamd "not installed (rspamd)"
		return 0
	}
	n=2000
	[ "$2" = bare ] || n=500
	port=$((20000 + $$ % 10000))
	rm -rf "$work/rspamd"
	mkdir -p "$work/rspamd"
	version=$(command rspamd --version | sed -n 1p)
	if ! rspamd_ready "$1" "$port" "$2"; then
		cannot "$1" "rspamd ($2)" "$version" "cannot be run here: $(tail -n 1 \
			"$work/rspamd/out" | cut -c 1-100)"
		rspamd_stop
		return 0
	fi
	pid=$(pgrep -P "$rspamd_pid" -f 'normal process')
	"$compare" texts "$rules/rules-$1" "$work/posts" $n >"$work/texts"
	"$compare" truth "$rules/rules-$1" "$work/posts" $n |
		sed 's/\tb/\t/' >"$work/truth"
	perl "$here/rspamd.pl" "$port" <"$work/texts" >"$work/found"
	hits=$(agreement "$work/truth" "$work/found" | sed 's/posts/mentions/')
	i=0
	while [ $i -lt "$runs" ]; do
		before=$(ticks "$pid")
		perl "$here/rspamd.pl" "$port" <"$work/texts" >/dev/null
		echo "$before $(ticks "$pid") $(getconf CLK_TCK)" |
			awk '{print ($2 - $1) / $3}'
		i=$((i + 1))
	done | summary "$1" program "rspamd ($2)" "$version, HTTP, folded texts" $n \
		"$hits"
	rspamd_stop
}

# tail, JSON parser, one regex a brand in the grep filter, null.
fluent_config() { # posts patterns|-
	cat <<END
[SERVICE]
  Flush 1
  Log_Level error
  Parsers_File $work/fluent-parsers
[INPUT]
  Name tail
  Path $1
  Parser json
  Read_from_Head true
  Exit_On_Eof true
  Buffer_Max_Size 1M
END
	if [ "$2" != - ]; then
		printf '[FILTER]\n  Name grep\n  Match *\n  Logical_Op or\n'
		cut -f 2 "$2" | sed "s|.*|  Regex \$commit['record']['text'] (?i)&|"
	fi
	printf '[OUTPUT]\n  Name %s\n  Match *\n' "${3:-null}"
}

fluent_bit() { # set
	fluent=$(command -v fluent-bit || true)
	[ -n "$fluent" ] || fluent=/opt/fluent-bit/bin/fluent-bit
	[ -x "$fluent" ] || {
		cannot "$1" "Fluent Bit" "grep filter" "not installed"
		return 0
	}
	printf '[PARSER]\n  Name json\n  Format json\n' >"$work/fluent-parsers"
	head -n 2000 "$work/posts" >"$work/posts-few"
	"$compare" patterns "$rules/rules-$1" raw >"$work/patterns"
	"$compare" truth "$rules/rules-$1" "$work/posts" 2000 | cut -f 1 |
		sort -u | wc -l >"$work/truth"
	fluent_config "$work/posts-few" "$work/patterns" stdout >"$work/fluent"
	found=$("$fluent" -q -c "$work/fluent" | grep -c record) || true
	for kind in grep none; do
		n=2000
		if [ $kind = grep ]; then
			fluent_config "$work/posts-few" "$work/patterns" \
				>"$work/fluent"
			hits="brands: $found posts, $(cat "$work/truth") wanted"
		else
			n=$count
			fluent_config "$work/posts" - >"$work/fluent"
			hits="parses and discards"
		fi
		i=0
		while [ $i -lt "$runs" ]; do
			seconds "$fluent" -q -c "$work/fluent"
			i=$((i + 1))
		done | summary "$1" program "Fluent Bit ($kind)" \
			"$("$fluent" --version | sed -n 1p)" "$n" "$hits"
	done
}

programs() { # set
	jq_ripgrep "$1"
	rspamd "$1" stock
	rspamd "$1" bare
	fluent_bit "$1"
}
