# Clients of vigie run that behave badly, all at once.  Prints a line for each
# thing that is done, and leaves when stdin ends, its connections open until
# then.
# usage: perl clients.pl PORT FIRST-POST
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use IO::Socket::INET;
use Socket qw(SOL_SOCKET SO_LINGER);

my ($port, $first) = @ARGV;
$SIG{PIPE} = 'IGNORE';
$| = 1;

sub dial {
	return IO::Socket::INET->new(
		PeerAddr => '127.0.0.1', PeerPort => $port, Proto => 'tcp');
}

sub post {
	my ($i) = @_;
	return sprintf '{"id":"p%d","source":"test","author":{"id":"a%d"},'
	    . '"text":"listeria dans marque%04d"}', $i, $i, $i;
}

my @held;
# Half a line, and then nothing.
for (1 .. 20) {
	my $s = dial() or die "dial: $!";
	syswrite $s, '{"text":"half a line';
	push @held, $s;
}
# Five megabytes that never come to an end.
my $endless = dial() or die;
syswrite $endless, 'x' x 65536 for 1 .. 80;
push @held, $endless;
# What is no text at all, some of it looking packed.
for my $head ("\x1f\x8b\x08", "\x28\xb5\x2f\xfd", "\0\0\0\0", "\xff\xfe\n") {
	my $s = dial() or die;
	syswrite $s, $head . join '', map { chr(($_ * 7 + 3) % 256) } 1 .. 50000;
	close $s;
}
# Gone in the middle of a line: once in order, once with a reset.
for my $reset (0, 1) {
	my $s = dial() or die;
	syswrite $s, post($first++) . "\n" . '{"text":"listeria dans marq';
	setsockopt $s, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0) if $reset;
	# the reset must not overtake the line before it
	select undef, undef, undef, 0.3 if $reset;
	close $s;
}
# Byte by byte.
my $slow = dial() or die;
for my $c (split //, post($first++) . "\n") {
	syswrite $slow, $c;
}
push @held, $slow;
# More than there is room for: the rest is closed by the other side.
my $refused = 0;
for (1 .. 300) {
	my $s = dial() or do { $refused++; next };
	push @held, $s;
}
print "connected\n";
my $open = 0;
for my $s (@held) {
	my ($r, $byte) = ('', '');
	vec($r, fileno($s), 1) = 1;
	# whoever is refused reads the end at once; others nothing
	if (select($r, undef, undef, 0.01) && !sysread $s, $byte, 1) {
		$refused++;
	} else {
		$open++;
	}
}
print "refused $refused, open $open\n";
my $wait = <STDIN>;
