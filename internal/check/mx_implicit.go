package check

import (
	"fmt"

	"sendplan/internal/finding"
)

var mxImplicit = Check{
	ID:       "mx-implicit",
	Severity: finding.Warning,
	Title:    "no MX record: mail goes to the domain's own address",
	Explain: `Without an MX record, senders deliver to the domain's A or AAAA address, which today is nearly always a web
server. Mail then waits for days before it bounces, or lands on a machine that nobody reads.

Publish the MX record of the mail service, or a null MX ("0 .") if the domain takes no mail.`,
	Refs: []string{"RFC 5321 §5.1", "RFC 7505"},
	Run:  runMXImplicit,
}

func runMXImplicit(d *Domain) []finding.Finding {
	x := d.Exchange
	if !x.Implicit() {
		return nil
	}
	addrs := x.Hosts[0].Addresses()
	if len(addrs) == 0 {
		return nil
	}
	return []finding.Finding{fail(d.Name,
		fmt.Sprintf("the domain has no MX record, so mail for it goes to its own address %s", addrs[0]),
		fmt.Sprintf("publish the MX record of the mail service, or, if the domain takes no mail: %s IN MX 0 .", d.Name.Zone()))}
}
