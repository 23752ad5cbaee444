# What pyspf makes of mail. On standard input, one a line: client address, "mfrom" or "helo", the identity, and HELO.
# On standard output, one a line: the result. The argument is the port of the resolver on loopback.
import sys

import dns.resolver  # pyspf takes it if it is there; with py3dns, SERVFAIL by UDP would pass for an answer with nothing in it
import spf

resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers, resolver.port = ["127.0.0.1"], int(sys.argv[1])
dns.resolver.default_resolver = resolver
for line in sys.stdin:
    addr, scope, identity, helo = line.split()
    sender = identity if scope == "mfrom" else ""
    print(spf.query(i=addr, s=sender, h=helo, receiver="receiver.invalid", timeout=30).check()[0])
