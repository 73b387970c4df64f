#!/usr/bin/perl
# Sends each line of a file as one MIME message to an rspamd on this machine
# and prints "line number, tab, symbol" for each symbol that hits.
# One connection a message: its worker closes them.
# usage: rspamd.pl PORT <texts >hits
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use IO::Socket::INET;

my $port = shift // die "usage: rspamd.pl PORT\n";
my $number = 0;
while (my $text = <STDIN>) {
	$number++;
	my $mime = "Content-Type: text/plain; charset=utf-8\r\n" .
	    "Content-Transfer-Encoding: 8bit\r\n\r\n$text";
	my $to = IO::Socket::INET->new(PeerAddr => "127.0.0.1",
	    PeerPort => $port) or die "rspamd: no answer: $!\n";
	print $to "POST /checkv2 HTTP/1.0\r\nContent-Length: " .
	    length($mime) . "\r\n\r\n$mime";
	my $answer = do { local $/; <$to> };
	die "rspamd: no symbols in the answer\n"
	    unless $answer =~ /"symbols":/;
	print "$number\t$1\n" while $answer =~ /"name":"B(\d+)"/g;
}
