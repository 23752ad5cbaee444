package check

import (
	"fmt"

	"sendplan/internal/finding"
)

var mxMicrosoftIPv6 = Check{
	ID:       "mx-microsoft-ipv6",
	Severity: finding.Note,
	Title:    "the Microsoft 365 mail exchanger answers over IPv6",
	Explain: `The host has an AAAA record, so a device on a network with IPv6 may deliver over IPv6. An "ip4:" in the SPF
record does not cover that connection, a connector by address cannot match it, and Microsoft 365 then demands a reverse
name and a passing SPF or DKIM.

For devices that use Direct Send or a connector: send over IPv4 only, add the "ip6:" range, or use a connector by
certificate. Disable-IPv6ForAcceptedDomain takes the AAAA record away.`,
	Refs: []string{"Microsoft: support for anonymous inbound email over IPv6", "Microsoft: MC835648"},
	Run:  runMXMicrosoftIPv6,
}

func runMXMicrosoftIPv6(d *Domain) []finding.Finding {
	for _, h := range d.Exchange.Hosts {
		if h.Microsoft.Family != "" && len(h.AAAA.Answer.Records) > 0 {
			return []finding.Finding{fail(h.Name,
				fmt.Sprintf("%s has an IPv6 address, so devices on a dual-stack network may deliver over IPv6", h.Name),
				"make sure that devices which use Direct Send or a connector by address leave over IPv4")}
		}
	}
	return nil
}
