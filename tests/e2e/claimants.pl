# Claimants of alerts, all at once: each claims every alert in an order of its
# own, by docs/clients/claim.lua or by a plain XADD.  Each alert belongs to one
# of three kinds by its place in the list: number 0 of ten is claimed by plain
# commands only, 1 by both, the others by the script only.  A connection that
# breaks is made again and what had no answer on it is sent again.
# Prints "half" after half of it, then one line per claim: alert, team, how,
# what was told at once ("1 TEAM ID", "0 OWNER -" or "- - ID").
# usage: perl claimants.pl SOCKET CLAIMANTS SEED <ids
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use IO::Socket::UNIX;

my ($path, $claimants, $seed) = @ARGV;
$SIG{PIPE} = 'IGNORE';
$| = 1;
srand $seed;
chomp(my @ids = <STDIN>);
my $window = 25;

sub words {
	return join '', '*' . @_ . "\r\n",
	    map { '$' . length($_) . "\r\n$_\r\n" } @_;
}

sub dial {
	for (1 .. 600) {
		my $s = IO::Socket::UNIX->new(Peer => $path);
		if ($s) {
			# loading its file, it answers with an error
			print $s words('PING');
			my $line = <$s>;
			return $s if defined $line && $line =~ /^\+PONG/;
		}
		select undef, undef, undef, 0.05;
	}
	die "no Redis\n";
}

# One answer: a text, a number, or a list of them; undef: the end.
sub answer {
	my ($s) = @_;
	my $line = <$s>;
	return undef unless defined $line && $line =~ /\r\n$/;
	$line =~ s/\r\n$//;
	my ($kind, $rest) = (substr($line, 0, 1), substr $line, 1);
	die "refused: $rest\n" if $kind eq '-' && $rest !~ /^LOADING/;
	return undef if $kind eq '-';
	return $rest if $kind ne '$' && $kind ne '*';
	if ($kind eq '$') {
		my $text = '';
		return '' if $rest < 0;
		return undef unless read($s, $text, $rest + 2) == $rest + 2;
		return substr $text, 0, $rest;
	}
	my @all;
	for (1 .. $rest) {
		my $one = answer($s);
		return undef unless defined $one;
		push @all, $one;
	}
	return \@all;
}

open my $file, '<', 'docs/clients/claim.lua' or die "claim.lua: $!\n";
my $script = do { local $/; <$file> };
my $first = dial();
print $first words('SCRIPT', 'LOAD', $script);
my $sha = answer($first);

my %by;
for my $n (0 .. $#ids) {
	$by{$ids[$n]} = $n % 10;
}

sub plain {
	my ($c, $id) = @_;
	return $by{$id} == 0 || ($by{$id} == 1 && $c % 2);
}

sub claim {
	my ($c, $id) = @_;
	my $team = sprintf 't%03d', $c;
	return words('EVAL', $script, 2, 'vigie:owners', 'vigie:commands',
		$id, $team, "p$c") if !plain($c, $id) && rand() < 0.01;
	return words('EVALSHA', $sha, 2, 'vigie:owners', 'vigie:commands',
		$id, $team, "p$c") unless plain($c, $id);
	return words('XADD', 'vigie:commands', '*', 'command',
		qq({"do":"claim","alert":"$id","team":"$team","by":"p$c"}));
}

my (@socket, @order);
for my $c (0 .. $claimants - 1) {
	my @mine = @ids;
	for (my $i = $#mine; $i > 0; $i--) {
		my $j = int rand $i + 1;
		@mine[$i, $j] = @mine[$j, $i];
	}
	$order[$c] = \@mine;
	$socket[$c] = dial();
}
my (@out, $half);
for (my $at = 0; $at < @ids; $at += $window) {
	my @todo = map { [@{$order[$_]}[$at .. ($at + $window > @ids
		    ? $#ids : $at + $window - 1)]] } 0 .. $claimants - 1;
	my @open = 0 .. $claimants - 1;
	while (@open) {
		# all ask before one reads
		for my $c (@open) {
			my $s = $socket[$c];
			print $s join '', map { claim($c, $_) } @{$todo[$c]};
			$s->flush;
		}
		my @again;
		for my $c (@open) {
			while (@{$todo[$c]}) {
				my $got = answer($socket[$c]);
				last unless defined $got;
				my $id = shift @{$todo[$c]};
				push @out, join ' ', $id,
				    sprintf('t%03d', $c), ref $got
				    ? ('script', $got->[0], $got->[1],
					$got->[2] || '-')
				    : ('plain', '-', '-', $got);
			}
			push @again, $c if @{$todo[$c]};
		}
		$socket[$_] = dial() for @again;
		# its scripts are gone with the server
		if (@again) {
			print {$socket[$again[0]]} words('SCRIPT', 'LOAD', $script);
			answer($socket[$again[0]]);
		}
		@open = @again;
	}
	print "half\n" if !$half && $at * 2 >= @ids && ($half = 1);
}
print map { "$_\n" } @out;
