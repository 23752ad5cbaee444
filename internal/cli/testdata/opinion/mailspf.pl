# What Mail::SPF makes of mail. On standard input, one a line: client address, "mfrom" or "helo", the identity, and HELO.
# On standard output, one a line: the result. The argument is the port of the resolver on loopback.
use strict;
use warnings;
use Mail::SPF;
use Net::DNS::Resolver;

my $resolver = Net::DNS::Resolver->new(
    nameservers => ['127.0.0.1'], port => $ARGV[0], recurse => 1,
    defnames => 0, dnsrch => 0, udp_timeout => 30, tcp_timeout => 30, retry => 1,
);
my $server = Mail::SPF::Server->new(dns_resolver => $resolver, hostname => 'receiver.invalid');
while (<STDIN>) {
    my ($addr, $scope, $identity, $helo) = split;
    my $request = Mail::SPF::Request->new(
        versions => [1], scope => $scope, identity => $identity, ip_address => $addr, helo_identity => $helo,
    );
    print $server->process($request)->code, "\n";
}
