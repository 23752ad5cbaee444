package check

import "sendplan/internal/finding"

var mxNullSender = Check{
	ID:       "mx-null-sender",
	Severity: finding.Warning,
	Title:    "the domain takes no mail, but may send",
	Explain: `The domain has a null MX, so bounces and replies to what it sends can never be delivered. Receivers may refuse
mail from such a domain, because a sender that cannot be answered is typical of forgeries.

Publish "v=spf1 -all" if nothing sends from the domain, or a real MX record if something does.`,
	Refs: []string{"RFC 7505 §4.2"},
	Run:  runMXNullSender,
}

func runMXNullSender(d *Domain) []finding.Finding {
	if !d.Exchange.Null() || d.SPF.Root.Err != nil {
		return nil
	}
	if !d.sends() {
		return []finding.Finding{pass(d.Name, "the domain takes no mail and sends none")}
	}
	return []finding.Finding{failAt(d.Name, d.SPFText(), finding.Span{},
		"the domain refuses all mail by a null MX, but its SPF record lets somebody send for it",
		"publish "+d.Name.Zone()+" IN TXT \"v=spf1 -all\", or a real MX record")}
}
