# SPDX-License-Identifier: Apache-2.0
# Run a command whose standard input and output answer at once; posts come late,
# results are taken late.  Prints how many lines came, ends as the command does.
use strict;
use Fcntl;
my ($posts, @command) = @ARGV;
pipe(my $in, my $feed) && pipe(my $take, my $out) or die;
for ($in, $out) {
	fcntl($_, F_SETFL, O_NONBLOCK | fcntl($_, F_GETFL, 0)) or die;
}
my $pid = fork;
if ($pid == 0) {
	open(STDIN, "<&", $in) && open(STDOUT, ">&", $out) or die;
	close($_) for $in, $out, $feed, $take;
	exec @command or die;
}
close($_) for $in, $out;
if (fork == 0) {
	close($take);
	select(undef, undef, undef, 0.2);
	open(my $f, "<", $posts) or die;
	print $feed $_ while <$f>;
	exit 0;
}
close($feed);
select(undef, undef, undef, 0.5);
my $lines = 0;
$lines++ while <$take>;
waitpid($pid, 0);
print "$lines\n";
exit $? >> 8;
