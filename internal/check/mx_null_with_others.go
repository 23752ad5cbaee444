package check

import (
	"sendplan/internal/dns"
	"sendplan/internal/finding"
)

var mxNullWithOthers = Check{
	ID:       "mx-null-with-others",
	Severity: finding.Error,
	Title:    "a null MX stands beside other MX records",
	Explain: `A null MX ("0 .") says that the domain takes no mail. Beside another MX record it contradicts itself: some
senders give up at once, others try to deliver to a host without a name.

Keep one or the other.`,
	Refs: []string{"RFC 7505 §3"},
	Run:  runMXNullWithOthers,
}

func runMXNullWithOthers(d *Domain) []finding.Finding {
	if d.Exchange.Implicit() || len(d.Exchange.Hosts) < 2 {
		return nil
	}
	for _, h := range d.Exchange.Hosts {
		if h.Name == dns.Root {
			return []finding.Finding{fail(d.Name, "a null MX stands beside other MX records",
				"remove the record "+d.Name.Zone()+" IN MX "+dns.MX{Preference: h.Preference, Host: h.Name}.String()+" if the domain takes mail, else remove the others")}
		}
	}
	return nil
}
